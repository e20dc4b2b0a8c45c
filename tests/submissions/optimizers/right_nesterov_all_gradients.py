# expect: Nesterov correct 10 / 10
# all gradients kept, and summed anew
import numpy as np


class Nesterov:
    """v <- momentum v + g, then p <- p - lr (g + momentum v).

    params: a dict of arrays, changed in place by step
    v: one array per parameter, kept from step to step
    """

    def __init__(self, params: dict, lr: float = 1e-3, momentum: float = 0.9) -> None:
        self.params, self.lr, self.momentum = params, lr, momentum
        self.past: dict = {}

    def step(self, grads: dict) -> None:
        """Update every array of params in place; grads has the same names and shapes."""
        for name in self.params:
            past = self.past.setdefault(name, [])
            past.append(grads[name].copy())
            v = sum(self.momentum**age * g for age, g in enumerate(reversed(past)))
            self.params[name] -= self.lr * (grads[name] + self.momentum * v)
