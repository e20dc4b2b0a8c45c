# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Conv2d: slice-wrong
# the border is cut off with [p:-p], which gives an empty array for padding 0.
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        s, p = self.stride, self.padding
        F, C, HH, WW = self.W.shape
        dpad = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        self.db = np.sum(upstream, axis=(0, 2, 3))
        N, _, Ho, Wo = upstream.shape
        for n in range(N):
            for f in range(F):
                for i in range(Ho):
                    for j in range(Wo):
                        u = upstream[n, f, i, j]
                        a, b = i * s, j * s
                        self.dW[f] += u * self.padded[n, :, a:a + HH, b:b + WW]
                        dpad[n, :, a:a + HH, b:b + WW] += u * self.W[f]
        return dpad[:, :, p:-p, p:-p]
        # END SOLUTION


# %% Conv2d: factor-missing
# dx is scattered to windows that begin at (i, j) and not at (i, j) times the stride.
# spoilt: dx
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
        rows, cols = self.x.shape[2:]
        p, s = self.padding, self.stride
        h, w = self.W.shape[2:]
        dxp = np.zeros(self.padded.shape)
        dW = np.zeros(self.W.shape)
        for i, j in np.ndindex(*upstream.shape[2:]):
            g = upstream[:, :, i, j]
            dW += np.einsum("nf,nchw->fchw", g, self.padded[:, :, i * s:i * s + h, j * s:j * s + w])
            dxp[:, :, i:i + h, j:j + w] += np.einsum("nf,fchw->nchw", g, self.W)
        self.dW = dW
        self.db = upstream.sum(axis=(0, 2, 3))
        return dxp[:, :, p:p + rows, p:p + cols]


# %% Conv2d: overwritten
# windows that overlap overwrite each other in dx (= instead of +=).
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        grad_padded = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        for i, j in np.ndindex(upstream.shape[2:]):
            down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
            self.dW += np.tensordot(upstream[:, :, i, j], self.padded[:, :, down, across], axes=(0, 0))
            grad_padded[:, :, down, across] = np.tensordot(upstream[:, :, i, j], self.W, axes=(1, 0))
        self.db = upstream.sum(axis=(0, 2, 3))
        end_r, end_c = p + self.x.shape[2], p + self.x.shape[3]
        return grad_padded[:, :, p:end_r, p:end_c]
        # END SOLUTION


# %% Conv2d: turned-around
# the filter is turned round when the gradient is handed out to dx although nothing is turned in
# forward.
# spoilt: dx
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
        h, w = self.W.shape[2:]
        s, p = self.stride, self.padding
        n, c, H, Wd = self.x.shape
        W_rot = self.W[:, :, ::-1, ::-1]
        out = np.zeros((n, c, H + 2 * p, Wd + 2 * p))
        self.dW = np.zeros((len(self.W), c, h, w))
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                win = np.s_[:, :, i * s:i * s + h, j * s:j * s + w]
                out[win] += np.einsum("nf,fckl->nckl", upstream[:, :, i, j], W_rot)
                self.dW += np.einsum("nf,nckl->fckl", upstream[:, :, i, j], self.padded[win])
        self.db = np.einsum("nfij->f", upstream)
        return out[:, :, p:p + H, p:p + Wd]


# %% Conv2d: condition-not-handled
# dW reads its windows from a picture that is shifted by the padding (the border stands on the
# right and bottom only); and db is a mean over the pictures.
# spoilt: dW, db
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
        # BEGIN SOLUTION: your code in place of the next line
        s, p = self.stride, self.padding
        N, C, H, Wid = self.x.shape
        F, _, kh, kw = self.W.shape
        xp = np.pad(self.x, ((0, 0), (0, 0), (0, 2 * p), (0, 2 * p)))
        dxp = np.zeros_like(xp)
        self.dW = np.zeros_like(self.W)
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                r, c = s * i, s * j
                for f in range(F):
                    u = upstream[:, f, i, j].reshape(N, 1, 1, 1)
                    self.dW[f] += (u * xp[:, :, r:r + kh, c:c + kw]).sum(axis=0)
                    dxp[:, :, r:r + kh, c:c + kw] += u * self.W[f]
        self.db = upstream.sum(axis=(2, 3)).mean(axis=0)
        return dxp[:, :, p:p + H, p:p + Wid]
        # END SOLUTION


