# expect: forward_difference correct 4 / 4
import numpy as np
from collections.abc import Callable


def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    high, low = x + h, x
    return np.divide(np.subtract(f(high), f(low)), h)
