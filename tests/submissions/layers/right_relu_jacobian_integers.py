# expect: relu_jacobian correct 6 / 6
# a list of lists of int
import numpy as np


def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    return [[int(i == j and x[j] > 0) for i in range(len(x))] for j in range(len(x))]