# %% Conv2d: -
# the row and the column of the window are exchanged for dW (i belongs to the columns there).
# spoilt: dW
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
        _, _, rows, cols = self.x.shape
        _, _, h, w = self.W.shape
        dx = np.zeros_like(self.padded)
        dW = np.zeros_like(self.W)
        for i, j in np.ndindex(*upstream.shape[2:]):
            u = upstream[:, :, i, j]
            window = self.padded[:, :, j * s:j * s + h, i * s:i * s + w]
            window = np.pad(window, ((0, 0), (0, 0), (0, h - window.shape[2]), (0, w - window.shape[3])))
            dW += np.einsum("nf,nckl->fckl", u, window)
            dx[:, :, i * s:i * s + h, j * s:j * s + w] += np.einsum("nf,fckl->nckl", u, self.W)
        self.dW, self.db = dW, np.sum(np.sum(np.sum(upstream, 3), 2), 0)
        return dx[:, :, p:rows + p, p:cols + p]


# %% Conv2d: last-example-only
# dW and db are assigned anew for each picture, so only the last picture of the batch counts.
# spoilt: dW, db
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
        # BEGIN SOLUTION: your code in place of the next line
        s, p = self.stride, self.padding
        F, C, kh, kw = self.W.shape
        dx_pad = np.zeros_like(self.padded)
        for n, picture in enumerate(self.padded):
            self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
            for (f, i, j), u in np.ndenumerate(upstream[n]):
                self.db[f] += u
                self.dW[f] += u * picture[:, i * s:i * s + kh, j * s:j * s + kw]
                dx_pad[n, :, i * s:i * s + kh, j * s:j * s + kw] += u * self.W[f]
        return dx_pad[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]]
        # END SOLUTION


# %% Conv2d: mean-for-sum and not-divided-by-batch
# db is averaged over the places of the window and summed over the pictures only.
# spoilt: db
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
        h, w = self.W.shape[2:]
        s, p = self.stride, self.padding
        rows, columns = self.x.shape[2:]
        dp = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        self.db = upstream.mean(axis=(2, 3)).sum(axis=0)
        # pixel of the window outside, all places of the window inside
        R, Q = upstream.shape[2:]
        for k, l in np.ndindex(h, w):
            sl = (slice(None), slice(None), slice(k, k + R * s, s), slice(l, l + Q * s, s))
            self.dW[:, :, k, l] = np.einsum("nfij,ncij->fc", upstream, self.padded[sl])
            dp[sl] += np.einsum("nfij,fc->ncij", upstream, self.W[:, :, k, l])
        return dp[:, :, p:p + rows, p:p + columns]


# %% Conv2d: slice-wrong
# the border is cut off at the wrong place: the first rows and columns of the padded gradient are
# returned, and not those that begin at the padding.
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        dpadded, self.dW = np.zeros_like(self.padded), np.zeros_like(self.W)
        s = self.stride
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                view = dpadded[:, :, i * s:, j * s:][:, :, :self.W.shape[2], :self.W.shape[3]]
                seen = self.padded[:, :, i * s:, j * s:][:, :, :self.W.shape[2], :self.W.shape[3]]
                view += np.einsum("nf,fchw->nchw", upstream[:, :, i, j], self.W)
                self.dW += np.einsum("nf,nchw->fchw", upstream[:, :, i, j], seen)
        self.db = upstream.sum(axis=(0, 2, 3))
        rows, columns = self.x.shape[-2:]
        return dpadded[:, :, :rows, :columns]
        # END SOLUTION


# %% Conv2d: -
# the matrix of gradients is reshaped to (filters, places) without moving the filter axis to the
# front, so for more than one picture filters and pictures are mixed in dW and dx.
# spoilt: dx, dW
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
        n, c, H, Wd = self.x.shape
        F, _, h, w = self.W.shape
        Ho, Wo = upstream.shape[2:]
        dout = upstream.reshape(F, -1)
        places = [(m, i, j) for m in range(n) for i in range(Ho) for j in range(Wo)]
        cols = np.stack([self.padded[m, :, i * s:i * s + h, j * s:j * s + w].ravel() for m, i, j in places], axis=1)
        self.dW = (dout @ cols.T).reshape(self.W.shape)
        self.db = upstream.sum(axis=(0, 2, 3))
        dcols = self.W.reshape(F, -1).T @ dout
        dxp = np.zeros_like(self.padded)
        for q, (m, i, j) in enumerate(places):
            dxp[m, :, i * s:i * s + h, j * s:j * s + w] += dcols[:, q].reshape(c, h, w)
        return dxp[:, :, p:p + H, p:p + Wd]


