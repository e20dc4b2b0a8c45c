# expect: numerical_gradient wrong 0 / 12
# wrong: numerical_gradient gradient
# all entries moved at once
import numpy as np
from collections.abc import Callable


def numerical_gradient(
    f: Callable[[np.ndarray], float], x: np.ndarray, h: float = 1e-5
) -> np.ndarray:
    """Return the gradient of f at x by central differences; x is left as it was.

    Shapes: x any, f(x) a single number, the result that of x.
    """
    return (f(x + h / 2) - f(x - h / 2)) / h * np.ones(x.shape)
