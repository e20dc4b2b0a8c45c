# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% BatchNorm: parameter-hard-coded
# the mode is ignored: with training=False the mean and variance paths are still subtracted.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        xh, s = self.xhat, self.std
        self.dgamma = (upstream * xh).sum(0)
        self.dbeta = upstream.sum(0)
        g = self.gamma * upstream
        return (g - g.mean(0) - xh * (g * xh).mean(0)) / s
        # END SOLUTION


# %% BatchNorm: case-ignored
# mean and variance are treated as constants while training too; both correction terms are
# missing.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        self.dbeta = np.einsum("ni->i", upstream)
        self.dgamma = np.einsum("ni,ni->i", upstream, self.xhat)
        return np.einsum("ni,i,i->ni", upstream, self.gamma, 1 / self.std)


# %% BatchNorm: term-missing
# the way through the batch mean is missing while training.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        N = upstream.shape[0]
        dbeta = np.sum(upstream, axis=0)
        dgamma = np.sum(upstream * self.xhat, axis=0)
        dxhat = upstream * self.gamma
        dx = dxhat / self.std
        if self.training:
            dx -= self.xhat * np.sum(dxhat * self.xhat, axis=0) / (N * self.std)
        self.dgamma, self.dbeta = dgamma, dbeta
        return dx
        # END SOLUTION


# %% BatchNorm: sum-for-mean
# the variance path misses the 1/N, the sum is used where the mean belongs.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        def col(a):
            return np.sum(a, axis=0)

        m = len(upstream)
        self.dgamma = col(upstream * self.xhat)
        self.dbeta = col(upstream)
        if not self.training:
            return self.gamma / self.std * upstream
        inner = upstream - self.dbeta / m - self.xhat * self.dgamma
        return self.gamma / self.std * inner


# %% BatchNorm: -
# eps is subtracted from the squared std before the division in dx (variance without eps), and
# gamma is forgotten in the two correction terms.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        self.dgamma, self.dbeta = np.zeros_like(self.gamma), np.zeros_like(self.beta)
        for u, xh in zip(upstream, self.xhat):
            self.dgamma += u * xh
            self.dbeta += u
        s = np.sqrt(self.std**2 - self.eps)
        if not self.training:
            return self.gamma * upstream / s
        mean_u, mean_ux = upstream.mean(axis=0), (upstream * self.xhat).mean(axis=0)
        return (self.gamma * upstream - mean_u - self.xhat * mean_ux) / s
        # END SOLUTION


# %% BatchNorm: factor-too-late, doubtful
# with training=False gamma is forgotten in dx.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        self.dbeta = upstream.sum(axis=0)
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        match self.training:
            case True:
                g = upstream * self.gamma
                g -= g.mean(axis=0) + self.xhat * np.mean(g * self.xhat, axis=0)
                return g / self.std
            case _:
                return upstream / self.std


# %% BatchNorm: wrong-axis
# the two means over the batch in dx run over the units of each example, as in LayerNorm.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        g = upstream * self.gamma
        if self.training:
            mean_g = np.mean(g, axis=-1, keepdims=True)
            mean_gx = np.mean(g * self.xhat, axis=-1, keepdims=True)
            g = g - mean_g - self.xhat * mean_gx
        return g / self.std
        # END SOLUTION


# %% BatchNorm: term-weight-wrong
# the variance path divides by N - 1 as if the batch variance were unbiased.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.centered = x - mean
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        N = upstream.shape[0]
        self.dbeta = upstream.sum(axis=0)
        self.dgamma = (self.xhat * upstream).sum(axis=0)
        dxhat = upstream * self.gamma
        if not self.training:
            return dxhat / self.std
        istd = 1.0 / self.std
        dvar = np.sum(dxhat * self.centered, axis=0) * -0.5 * istd**3
        dmean = np.sum(-dxhat * istd, axis=0)
        dx1 = dxhat * istd
        dx2 = dvar * 2.0 * self.centered / (N - 1)
        dx3 = dmean / N
        return dx1 + dx2 + dx3


# %% BatchNorm: extra-factor
# dgamma multiplies by the output of the unscaled centring, x minus mean (xhat times std),
# instead of the normalized xhat.
# spoilt: dgamma
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        centred = self.xhat * self.std
        self.dgamma = np.diag(upstream.T @ centred).copy()
        self.dbeta = upstream.T @ np.ones(len(upstream))
        dy = upstream * self.gamma
        if self.training:
            n = dy.shape[0]
            P = np.eye(n) - np.ones((n, n)) / n
            dy = P @ dy - self.xhat * (self.xhat * dy).mean(axis=0)
        return dy / self.std
        # END SOLUTION


