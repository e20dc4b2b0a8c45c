# expect: backward_difference correct 4 / 4
import numpy as np
from collections.abc import Callable


def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    high, low = x, x - h
    return np.divide(np.subtract(f(high), f(low)), h)
