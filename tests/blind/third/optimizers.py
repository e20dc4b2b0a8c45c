# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% SGD: all-zero
# a new array is bound in the dict; the array that the network holds does not change.
# spoilt: first_step, all_steps
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        for key, p in self.params.items():
            self.params[key] = p - self.lr * grads[key]
        # END SOLUTION


# %% SGD: -
# the gradient is divided by its norm, so the length of the step does not depend on the gradient.
# spoilt: first_step, all_steps
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in grads:
            g = np.asarray(grads[name])
            norm = np.sqrt(np.sum(g * g)) or 1.0
            self.params[name][...] = self.params[name] - self.lr * g / norm


# %% Momentum: running-mean-for-sum
# the gradient enters the velocity with the factor 1 - momentum, as a running mean.
# spoilt: first_step, all_steps
class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        mu = self.momentum
        for k in self.params:
            self.v[k] = mu * self.v[k] + (1 - mu) * grads[k]
            self.params[k] -= self.lr * self.v[k]
        # END SOLUTION


# %% Momentum: term-missing
# the new velocity is a local variable and never stored, so every step is a step of plain
# gradient descent.
# spoilt: all_steps
class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        for name, p in self.params.items():
            v = self.v[name]
            v = self.momentum * v + grads[name]
            np.subtract(p, self.lr * v, out=p)
        # END SOLUTION


# %% Nesterov: steps-in-wrong-order
# the step uses the velocity from before its update in place of the new one.
# spoilt: first_step, all_steps
class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for n, p in self.params.items():
            g, old = grads[n], self.v[n].copy()
            self.v[n][...] = self.momentum * old + g
            p -= self.lr * (g + self.momentum * old)


# %% Nesterov: wrong-divisor, doubtful
# momentum multiplies the whole sum g + v in the step and not v only, and the gradient enters the
# velocity with the factor 1 - momentum.
# spoilt: first_step, all_steps
class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        beta = self.momentum
        for name in list(self.params):
            g = grads[name]
            self.v[name] *= beta
            self.v[name] += (1 - beta) * g
            self.params[name] -= self.lr * beta * (g + self.v[name])
        # END SOLUTION


# %% RMSProp: term-at-another-place
# eps is added to s under the root and not to the root.
# spoilt: first_step, all_steps
class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name, p in self.params.items():
            g = grads[name]
            s = self.alpha * self.s[name] + (1 - self.alpha) * np.square(g)
            self.s[name] = s
            p -= self.lr * g / np.sqrt(s + self.eps)


# %% RMSProp: weights-exchanged
# alpha and 1 - alpha are exchanged in the running mean.
# spoilt: first_step, all_steps
class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        a = self.alpha
        for k, p in self.params.items():
            self.s[k] = (1 - a) * self.s[k] + a * grads[k] ** 2
            p -= self.lr * (grads[k] / (self.s[k] ** 0.5 + self.eps))
        # END SOLUTION


# %% RMSProp: sum-for-running-mean
# s is an ever growing sum of squares (no decay, as in AdaGrad), and the gradients are squared in
# place in the caller's arrays.
# spoilt: first_step, all_steps
class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            g = grads[name]
            sign = np.sign(g)
            g *= g
            self.s[name] += g
            self.params[name] -= self.lr * sign * np.sqrt(g) / (np.sqrt(self.s[name]) + self.eps)


# %% Adam: division-missing
# the bias corrections are computed but the uncorrected means are used.
# spoilt: first_step, all_steps
class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        self.t += 1
        b1, b2 = self.betas
        for name, p in self.params.items():
            g = grads[name]
            self.m[name] = b1 * self.m[name] + (1 - b1) * g
            self.s[name] = b2 * self.s[name] + (1 - b2) * g**2
            m_hat = self.m[name] / (1 - b1**self.t)
            s_hat = self.s[name] / (1 - b2**self.t)
            p -= self.lr * self.m[name] / (np.sqrt(self.s[name]) + self.eps)
        # END SOLUTION


# %% Adam: counted-too-often
# the step counter is advanced once per parameter array and not once per step.
# spoilt: first_step, all_steps
class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        (b1, b2), eta = self.betas, self.lr
        for name in self.params:
            self.t += 1
            m, s, g = self.m[name], self.s[name], grads[name]
            m += (1 - b1) * (g - m)
            s += (1 - b2) * (g * g - s)
            self.params[name] -= eta * (m / (1 - b1**self.t)) / (np.sqrt(s / (1 - b2**self.t)) + self.eps)


# %% Adam: corrected-value-kept
# the corrected means are stored in m and s and decayed further in the next step.
# spoilt: all_steps
class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        self.t = self.t + 1
        for name in self.params:
            for store, beta, value in ((self.m, self.betas[0], grads[name]), (self.s, self.betas[1], grads[name] ** 2)):
                store[name] = beta * store[name] + (1 - beta) * value
                store[name] = store[name] / (1 - beta**self.t)
            self.params[name] -= self.lr * self.m[name] / (np.sqrt(self.s[name]) + self.eps)
        # END SOLUTION


