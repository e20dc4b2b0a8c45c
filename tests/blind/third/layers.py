# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Affine: last-example-only
# dW is assigned and not accumulated over the examples, so only the last row of the batch counts.
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
        # BEGIN SOLUTION: your code in place of the next line
        N, D = self.x.shape
        M = upstream.shape[1]
        dx = np.zeros((N, D))
        self.dW = np.zeros((D, M))
        self.db = np.zeros(M)
        for n in range(N):
            for j in range(M):
                self.db[j] += upstream[n, j]
                for i in range(D):
                    dx[n, i] += upstream[n, j] * self.W[i, j]
                    self.dW[i, j] = self.x[n, i] * upstream[n, j]
        return dx
        # END SOLUTION


# %% Affine: divided-by-batch
# dW and db are averaged over the batch although the sum is asked for.
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

    def backward(self, dout):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        batch = dout.shape[0]
        self.dW = np.einsum("ni,nj->ij", self.x, dout) / batch
        self.db = np.einsum("nj->j", dout) / batch
        return np.einsum("nj,ij->ni", dout, self.W)


# %% Affine: axis-kept
# db keeps the batch axis with keepdims and has the shape (1, units) and not (units,).
# spoilt: db
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
        # BEGIN SOLUTION: your code in place of the next line
        W, x = self.W, self.x
        dx = np.dot(upstream, W.T)
        self.dW = np.dot(x.T, upstream)
        self.db = np.sum(upstream, axis=0, keepdims=True)
        return dx
        # END SOLUTION


# %% Affine: not-repeatable
# dW and db are added to what an earlier backward has left there and are not overwritten.
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
        if not hasattr(self, "dW"):
            self.dW = np.zeros_like(self.W)
            self.db = np.zeros_like(self.b)
        self.dW += self.x.T.dot(upstream)
        self.db += upstream.sum(axis=0)
        return upstream.dot(self.W.T)


# %% Affine: reshaped-for-transposed
# W is reshaped to (units, inputs) where it should be transposed, which scrambles dx; and db
# counts the batch without the upstream gradient.
# spoilt: dx, db
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
        # BEGIN SOLUTION: your code in place of the next line
        inputs, units = self.W.shape
        Wt = self.W.reshape(units, inputs)
        grad_input = np.matmul(upstream, Wt)
        grad_weight = np.matmul(self.x.transpose(), upstream)
        grad_bias = np.ones_like(self.b) * len(self.x)
        self.dW, self.db = grad_weight, grad_bias
        return grad_input
        # END SOLUTION


# %% Affine: product-of-sums
# dx multiplies the sum of the upstream row by the sum of the weights of each input instead of
# summing the products over the units.
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
        self.dW = sum(np.outer(row, up) for row, up in zip(self.x, upstream))
        self.db = sum(upstream)
        message = upstream.sum(axis=1, keepdims=True)
        total_weight = self.W.sum(axis=1)
        return message * total_weight


# %% ReLU: clipped-below
# the gate is shut also where the upstream gradient is negative (guided backpropagation), not
# only where x is.
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
        return np.array([[u if (u > 0 and x > 0) else 0.0 for u, x in zip(ur, xr)]
                         for ur, xr in zip(upstream, self.x)])


# %% ReLU: shared-state
# forward keeps the mask on the class and not on the instance, so a second ReLU that is used in
# between overwrites it.
# spoilt: dx
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        ReLU.mask = np.sign(x).clip(0)
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        return ReLU.mask * upstream
        # END SOLUTION


# %% Affine: argument-changed
# backward takes a step of gradient descent and so changes W and b, which wrongs dx, too, since
# it is computed with the new W.
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
        grad_W = self.x.T @ upstream
        grad_b = upstream.sum(axis=0)
        self.dW, self.db = grad_W, grad_b
        self.W -= 0.01 * grad_W
        self.b -= 0.01 * grad_b
        return upstream @ self.W.T


# %% relu_jacobian: entries-not-zero
# the outer product of the mask with itself is returned, so entries off the diagonal are one
# where both inputs are positive.
# spoilt: jacobian
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    # BEGIN SOLUTION: your code in place of the next line
    slope = np.heaviside(x, 0.0)
    return np.outer(slope, slope)
    # END SOLUTION


# %% relu_jacobian: one-number-for-many
# one dimension too few gives a broadcast: the slopes are spread over all columns instead of
# standing on the diagonal only.
# spoilt: jacobian
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = len(x)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if x[i] > 0:
                J[i, j] = 1.0
    return J


# %% relu_jacobian: value-for-slope
# the diagonal holds the outputs max(0, x) and not the slopes.
# spoilt: jacobian
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    # BEGIN SOLUTION: your code in place of the next line
    return np.eye(x.size) * np.maximum(x, 0)
    # END SOLUTION


# %% LeakyReLU: parameter-hard-coded
# the slope 0.01 is hard-coded and self.slope ignored.
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
        d = np.ones_like(self.x)
        d[self.x < 0] = 0.01
        return d * upstream


# %% LeakyReLU: -
# on the negative side the gradient is slope times x instead of the slope; on the positive side
# it is 1 - slope instead of 1.
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
        # BEGIN SOLUTION: your code in place of the next line
        neg = (self.x <= 0).astype(float)
        pos = 1 - neg
        return upstream * (pos * (1 - self.slope) + neg * self.slope * self.x)
        # END SOLUTION


