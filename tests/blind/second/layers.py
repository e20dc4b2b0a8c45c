# Answers by somebody who had not seen the grader: wrong in ways known from hand-ins, and right in
# many styles. Each cell begins with the exercise, the names that are true of it ("right" where there
# is nothing to name, "-" where the catalogue has no name), and what was done, in plain words.

# %% Affine: right
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


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
        N, D = self.x.shape
        M = self.b.shape[0]
        self.dW = np.zeros((D, M))
        self.db = np.zeros(M)
        dx = np.zeros((N, D))
        for n in range(N):
            for j in range(M):
                g = upstream[n, j]
                self.db[j] += g
                for i in range(D):
                    self.dW[i, j] += self.x[n, i] * g
                    dx[n, i] += self.W[i, j] * g
        return dx


# %% Affine: right
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = np.einsum("ni,nj->ij", self.x, upstream)
        self.db = np.einsum("nj->j", upstream)
        return np.einsum("nj,ij->ni", upstream, self.W)


# %% Affine: right
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.saved = (x.copy(), self.W.copy())
        out = np.dot(x, self.W)
        out += self.b
        return out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        inp, weights = self.saved
        self.db = np.ones(len(upstream)) @ upstream
        self.dW = sum(np.outer(a, g) for a, g in zip(inp, upstream))
        return np.vstack([weights @ g for g in upstream])


# %% Affine: right
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = (upstream.T @ self.x).T
        self.db = np.sum(upstream, 0)
        dx = np.dot(self.W, upstream.T).transpose()
        return dx


# %% Affine: divided-by-batch
# dW averaged over the batch instead of summed
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        batch_size = self.x.shape[0]
        self.dW = np.dot(self.x.T, upstream) / batch_size
        self.db = np.sum(upstream, axis=0)
        return np.dot(upstream, self.W.T)


# %% Affine: divided-by-batch
# db averaged over the batch instead of summed
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = self.x.T @ upstream
        self.db = np.mean(upstream, axis=0)
        return upstream @ self.W.T


# %% Affine: axis-kept
# db keeps a batch axis of length one: shape (1, units) instead of (units,)
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
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0, keepdims=True)
        return upstream @ self.W.T


# %% Affine: not-summed
# db is upstream itself, not summed over the batch
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        dx = np.einsum("nj,ij->ni", upstream, self.W)
        self.dW = np.einsum("ni,nj->ij", self.x, upstream)
        self.db = upstream.copy()
        return dx


# %% Affine: summed-too-far, one-number-for-many
# db is one number, summed over units as well as over the batch
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
        self.dW = self.x.T.dot(upstream)
        self.db = np.full_like(self.b, np.sum(upstream))
        return upstream.dot(self.W.T)


# %% Affine: transposed
# dW is transposed, shape (units, inputs)
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = np.dot(upstream.T, self.x)
        self.db = upstream.sum(0)
        return np.dot(upstream, self.W.T)


# %% Affine: -
# dx is missing the transpose of W (crash unless W is square)
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W


# %% Affine: last-example-only
# dW is assigned per example instead of accumulated, so only the last example counts
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.db = np.zeros_like(self.b)
        dx = np.zeros_like(self.x)
        for k in range(len(self.x)):
            self.dW = np.outer(self.x[k], upstream[k])
            self.db = self.db + upstream[k]
            dx[k] = self.W @ upstream[k]
        return dx


# %% Affine: last-unit-only
# dx is assigned per unit instead of accumulated, so only the last unit counts
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
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        dx = np.empty_like(self.x)
        for n in range(dx.shape[0]):
            for i in range(dx.shape[1]):
                for j in range(upstream.shape[1]):
                    dx[n, i] = upstream[n, j] * self.W[i, j]
        return dx


# %% Affine: upstream-ignored
# db ignores upstream, it counts the examples
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T @ upstream
        self.db = np.ones_like(self.b) * self.x.shape[0]
        return upstream @ self.W.T


