# expect: relu_jacobian correct 6 / 6

import numpy as np


def relu_jacobian(x: np.ndarray) -> np.ndarray:
    """Return the Jacobian (n, n) of max(0, x) at the vector x (n,)."""
    n = len(x)
    J = np.zeros((n, n))
    for i in range(n):
        for j in range(n):
            if i == j and x[i] > 0:
                J[i, j] = 1
    return J
