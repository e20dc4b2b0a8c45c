# expect: relu_jacobian correct 6 / 6

import numpy as np


def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.eye(x.size) * (x > 0)
