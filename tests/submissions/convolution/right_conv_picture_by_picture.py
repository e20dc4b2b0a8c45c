# expect: Conv2d correct 26 / 26
# np.pad, one picture after the other, gradients collected in lists
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
        dx = []
        self.dW, self.db = 0 * self.W, 0 * self.b
        p, s = self.padding, self.stride
        for x, g in zip(self.x, upstream):
            padded = np.pad(x, ((0, 0), (p, p), (p, p)))
            back = np.zeros(padded.shape)
            for f in range(len(self.W)):
                self.db[f] += g[f].sum()
                for (i, j), value in np.ndenumerate(g[f]):
                    at = np.s_[:, i * s : i * s + self.W.shape[2], j * s : j * s + self.W.shape[3]]
                    self.dW[f] += value * padded[at]
                    back[at] += value * self.W[f]
            dx.append(back[:, p : p + x.shape[1], p : p + x.shape[2]])
        return np.stack(dx)
