# expect: numerical_gradient wrong 0 / 12
# wrong: numerical_gradient gradient
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
        up = x.copy()
        up[at] += h
        found[at] = (f(up) - f(x)) / h
    return found
