# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% chain_rule: another-array
# The cosine is taken at x and not at v = x**2.
# spoilt: du_dv, dy_dx
def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    v = x**2
    u = np.sin(v)
    dy_du = np.exp(u)
    du_dv = np.cos(x)
    dv_dx = 2 * x
    return dy_du, du_dv, dv_dx, dy_du * du_dv * dv_dx


# %% chain_rule: -
# The exponential is differentiated by the power rule, dy/du = u exp(u - 1).
# spoilt: dy_du, dy_dx
def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    v = np.square(x)
    u = np.sin(v)
    d1 = u * np.exp(u - 1)
    d2 = np.cos(v)
    d3 = 2 * x
    total = d1
    for d in (d2, d3):
        total = total * d
    return d1, d2, d3, total


# %% chain_rule: another-array
# In the product du_dv is used twice and dv_dx not at all.
# spoilt: dy_dx
def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    v = x * x
    u = np.sin(v)
    y = np.exp(u)
    dydu, dudv, dvdx = y, np.cos(v), 2 * x
    dydx = dydu * dudv * dudv
    return dydu, dudv, dvdx, dydx


# %% forward_difference: parentheses-moved
# The difference is not in brackets, so only f(x) is divided by h.
# spoilt: slope
from collections.abc import Callable

def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    y0 = f(x)
    y1 = f(x + h)
    return y1 - y0 / h


# %% backward_difference: sign-flipped
# The two values are subtracted in the wrong order, so the slope has the wrong sign.
# spoilt: slope
from collections.abc import Callable

def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    right = f(x)
    left = f(x - h)
    return (left - right) / h


# %% central_difference: factor-two-missing
# Half steps are combined with the divisor 2 h that belongs to whole steps, so the slope is half
# of what it should be.
# spoilt: slope
from collections.abc import Callable

def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    up = f(x + h / 2)
    down = f(x - h / 2)
    return (up - down) / (2 * h)


# %% numerical_gradient: steps-in-wrong-order
# After the upper value the entry is moved down by h/2 only, so the second value is that at x
# itself and the gradient comes out half as large.
# spoilt: gradient
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    x = x.copy()
    grad = np.zeros_like(x)
    for at in np.ndindex(x.shape):
        old = x[at]
        x[at] += h / 2
        fplus = f(x)
        x[at] -= h / 2
        fminus = f(x)
        grad[at] = (fplus - fminus) / h
        x[at] = old
    return grad


# %% numerical_gradient: all-zero
# up and down are two names of the same copy, both moves cancel and the gradient is zero.
# spoilt: gradient
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    g = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        up = down = x.copy()
        up[i] += h / 2
        down[i] -= h / 2
        g[i] = (f(up) - f(down)) / h
    return g


# %% two_layer_step: updated-too-early
# Every layer is updated before the delta of the layer below it is computed, so the deltas use
# the new weights.
# spoilt: deltas.1, deltas.2, weights.1, weights.2
def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W = [w.copy() for w in weights]
    a1 = x @ W[0] + biases[0]
    h1 = a1
    a2 = h1 @ W[1] + biases[1]
    h2 = np.maximum(0, a2)
    yhat = h2 @ W[2] + biases[2]

    d3 = yhat - y
    W[2] -= lr * np.outer(h2, d3)
    d2 = (W[2] @ d3) * (a2 > 0)
    W[1] -= lr * np.outer(h1, d2)
    d1 = W[1] @ d2
    W[0] -= lr * np.outer(x, d1)
    return yhat, [d1, d2, d3], W


# %% two_layer_step: another-array
# The slope of the ReLU pair is taken from the sign of a1 and not of a2.
# spoilt: deltas.1, deltas.2, weights.1, weights.2
def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    a1 = np.dot(x, W1) + b1
    a2 = np.dot(a1, W2) + b2
    h2 = np.where(a2 > 0, a2, 0)
    yhat = np.dot(h2, W3) + b3
    delta3 = yhat - y
    delta2 = np.where(a1 > 0, 1.0, 0.0) * np.dot(W3, delta3)
    delta1 = np.dot(W2, delta2)
    new = [
        W1 - lr * np.outer(x, delta1),
        W2 - lr * np.outer(a1, delta2),
        W3 - lr * np.outer(h2, delta3),
    ]
    return yhat, [delta1, delta2, delta3], new


# %% two_layer_step: transpose-added
# The delta of the linear pair sums over the wrong index of W2 (sum_k w_kj instead of w_jk).
# spoilt: deltas.1, weights.1
def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W1, W2, W3 = weights
    a1 = x @ W1 + biases[0]
    a2 = a1 @ W2 + biases[1]
    h2 = np.maximum(a2, 0)
    yhat = h2 @ W3 + biases[2]
    delta3 = yhat - y
    delta2 = np.zeros(2)
    delta1 = np.zeros(2)
    for j in range(2):
        if a2[j] > 0:
            delta2[j] = W3[j, 0] * delta3[0]
    for j in range(2):
        for k in range(2):
            delta1[j] += W2[k, j] * delta2[k]
    new_weights = []
    for w, inp, delta in zip(weights, (x, a1, h2), (delta1, delta2, delta3)):
        new_weights.append(w - lr * inp[:, None] * delta[None, :])
    return yhat, [delta1, delta2, delta3], new_weights


# %% two_layer_step: right
def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    h, a, slopes = [x], [], []
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = h[-1] @ W + b
        a.append(z)
        relu = k == 1
        h.append(z * (z > 0) if relu else z)
        slopes.append((z > 0) * 1.0 if relu else np.ones_like(z))
    deltas = [None, None, h[-1] - y]
    for k in (1, 0):
        deltas[k] = slopes[k] * np.einsum("jk,k->j", weights[k + 1], deltas[k + 1])
    new = [W - lr * np.einsum("i,j->ij", inp, d) for W, inp, d in zip(weights, h, deltas)]
    return h[-1], deltas, new


# %% numerical_gradient: right
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    flat = np.array(x, dtype=float).ravel()
    out = []
    for e in np.eye(flat.size):
        hi = f((flat + 0.5 * h * e).reshape(x.shape))
        lo = f((flat - 0.5 * h * e).reshape(x.shape))
        out.append((hi - lo) / h)
    return np.array(out, dtype=float).reshape(x.shape)


# %% chain_rule: right
def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    links = []
    v = x**2
    links.append(np.exp(np.sin(v)))
    links.append(np.sin(v + np.pi / 2))
    links.append(x + x)
    return (*links, links[0] * links[1] * links[2])


# %% central_difference: right
from collections.abc import Callable

def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # mean of the forward and the backward slope over half steps
    half = h / 2
    mid = f(x)
    return ((f(x + half) - mid) / half + (mid - f(x - half)) / half) / 2


# %% backward_difference: right
from collections.abc import Callable

def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    k = -h
    return (f(x + k) - f(x)) / k
