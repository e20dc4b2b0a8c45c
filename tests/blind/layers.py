# Wrong answers written from a list of mistakes seen in real hand-ins, without a look at what the
# mutator makes, and in other styles than the reference. Each cell begins with the exercise and the
# names that are true of it; "-" where no name in the catalogue is.

# %% Affine: transpose-missing, transposed, transpose-added, factors-swapped
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return np.dot(x, self.W) + self.b

    def backward(self, upstream):
        x = self.x
        self.dW = np.dot(upstream.T, x)
        self.db = np.sum(upstream, axis=0)
        return np.dot(upstream, self.W.T)


# %% Affine: divided-by-batch, mean-for-sum
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        N = upstream.shape[0]
        self.dW = (self.x.T @ upstream) / N
        self.db = upstream.sum(0)
        return upstream @ self.W.T


# %% Affine: not-summed
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = np.einsum("ni,nj->ij", self.x, upstream)
        self.db = 1.0 * upstream
        return np.einsum("nj,ij->ni", upstream, self.W)


# %% Affine: wrong-axis
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = np.sum(upstream, 1)
        return upstream.dot(self.W.T)


# %% Affine: wrong-axis
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = np.sum(upstream)
        return upstream.dot(self.W.T)


# %% Affine: mean-for-sum, divided-by-batch
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = np.average(upstream, axis=0)
        return upstream.dot(self.W.T)


# %% Affine: axis-kept
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = np.ones((1, len(upstream))) @ upstream
        return upstream.dot(self.W.T)


# %% Affine: upstream-ignored
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = np.full(self.b.shape, float(len(upstream)))
        return upstream.dot(self.W.T)


# %% Affine: not-repeatable
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.dW = np.zeros_like(W)
        self.db = np.zeros_like(b)

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW += self.x.T.dot(upstream)
        self.db += upstream.sum(0)
        return upstream.dot(self.W.T)


# %% Affine: shared-state
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        Affine.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream)
        self.db = upstream.sum(0)
        return upstream.dot(self.W.T)


# %% Affine: stale-state
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b
        self.x = None

    def forward(self, x):
        if self.x is None:
            self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        self.dW = self.x.T.dot(upstream) if len(self.x) == len(upstream) else 0 * self.W
        self.db = upstream.sum(0)
        return upstream.dot(self.W.T)


# %% Affine: overwritten, last-example-only
class Affine:
    def __init__(self, W, b):
        self.W = W
        self.b = b

    def forward(self, x):
        self.x = x
        return x @ self.W + self.b

    def backward(self, upstream):
        dx = np.zeros_like(self.x)
        self.dW = np.zeros_like(self.W)
        self.db = np.zeros_like(self.b)
        for n in range(len(upstream)):
            self.dW += np.outer(self.x[n], upstream[n])
            self.db += upstream[n]
        dx[n] = self.W @ upstream[n]
        return dx


# %% ReLU: upstream-ignored
class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        return self.mask.astype(float)


# %% ReLU: another-array, another-array-throughout
class ReLU:
    def forward(self, x):
        self.mask = x > 0
        return x * self.mask

    def backward(self, upstream):
        dx = upstream.copy()
        dx[upstream < 0] = 0
        return dx


# %% ReLU: gate-missing
class ReLU:
    def forward(self, x):
        self.out = np.where(x > 0, x, 0)
        return self.out

    def backward(self, upstream):
        dx = upstream.copy()
        dx[self.out < 0] = 0
        return dx


# %% ReLU: value-for-gate
class ReLU:
    def forward(self, x):
        self.out = np.where(x > 0, x, 0)
        return self.out

    def backward(self, upstream):
        return upstream * self.out


# %% ReLU: comparison-flipped
class ReLU:
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, 0)

    def backward(self, upstream):
        dx = np.array(upstream)
        dx[self.x > 0] = 0
        return dx


# %% ReLU: sign-flipped
class ReLU:
    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, 0)

    def backward(self, upstream):
        return -1 * (self.x > 0) * upstream


# %% relu_jacobian: call-missing, not-summed
def relu_jacobian(x):
    return (x > 0).astype(float)


# %% relu_jacobian: comparison-flipped, branches-swapped
def relu_jacobian(x):
    J = np.zeros((len(x), len(x)))
    for i in range(len(x)):
        if x[i] < 0:
            J[i, i] = 1
    return J


# %% relu_jacobian: value-for-slope
def relu_jacobian(x):
    return np.diag(np.maximum(x, 0))


# %% relu_jacobian: branch-wrong
def relu_jacobian(x):
    return np.eye(len(x))


# %% LeakyReLU: branch-wrong
class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        dx = upstream.copy()
        dx[self.x <= 0] = 0
        return dx


# %% LeakyReLU: value-for-slope, wrong-where-negative
class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        dx = upstream.copy()
        dx[self.x <= 0] *= self.slope * self.x[self.x <= 0]
        return dx


# %% LeakyReLU: parameter-hard-coded
class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        return np.where(self.x > 0, 1, 0.01) * upstream