# %% Conv2d: -
# the last row of windows is left out of dW and dx (range one too short, where the stride fits);
# and dW is divided by the number of pictures.
# spoilt: dx, dW
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
        # BEGIN SOLUTION: your code in place of the next line
        s, p = self.stride, self.padding
        h, w = self.W.shape[2:]
        N, C, R, Q = self.x.shape
        gx = np.zeros_like(self.padded)
        gW = np.zeros_like(self.W)
        stop_row = self.padded.shape[2] - h
        for top in range(0, stop_row, s):
            for i, left in enumerate(range(0, self.padded.shape[3] - w + 1, s)):
                u = upstream[:, :, top // s, i]
                gW = gW + np.einsum("nf,nchw->fchw", u, self.padded[:, :, top:top + h, left:left + w])
                gx[:, :, top:top + h, left:left + w] += np.einsum("nf,fchw->nchw", u, self.W)
        self.dW = gW / N
        self.db = upstream.sum(axis=(0, 2, 3))
        return gx[:, :, p:p + R, p:p + Q]
        # END SOLUTION


# %% Conv2d: condition-not-handled
# the gradient of one channel is spread to all: W is averaged over the channels before it is
# handed out to dx.
# spoilt: dx
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
        h, w = self.W.shape[2:]
        dxp = np.zeros_like(self.padded)
        self.dW = 0 * self.W
        Wm = self.W.mean(axis=1, keepdims=True)
        for i, j in np.ndindex(upstream.shape[2:]):
            a, b = i * s, j * s
            u = upstream[:, :, i, j]
            self.dW += np.einsum("nf,nchw->fchw", u, self.padded[:, :, a:a + h, b:b + w])
            dxp[:, :, a:a + h, b:b + w] += (u[:, :, None, None, None] * Wm).sum(axis=1)
        self.db = upstream.sum((0, 2, 3))
        return dxp[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]].copy()


# %% Conv2d: condition-not-handled
# dW sees a border of ones where the picture is padded with zeros.
# spoilt: dW
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
        # BEGIN SOLUTION: your code in place of the next line
        s, p = self.stride, self.padding
        xp = np.pad(self.x, [(0, 0), (0, 0), (p, p), (p, p)], constant_values=1)
        from numpy.lib.stride_tricks import sliding_window_view
        win = sliding_window_view(xp, self.W.shape[2:], axis=(2, 3))[:, :, ::s, ::s]
        self.dW = np.einsum("nfij,ncijkl->fckl", upstream, win)
        self.db = upstream.sum(axis=(0, 2, 3))
        dxp = np.zeros_like(xp)
        for i, j in np.ndindex(upstream.shape[2:]):
            dxp[:, :, i * s:i * s + self.W.shape[2], j * s:j * s + self.W.shape[3]] += np.einsum("nf,fckl->nckl", upstream[:, :, i, j], self.W)
        return dxp[:, :, p:p + self.x.shape[2], p:p + self.x.shape[3]]
        # END SOLUTION


# %% AvgPool2d: condition-not-handled
# the mean is divided by the product of the strides and not by the size of the window.
# spoilt: dx
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        dx = np.zeros_like(self.x)
        (h, w), (s, t) = self.size, self.stride
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                dx[:, :, i * s:i * s + h, j * t:j * t + w] += upstream[:, :, i, j][:, :, None, None] / (s * t)
        return dx


# %% AvgPool2d: division-missing
# the division by the size of the window is missing.
# spoilt: dx
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros(self.x.shape)
        for (n, c, i, j), u in np.ndenumerate(upstream):
            for k in range(h):
                for l in range(w):
                    dx[n, c, i * s + k, j * t + l] += u
        return dx
        # END SOLUTION


# %% AvgPool2d: overwritten
# where windows overlap only the last one counts (assignment instead of addition).
# spoilt: dx
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        h, w = self.size
        s, t = self.stride
        kernel = np.ones((h, w)) / (h * w)
        out = np.zeros_like(self.x)
        for i, j in np.ndindex(upstream.shape[2:]):
            out[..., i * s:i * s + h, j * t:j * t + w] = np.multiply.outer(upstream[..., i, j], kernel)
        return out


