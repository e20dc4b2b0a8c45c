# expect: Adam correct 14 / 14
# corrections as numbers, not arrays
import numpy as np


class Adam:
    """m and s are running means of g and g**2; p <- p - lr m_hat / (sqrt(s_hat) + eps).

    params: a dict of arrays, changed in place by step
    m, s: one array per parameter, kept from step to step
    t: the number of steps taken
    """

    def __init__(
        self,
        params: dict,
        lr: float = 1e-3,
        betas: tuple = (0.9, 0.999),
        eps: float = 1e-8,
    ) -> None:
        self.params, self.lr, self.betas, self.eps = params, lr, betas, eps
        self.m = {name: np.zeros_like(p) for name, p in params.items()}
        self.s = {name: np.zeros_like(p) for name, p in params.items()}
        self.t = 0

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        beta1, beta2 = self.betas
        self.t += 1
        for name in self.params:
            g = grads[name]
            self.m[name] = beta1 * self.m[name] + (1 - beta1) * g
            self.s[name] = beta2 * self.s[name] + (1 - beta2) * g**2
            size = self.lr / (1 - beta1**self.t)
            root = np.sqrt(self.s[name]) / np.sqrt(1 - beta2**self.t)
            self.params[name] -= size * self.m[name] / (root + self.eps)