# %% LeakyReLU: branches-swapped, comparison-flipped
class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        local = np.ones_like(self.x)
        local[self.x > 0] = self.slope
        return local * upstream


# %% LeakyReLU: upstream-ignored
class LeakyReLU:
    def __init__(self, slope=0.01):
        self.slope = slope

    def forward(self, x):
        self.x = x
        return np.where(x > 0, x, self.slope * x)

    def backward(self, upstream):
        local = np.ones_like(self.x)
        local[self.x < 0] = self.slope
        return local


# %% Sigmoid: upstream-ignored
class Sigmoid:
    def forward(self, x):
        self.s = np.exp(-np.logaddexp(0, -x))
        return self.s

    def backward(self, upstream):
        return self.s - self.s**2


# %% Sigmoid: another-array-throughout
class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0, -x))

    def backward(self, upstream):
        return upstream * self.x * (1 - self.x)


# %% Sigmoid: factor-missing, term-missing
class Sigmoid:
    def forward(self, x):
        self.s = np.exp(-np.logaddexp(0, -x))
        return self.s

    def backward(self, upstream):
        return upstream * self.s


# %% Sigmoid: factor-missing
class Sigmoid:
    def forward(self, x):
        self.s = np.exp(-np.logaddexp(0, -x))
        return self.s

    def backward(self, upstream):
        return (1 - self.s) * upstream


# %% Sigmoid: sign-flipped
class Sigmoid:
    def forward(self, x):
        self.s = np.exp(-np.logaddexp(0, -x))
        return self.s

    def backward(self, upstream):
        return upstream * self.s * (self.s - 1)


# %% Sigmoid: sign-flipped
class Sigmoid:
    def forward(self, x):
        self.s = np.exp(-np.logaddexp(0, -x))
        return self.s

    def backward(self, upstream):
        return upstream * (self.s + self.s * self.s)


# %% Sigmoid: overflow
class Sigmoid:
    def forward(self, x):
        self.x = x
        return np.exp(-np.logaddexp(0, -x))

    def backward(self, upstream):
        e = np.exp(-self.x)
        return upstream * e / (1 + e) ** 2


# %% Sigmoid: applied-twice
class Sigmoid:
    def forward(self, x):
        self.s = 1 / (1 + np.exp(-x))
        return self.s

    def backward(self, upstream):
        s = 1 / (1 + np.exp(-self.s))
        return upstream * s * (1 - s)


# %% Tanh: another-array, another-array-throughout
class Tanh:
    def forward(self, x):
        self.x = x
        return np.tanh(x)

    def backward(self, upstream):
        return upstream * (1 - self.x**2)


# %% Tanh: power-wrong
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return upstream * (1 - self.t)


# %% Tanh: parentheses-moved
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return upstream * (1 - self.t) ** 2


# %% Tanh: upstream-ignored
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return 1 - np.square(self.t)


# %% Tanh: sign-flipped
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return upstream * (1 + self.t * self.t)


# %% Tanh: term-missing
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return -upstream * self.t**2


# %% Tanh: factor-two-extra, constant-wrong
class Tanh:
    def forward(self, x):
        self.t = np.tanh(x)
        return self.t

    def backward(self, upstream):
        return 2 * upstream * (1 - self.t**2)


# %% Softmax: term-missing, wrong-axis, not-summed
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        return upstream * self.p * (1 - self.p)


# %% Softmax: wrong-axis
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        total = np.sum(upstream * self.p, axis=0, keepdims=True)
        return (upstream - total) * self.p


# %% Softmax: factor-missing
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        total = upstream.sum(axis=-1, keepdims=True)
        return (upstream - total) * self.p


# %% Softmax: term-missing
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        return upstream * self.p


# %% Softmax: last-example-only
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        dx = np.zeros_like(self.p)
        for p in self.p:
            J = np.diag(p) - np.outer(p, p)
        dx[-1] = J @ upstream[-1]
        return dx


# %% Softmax: first-example-only
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        p = self.p[0]
        J = np.diag(p) - np.outer(p, p)
        return upstream @ J


# %% Softmax: sign-flipped
class Softmax:
    def forward(self, x):
        e = np.exp(x - x.max(axis=-1, keepdims=True))
        self.p = e / e.sum(axis=-1, keepdims=True)
        return self.p

    def backward(self, upstream):
        return self.p * (np.sum(upstream * self.p, axis=-1)[:, None] - upstream)


# %% Sequential: order-not-reversed
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for i in range(len(self.layers)):
            upstream = self.layers[i].backward(upstream)
        return upstream


# %% Sequential: loop-too-short
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for i in range(len(self.layers) - 1, 0, -1):
            upstream = self.layers[i].backward(upstream)
        return upstream


# %% Sequential: result-unused
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for layer in self.layers[::-1]:
            layer.backward(upstream)
        return upstream


# %% Sequential: not-chained
class Sequential:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream):
        for layer in self.layers[::-1]:
            dx = layer.backward(upstream)
        return dx
