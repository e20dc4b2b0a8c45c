# expect: relu_jacobian wrong 0 / 6
# wrong: relu_jacobian jacobian
# the diagonal as a vector
import numpy as np


def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return np.where(x > 0, 1.0, 0.0)
