# expect: Conv2d correct 26 / 26
# nothing but loops
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
        N, C, R, Q = self.x.shape
        F, _, height, width = self.W.shape
        _, _, out_rows, out_columns = upstream.shape
        s, p = self.stride, self.padding
        dx = np.zeros((N, C, R, Q))
        self.dW, self.db = np.zeros(self.W.shape), np.zeros(F)
        for n in range(N):
            for f in range(F):
                for i in range(out_rows):
                    for j in range(out_columns):
                        g = upstream[n, f, i, j]
                        self.db[f] += g
                        for c in range(C):
                            for k in range(height):
                                for m in range(width):
                                    r, q = i * s + k - p, j * s + m - p
                                    if 0 <= r < R and 0 <= q < Q:
                                        self.dW[f, c, k, m] += g * self.x[n, c, r, q]
                                        dx[n, c, r, q] += g * self.W[f, c, k, m]
        return dx
