# expect: chain_rule partial 4 / 10
# wrong: chain_rule du_dv dy_dx
# taken at x instead of at v
import numpy as np


def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    u = np.sin(x**2)
    return np.exp(u), np.cos(x), 2 * x, np.exp(u) * np.cos(x) * 2 * x
