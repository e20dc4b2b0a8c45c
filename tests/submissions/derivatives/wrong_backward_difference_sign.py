# expect: backward_difference wrong 0 / 4
# wrong: backward_difference slope
import numpy as np
from collections.abc import Callable


def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return (f(x - h) - f(x)) / h
