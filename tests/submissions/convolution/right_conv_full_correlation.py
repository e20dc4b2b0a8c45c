# expect: Conv2d correct 26 / 26
# dx as a convolution of the spread upstream with the turned filter
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
        N, F, out_rows, out_columns = upstream.shape
        C, height, width = self.W.shape[1:]
        s, p = self.stride, self.padding
        R, Q = self.padded.shape[2:]
        spread = np.zeros((N, F, R - height + 1, Q - width + 1))
        spread[:, :, : s * out_rows : s, : s * out_columns : s] = upstream
        border = ((0, 0), (0, 0), (height - 1, height - 1), (width - 1, width - 1))
        spread_padded = np.pad(spread, border)
        turned = self.W[:, :, ::-1, ::-1]
        dpadded = np.zeros(self.padded.shape)
        for r in range(R):
            for q in range(Q):
                window = spread_padded[:, :, r : r + height, q : q + width]
                dpadded[:, :, r, q] = np.tensordot(window, turned, axes=([1, 2, 3], [0, 2, 3]))
        self.dW = np.zeros(self.W.shape)
        for k in range(height):
            for m in range(width):
                seen = self.padded[:, :, k : k + spread.shape[2], m : m + spread.shape[3]]
                self.dW[:, :, k, m] = np.einsum("nfij,ncij->fc", spread, seen)
        self.db = spread.sum(axis=(0, 2, 3))
        return dpadded[:, :, p : R - p, p : Q - p]