# %% Affine: term-of-its-own
# dx has the bias added to it
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
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T + self.b.sum()


# %% Affine: first-example-left-out
# dW misses the first example of the batch (loop starts at 1)
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = np.zeros(self.W.shape)
        for n in range(1, self.x.shape[0]):
            self.dW += self.x[n][:, None] * upstream[n][None, :]
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


# %% Affine: not-repeatable
# dW and db accumulate over calls of backward instead of being overwritten
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        self.dW = getattr(self, "dW", 0) + self.x.T @ upstream
        self.db = getattr(self, "db", 0) + upstream.sum(axis=0)
        return upstream @ self.W.T


# %% Affine: result-missing
# db is never set
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = self.x.T @ upstream
        dx = upstream @ self.W.T
        db = np.sum(upstream, axis=0)
        return dx


# %% Affine: not-repeatable
# W is changed by backward: a gradient step is taken inside
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
        self.dW = self.x.T @ upstream
        self.db = upstream.sum(axis=0)
        dx = upstream @ self.W.T
        self.W -= 0.01 * self.dW
        self.b -= 0.01 * self.db
        return dx


# %% Affine: extra-factor
# dW has upstream multiplied by the output y (as if y were an activation slope)
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        self.y = x @ self.W + self.b
        return self.y

    def backward(self, upstream):
        self.db = upstream.sum(axis=0)
        self.dW = self.x.T @ (upstream * self.y)
        return upstream @ self.W.T


# %% Affine: divided-by-batch
# two mistakes: dW divided by the batch size; dx divided by the batch size
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
        delta = upstream / n
        self.dW = self.x.T @ delta
        self.db = upstream.sum(axis=0)
        return delta @ self.W.T


# %% Affine: axis-kept and divided-by-batch
# two mistakes: db has shape (1, units); db averaged over the batch instead of summed
class Affine:
    def __init__(self, W: np.ndarray, b: np.ndarray) -> None:
        self.W, self.b = W, b

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.dW = np.matmul(self.x.T, upstream)
        self.db = upstream.mean(axis=0).reshape(1, -1)
        return np.matmul(upstream, self.W.T)


# %% Affine: right
# dW computed in float32, precision lost
class Affine:
    """y = x W + b.

    Shapes: x (batch, inputs), W (inputs, units), b (units,), y (batch, units).
    """

    def __init__(self, W, b):
        self.W, self.b = W, b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        """Set dW (inputs, units) and db (units,), return dx (batch, inputs).

        upstream has the shape (batch, units).
        """
        x32 = self.x.astype(np.float32)
        u32 = upstream.astype(np.float32)
        self.dW = x32.T @ u32
        self.db = upstream.sum(axis=0)
        return upstream @ self.W.T


# %% ReLU: right
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * (self.x > 0)


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
        dx = upstream.copy()
        dx[self.x <= 0] = 0
        return dx


# %% ReLU: right
class ReLU:
    def forward(self, x):
        self.on = np.greater(x, 0).astype(float)
        return self.on * x

    def backward(self, upstream):
        return np.einsum("nu,nu->nu", self.on, upstream)


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
        g = np.zeros_like(upstream)
        for r in range(g.shape[0]):
            for c in range(g.shape[1]):
                if self.x[r, c] > 0:
                    g[r, c] = upstream[r, c]
        return g


# %% ReLU: right
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return np.where(np.maximum(self.x, 0) == 0, 0.0, upstream)


# %% ReLU: right
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.array([np.diag(np.heaviside(row, 0.0)) @ u for row, u in zip(self.x, upstream)])


# %% ReLU: upstream-ignored
# dx is the mask alone, upstream forgotten
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return np.where(self.x > 0, 1.0, 0.0)


# %% ReLU: another-array
# dx masked by the sign of upstream instead of the sign of x
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        res = np.zeros_like(upstream)
        res[upstream > 0] = upstream[upstream > 0]
        return res


