# expect: SGD wrong 0 / 4
# wrong: SGD first_step all_steps
# not in place: the network keeps the old arrays
import numpy as np


class SGD:
    """p <- p - lr g.

    params: a dict of arrays, changed in place by step
    """

    def __init__(self, params: dict, lr: float = 1e-3) -> None:
        self.params, self.lr = params, lr

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            self.params[name] = self.params[name] - self.lr * grads[name]
