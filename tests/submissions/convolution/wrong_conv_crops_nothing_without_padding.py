# expect: Conv2d partial 12 / 26
# wrong: Conv2d dx
# CV1: x[0:-0] is empty
import numpy as np


class Conv2d:
    """Cross-correlation of pictures with filters, plus a bias per filter.

    Shapes: x (batch, channels, rows, columns), W (filters, channels, height, width), b (filters,),
    y (batch, filters, out_rows, out_columns).
    """

    def __init__(self, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0) -> None:
        self.W, self.b, self.stride, self.padding = W, b, stride, padding

    def forward(self, x: np.ndarray) -> np.ndarray:
        n, channels, rows, columns = x.shape
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        self.x, self.padded = x, np.zeros((n, channels, rows + 2 * p, columns + 2 * p))
        self.padded[:, :, p : p + rows, p : p + columns] = x
        out_rows = (rows + 2 * p - height) // s + 1
        out_columns = (columns + 2 * p - width) // s + 1
        y = np.zeros((n, len(self.W), out_rows, out_columns))
        for i, j in np.ndindex(out_rows, out_columns):
            down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
            window = self.padded[:, :, down, across]
            y[:, :, i, j] = np.einsum("nchw,fchw->nf", window, self.W) + self.b
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Set dW (filters, channels, height, width) and db (filters,).

        Return dx (batch, channels, rows, columns), given upstream (batch, filters, out_rows,
        out_columns).
        """
        rows, columns = self.x.shape[2:]
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        self.dW, self.db = np.zeros(self.W.shape), upstream.sum(axis=(0, 2, 3))
        dpadded = np.zeros(self.padded.shape)

        for i, j in np.ndindex(upstream.shape[2:]):
            down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
            g = upstream[:, :, i, j]
            self.dW += np.einsum("nf,nchw->fchw", g, self.padded[:, :, down, across])
            dpadded[:, :, down, across] += np.einsum("nf,fchw->nchw", g, self.W)
        return dpadded[:, :, p:-p, p:-p]