# %% AvgPool2d: -
# the window is taken as square with the height for both sides when handing out, and the divisor
# is the height alone.
# spoilt: dx
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        k = self.size[0]
        s, t = self.stride
        dx = np.zeros_like(self.x)
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                g = upstream[:, :, i:i + 1, j:j + 1] / k
                dx[:, :, i * s:i * s + k, j * t:j * t + k] += g
        return dx
        # END SOLUTION


# %% AvgPool2d: another-array-throughout
# the row stride is used for the columns too.
# spoilt: dx
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        (h, w), (s, _) = self.size, self.stride
        dx = np.zeros_like(self.x)
        share = upstream / (h * w)
        for i, j in np.ndindex(share.shape[2:]):
            dx[:, :, i * s:i * s + h, j * s:j * s + w] += share[:, :, i, j, np.newaxis, np.newaxis]
        return dx


# %% MaxPool2d: overwritten
# a pixel that wins in several overlapping windows keeps only the last upstream gradient (=
# instead of +=).
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        (h, w), (s, t) = self.size, self.stride
        N, C, Ho, Wo = upstream.shape
        dx = np.zeros(self.x.shape)
        for n in range(N):
            for c in range(C):
                for i in range(Ho):
                    for j in range(Wo):
                        window = self.x[n, c, i * s:i * s + h, j * t:j * t + w]
                        k, l = np.unravel_index(window.argmax(), window.shape)
                        dx[n, c, i * s + k, j * t + l] = upstream[n, c, i, j]
        return dx
        # END SOLUTION


# %% MaxPool2d: condition-not-handled
# the number of the largest entry is decoded with the height of the window and not with its
# width.
# spoilt: dx
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
        dx = np.zeros_like(self.x)
        R, Q = dx.shape[2:]
        for n, c, i, j in np.ndindex(upstream.shape):
            best = int(np.argmax(self.x[n, c, i * s:i * s + h, j * t:j * t + w]))
            k, l = divmod(best, h)
            dx[n, c, min(i * s + k, R - 1), min(j * t + l, Q - 1)] += upstream[n, c, i, j]
        return dx


# %% MaxPool2d: -
# the mask compares with the maximum of the whole window over all pictures and channels, so most
# windows send nothing back.
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros_like(self.x)
        for i, j in np.ndindex(upstream.shape[2:]):
            region = np.s_[:, :, i * s:i * s + h, j * t:j * t + w]
            patch = self.x[region]
            mask = patch == patch.max()
            dx[region] += mask * upstream[:, :, i, j][..., None, None]
        return dx
        # END SOLUTION


# %% MaxPool2d: -
# the upstream gradient is divided by the size of the window as in average pooling, and every
# pixel above the mean of the window receives it, not the largest only.
# spoilt: dx
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
        dx = np.zeros_like(self.x)
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                win = self.x[:, :, i * s:i * s + h, j * t:j * t + w]
                big = (win >= win.mean(axis=(2, 3), keepdims=True)).astype(float)
                dx[:, :, i * s:i * s + h, j * t:j * t + w] += big * upstream[:, :, i, j, None, None] / (h * w)
        return dx


# %% MaxPool2d: condition-not-handled
# the windows are placed size apart in backward, self.stride is ignored.
# spoilt: dx
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
        # BEGIN SOLUTION: your code in place of the next line
        h, w = self.size
        dx = np.zeros_like(self.x)
        for i, j in np.ndindex(upstream.shape[2:]):
            rows, cols = slice(i * h, (i + 1) * h), slice(j * w, (j + 1) * w)
            win = self.x[:, :, rows, cols]
            if win.size == 0:
                continue
            mask = win == win.max(axis=(2, 3), keepdims=True)
            dx[:, :, rows, cols] += np.where(mask, upstream[:, :, i, j][:, :, None, None], 0)
        return dx
        # END SOLUTION


# %% MaxPool2d: upstream-ignored
# a one is sent to the largest pixel and the upstream gradient ignored.
# spoilt: dx
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
        dx = np.zeros_like(self.x)
        for i, j in np.ndindex(upstream.shape[2:]):
            win = self.x[:, :, i * s:i * s + h, j * t:j * t + w]
            flat = win.reshape(*win.shape[:2], -1)
            hot = np.eye(flat.shape[-1])[flat.argmax(axis=-1)]
            dx[:, :, i * s:i * s + h, j * t:j * t + w] += hot.reshape(win.shape)
        return dx