# %% Sigmoid: applied-twice
# the sigmoid is applied a second time to the stored output before the derivative is taken.
# spoilt: dx
def _sig(z):
    return 1 / (1 + np.exp(-z))


def _dsig(z):
    return _sig(z) * (1 - _sig(z))


class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * _dsig(self.y)


# %% Sigmoid: overflow
# the quotient form of the derivative overflows to nan for large negative inputs.
# spoilt: dx
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        e = np.exp(-self.x)
        derivative = e / (1 + e) ** 2
        return upstream * derivative
        # END SOLUTION


# %% Tanh: power-wrong
# the output is not squared: the slope is taken as 1 - |y|.
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
        slope = 1.0 - np.sqrt(self.y ** 2)
        dx = np.empty(upstream.shape)
        np.multiply(slope, upstream, out=dx)
        return dx


# %% Softmax: not-summed
# only the diagonal of the softmax Jacobian is used; the influence on the other probabilities is
# missing.
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
        # BEGIN SOLUTION: your code in place of the next line
        dx = np.zeros_like(upstream)
        batch, units = upstream.shape
        for n in range(batch):
            jac = np.zeros((units, units))
            for i in range(units):
                jac[i, i] = self.y[n, i] * (1 - self.y[n, i])
            dx[n] = jac @ upstream[n]
        return dx
        # END SOLUTION


# %% Softmax: wrong-axis
# the correction sums over the whole batch and not within each row.
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
        weighted = self.y * upstream
        return weighted - self.y * weighted.sum()


# %% Sequential: loop-too-short
# the gradient that enters the first layer is returned and not the one that leaves it (the last
# result of the loop is dropped).
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
        # BEGIN SOLUTION: your code in place of the next line
        position = len(self.layers)
        dx = upstream
        while position > 0:
            position -= 1
            dx = upstream
            upstream = self.layers[position].backward(dx)
        return dx
        # END SOLUTION


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
        # BEGIN SOLUTION: your code in place of the next line
        self.dW = np.einsum("bi,bu->iu", self.x, upstream)
        self.db = np.einsum("bu->u", upstream)
        return np.einsum("bu,iu->bi", upstream, self.W)
        # END SOLUTION


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

    def backward(self, g):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        rows, ins = self.x.shape
        outs = self.W.shape[1]
        dW = [[0.0] * outs for _ in range(ins)]
        db = [0.0] * outs
        dx = np.zeros((rows, ins))
        for n in range(rows):
            for j in range(outs):
                db[j] += g[n][j]
                for i in range(ins):
                    dW[i][j] += self.x[n][i] * g[n][j]
                    dx[n][i] += g[n][j] * self.W[i][j]
        self.dW, self.db = np.array(dW), np.array(db)
        return dx


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
        # BEGIN SOLUTION: your code in place of the next line
        # bias trick: a column of ones on x, the bias as the last row of W
        ones = np.ones((len(self.x), 1))
        x1 = np.hstack([self.x, ones])
        W1 = np.vstack([self.W, self.b])
        d = x1.T @ upstream
        self.dW, self.db = d[:-1], d[-1]
        return (upstream @ W1.T)[:, :-1]
        # END SOLUTION


# %% Affine: right
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self._cache = {}

    def forward(self, x):
        self._cache["x"] = x
        return x @ self.W + self.b

    @property
    def dW(self):
        return np.tensordot(self._cache["x"], self._cache["up"], axes=(0, 0))

    @property
    def db(self):
        return np.add.reduce(self._cache["up"], axis=0)

    def backward(self, upstream):
        self._cache["up"] = upstream.copy()
        return np.tensordot(upstream, self.W, axes=([1], [1]))


# %% ReLU: right
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        open_gate = np.heaviside(self.x.astype(np.float32), np.float32(0))
        return np.where(open_gate, upstream, 0.0)
        # END SOLUTION


# %% relu_jacobian: right
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = len(x)
    return np.asfortranarray([[1.0 if i == j and x[i] > 0 else 0.0 for j in range(n)] for i in range(n)])


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
        # BEGIN SOLUTION: your code in place of the next line
        mask = (self.x > 0) + 0.0
        return upstream * (self.slope + (1.0 - self.slope) * mask)
        # END SOLUTION


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
        # y (1 - y) = 1/4 - (y - 1/2)^2 ; factored as a difference of squares
        a = self.y - 0.5
        return upstream * ((0.5 - a) * (0.5 + a))


# %% Tanh: right
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.cache = (x, None)
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        # BEGIN SOLUTION: your code in place of the next line
        x, _ = self.cache
        a = np.exp(-2 * np.abs(x))
        return 4 * a / (1 + a) ** 2 * upstream
        # END SOLUTION


# %% Tanh: right
class Tanh:
    def __init__(self):
        self._tape = []

    def __call__(self, x):
        y = np.tanh(x)
        self._tape = [y]
        return y

    forward = __call__

    def backward(self, upstream):
        (y,) = self._tape
        return upstream - upstream * y**2


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
        # BEGIN SOLUTION: your code in place of the next line
        J = [np.diag(p) - np.outer(p, p) for p in self.y]
        return np.stack([u @ j for u, j in zip(upstream, J)])
        # END SOLUTION


# %% Sequential: right
from functools import reduce


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
        return reduce(lambda g, layer: layer.backward(g), reversed(self.layers), upstream)
