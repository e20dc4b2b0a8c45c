# expect: numerical_gradient correct 12 / 12
import numpy as np
from collections.abc import Callable


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    steps = np.eye(x.size).reshape(x.size, *x.shape) * (h / 2)
    return np.array([(f(x + one) - f(x - one)) / h for one in steps]).reshape(x.shape)