# %% BatchNorm: extra-factor
# dgamma is taken from the gradient that was already multiplied by gamma; dbeta is a mean and not
# a sum.
# spoilt: dgamma, dbeta
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        g = upstream * self.gamma
        self.dgamma = (g * self.xhat).sum(axis=0)
        self.dbeta = np.average(upstream, axis=0)
        if self.training:
            return (g - np.average(g, axis=0) - self.xhat * np.average(g * self.xhat, axis=0)) / self.std
        return g / self.std


# %% BatchNorm: sign-flipped
# the sign of the variance path is plus where it must be minus.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        N, D = upstream.shape
        dx = np.empty((N, D))
        self.dgamma, self.dbeta = np.empty(D), np.empty(D)
        for i in range(D):
            u, h = upstream[:, i], self.xhat[:, i]
            self.dgamma[i] = u @ h
            self.dbeta[i] = sum(u)
            for n in range(N):
                t = u[n]
                if self.training:
                    t = t - self.dbeta[i] / N + h[n] * self.dgamma[i] / N
                dx[n, i] = self.gamma[i] * t / self.std[i]
        return dx


# %% BatchNorm: intermediate-wrong
# with training=False dx divides by the root of the running variance without eps; training is
# right.
# spoilt: dx
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        dY = upstream
        self.dgamma, self.dbeta = np.sum(dY * self.xhat, 0), np.sum(dY, 0)
        dH = dY * self.gamma
        if self.training:
            return (dH - dH.mean(0) - self.xhat * (dH * self.xhat).mean(0)) / self.std
        return dH / np.sqrt(self.running_var)
        # END SOLUTION


# %% LayerNorm: wrong-axis
# the two means in dx run over the batch axis, copied from BatchNorm, and not over the units.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        N = len(upstream)
        t = upstream * self.gamma
        return (t - t.sum(axis=0) / N - self.xhat * (t * self.xhat).sum(axis=0) / N) / self.std


# %% LayerNorm: factor-too-late
# gamma is multiplied in after the means and not before them.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        # BEGIN SOLUTION: your code in place of the next line
        mean = lambda a: a.mean(axis=-1, keepdims=True)
        self.dgamma, self.dbeta = (upstream * self.xhat).sum(axis=0), upstream.sum(axis=0)
        core = upstream - mean(upstream) - self.xhat * mean(upstream * self.xhat)
        return self.gamma * core / self.std
        # END SOLUTION


# %% LayerNorm: factor-missing
# the way through the variance is missing.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        rows = []
        self.dgamma = np.zeros_like(self.gamma)
        self.dbeta = np.zeros_like(self.beta)
        for n in range(upstream.shape[0]):
            g = upstream[n] * self.gamma
            self.dgamma += upstream[n] * self.xhat[n]
            self.dbeta += upstream[n]
            rows.append((g - np.mean(g)) / self.std[n])
        return np.vstack(rows)


# %% LayerNorm: wrong-axis
# dgamma and dbeta are summed over the units and have one number per example.
# spoilt: dgamma, dbeta
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        # BEGIN SOLUTION: your code in place of the next line
        self.dgamma = np.sum(upstream * self.xhat, axis=-1)
        self.dbeta = np.sum(upstream, axis=-1)
        g = self.gamma * upstream
        a = g.mean(axis=-1)[:, None]
        b = (g * self.xhat).mean(axis=-1)[:, None]
        return (g - a - self.xhat * b) / self.std
        # END SOLUTION


# %% LayerNorm: factor-twice
# dx divides by the variance and not by the standard deviation.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        D = upstream.shape[-1]
        dxhat = upstream * self.gamma
        self.dbeta = np.add.reduce(upstream)
        self.dgamma = np.add.reduce(upstream * self.xhat)
        dx = D * dxhat - np.sum(dxhat, axis=1, keepdims=True) - self.xhat * np.sum(dxhat * self.xhat, axis=1, keepdims=True)
        return dx / (D * self.std**2)


# %% LayerNorm: -
# the divisor D of the mean is replaced by the batch size N, and the third term lacks its factor
# xhat.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        # BEGIN SOLUTION: your code in place of the next line
        N, D = upstream.shape
        g = np.multiply(upstream, self.gamma)
        s1 = np.einsum("nd->n", g)[:, np.newaxis] / N
        s2 = np.einsum("nd,nd->n", g, self.xhat)[:, np.newaxis] / N
        self.dgamma = np.einsum("nd,nd->d", upstream, self.xhat)
        self.dbeta = np.einsum("nd->d", upstream)
        return (g - s1 - s2) / self.std
        # END SOLUTION