# %% ReLU: value-for-gate
# dx multiplied by the output: size of x leaks in
class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream):
        return upstream * np.maximum(0, self.x)


# %% ReLU: right
# upstream overwritten in place (values of dx right)
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        upstream[self.x <= 0] = 0
        return upstream


# %% ReLU: gate-missing
# test on the output with < 0, never true, gradient passes everywhere
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.out = np.maximum(x, 0.0)
        return self.out

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dx = np.array(upstream)
        dx[self.out < 0] = 0
        return dx


# %% ReLU: sign-for-gate
# dx has slope -1 where x is negative (np.sign used for the slope)
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.sign(self.x) * upstream


# %% ReLU: comparison-flipped
# mask inverted: gradient passes where x is negative
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        shut = self.x > 0
        return np.where(shut, 0, upstream)


# %% ReLU: clipped-below
# negative entries of dx are clipped to zero too (ReLU applied to the gradient)
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.maximum(0.0, upstream * (self.x > 0))


# %% ReLU: threshold-moved
# gate opens at x > 1 instead of x > 0
class ReLU:
    def forward(self, x):
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream):
        slope = (self.x > 1).astype(np.float64)
        return slope * upstream


# %% ReLU: cut-to-integers
# dx truncated to integers (integer array allocated)
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        dx = np.zeros(self.x.shape, dtype=int)
        m = self.x > 0
        dx[m] = upstream[m]
        return dx


# %% ReLU: shared-state
# cache kept on the class, so several layers share the last x
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        ReLU.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * (ReLU.x > 0)


