# expect: chain_rule correct 10 / 10
import numpy as np


def chain_rule(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return dy/du, du/dv, dv/dx and dy/dx of y = exp(sin(x**2)), entry by entry.

    Shapes: x any, the four results that of x.
    """
    results = np.zeros((4, *x.shape))
    for at in np.ndindex(x.shape):
        v = x[at] ** 2
        u = np.sin(v)
        results[(0, *at)], results[(1, *at)], results[(2, *at)] = np.exp(u), np.cos(v), 2 * x[at]
        results[(3, *at)] = np.exp(u) * np.cos(v) * 2 * x[at]
    return tuple(results)
