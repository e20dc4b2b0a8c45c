# expect: Conv2d correct 26 / 26
# patches as columns of a matrix, put back with np.add.at
import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


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
        N, C, rows, columns = self.padded.shape
        F, _, height, width = self.W.shape
        s, p = self.stride, self.padding
        places = np.arange(self.padded.size).reshape(self.padded.shape)
        windows = sliding_window_view(places, (height, width), axis=(2, 3))[:, :, ::s, ::s]
        windows = windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, C * height * width)
        g = upstream.transpose(0, 2, 3, 1).reshape(-1, F)
        self.db = g.sum(axis=0)
        self.dW = (g.T @ self.padded.ravel()[windows]).reshape(self.W.shape)
        dpadded = np.zeros(self.padded.size)
        np.add.at(dpadded, windows, g @ self.W.reshape(F, -1))
        dpadded = dpadded.reshape(self.padded.shape)
        return dpadded[:, :, p : rows - p, p : columns - p]
