# expect: numerical_gradient correct 12 / 12
# moved and moved back in a flat copy
import numpy as np
from collections.abc import Callable


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    flat = x.flatten()
    out = []
    for i in range(flat.size):
        old = flat[i]
        flat[i] = old + h / 2
        above = f(flat.reshape(x.shape))
        flat[i] = old - h / 2
        below = f(flat.reshape(x.shape))
        flat[i] = old
        out.append((above - below) / h)
    return np.reshape(out, x.shape)
