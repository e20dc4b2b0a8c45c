# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% chain_rule: another-array
# the cosine is taken at x and not at v = x**2, where the forward pass has been; the product
# inherits it.
# spoilt: du_dv, dy_dx
from collections.abc import Callable

def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    # BEGIN SOLUTION: your code in place of the next line
    y = np.exp(np.sin(x**2))
    dy_du = y
    du_dv = np.cos(x)
    dv_dx = 2 * x
    return dy_du, du_dv, dv_dx, dy_du * du_dv * dv_dx
    # END SOLUTION


# %% chain_rule: extra-factor
# the second and third result are the running products (dy/dv and dy/dx) and not the derivatives
# of the links.
# spoilt: du_dv, dv_dx
from collections.abc import Callable

def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    v = np.power(x, 2)
    u = np.sin(v)
    grad = np.exp(u)
    dy_du = grad
    grad = grad * np.cos(v)
    du_dv = grad
    grad = grad * (2 * x)
    dv_dx = grad
    return dy_du, du_dv, dv_dx, grad


# %% chain_rule: sign-flipped
# the derivative of the sine has the wrong sign, and the derivatives are added instead of
# multiplied for dy/dx.
# spoilt: du_dv, dy_dx
from collections.abc import Callable

def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    # BEGIN SOLUTION: your code in place of the next line
    parts = [np.exp(np.sin(x**2)), -np.cos(x**2), 2.0 * x]
    total = np.zeros_like(x)
    for part in parts:
        total = total + part
    return parts[0], parts[1], parts[2], total
    # END SOLUTION


# %% chain_rule: factor-two-missing
# dv/dx is x instead of 2x (the factor 2 of the power rule is missing), and so dy/dx is halved.
# spoilt: dv_dx, dy_dx
from collections.abc import Callable

d_exp = np.exp
d_sin = np.cos
d_square = lambda z: z


def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    sq = lambda z: z * z
    a = d_exp(np.sin(sq(x)))
    b = d_sin(sq(x))
    c = d_square(x) * 1.0
    return a, b, c, np.multiply.reduce([a, b, c])


# %% forward_difference: parentheses-moved
# parentheses are missing: f(x + h) - f(x)/h divides only the second term by the step.
# spoilt: slope
from collections.abc import Callable

def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # BEGIN SOLUTION: your code in place of the next line
    return f(x + h) - f(x) / h
    # END SOLUTION


# %% backward_difference: sign-flipped
# this is minus the forward difference of the reversed order: f(x) - f(x + h), so the slope has
# the wrong sign and the wrong side.
# spoilt: slope
from collections.abc import Callable

def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # BEGIN SOLUTION: your code in place of the next line
    y0, y1 = f(x), f(x + h)
    return np.subtract(y0, y1) / h
    # END SOLUTION


# %% central_difference: division-missing
# full steps h to both sides divided by h only, so the slope is twice too large.
# spoilt: slope
from collections.abc import Callable

def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    left, right = [f(x + s * h) for s in (-1, 1)]
    return (right - left) / h


# %% central_difference: factor-two-missing
# half steps to both sides but divided by 2h, so the slope is half of what it should be.
# spoilt: slope
from collections.abc import Callable

def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # BEGIN SOLUTION: your code in place of the next line
    half = 0.5 * h
    numerator = f(x + half) - f(x - half)
    denominator = 2 * h
    return numerator / denominator
    # END SOLUTION


# %% numerical_gradient: another-array-throughout
# the moved entry is not put back exactly: it stays half a step lower while the next entries are
# moved.
# spoilt: gradient
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    grad = np.zeros_like(x)
    z = x.copy()
    it = np.nditer(x, flags=["multi_index"])
    while not it.finished:
        i = it.multi_index
        z[i] += h / 2
        up = f(z)
        z[i] -= h
        down = f(z)
        grad[i] = (up - down) / h
        it.iternext()
    return grad