# %% LayerNorm: wrong-axis
# the second mean (of g xhat) runs over the whole array because the axis is missing.
# spoilt: dx
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        dy = upstream * self.gamma
        self.dgamma = sum(u * h for u, h in zip(upstream, self.xhat))
        self.dbeta = sum(u for u in upstream)
        dx = dy - np.mean(dy, axis=-1, keepdims=True)
        dx = dx - self.xhat * np.mean(dy * self.xhat)
        dx = dx / self.std
        return dx


# %% RMSNorm: term-of-its-own
# the mean of g is subtracted as in LayerNorm although RMSNorm has no centring.
# spoilt: dx
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        g = upstream * self.gamma
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        m = g.mean(axis=-1, keepdims=True)
        return (g - m - self.xhat * (g * self.xhat).mean(axis=-1, keepdims=True)) / self.rms
        # END SOLUTION


# %% RMSNorm: term-missing
# only the straight way is taken: the root mean square is treated as a constant.
# spoilt: dx
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        self.dgamma = np.array([np.dot(u, h) for u, h in zip(upstream.T, self.xhat.T)])
        return upstream / self.rms * self.gamma


# %% RMSNorm: another-array-throughout
# the unnormalized x stands in place of xhat in the correction of dx; dgamma, too, is collected
# with x.
# spoilt: dx, dgamma
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        self.x = x
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        x, r = self.x, self.rms
        self.dgamma = np.sum(x * upstream, axis=0)
        g = self.gamma * upstream
        proj = np.mean(g * x, axis=-1, keepdims=True)
        return (g - x * proj) / r
        # END SOLUTION


# %% RMSNorm: sum-for-mean
# the sum over the units stands where the mean belongs (1/D is missing).
# spoilt: dx
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        D = self.xhat.shape[-1]
        self.dgamma = np.tensordot(np.ones(len(upstream)), upstream * self.xhat, axes=1)
        eye = np.eye(D)
        dx = np.zeros_like(upstream)
        for n, (u, h) in enumerate(zip(upstream, self.xhat)):
            J = (eye - np.outer(h, h)) / self.rms[n]
            dx[n] = J @ (u * self.gamma)
        return dx


# %% Dropout: drawn-anew
# backward tosses new coins instead of using those of the last forward.
# spoilt: dx
class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        # BEGIN SOLUTION: your code in place of the next line
        if not self.training:
            return upstream.copy()
        mask = (self.rng.random(upstream.shape) >= self.p) / (1 - self.p)
        return mask * upstream
        # END SOLUTION


# %% Dropout: division-missing
# the factor 1/(1 - p) is missing in backward.
# spoilt: dx
class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        dx = np.zeros_like(upstream)
        if self.training:
            for at in zip(*np.nonzero(self.kept)):
                dx[at] = upstream[at]
        else:
            dx += upstream
        return dx


# %% Dropout: -
# the kept entries are scaled by 1/p and not by 1/(1 - p), and the training mode is not looked
# at, so an old mask is applied with training=False.
# spoilt: dx
class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        # BEGIN SOLUTION: your code in place of the next line
        kept = getattr(self, "kept", np.ones_like(upstream))
        return np.where(kept, upstream / (self.p if self.p > 0 else 1.0), 0.0)
        # END SOLUTION


# %% BatchNorm: right
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        N, D = upstream.shape
        self.dgamma = np.empty(D)
        self.dbeta = np.empty(D)
        dx = np.empty((N, D), order="F")
        for i in range(D):
            h, u = self.xhat[:, i], upstream[:, i]
            self.dgamma[i], self.dbeta[i] = h @ u, u.sum()
            J = np.eye(N)
            if self.training:
                J = J - 1 / N - np.outer(h, h) / N
            dx[:, i] = (self.gamma[i] / self.std[i]) * (J.T @ u)
        return dx
        # END SOLUTION


# %% BatchNorm: right
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # every intermediate of the graph, one after the other
        n = upstream.shape[0]
        self.dbeta = upstream.sum(axis=0)
        dscaled = upstream
        self.dgamma = (dscaled * self.xhat).sum(axis=0)
        dxhat = dscaled * self.gamma
        ivar = 1.0 / self.std
        if not self.training:
            return dxhat * ivar
        xmu = self.xhat * self.std
        divar = (dxhat * xmu).sum(axis=0)
        dsqrt = divar * (-1.0 / self.std**2)
        dvar = 0.5 * ivar * dsqrt
        dsq = np.ones(upstream.shape) / n * dvar
        dxmu2 = 2 * xmu * dsq
        dx1 = dxhat * ivar + dxmu2
        dmu = -dx1.sum(axis=0)
        return dx1 + np.broadcast_to(dmu / n, upstream.shape)