# %% ReLU: -
# the gate is decided per row (sum of the row) instead of per entry
class ReLU:
    """y = max(0, x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        open_ = (self.x.sum(axis=1, keepdims=True) > 0)
        return upstream * open_


# %% ReLU: -
# two mistakes: upstream forgotten; negative side has slope -1
class ReLU:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.maximum(x, 0.0)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        out = np.ones_like(self.x)
        out[self.x < 0] = -1.0
        return out


# %% relu_jacobian: right
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.diag((x > 0).astype(float))


# %% relu_jacobian: right
def relu_jacobian(x):
    n = len(x)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            J[i, j] = 1.0 if (i == j and x[j] > 0) else 0.0
    return J


# %% relu_jacobian: right
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.eye(x.size) * np.where(x > 0, 1.0, 0.0)


# %% relu_jacobian: right
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    table = np.zeros((x.shape[0],) * 2)
    k = np.flatnonzero(x > 0)
    table[k, k] = 1.0
    return table


# %% relu_jacobian: right
def relu_jacobian(x):
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.array([[float(a == b) * float(x[a] > 0) for b in range(len(x))] for a in range(len(x))])


# %% relu_jacobian: call-missing
# a vector of slopes returned instead of a matrix
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    return (x > 0).astype(float)


# %% relu_jacobian: value-for-slope
# the values max(0, x) on the diagonal instead of the slopes
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.diag(np.maximum(x, 0))


# %% relu_jacobian: entries-not-zero
# entries off the diagonal not zero: outer product of the mask with itself
def relu_jacobian(x):
    m = np.where(x > 0, 1.0, 0.0)
    return np.outer(m, m)


# %% relu_jacobian: summed-too-far, one-number-for-many
# entries off the diagonal not zero: every row is the mask
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    slope = 1.0 * (x > 0)
    return np.tile(slope, (len(x), 1))


# %% relu_jacobian: branch-wrong
# identity matrix: the mask is missing, slope 1 where x is negative
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    return np.eye(len(x))


# %% relu_jacobian: sign-for-gate
# slope -1 where x is negative instead of 0
def relu_jacobian(x):
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    J = np.zeros((len(x), len(x)))
    for i, v in enumerate(x):
        J[i, i] = np.sign(v)
    return J


# %% relu_jacobian: comparison-flipped
# mask inverted: ones where x is negative
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    return np.diag(np.less(x, 0).astype(float))


# %% relu_jacobian: order-reversed
# ones on the anti-diagonal: columns in reverse order
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = x.shape[0]
    J = np.zeros((n, n))
    for i in range(n):
        if x[i] > 0:
            J[i, n - 1 - i] = 1
    return J


# %% relu_jacobian: entries-not-zero
# finite differences with a step of 1, wrong near the corner
def relu_jacobian(x):
    n = len(x)
    h = 1.0
    J = np.zeros((n, n))
    for j in range(n):
        e = np.zeros(n)
        e[j] = h
        J[:, j] = (np.maximum(x + e, 0) - np.maximum(x, 0)) / h
    return J


# %% relu_jacobian: entries-left-zero
# last row and column left at zero (loop stops one too early)
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = len(x)
    J = np.zeros((n, n))
    for i in range(0, n - 1):
        J[i][i] = int(x[i] > 0)
    return J


# %% relu_jacobian: value-for-gate
# diagonal holds x itself where x is positive or negative (x * identity)
def relu_jacobian(x: np.ndarray) -> np.ndarray:
    return np.eye(len(x)) * x


# %% relu_jacobian: entries-not-zero
# whole lower triangle filled instead of the diagonal
def relu_jacobian(x):
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.tril(np.ones((x.size, x.size))) * (x > 0)


# %% LeakyReLU: right
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * np.where(self.x > 0, 1.0, self.slope)


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
        grad = upstream.copy()
        neg = self.x <= 0
        grad[neg] *= self.slope
        return grad


# %% LeakyReLU: right
class LeakyReLU:
    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.factor = self.slope + (1 - self.slope) * (x > 0)
        return x * self.factor

    def backward(self, upstream):
        return self.factor * upstream


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
        return np.array([[u if v > 0 else self.slope * u for u, v in zip(us, vs)] for us, vs in zip(upstream, self.x)])


# %% LeakyReLU: branch-wrong
# dx is zero where x is negative (plain ReLU)
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return np.where(self.x > 0, upstream, 0)


# %% LeakyReLU: value-for-slope
# slope * x instead of slope where x is negative
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        d = np.where(self.x > 0, 1, self.slope * self.x)
        return d * upstream


# %% LeakyReLU: parameter-hard-coded
# 0.01 hard-coded instead of self.slope
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        g = np.ones_like(self.x)
        g[self.x <= 0] = 0.01
        return g * upstream


# %% LeakyReLU: upstream-ignored
# upstream forgotten in dx
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
        dx = np.empty(self.x.shape)
        dx[self.x > 0] = 1
        dx[~(self.x > 0)] = self.slope
        return dx


# %% LeakyReLU: wrong-where-negative
# upstream forgotten where x is negative only
class LeakyReLU:
    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        return np.where(self.x > 0, upstream, self.slope)


# %% LeakyReLU: comparison-flipped
# the two branches swapped
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
        return np.where(self.x > 0, self.slope * upstream, upstream)


# %% LeakyReLU: another-array
# mask on upstream instead of on x
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return np.where(upstream > 0, upstream, upstream * self.slope)


# %% LeakyReLU: wrong-where-positive
# slope added everywhere: 1 + slope where x is positive
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * ((self.x > 0) + self.slope)


# %% LeakyReLU: sign-flipped
# minus slope where x is negative
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * np.where(self.x > 0, 1.0, -self.slope)


# %% LeakyReLU: wrong-where-negative
# 1 - slope instead of slope where x is negative
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
        open_ = (self.x > 0).astype(float)
        return upstream * (open_ + (1 - open_) * (1 - self.slope))


# %% LeakyReLU: inverse-operation
# divided by slope instead of multiplied where x is negative
class LeakyReLU:
    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        dx = upstream.copy()
        dx[self.x <= 0] /= self.slope
        return dx


# %% LeakyReLU: right
# upstream overwritten in place (values of dx right)
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
        upstream *= np.where(self.x > 0, 1.0, self.slope)
        return upstream


# %% LeakyReLU: factor-twice
# slope applied twice where x is negative (slope squared)
class LeakyReLU:
    def __init__(self, slope: float = 0.01) -> None:
        self.slope = slope

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dx = np.where(self.x > 0, upstream, self.slope * upstream)
        dx[self.x < 0] *= self.slope
        return dx


# %% LeakyReLU: upstream-ignored
# two mistakes: 0.01 hard-coded instead of self.slope; upstream forgotten
class LeakyReLU:
    """y = x where x > 0, slope * x elsewhere.

    Shapes: x, y, upstream (batch, units); slope is a number above 0.
    """

    def __init__(self, slope = 0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.where(self.x > 0, 1.0, 0.01)


# %% Sigmoid: right
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * self.y * (1 - self.y)


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
        dx = self.y - self.y ** 2
        dx *= upstream
        return dx


# %% Sigmoid: right
class Sigmoid:
    def forward(self, x):
        self.inp = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        a = np.exp(-np.logaddexp(0.0, -self.inp))
        b = np.exp(-np.logaddexp(0.0, self.inp))
        return a * b * upstream


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
        out = []
        for ys, us in zip(self.y, upstream):
            out.append(np.diag(ys * (1.0 - ys)).dot(us))
        return np.array(out)


# %% Sigmoid: right
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return 0.25 * upstream * (1 - (2 * self.y - 1) ** 2)


# %% Sigmoid: upstream-ignored
# upstream forgotten in dx
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return self.y * (1.0 - self.y)


# %% Sigmoid: factor-missing
# 1 - y only, factor y missing
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * (1 - self.y)


# %% Sigmoid: factor-missing
# y only, factor 1 - y missing
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.multiply(upstream, self.y)


# %% Sigmoid: another-array-throughout
# derivative written with the input x instead of the output: x (1 - x)
class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        return upstream * self.x * (1 - self.x)


# %% Sigmoid: applied-twice
# sigmoid applied a second time to the cached output
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        s = 1 / (1 + np.exp(-self.y))
        return upstream * s * (1 - s)


# %% Sigmoid: sign-flipped
# y (1 + y) instead of y (1 - y)
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * (self.y + self.y * self.y)


# %% Sigmoid: overflow
# middle form with exp(-x) overflows, nan for large negative x
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0.0, -x))

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        e = np.exp(-self.x)
        return upstream * e / (1 + e) ** 2


# %% Sigmoid: sign-flipped
# sign of dx wrong
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * self.y * (self.y - 1)


# %% Sigmoid: -
# parentheses missing: upstream * y - y**2, upstream multiplies one term only
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * self.y - self.y**2


# %% Sigmoid: slope-of-another-function
# tanh slope 1 - y**2 used
class Sigmoid:
    def forward(self, x):
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream):
        return (1 - np.square(self.y)) * upstream


# %% Sigmoid: factor-twice
# y squared times (1 - y): one factor y too many
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        p = self.y
        slope = p * p * (1 - p)
        return slope * upstream


# %% Sigmoid: right
# upstream overwritten in place (values of dx right)
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        upstream *= self.y
        upstream *= (1 - self.y)
        return upstream


# %% Sigmoid: not-repeatable
# cached y overwritten in place, second call of backward differs
class Sigmoid:
    """y = 1 / (1 + exp(-x)), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        self.y *= (1 - self.y)
        return upstream * self.y


