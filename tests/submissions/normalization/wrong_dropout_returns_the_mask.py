# expect: Dropout wrong 0 / 6
# wrong: Dropout dx
# upstream is left out
import numpy as np


class Dropout:
    """y = x where it is kept, enlarged by 1 / (1 - p); 0 where it is dropped, with probability p.

    With training=False, y = x.

    Shapes: x, y, upstream (batch, units). rng is a NumPy random generator.
    """

    def __init__(self, p: float, rng: np.random.Generator) -> None:
        self.p, self.rng = p, rng

    def forward(self, x: np.ndarray, training: bool = True) -> np.ndarray:
        self.training = training
        if not training:
            return x.copy()
        self.kept = self.rng.random(x.shape) >= self.p  # true with probability 1 - p
        return x * self.kept / (1 - self.p)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, units), given upstream (batch, units), for the last forward's mode."""
        if not self.training:
            return np.ones_like(upstream)
        return self.kept / (1 - self.p)
