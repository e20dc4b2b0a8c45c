# expect: Sequential wrong 0 / 8
# wrong: Sequential dx
# right once
import numpy as np


class Sequential:
    """Apply layers one after the other; layers is a list of objects with forward and backward.

    Shapes: those of the first layer's x, and of the last layer's y and upstream.
    """

    def __init__(self, layers: list) -> None:
        self.layers = layers

    def forward(self, x: np.ndarray) -> np.ndarray:
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Call backward of every layer and return dx, in the shape of the first layer's x."""
        self.layers.reverse()
        for layer in self.layers:
            upstream = layer.backward(upstream)
        return upstream