# %% Sigmoid: -
# derivative of y replaced by that at the average of the batch
class Sigmoid:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.exp(-np.logaddexp(0.0, -x))
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        m = self.y.mean(axis=0)
        return upstream * (m * (1 - m))


# %% Tanh: right
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (1 - self.y ** 2)


# %% Tanh: right
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream - upstream * self.y * self.y


# %% Tanh: right
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.cache = {"x": np.array(x)}
        return np.tanh(self.cache["x"])

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        th = np.tanh(self.cache["x"])
        return np.multiply(upstream, (1 + th) * (1 - th))


# %% Tanh: right
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dx = np.zeros_like(self.y)
        for pos in np.ndindex(*self.y.shape):
            dx[pos] = (1.0 - self.y[pos] ** 2) * upstream[pos]
        return dx


# %% Tanh: another-array
# derivative written with the input x: 1 - x**2
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (1 - self.x ** 2)


# %% Tanh: power-wrong
# 1 - y instead of 1 - y**2, square forgotten
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * (1 - self.y)


# %% Tanh: parentheses-moved
# (1 - y)**2 instead of 1 - y**2
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return (1 - self.y) ** 2 * upstream


# %% Tanh: sign-flipped
# 1 + y**2, sign inside wrong
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (1 + self.y * self.y)


