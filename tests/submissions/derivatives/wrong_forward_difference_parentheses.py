# expect: forward_difference wrong 0 / 4
# wrong: forward_difference slope
# only the second value is divided
import numpy as np
from collections.abc import Callable


def forward_difference(
    f: Callable[[np.ndarray], np.ndarray], x: np.ndarray, h: float
) -> np.ndarray:
    """Return the slope of f from x to x + h, entry by entry.

    Shapes: x, f(x) and the result any, but the same.
    """
    return f(x + h) - f(x) / h
