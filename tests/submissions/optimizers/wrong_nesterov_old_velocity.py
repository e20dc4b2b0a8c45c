# expect: Nesterov wrong 0 / 10
# wrong: Nesterov first_step all_steps
# the old velocity in the step
import numpy as np


class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.v = {name: np.zeros_like(p) for name, p in params.items()}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.params[name] -= self.lr * (grads[name] + self.momentum * self.v[name])
            self.v[name] = self.momentum * self.v[name] + grads[name]