# %% numerical_gradient: -
# all entries are moved together, so every entry of the result is the derivative along (1, 1,
# ..., 1).
# spoilt: gradient
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    # BEGIN SOLUTION: your code in place of the next line
    up = f(x + h / 2)
    down = f(x - h / 2)
    return np.full(x.shape, (up - down) / h)
    # END SOLUTION


# %% numerical_gradient: argument-changed
# a forward difference instead of the central one, and the caller's x is left with every entry
# moved by the step.
# spoilt: gradient
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    g = np.empty(x.shape)
    base = f(x)
    for at in np.ndindex(x.shape):
        old = float(x[at])
        x[at] = old + h
        g[at] = (f(x) - base) / h
        x[at] = (old + h) - h * 0.5
    return g


# %% two_layer_step: updated-too-early
# the deltas of the hidden layers are found with the weights already updated (and the caller's
# weight arrays are changed in place).
# spoilt: deltas.1, deltas.2, weights.1, weights.2
from collections.abc import Callable

def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    # BEGIN SOLUTION: your code in place of the next line
    W1, W2, W3 = weights
    b1, b2, b3 = biases
    h1 = x @ W1 + b1
    a2 = h1 @ W2 + b2
    h2 = np.maximum(a2, 0)
    yhat = h2 @ W3 + b3
    d3 = yhat - y
    W3 -= lr * np.outer(h2, d3)
    d2 = (W3 @ d3) * (a2 > 0)
    W2 -= lr * np.outer(h1, d2)
    d1 = W2 @ d2
    W1 -= lr * np.outer(x, d1)
    return yhat, [d1, d2, d3], [W1, W2, W3]
    # END SOLUTION


# %% two_layer_step: transpose-added
# the deltas go back through W2 transposed (sum over the wrong index), which wrongs the delta of
# the linear pair and the step of W1.
# spoilt: deltas.1, weights.1
from collections.abc import Callable

def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    acts, a = [x], None
    for k, (W, b) in enumerate(zip(weights, biases)):
        a = acts[-1] @ W + b
        if k == 1:
            mask = (a > 0).astype(float)
            a = np.maximum(a, 0)
        acts.append(a)
    deltas = [None, None, acts[-1] - y]
    deltas[1] = mask * weights[2].ravel() * deltas[2]
    deltas[0] = deltas[1] @ weights[1]
    new = [W - lr * np.outer(h, d) for W, h, d in zip(weights, acts, deltas)]
    return acts[-1], deltas, new


# %% two_layer_step: gate-missing
# the slope of the ReLU is left out of the delta of the ReLU pair.
# spoilt: deltas.1, deltas.2, weights.1, weights.2
from collections.abc import Callable

def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    # BEGIN SOLUTION: your code in place of the next line
    def linear(v, k):
        return np.dot(v, weights[k]) + biases[k]

    h1 = linear(x, 0)
    h2 = linear(h1, 1).clip(min=0)
    out = linear(h2, 2)
    err = out - y
    back2 = np.dot(weights[2], err)
    back1 = np.dot(weights[1], back2)
    steps = (np.outer(x, back1), np.outer(h1, back2), np.outer(h2, err))
    return out, [back1, back2, err], [w - lr * s for w, s in zip(weights, steps)]
    # END SOLUTION


# %% chain_rule: right
from collections.abc import Callable

def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    # BEGIN SOLUTION: your code in place of the next line
    links = (np.square, np.sin, np.exp)
    slopes = (lambda t: 2 * t, np.cos, np.exp)
    value, found = x, []
    for link, slope in zip(links, slopes):
        found.insert(0, slope(value))
        value = link(value)
    return (*found, found[0] * found[1] * found[2])
    # END SOLUTION


# %% chain_rule: right
from collections.abc import Callable

def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    # cos v written as 1 - 2 sin^2(v/2)
    v = x * x
    u = np.sin(v)
    du_dv = 1 - 2 * np.sin(v / 2) ** 2
    dv_dx = x + x
    dy_du = np.e**u
    return dy_du, du_dv, dv_dx, (dv_dx * du_dv) * dy_du


# %% forward_difference: right
from collections.abc import Callable

