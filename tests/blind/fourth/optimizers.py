# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% SGD: all-zero
# p = p - lr g makes a new array under a local name, so the parameters never change.
# spoilt: first_step, all_steps
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name, p in self.params.items():
            g = grads[name]
            p = p - self.lr * g


# %% SGD: sign-flipped
# The step is added, so it goes with the gradient and not against it.
# spoilt: first_step, all_steps
class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for k in self.params:
            self.params[k] += self.lr * grads[k]


# %% Momentum: running-mean-for-sum
# The gradient enters the velocity with the factor 1 - momentum, as in a running mean.
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
        mu = self.momentum
        for name in self.params:
            self.v[name] = mu * self.v[name] + (1 - mu) * grads[name]
            self.params[name] -= self.lr * self.v[name]


# %% Momentum: steps-in-wrong-order
# The parameters are moved with the velocity of the step before, the velocity is updated only
# afterwards.
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
        for key, p in self.params.items():
            p -= self.lr * self.v[key]
            self.v[key] *= self.momentum
            self.v[key] += grads[key]


# %% Nesterov: steps-in-wrong-order
# The look-ahead g + momentum v uses the old velocity, since v is updated after the step.
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
        for name in self.params:
            g, v = grads[name], self.v[name]
            v_new = self.momentum * v + g
            self.params[name] -= self.lr * (g + self.momentum * v)
            self.v[name] = v_new


# %% Nesterov: another-array
# The step is v + momentum v in place of g + momentum v.
# spoilt: all_steps
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
        for name, g in grads.items():
            self.v[name][...] = self.momentum * self.v[name] + g
            look_ahead = self.v[name] + self.momentum * self.v[name]
            self.params[name] -= self.lr * look_ahead


# %% RMSProp: weights-exchanged
# alpha and 1 - alpha are exchanged in the running mean of the squares.
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
            self.s[name] = (1 - self.alpha) * self.s[name] + self.alpha * g**2
            self.params[name] -= self.lr * g / (np.sqrt(self.s[name]) + self.eps)


# %% RMSProp: term-missing
# The new running mean s is a local variable and never stored on self, so every step starts from
# zeros again.
# spoilt: all_steps
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
            s = self.s[name]
            s = self.alpha * s + (1 - self.alpha) * g * g
            step = self.lr * g / (np.sqrt(s) + self.eps)
            self.params[name] -= step


# %% Adam: counted-too-often
# The counter t is raised inside the loop over the parameters, so it counts parameters and not
# steps.
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
        b1, b2 = self.betas
        for name in self.params:
            self.t += 1
            g = grads[name]
            self.m[name] = b1 * self.m[name] + (1 - b1) * g
            self.s[name] = b2 * self.s[name] + (1 - b2) * g**2
            m_hat = self.m[name] / (1 - b1**self.t)
            s_hat = self.s[name] / (1 - b2**self.t)
            self.params[name] -= self.lr * m_hat / (np.sqrt(s_hat) + self.eps)


# %% Adam: corrected-value-kept
# The corrected means are stored back into m and s, so the correction is applied again and again.
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
        self.t += 1
        beta1, beta2 = self.betas
        for k, p in self.params.items():
            g = grads[k]
            self.m[k] = beta1 * self.m[k] + (1 - beta1) * g
            self.s[k] = beta2 * self.s[k] + (1 - beta2) * g**2
            self.m[k] /= 1 - beta1**self.t
            self.s[k] /= 1 - beta2**self.t
            p -= self.lr * self.m[k] / (np.sqrt(self.s[k]) + self.eps)


# %% Adam: another-array
# The correction of s uses beta1 instead of beta2.
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
        self.t += 1
        m_corr = 1 - self.betas[0] ** self.t
        s_corr = 1 - self.betas[0] ** self.t
        for name in self.params:
            g = grads[name]
            self.m[name] += (1 - self.betas[0]) * (g - self.m[name])
            self.s[name] += (1 - self.betas[1]) * (g * g - self.s[name])
            denom = np.sqrt(self.s[name] / s_corr) + self.eps
            self.params[name] -= self.lr * (self.m[name] / m_corr) / denom


# %% AdamW: decay-in-gradient
# The decay is added to the gradient (Adam with L2) instead of shrinking the parameters directly.
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
            self.m[name] = b1 * self.m[name] + (1 - b1) * g
            self.s[name] = b2 * self.s[name] + (1 - b2) * g**2
            mhat = self.m[name] / (1 - b1**self.t)
            shat = self.s[name] / (1 - b2**self.t)
            p -= self.lr * mhat / (np.sqrt(shat) + self.eps)


# %% AdamW: factor-missing
# The parameters shrink by 1 - weight_decay, the factor lr is missing.
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
        b1, b2 = self.betas
        self.t = self.t + 1
        for name in self.params:
            g = grads[name]
            self.params[name] *= 1 - self.weight_decay
            self.m[name] = b1 * self.m[name] + (1 - b1) * g
            self.s[name] = b2 * self.s[name] + (1 - b2) * np.square(g)
            m_hat = self.m[name] / (1 - np.power(b1, self.t))
            s_hat = self.s[name] / (1 - np.power(b2, self.t))
            self.params[name] -= self.lr * m_hat / (np.sqrt(s_hat) + self.eps)


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
        c1, c2 = (1 - b**self.t for b in self.betas)
        for name, p in self.params.items():
            g, m, s = grads[name], self.m[name], self.s[name]
            m += (1 - self.betas[0]) * (g - m)
            s *= self.betas[1]
            s += (1 - self.betas[1]) * np.square(g)
            denom = np.sqrt(s) / np.sqrt(c2) + self.eps
            p[...] = p - (self.lr / c1) * m / denom


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
        self.t += 1
        for p in self.params.values():
            p -= self.lr * self.weight_decay * p
        b1, b2 = self.betas
        self.m = {k: b1 * m + (1 - b1) * grads[k] for k, m in self.m.items()}
        self.s = {k: b2 * s + (1 - b2) * grads[k] ** 2 for k, s in self.s.items()}
        for k in self.params:
            top = self.m[k] / (1 - b1**self.t)
            bottom = (self.s[k] / (1 - b2**self.t)) ** 0.5 + self.eps
            np.subtract(self.params[k], self.lr * top / bottom, out=self.params[k])


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
        mu = self.momentum
        for k, v in self.v.items():
            g = grads[k]
            # g + mu (mu v + g) with the old v
            self.params[k] -= self.lr * ((1 + mu) * g + mu * mu * v)
            v *= mu
            v += g


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
        for name in sorted(self.params):
            v = self.v[name]
            np.multiply(v, self.momentum, out=v)
            np.add(v, grads[name], out=v)
            self.params[name][...] -= self.lr * v


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
        for k in grads:
            g, s = grads[k], self.s[k]
            s[...] = self.alpha * s + (1 - self.alpha) * (g * g)
            root = np.sqrt(s)
            root += self.eps
            self.params[k] -= np.divide(self.lr * g, root)
