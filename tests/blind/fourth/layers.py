# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Affine: last-example-only
# In the loop over the examples dW is assigned instead of added to, so only the last example of
# the batch is left in it.
# spoilt: dW
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        n = upstream.shape[0]
        dx = np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        for k in range(n):
            dx[k] = self.W @ upstream[k]
            self.dW = np.outer(self.x[k], upstream[k])
            self.db += upstream[k]
        return dx


# %% Affine: divided-by-batch
# dW and db are divided by the batch size although nothing is to be averaged in the layer.
# spoilt: dW, db
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        m = self.x.shape[0]
        dZ = upstream
        self.dW = (1 / m) * np.dot(self.x.T, dZ)
        self.db = (1 / m) * np.sum(dZ, axis=0)
        dA_prev = np.dot(dZ, self.W.T)
        return dA_prev


# %% Affine: reshaped-for-transposed
# For dx the weights are reshaped to (units, inputs) instead of transposed, which gives the right
# shape but mixes up the entries.
# spoilt: dx
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        batch, units = upstream.shape
        inputs = self.W.shape[0]
        # (batch, units) x (units, inputs) -> (batch, inputs)
        W_back = self.W.reshape(units, inputs)
        dx = upstream @ W_back
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return dx


# %% ReLU: another-array
# The gate is opened where upstream is positive and not where the input x was positive.
# spoilt: dx
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        grad = np.array(upstream, copy=True)
        gate = grad > 0
        return np.where(gate, grad, 0.0)


# %% ReLU: cut-to-integers
# The gradient is written into an integer array (the mask), so every entry of upstream is cut off
# to a whole number.
# spoilt: dx
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        dx = (self.x > 0).astype(int)
        open_ = dx == 1
        dx[open_] = upstream[open_]
        return dx


# %% relu_jacobian: value-for-slope
# The diagonal holds the outputs max(0, x) and not the slopes 1 and 0.
# spoilt: jacobian
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    y = np.maximum(0, x)
    J = np.zeros((len(x), len(x)))
    np.fill_diagonal(J, y)
    return J


# %% relu_jacobian: one-number-for-many
# The test i == j is missing, so whole columns are set to 1 and not only the diagonal.
# spoilt: jacobian
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = x.shape[0]
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if x[j] > 0:
                J[i, j] = 1.0
    return J


# %% LeakyReLU: parameter-hard-coded
# The slope 0.01 is written into the code, so a layer made with another slope gets the wrong
# gradient on the negative side.
# spoilt: dx
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        alpha = 0.01
        dydx = np.ones_like(self.x)
        dydx[self.x <= 0] = alpha
        return upstream * dydx


# %% LeakyReLU: wrong-where-negative
# Where x is negative the gradient is set to the slope itself, without multiplying it by
# upstream.
# spoilt: dx
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        dx = upstream.copy()
        dx[self.x <= 0] = self.slope
        return dx


# %% Sigmoid: applied-twice
# The cached self.y is already the output, but it is put through the sigmoid once more before s
# (1 - s) is formed.
# spoilt: dx
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        def sig(z):
            return 1.0 / (1.0 + np.exp(-z))

        s = sig(self.y)
        dsig = s * (1 - s)
        return dsig * upstream


# %% Sigmoid: parentheses-moved
# Brackets around 1 - y are missing, so upstream * y - y is computed.
# spoilt: dx
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        y = self.y
        return upstream * y * 1 - y


# %% Tanh: factor-two-missing
# Written as 2 sigmoid(2x) - 1, the inner derivative 2 of the argument 2x is forgotten, so dx is
# half as large as it should be.
# spoilt: dx
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # tanh(x) = 2 sig(2x) - 1   =>  sig = (y + 1) / 2
        sig = (self.y + 1) / 2
        dtanh = 2 * sig * (1 - sig)
        return upstream * dtanh


# %% Tanh: slope-of-another-function
# The slope y (1 - y) of the sigmoid is used for tanh in place of 1 - y**2.
# spoilt: dx
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        t = self.y
        local = t * (1 - t)
        return local * upstream


# %% Softmax: not-summed
# Only the diagonal y_i (1 - y_i) of the Jacobian is used, the influence of a score on the other
# outputs of its row is left out.
# spoilt: dx
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        dx = np.empty_like(upstream)
        for n in range(len(upstream)):
            for i in range(upstream.shape[1]):
                p = self.y[n, i]
                dx[n, i] = upstream[n, i] * p * (1 - p)
        return dx


# %% Softmax: wrong-axis
# The sum of upstream * y runs over the batch (axis 0) and not over the classes of each row.
# spoilt: dx
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        weighted = upstream * self.y
        total = weighted.sum(axis=0, keepdims=True)
        return weighted - self.y * total


# %% Sequential: loop-too-short
# The index loop stops at 1, so backward of the first layer is never called.
# spoilt: dx
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        grad = upstream
        L = len(self.layers)
        for l in range(L - 1, 0, -1):
            grad = self.layers[l].backward(grad)
        return grad


# %% Sequential: return-too-early
# The return stands inside the loop, so only the last layer is walked through and its dx is
# returned.
# spoilt: dx
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        grad = upstream
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
            return grad
        return grad


# %% Affine: right
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        # treat the bias as one more row of W with a constant input 1
        xa = np.concatenate([self.x, np.ones((self.x.shape[0], 1))], axis=1)
        grads = np.einsum("ni,nj->ij", xa, upstream)
        self.dW, self.db = grads[:-1].copy(), grads[-1].copy()
        return np.einsum("nj,ij->ni", upstream, self.W)


# %% Softmax: right
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        rows = []
        for p, u in zip(self.y, upstream):
            J = np.diag(p) - np.outer(p, p)
            rows.append(J @ u)
        return np.array(rows).reshape(upstream.shape)


# %% Sigmoid: right
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # y (1 - y) = 1/4 - (y - 1/2)**2
        half = self.y - 0.5
        return upstream * (0.25 - half * half)


# %% Sequential: right
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        def down(k, grad):
            return grad if k < 0 else down(k - 1, self.layers[k].backward(grad))

        return down(len(self.layers) - 1, upstream)


# %% LeakyReLU: right
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        on = np.heaviside(self.x, 0.0)
        return on * upstream + (1.0 - on) * self.slope * upstream