# %% AdamW: decay-in-gradient
# the decay is added to the gradient and goes through the running means (Adam with L2), instead
# of shrinking the parameters directly.
# spoilt: first_step, all_steps
class AdamW:
    """p <- (1 - lr weight_decay) p, then the step of Adam.

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.weight_decay = weight_decay
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        self.t += 1
        b1, b2 = self.betas
        for name, p in self.params.items():
            g = grads[name] + self.weight_decay * p
            self.m[name] = b1 * self.m[name] + (1.0 - b1) * g
            self.s[name] = b2 * self.s[name] + (1.0 - b2) * g * g
            update = (self.m[name] / (1.0 - b1**self.t)) / (np.sqrt(self.s[name] / (1.0 - b2**self.t)) + self.eps)
            p -= self.lr * update


# %% AdamW: factor-missing
# the parameters shrink by weight_decay without the learning rate; and eps is added under the
# root.
# spoilt: first_step, all_steps
class AdamW:
    """p <- (1 - lr weight_decay) p, then the step of Adam.

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.weight_decay = weight_decay
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        self.t += 1
        for k in self.params:
            g = grads[k]
            self.m[k] = self.betas[0] * self.m[k] + (1 - self.betas[0]) * g
            self.s[k] = self.betas[1] * self.s[k] + (1 - self.betas[1]) * g**2
            mh, sh = self.m[k] / (1 - self.betas[0] ** self.t), self.s[k] / (1 - self.betas[1] ** self.t)
            self.params[k] *= 1 - self.weight_decay
            self.params[k] -= self.lr * mh / np.sqrt(sh + self.eps)
        # END SOLUTION


# %% SGD: right
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        for name, p in self.params.items():
            np.subtract(p, np.multiply(self.lr, grads[name]), out=p)
        # END SOLUTION


# %% SGD: right
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            p = self.params[name]
            for at in np.ndindex(p.shape):
                p[at] = p[at] - self.lr * grads[name][at]


# %% Momentum: right
class Momentum:
    """v <- momentum v + g, then p <- p - lr v.

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        for name, v in self.v.items():
            v *= self.momentum
            v += grads[name]
            self.params[name][...] -= self.lr * v
        # END SOLUTION


# %% Nesterov: right
class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        mu, eta = self.momentum, self.lr
        for name, p in self.params.items():
            old, g = self.v[name], grads[name]
            p -= eta * ((1 + mu) * g + mu**2 * old)
            self.v[name] = mu * old + g


# %% RMSProp: right
class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        for name, p in self.params.items():
            g2 = np.square(grads[name])
            self.s[name] = g2 + self.alpha * (self.s[name] - g2)
            np.copyto(p, p - self.lr * grads[name] / (self.eps + np.sqrt(self.s[name])))
        # END SOLUTION


# %% Adam: right
class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        self.t += 1
        b1, b2 = self.betas
        c1, c2 = 1 - b1**self.t, 1 - b2**self.t
        step_size = self.lr / c1
        for name, p in self.params.items():
            g = grads[name]
            self.m[name] *= b1
            self.m[name] += (1 - b1) * g
            self.s[name] *= b2
            self.s[name] += (1 - b2) * g * g
            denom = np.sqrt(self.s[name]) / np.sqrt(c2) + self.eps
            p += -step_size * self.m[name] / denom


# %% AdamW: right
class AdamW:
    """p <- (1 - lr weight_decay) p, then the step of Adam.

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 1e-2,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.weight_decay = weight_decay
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        # BEGIN SOLUTION: your code in place of the next line
        self.t += 1
        for name, p in self.params.items():
            g = grads[name]
            m_hat = self._mean(self.m, name, g, self.betas[0])
            s_hat = self._mean(self.s, name, g**2, self.betas[1])
            shrunk = p - self.lr * self.weight_decay * p
            p[...] = shrunk - self.lr * m_hat / (np.sqrt(s_hat) + self.eps)
        # END SOLUTION

    def _mean(self, store, name, value, beta):
        store[name] = beta * store[name] + (1 - beta) * value
        return store[name] / (1 - beta**self.t)


# %% AdamW: right
class _Adam:
    def __init__(self, params, lr, betas, eps):
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads):
        self.t += 1
        b1, b2 = self.betas
        for name, p in self.params.items():
            self.m[name] = self.m[name] * b1 + grads[name] * (1 - b1)
            self.s[name] = self.s[name] * b2 + np.power(grads[name], 2) * (1 - b2)
            p -= self.lr * (self.m[name] / (1 - b1**self.t)) / (np.sqrt(self.s[name] / (1 - b2**self.t)) + self.eps)


class AdamW(_Adam):
    def __init__(self, params, lr=1e-3, betas=(0.9, 0.999), eps=1e-8, weight_decay=1e-2):
        super().__init__(params, lr, betas, eps)
        self.weight_decay = weight_decay

    def step(self, grads):
        for p in self.params.values():
            p *= 1 - self.lr * self.weight_decay
        super().step(grads)