# %% Tanh: upstream-ignored
# upstream forgotten in dx
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return np.ones_like(self.y) - np.power(self.y, 2)


# %% Tanh: parentheses-moved
# parentheses missing: upstream - y**2
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * 1 - self.y ** 2


# %% Tanh: slope-of-another-function
# sigmoid slope y (1 - y) used
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * self.y * (1 - self.y)


# %% Tanh: overflow
# tanh from exponentials in backward, nan for large x
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        return np.tanh(x)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        ep, em = np.exp(self.x), np.exp(-self.x)
        t = (ep - em) / (ep + em)
        return upstream * (1 - t * t)


# %% Tanh: sign-flipped
# sign of dx wrong
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (self.y**2 - 1)


# %% Tanh: -
# -2 y: the derivative of the slope instead of the slope
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return upstream * (-2 * self.y)


# %% Tanh: applied-twice
# tanh applied a second time to the cached output
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        return upstream * (1 - np.tanh(self.y) ** 2)


# %% Tanh: -
# square root of the slope: sqrt(1 - y**2)
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        return upstream * np.sqrt(1 - self.y**2)


# %% Tanh: factor-twice
# upstream squared in dx
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        slope = 1 - self.y ** 2
        return slope * upstream ** 2


# %% Tanh: summed-too-far, one-number-for-many
# dx summed over the batch
class Tanh:
    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        g = (upstream * (1 - self.y ** 2)).sum(axis=0, keepdims=True)
        return np.repeat(g, len(self.y), axis=0)


# %% Tanh: not-repeatable
# cached y overwritten in place, second call of backward differs
class Tanh:
    """y = tanh(x), entry by entry.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        np.square(self.y, out=self.y)
        return upstream * (1 - self.y)


# %% Tanh: upstream-ignored and sign-flipped
# two mistakes: sign of dx wrong; upstream forgotten
class Tanh:
    def forward(self, x):
        self.y = np.tanh(x)
        return self.y

    def backward(self, upstream):
        return self.y ** 2 - 1


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
        dot = np.sum(upstream * self.y, axis=-1, keepdims=True)
        return self.y * (upstream - dot)


# %% Softmax: right
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dx = np.zeros_like(self.y)
        for n in range(len(self.y)):
            p = self.y[n]
            J = np.diag(p) - np.outer(p, p)
            dx[n] = J @ upstream[n]
        return dx


# %% Softmax: right
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        jac = np.einsum("nj,ij->nij", self.y, np.eye(self.y.shape[1])) - np.einsum("ni,nj->nij", self.y, self.y)
        return np.einsum("nij,nj->ni", jac, upstream)


# %% Softmax: right
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        N, K = self.y.shape
        dx = np.zeros((N, K))
        for n in range(N):
            for i in range(K):
                for j in range(K):
                    if i == j:
                        dx[n, i] += upstream[n, j] * self.y[n, i] * (1 - self.y[n, i])
                    else:
                        dx[n, i] -= upstream[n, j] * self.y[n, i] * self.y[n, j]
        return dx


# %% Softmax: right
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        e = np.exp(x - np.max(x, axis=1)[:, None])
        self.prob = e / e.sum(axis=1)[:, None]
        return self.prob

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units)."""
        w = self.prob * upstream
        return w - self.prob * w.sum(1).reshape(-1, 1)


