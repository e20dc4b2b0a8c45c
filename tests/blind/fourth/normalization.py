# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% BatchNorm: term-weight-wrong
# In the staged way back the derivative of the variance is taken as (x - mean) / N, the factor 2
# of the square is missing.
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
        N = upstream.shape[0]
        self.dbeta = upstream.sum(axis=0)
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        dxhat = upstream * self.gamma
        if not self.training:
            return dxhat / self.std
        xmu = self.xhat * self.std
        ivar = 1.0 / self.std
        divar = np.sum(dxhat * xmu, axis=0)
        dvar = divar * -0.5 * ivar**3
        dmu = -np.sum(dxhat * ivar, axis=0)
        dx = dxhat * ivar + dvar * xmu / N + dmu / N
        return dx


# %% BatchNorm: parameter-hard-coded
# The formula of training mode is used in both modes, so dx is wrong after forward with
# training=False.
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
        self.dgamma = np.einsum("nd,nd->d", upstream, self.xhat)
        self.dbeta = np.einsum("nd->d", upstream)
        g = upstream * self.gamma
        dx = (N * g - g.sum(axis=0) - self.xhat * (g * self.xhat).sum(axis=0)) / (N * self.std)
        return dx


# %% BatchNorm: division-missing
# With training=False the gradient is not divided by the standard deviation.
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
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        self.dbeta = np.sum(upstream, axis=0)
        g = self.gamma * upstream
        if self.training:
            mean_g = np.mean(g, axis=0)
            mean_gx = np.mean(g * self.xhat, axis=0)
            return (g - mean_g - self.xhat * mean_gx) / self.std
        else:
            return g


# %% BatchNorm: another-array
# dgamma is collected with the output y in place of xhat.
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
        out = self.gamma * self.xhat + self.beta
        self.dbeta = np.sum(upstream, axis=0)
        self.dgamma = np.sum(upstream * out, axis=0)
        g = upstream * self.gamma
        if not self.training:
            return g / self.std
        return (g - g.mean(axis=0) - self.xhat * (g * self.xhat).mean(axis=0)) / self.std


# %% BatchNorm: sum-for-mean
# The term of the mean is subtracted as a sum over the batch, without the 1/N.
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
        dgamma, dbeta = 0.0, 0.0
        for u, xh in zip(upstream, self.xhat):
            dgamma = dgamma + u * xh
            dbeta = dbeta + u
        self.dgamma, self.dbeta = dgamma, dbeta
        g = upstream * self.gamma
        if self.training:
            straight = g
            through_mean = g.sum(axis=0)
            through_var = self.xhat * (g * self.xhat).mean(axis=0)
            g = straight - through_mean - through_var
        return g / self.std


# %% BatchNorm: factor-missing
# gamma is left out on the way from y to xhat, so dx lacks the factor gamma in both modes.
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
        self.dgamma = (upstream * self.xhat).sum(0)
        self.dbeta = upstream.sum(0)
        dxhat = upstream
        if not self.training:
            return dxhat / self.std
        N = len(upstream)
        return (1.0 / N) / self.std * (N * dxhat - dxhat.sum(0) - self.xhat * np.sum(dxhat * self.xhat, 0))


# %% LayerNorm: wrong-axis
# The two means of dx are taken over the batch as in BatchNorm and not over the units.
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
        g = self.gamma * upstream
        dx = (g - g.mean(axis=0) - self.xhat * (g * self.xhat).mean(axis=0)) / self.std
        return dx


# %% LayerNorm: factor-too-late
# gamma is multiplied at the end, outside of the means over the units, where it does not commute
# with them.
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
        self.dbeta = upstream.sum(axis=0)
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        m1 = upstream.mean(axis=-1, keepdims=True)
        m2 = (upstream * self.xhat).mean(axis=-1, keepdims=True)
        dx = upstream - m1 - self.xhat * m2
        return self.gamma * dx / self.std


# %% LayerNorm: last-example-only
# In the loop over the examples dgamma and dbeta are assigned and not added to, only the last
# example is left.
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
        N, D = upstream.shape
        dx = np.zeros((N, D))
        self.dgamma = np.zeros(D)
        self.dbeta = np.zeros(D)
        for n in range(N):
            xh, u = self.xhat[n], upstream[n]
            self.dgamma = u * xh
            self.dbeta = u.copy()
            g = u * self.gamma
            dx[n] = (g - g.sum() / D - xh * (g @ xh) / D) / self.std[n]
        return dx


# %% LayerNorm: parentheses-moved
# Only the first of the three terms is divided by the standard deviation, a bracket is missing.
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
        self.dgamma = np.einsum("ni,ni->i", upstream, self.xhat)
        self.dbeta = np.einsum("ni->i", upstream)
        g = upstream * self.gamma
        s1 = np.sum(g, axis=-1, keepdims=True) / D
        s2 = np.sum(g * self.xhat, axis=-1, keepdims=True) / D
        return 1 / self.std * g - s1 - self.xhat * s2


