# expect: central_difference wrong 0 / 4
# wrong: central_difference slope
# only the second value is divided
import numpy as np
from collections.abc import Callable


def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return f(x + h / 2) - f(x - h / 2) / h