def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # BEGIN SOLUTION: your code in place of the next line
    y = f(x)
    return np.divide(f(np.add(x, h)) - y, h)
    # END SOLUTION


# %% backward_difference: right
from collections.abc import Callable

def _slope(f, a, b, step):
    return (f(b) - f(a)) / step


def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return _slope(f, x - h, x, h)


# %% central_difference: right
from collections.abc import Callable

def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    # BEGIN SOLUTION: your code in place of the next line
    # the mean of the forward and the backward difference over half a step each
    half, mid = h / 2, f(x)
    return ((f(x + half) - mid) / half + (mid - f(x - half)) / half) / 2
    # END SOLUTION


# %% numerical_gradient: right
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    flat = np.array(x, dtype=float).ravel()
    rows = np.eye(flat.size) * (h / 2)
    g = [(f((flat + e).reshape(x.shape)) - f((flat - e).reshape(x.shape))) / h for e in rows]
    return np.array(g, dtype=float).reshape(x.shape)


# %% numerical_gradient: right
from collections.abc import Callable

def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    # BEGIN SOLUTION: your code in place of the next line
    grad = np.zeros(x.shape)
    for at in np.ndindex(*x.shape):
        moved = x.copy()
        try:
            moved[at] = x[at] + h / 2
            grad[at] += f(moved)
            moved[at] = x[at] - h / 2
            grad[at] -= f(moved)
        finally:
            moved[at] = x[at]
    return grad / h
    # END SOLUTION


# %% two_layer_step: right
from collections.abc import Callable

def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    W1, W2, W3 = (w.tolist() for w in weights)
    (p, q), (r, s), (t,) = biases
    a = [sum(x[i] * W1[i][j] for i in range(len(x))) + (p, q)[j] for j in range(2)]
    z = [a[0] * W2[0][j] + a[1] * W2[1][j] + (r, s)[j] for j in range(2)]
    hh = [max(0.0, v) for v in z]
    yhat = hh[0] * W3[0][0] + hh[1] * W3[1][0] + t
    e = yhat - y[0]
    d2 = [W3[j][0] * e if z[j] > 0 else 0.0 for j in range(2)]
    d1 = [W2[j][0] * d2[0] + W2[j][1] * d2[1] for j in range(2)]
    new1 = np.array([[W1[i][j] - lr * x[i] * d1[j] for j in range(2)] for i in range(len(x))])
    new2 = np.array([[W2[i][j] - lr * a[i] * d2[j] for j in range(2)] for i in range(2)])
    new3 = np.array([[W3[i][0] - lr * hh[i] * e] for i in range(2)])
    return np.array([yhat]), [np.array(d1), np.array(d2), np.array([e])], [new1, new2, new3]


# %% two_layer_step: right
from collections.abc import Callable

def two_layer_step(
    weights: list[np.ndarray], biases: list[np.ndarray], x: np.ndarray, y: np.ndarray, lr: float
) -> tuple[np.ndarray, list[np.ndarray], list[np.ndarray]]:
    """Return yhat (1,), the deltas and the weights after one step of gradient descent.

    deltas: a list, of the linear pair (2,), of the ReLU pair (2,), of the output (1,)
    weights: a list of new arrays, W1 (inputs, 2), W2 (2, 2), W3 (2, 1)
    """
    # BEGIN SOLUTION: your code in place of the next line
    W1, W2, W3 = [w.copy() for w in weights]
    b1, b2, b3 = biases
    X = x[None, :]
    H1 = X @ W1 + b1
    A2 = H1 @ W2 + b2
    M = np.diag((A2[0] > 0).astype(float))
    H2 = A2 @ M
    Y = H2 @ W3 + b3
    D3 = Y - y
    D2 = D3 @ W3.T @ M
    D1 = D2 @ W2.T
    W3 -= lr * (H2.T @ D3)
    W2 -= lr * (H1.T @ D2)
    W1 -= lr * (X.T @ D1)
    return Y[0], [D[0] for D in (D1, D2, D3)], [W1, W2, W3]
    # END SOLUTION
