# expect: numerical_gradient correct 12 / 12
# and puts it back
import numpy as np
from collections.abc import Callable


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    found = np.zeros(x.shape)
    for at in np.ndindex(x.shape):
        before = x[at].copy()
        x[at] = before + h / 2
        above = f(x)
        x[at] = before - h / 2
        found[at] = (above - f(x)) / h
        x[at] = before
    return found