# %% Softmax: not-summed
# diagonal of the Jacobian only: y (1 - y)
class Softmax:
    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        return upstream * self.y * (1 - self.y)


# %% Softmax: wrong-axis
# correction summed over the batch axis instead of over the row
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
        dot = np.sum(upstream * self.y, axis=0, keepdims=True)
        return self.y * (upstream - dot)


# %% Softmax: factor-missing
# correction is the sum of upstream, not weighted with y
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        s = upstream.sum(axis=1, keepdims=True)
        return self.y * (upstream - s)


# %% Softmax: wrong-axis
# correction summed over the whole array instead of per row
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        total = np.sum(upstream * self.y)
        return self.y * (upstream - total)


# %% Softmax: mean-for-sum
# correction averaged over the units instead of summed
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        m = np.mean(upstream * self.y, axis=-1, keepdims=True)
        return self.y * (upstream - m)


# %% Softmax: factor-missing
# outer factor y missing: upstream minus the correction
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
        c = (upstream * self.y).sum(axis=-1)
        return upstream - c[:, np.newaxis]


# %% Softmax: term-missing
# correction missing: only y * upstream
class Softmax:
    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        return self.y * upstream


# %% Softmax: term-missing
# diagonal part missing: only minus the outer product
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
        out = np.zeros_like(self.y)
        for k in range(out.shape[0]):
            out[k] = -np.outer(self.y[k], self.y[k]).dot(upstream[k])
        return out


# %% Softmax: sign-flipped
# sign of the correction wrong (plus instead of minus)
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dot = (upstream * self.y).sum(-1, keepdims=True)
        return self.y * (upstream + dot)


# %% Softmax: sign-flipped
# sign of dx wrong
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        dot = (upstream * self.y).sum(-1, keepdims=True)
        return self.y * (dot - upstream)


# %% Softmax: first-example-only
# the Jacobian of the first row used for every row
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        p = self.y[0]
        J = np.diag(p) - p[:, None] * p[None, :]
        return upstream @ J


# %% Softmax: last-unit-only
# assigned instead of accumulated over j: only the last output counts
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
        dx = np.zeros(self.y.shape)
        for n in range(dx.shape[0]):
            for i in range(dx.shape[1]):
                for j in range(dx.shape[1]):
                    dx[n, i] = upstream[n, j] * self.y[n, j] * ((i == j) - self.y[n, i])
        return dx


# %% Softmax: upstream-ignored
# upstream ignored: row sums of the Jacobian (upstream of ones)
class Softmax:
    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        J = np.einsum("ni,ij->nij", self.y, np.eye(self.y.shape[-1])) - self.y[:, :, None] * self.y[:, None, :]
        return np.einsum("nij->ni", J)


# %% Softmax: divided-by-batch
# dx divided by the batch size
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
        dx = self.y * (upstream - (upstream * self.y).sum(axis=1, keepdims=True))
        return dx / dx.shape[0]


# %% Softmax: extra-factor
# correction multiplied by y once too often (y squared)
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dot = np.sum(upstream * self.y, axis=-1, keepdims=True)
        return self.y * upstream - self.y**2 * dot


# %% Softmax: overflow
# exponentials without the shift in backward, nan for large scores
class Softmax:
    """y = exp(x) / sum(exp(x)), the sum running over the last axis.

    Shapes: x, y, upstream (batch, units).
    """

    def forward(self, x):
        self.x = x
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

    def backward(self, upstream):
        """Return dx (batch, units), given upstream (batch, units)."""
        e = np.exp(self.x)
        y = e / e.sum(axis=-1, keepdims=True)
        return y * (upstream - np.sum(y * upstream, axis=-1, keepdims=True))


# %% Softmax: applied-twice
# softmax applied a second time to the cached output
class Softmax:
    def forward(self, x: np.ndarray) -> np.ndarray:
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        e = np.exp(self.y)
        q = e / e.sum(axis=-1, keepdims=True)
        return q * (upstream - (q * upstream).sum(axis=-1, keepdims=True))


