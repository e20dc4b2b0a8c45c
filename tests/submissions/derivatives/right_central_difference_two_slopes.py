# expect: central_difference correct 4 / 4
import numpy as np
from collections.abc import Callable


def central_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x - h/2 to x + h/2, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    above, below = f(x + h / 2), f(x - h / 2)
    return above / h - below / h
