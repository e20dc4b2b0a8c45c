# expect: MaxPool2d wrong 0 / 12
# wrong: MaxPool2d dx
# MP1
import numpy as np


def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class MaxPool2d:
    """The largest entry of each window.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels, out_rows,
    out_columns).
    """

    def __init__(self, size, stride=None) -> None:
        self.size = pair(size)
        self.stride = self.size if stride is None else pair(stride)

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.x = x
        (h, w), (s, t) = self.size, self.stride
        n, channels, rows, columns = x.shape
        y = np.zeros((n, channels, (rows - h) // s + 1, (columns - w) // t + 1))
        for i, j in np.ndindex(y.shape[2:]):
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].max(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros(self.x.shape)

        for n, c, i, j in np.ndindex(upstream.shape):
            window = self.x[n, c, i * s : i * s + h, j * t : j * t + w]
            k, m = np.unravel_index(window.argmax(), window.shape)
            dx[n, c, i * s + k, j * t + m] = upstream[n, c, i, j]
        return dx