# %% Flatten: entries-rearranged
# the numbers are put back in column-major order and not in the order in which forward took them.
# spoilt: dx
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        return np.reshape(upstream, self.shape, order="F")
        # END SOLUTION


# %% Flatten: entries-rearranged
# the row is read as (rows, columns, channels) and then the axes are moved, while forward had the
# channels first.
# spoilt: dx
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        n, c, h, w = self.shape
        return upstream.reshape(n, h, w, c).transpose(0, 3, 1, 2)


# %% Flatten: shape-wrong
# rows and columns of the picture are exchanged in the shape that is restored.
# spoilt: dx
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        batch, channels, height, width = self.shape
        pictures = [row.reshape(channels, width, height) for row in upstream]
        return np.array(pictures)
        # END SOLUTION


# %% Conv2d: right
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
        # BEGIN SOLUTION: your code in place of the next line
        N, C, R, Q = self.x.shape
        F, _, h, w = self.W.shape
        s, p = self.stride, self.padding
        dx = np.zeros((N, C, R, Q))
        dW = np.zeros((F, C, h, w))
        db = np.zeros(F)
        for (n, f, i, j), u in np.ndenumerate(upstream):
            db[f] += u
            for c, k, l in np.ndindex(C, h, w):
                r, q = i * s + k - p, j * s + l - p
                if 0 <= r < R and 0 <= q < Q:
                    dx[n, c, r, q] += u * self.W[f, c, k, l]
                    dW[f, c, k, l] += u * self.x[n, c, r, q]
        self.dW, self.db = dW, db
        return dx
        # END SOLUTION


# %% Conv2d: right
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
        from numpy.lib.stride_tricks import sliding_window_view as windows
        s, p = self.stride, self.padding
        h, w = self.W.shape[2:]
        N, F, Ho, Wo = upstream.shape
        R, Q = self.padded.shape[2:]
        seen = windows(self.padded, (h, w), axis=(2, 3))[:, :, ::s, ::s][:, :, :Ho, :Wo]
        self.dW = np.tensordot(upstream, seen, axes=([0, 2, 3], [0, 2, 3]))
        self.db = np.einsum("nfij->f", upstream)
        # full correlation of the dilated gradient with the rotated filters
        dil = np.zeros((N, F, R + h - 1, Q + w - 1))
        dil[:, :, h - 1:h - 1 + Ho * s:s, w - 1:w - 1 + Wo * s:s] = upstream
        full = np.einsum("nfrqkl,fckl->ncrq", windows(dil, (h, w), axis=(2, 3)), self.W[:, :, ::-1, ::-1])
        rows, cols = self.x.shape[2:]
        return full[:, :, p:p + rows, p:p + cols]


# %% Conv2d: right
def col_indices(C, h, w, Ho, Wo, s):
    c, k, l, i, j = np.meshgrid(range(C), range(h), range(w), range(Ho), range(Wo), indexing="ij")
    flat = lambda a: a.reshape(C * h * w, Ho * Wo)
    return flat(c), flat(i * s + k), flat(j * s + l)


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
        # BEGIN SOLUTION: your code in place of the next line
        F, C, h, w = self.W.shape
        N, _, Ho, Wo = upstream.shape
        c, r, q = col_indices(C, h, w, Ho, Wo, self.stride)
        cols = self.padded[:, c, r, q]                      # N, C*h*w, places
        g = upstream.reshape(N, F, -1)
        self.dW = sum(gn @ cn.T for gn, cn in zip(g, cols)).reshape(self.W.shape)
        self.db = g.sum(axis=(0, 2))
        dcols = self.W.reshape(F, -1).T @ g
        dxp = np.zeros_like(self.padded)
        np.add.at(dxp, (slice(None), c, r, q), dcols)
        p = self.padding
        return dxp[:, :, p:, p:][:, :, :self.x.shape[2], :self.x.shape[3]]
        # END SOLUTION


# %% Conv2d: right
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
        p, s = self.padding, self.stride
        (h, w), (R, Q) = self.W.shape[2:], upstream.shape[2:]
        dW, dp = np.empty_like(self.W), np.zeros_like(self.padded)
        for k in range(h):
            for l in range(w):
                at = np.s_[:, :, k:k + (R - 1) * s + 1:s, l:l + (Q - 1) * s + 1:s]
                dW[:, :, k, l] = np.einsum("nfij,ncij->fc", upstream, self.padded[at])
                dp[at] += np.moveaxis(np.tensordot(self.W[:, :, k, l], upstream, axes=(0, 1)), 0, 1)
        self.dW, self.db = dW, upstream.sum(axis=(0, 2, 3))
        return dp[:, :, p:-p, p:-p] if p else dp


