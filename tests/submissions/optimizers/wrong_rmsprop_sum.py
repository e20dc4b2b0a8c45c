# expect: RMSProp wrong 0 / 12
# wrong: RMSProp first_step all_steps
# squares summed up for ever
import numpy as np


class RMSProp:
    """s <- alpha s + (1 - alpha) g**2, then p <- p - lr g / (sqrt(s) + eps).

    params: a dict of arrays, changed in place by step
    s: one array per parameter, kept from step to step
    """

    def __init__(
        self, params: dict, lr: float = 1e-2, alpha: float = 0.99, eps: float = 1e-8
    ) -> None:
        self.params, self.lr, self.alpha, self.eps = params, lr, alpha, eps
        self.s = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            g = grads[name]
            self.s[name] = self.s[name] + g**2
            self.params[name] -= self.lr * g / (np.sqrt(self.s[name]) + self.eps)
