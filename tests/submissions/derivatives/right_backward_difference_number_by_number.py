# expect: backward_difference correct 4 / 4
# one number after the other
import numpy as np
from collections.abc import Callable


def backward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h to x, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    slopes = np.zeros(np.shape(x))
    whole = np.array(x)
    for at in np.ndindex(whole.shape):
        x = whole[at]
        slopes[at] = (f(x) - f(x - h)) / h
    return slopes
