# expect: Conv2d correct 26 / 26
# one product for each pixel of the window
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
        s, p = self.stride, self.padding
        rows, columns = upstream.shape[2:]
        self.dW, self.db = np.zeros_like(self.W), np.einsum("nfij->f", upstream)
        dpadded = np.zeros_like(self.padded)
        for k in range(self.W.shape[2]):
            for m in range(self.W.shape[3]):
                down, across = slice(k, k + s * rows, s), slice(m, m + s * columns, s)
                seen = self.padded[:, :, down, across][:, :, :rows, :columns]
                self.dW[:, :, k, m] = np.einsum("nfij,ncij->fc", upstream, seen)
                part = np.einsum("nfij,fc->ncij", upstream, self.W[:, :, k, m])
                dpadded[
                    :, :, k : k + s * (rows - 1) + 1 : s, m : m + s * (columns - 1) + 1 : s
                ] += part
        return dpadded[:, :, p : p + self.x.shape[2], p : p + self.x.shape[3]]
