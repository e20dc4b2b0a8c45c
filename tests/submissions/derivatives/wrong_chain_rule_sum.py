# expect: chain_rule partial 6 / 10
# wrong: chain_rule dy_dx
# factors added
import numpy as np


def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    a, b, c = np.exp(np.sin(x**2)), np.cos(x**2), 2 * x
    return a, b, c, a + b + c