# %% Softmax: last-example-only
# only the last row filled, return array built outside the loop
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
        dx = np.zeros_like(self.y)
        for n in range(len(self.y)):
            jac = np.diag(self.y[n]) - np.outer(self.y[n], self.y[n])
        dx[n] = jac @ upstream[n]
        return dx


# %% Softmax: -
# y - upstream: upstream taken for one-hot targets of a cross entropy
class Softmax:
    def forward(self, x):
        shifted = x - x.max(axis=-1, keepdims=True)  # changes nothing but keeps exp finite
        self.y = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.y

    def backward(self, upstream):
        return self.y - upstream


# %% Softmax: wrong-axis and divided-by-batch
# two mistakes: correction summed over the batch axis; dx divided by the batch size
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
        corr = (upstream * self.y).sum(axis=0)
        return self.y * (upstream - corr) / len(self.y)


# %% Sequential: right
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream


# %% Sequential: right
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        g = upstream
        for k in range(len(self.layers) - 1, -1, -1):
            g = self.layers[k].backward(g)
        return g


# %% Sequential: right
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        def go(ls, g):
            return g if len(ls) == 0 else go(ls[:-1], ls[-1].backward(g))
        return go(self.layers, upstream)


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
        todo = list(self.layers)
        grad = upstream.copy()
        while todo:
            grad = todo.pop().backward(grad)
        return grad


# %% Sequential: order-not-reversed
# layers visited in forward order instead of reversed
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for layer in self.layers:
            upstream = layer.backward(upstream)
        return upstream


# %% Sequential: not-chained
# every layer receives the original upstream; dx of the first layer returned
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
        for layer in self.layers[::-1]:
            dx = layer.backward(upstream)
        return dx


# %% Sequential: loop-too-short
# first layer skipped
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        for i in range(len(self.layers) - 1, 0, -1):
            upstream = self.layers[i].backward(upstream)
        return upstream


# %% Sequential: loop-too-short
# last layer skipped
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        d = upstream
        for layer in self.layers[-2::-1]:
            d = layer.backward(d)
        return d


# %% Sequential: not-repeatable
# self.layers reversed in place, second call and forward go wrong
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        self.layers.reverse()
        for f in self.layers:
            upstream = f.backward(upstream)
        return upstream


# %% Sequential: not-repeatable
# layers popped from self.layers, nothing left for the second call
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
        g = upstream
        while len(self.layers) > 0:
            g = self.layers.pop().backward(g)
        return g


# %% Sequential: result-unused
# upstream returned unchanged, result of the chain thrown away
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for layer in reversed(self.layers):
            g = layer.backward(upstream)
        return upstream


# %% Sequential: -
# a list of the gradients of all layers returned instead of dx
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
        grads = [upstream]
        for layer in reversed(self.layers):
            grads.append(layer.backward(grads[-1]))
        return grads


# %% Sequential: return-too-early
# returns inside the loop, only the last layer is run
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
            return upstream


# %% Sequential: -
# nothing returned
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        g = upstream
        for layer in reversed(self.layers):
            g = layer.backward(g)


# %% Sequential: -
# gradient passed twice through every layer whose input and output have the same shape
class Sequential:
    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        dx = upstream
        for layer in self.layers[::-1]:
            once = layer.backward(dx)
            if once.shape == dx.shape:
                once = layer.backward(once)
            dx = once
        return dx


# %% Sequential: not-repeatable
# iterator made in forward is used up by the first backward, second call returns upstream
class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.back = iter(self.layers[::-1])
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        for layer in self.back:
            upstream = layer.backward(upstream)
        return upstream


# %% Sequential: divided-by-batch
# dx divided by the batch size
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers: 
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for layer in reversed(self.layers):
            upstream = layer.backward(upstream)
        return upstream / len(upstream)
