# expect: relu_jacobian wrong 0 / 6
# wrong: relu_jacobian jacobian

import numpy as np


def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    mask = (x > 0).astype(float)
    return np.outer(mask, mask)
