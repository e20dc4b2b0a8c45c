# expect: chain_rule correct 10 / 10
import numpy as np


def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    y = np.exp(np.sin(x**2))
    slope = np.cos(x * x)
    return y, slope, x + x, y * slope * (x + x)