# %% BatchNorm: right
class BatchNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the batch.

    With training=False, mean and var are the running ones.

    Shapes: x, y, upstream (batch, units); gamma, beta, running_mean, running_var (units,).
    """

    def __init__(
        self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5, momentum: float = 0.1
    ) -> None:
        self.gamma, self.beta, self.eps, self.momentum = gamma, beta, eps, momentum
        self.running_mean = np.zeros(gamma.shape)
        self.running_var = np.ones(gamma.shape)

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        mean, var = self.running_mean, self.running_var
        if training:
            mean, var = x.mean(axis=0), x.var(axis=0)
            old, new, n = 1 - self.momentum, self.momentum, len(x)
            self.running_mean = old * self.running_mean + new * mean
            self.running_var = old * self.running_var + new * var * n / (n - 1)
        self.training = training
        self.std = np.sqrt(var + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units), given upstream (batch, units).

        All three belong to the mode of the last forward, self.training.
        """
        # BEGIN SOLUTION: your code in place of the next line
        m = float(len(upstream))
        self.dgamma, self.dbeta = dg, db = np.einsum("ni,ni->i", upstream, self.xhat), np.ones(len(upstream)) @ upstream
        k = self.gamma / self.std
        if self.training:
            return k / m * (m * upstream - db - self.xhat * dg)
        return k * upstream
        # END SOLUTION


# %% LayerNorm: right
def _centre_and_project(g, h):
    """Columns: remove the mean and the part along h."""
    return g - g.mean(axis=0) - h * (g * h).mean(axis=0)


class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        self.dbeta = upstream.sum(axis=0)
        g = (upstream * self.gamma).T
        return (_centre_and_project(g, self.xhat.T) / self.std.T).T


# %% LayerNorm: right
class LayerNorm:
    """y = gamma (x - mean) / sqrt(var + eps) + beta, with mean and var over the last axis.

    Shapes: x, y, upstream (batch, units); gamma, beta (units,).
    """

    def __init__(self, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.beta, self.eps = gamma, beta, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        mean = x.mean(axis=-1, keepdims=True)
        self.std = np.sqrt(x.var(axis=-1, keepdims=True) + self.eps)
        self.xhat = (x - mean) / self.std
        return self.gamma * self.xhat + self.beta

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma and dbeta (units,), return dx (batch, units).

        upstream has the shape (batch, units).
        """
        # BEGIN SOLUTION: your code in place of the next line
        self.dgamma, self.dbeta = np.zeros_like(self.gamma), np.zeros_like(self.beta)
        D = self.gamma.size
        C = np.eye(D) - np.full((D, D), 1 / D)
        out = []
        for u, h, s in zip(upstream, self.xhat, self.std):
            self.dgamma += u * h
            self.dbeta += u
            v = self.gamma * u
            w = C @ v - h * (h @ v) / D
            out.append(w / s.item())
        return np.asarray(out)
        # END SOLUTION


# %% RMSNorm: right
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        x = self.xhat * self.rms
        D = x.shape[-1]
        g = upstream * self.gamma
        self.dgamma = np.sum(upstream * x / self.rms, axis=0)
        return g / self.rms - x * np.sum(g * x, axis=-1, keepdims=True) / (D * self.rms**3)


# %% RMSNorm: right
class RMSNorm:
    """y = gamma x / sqrt(mean(x**2) + eps), with the mean over the last axis.

    Shapes: x, y, upstream (batch, units); gamma (units,).
    """

    def __init__(self, gamma: np.ndarray, eps: float = 1e-5) -> None:
        self.gamma, self.eps = gamma, eps

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.rms = np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + self.eps)
        self.xhat = x / self.rms
        return self.gamma * self.xhat

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dgamma (units,), return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        h, r = self.xhat, 1 / self.rms
        self.dgamma = np.einsum("ni,ni->i", h, upstream)
        t = np.einsum("nj,j,nj->n", upstream, self.gamma, h) / h.shape[1]
        return np.einsum("ni,i,nk->ni", upstream, self.gamma, r) - np.einsum("ni,n,nk->ni", h, t, r)
        # END SOLUTION


# %% Dropout: right
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng = p, rng
        self.mask = None

    def forward(self, x, training=True):
        self.training = training
        if training:
            keep = 1.0 - self.p
            self.kept = self.rng.random(x.shape) >= self.p
            self.mask = np.where(self.kept, 1 / keep, 0.0)
            return x * self.mask
        self.mask = None
        return np.array(x)

    def backward(self, upstream):
        return np.array(upstream) if self.mask is None else np.multiply(upstream, self.mask)


# %% Dropout: right
class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        # BEGIN SOLUTION: your code in place of the next line
        def slope(n, i):
            if not self.training:
                return 1.0
            return 1.0 / (1.0 - self.p) if self.kept[n, i] else 0.0

        return np.fromfunction(np.vectorize(lambda n, i: upstream[n, i] * slope(n, i), otypes=[float]), upstream.shape, dtype=int)
        # END SOLUTION