# %% AvgPool2d: right
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        # for each pixel collect from the windows that see it
        (h, w), (s, t) = self.size, self.stride
        R, Q = self.x.shape[2:]
        Ho, Wo = upstream.shape[2:]
        A = np.array([[float(i * s <= r < i * s + h) for i in range(Ho)] for r in range(R)])
        B = np.array([[float(j * t <= q < j * t + w) for j in range(Wo)] for q in range(Q)])
        return (A / h) @ upstream @ (B / w).T
        # END SOLUTION


# %% AvgPool2d: right
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class AvgPool2d:
    """The mean of each window.

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
            y[:, :, i, j] = x[:, :, i * s : i * s + h, j * t : j * t + w].mean(axis=(2, 3))
        return y

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels, out_rows, out_columns).
        """
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros_like(self.x)
        i, j = np.ogrid[: upstream.shape[2], : upstream.shape[3]]
        for k in range(h):
            for l in range(w):
                dx[:, :, i * s + k, j * t + l] += upstream / h / w
        return dx


# %% MaxPool2d: right
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
        # BEGIN SOLUTION: your code in place of the next line
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros_like(self.x)
        n, c = np.ogrid[: self.x.shape[0], : self.x.shape[1]]
        for i, j in np.ndindex(upstream.shape[2:]):
            win = self.x[:, :, i * s:i * s + h, j * t:j * t + w]
            k, l = np.divmod(win.reshape(*win.shape[:2], h * w).argmax(-1), w)
            np.add.at(dx, (n, c, i * s + k, j * t + l), upstream[:, :, i, j])
        return dx
        # END SOLUTION


# %% MaxPool2d: right
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
        dx = np.zeros_like(self.x)
        for n, c, i, j in np.ndindex(*upstream.shape):
            best, where = -np.inf, None
            for r in range(i * s, i * s + h):
                for q in range(j * t, j * t + w):
                    if (v := self.x[n, c, r, q]) > best:
                        best, where = v, (n, c, r, q)
            dx[where] += upstream[n, c, i, j]
        return dx


# %% MaxPool2d: right
def pair(size) -> tuple[int, int]:
    """Return (size, size) for a number, and the two numbers of a pair as they are."""
    return (size, size) if np.isscalar(size) else (size[0], size[1])


class MaxPool2d:
    def __init__(self, size, stride=None) -> None:
        self.size = pair(size)
        self.stride = self.size if stride is None else pair(stride)

    def forward(self, x):
        self.x = x
        (h, w), (s, t) = self.size, self.stride
        view = np.lib.stride_tricks.sliding_window_view(x, (h, w), axis=(2, 3))[:, :, ::s, ::t]
        flat = view.reshape(*view.shape[:4], h * w)
        self.winner = flat.argmax(axis=-1)
        return flat.max(axis=-1)

    def backward(self, upstream):
        (h, w), (s, t) = self.size, self.stride
        N, C, R, Q = self.x.shape
        Ho, Wo = upstream.shape[2:]
        row = self.winner // w + s * np.arange(Ho)[:, None]
        col = self.winner % w + t * np.arange(Wo)
        plane = np.arange(N * C).reshape(N, C, 1, 1)
        address = (plane * R + row) * Q + col
        return np.bincount(address.ravel(), weights=upstream.ravel(), minlength=self.x.size).reshape(self.x.shape)


# %% Flatten: right
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        dx = np.empty(self.shape)
        dx.flat = upstream.ravel()
        return dx


# %% Flatten: right
class Flatten:
    """y = x with all axes but the first in one.

    Shapes: x (batch, channels, rows, columns), y and upstream (batch, channels * rows * columns).
    """

    def forward(self, x: np.ndarray) -> np.ndarray:
        self.shape = x.shape
        return x.reshape(len(x), -1)

    def backward(self, upstream: np.ndarray) -> np.ndarray:
        """Return dx (batch, channels, rows, columns).

        upstream has the shape (batch, channels * rows * columns).
        """
        # BEGIN SOLUTION: your code in place of the next line
        n, c, h, w = self.shape
        return np.stack([u.reshape(c, h, w) for u in upstream], axis=-1).transpose(3, 0, 1, 2)
        # END SOLUTION