# %% LayerNorm: term-weight-wrong
# The two averages over the units divide by D - 1 instead of D.
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
        self.dbeta = np.ones(len(upstream)) @ upstream
        self.dgamma = np.ones(len(upstream)) @ (upstream * self.xhat)
        D = self.xhat.shape[1]
        grad_hat = upstream * self.gamma
        a = grad_hat.sum(axis=1).reshape(-1, 1)
        b = (grad_hat * self.xhat).sum(axis=1).reshape(-1, 1)
        return (grad_hat - (a + self.xhat * b) / (D - 1)) / self.std


# %% RMSNorm: term-of-its-own
# The term of the mean is kept from LayerNorm although RMSNorm does not subtract a mean.
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
        self.dgamma = np.sum(upstream * self.xhat, axis=0)
        g = upstream * self.gamma
        centre = g.mean(axis=-1, keepdims=True)
        corr = (g * self.xhat).mean(axis=-1, keepdims=True)
        return (g - centre - self.xhat * corr) / self.rms


# %% RMSNorm: sign-flipped
# The path through the root mean square is added instead of subtracted.
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
        x = self.xhat * self.rms
        D = x.shape[1]
        self.dgamma = (upstream * self.xhat).sum(axis=0)
        dxhat = upstream * self.gamma
        # xhat = x * r^-1
        dr = (dxhat * x).sum(axis=1, keepdims=True) / self.rms**2
        dx = dxhat / self.rms
        dx += dr * x / (D * self.rms)
        return dx


# %% RMSNorm: another-array
# upstream is multiplied by gamma first and the product is then used for dgamma too, which
# therefore contains gamma.
# spoilt: dgamma
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
        g = upstream.copy()
        g *= self.gamma
        mean_gx = np.mean(g * self.xhat, axis=-1, keepdims=True)
        dx = (g - self.xhat * mean_gx) / self.rms
        self.dgamma = np.sum(g * self.xhat, axis=0)
        return dx


# %% Dropout: -
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
        if not self.training:
            return upstream.copy()
        q = 1 - self.p
        mask = (self.rng.random(upstream.shape) < q) / q
        return upstream * mask


# %% Dropout: condition-not-handled
# With training=False the gradient is multiplied by 1 - p, as in the dropout that is not
# inverted.
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
        if self.training:
            dx = np.where(self.kept, upstream / (1 - self.p), 0.0)
        else:
            dx = upstream * (1 - self.p)
        return dx


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
        N, D = upstream.shape
        self.dgamma = np.array([upstream[:, i] @ self.xhat[:, i] for i in range(D)])
        self.dbeta = np.array([sum(upstream[:, i]) for i in range(D)])
        out = np.zeros((N, D))
        for i in range(D):
            u = self.gamma[i] * upstream[:, i]
            if self.training:
                z = self.xhat[:, i]
                J = (np.eye(N) - 1 / N - np.outer(z, z) / N) / self.std[i]
            else:
                J = np.eye(N) / self.std[i]
            out[:, i] = J.T @ u
        return out


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
        # forward again, one operation per line: c = x - mu ; v = mean(c^2) ; s = sqrt(v + eps) ; xhat = c / s
        c = self.xhat * self.std
        D = c.shape[-1]
        self.dbeta = upstream.sum(0)
        self.dgamma = np.diagonal(upstream.T @ self.xhat).copy()
        dxhat = upstream * self.gamma
        dc = dxhat / self.std
        ds = -(dxhat * c).sum(-1, keepdims=True) / self.std**2
        dv = ds / (2 * self.std)
        dc = dc + 2 * c * dv / D
        dmu = -dc.sum(-1, keepdims=True)
        return dc + dmu / D


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
        g = upstream * self.gamma
        self.dgamma = np.einsum("ni,ni->i", upstream, self.xhat)
        outer = np.einsum("ni,nj->nij", self.xhat, self.xhat) / g.shape[-1]
        P = np.eye(g.shape[-1]) - outer
        return np.einsum("nij,nj->ni", P, g) / self.rms


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
        factor = 1.0
        if self.training:
            factor = self.kept.astype(np.float64)
            factor /= 1.0 - self.p
        return np.multiply(factor, upstream)


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
        t = 1.0 if self.training else 0.0
        self.dbeta = np.add.reduce(upstream)
        self.dgamma = np.add.reduce(upstream * self.xhat)
        n = len(upstream)
        # gamma can be pulled out, it is constant within a unit
        return self.gamma / self.std * (upstream - t * (self.dbeta + self.xhat * self.dgamma) / n)
