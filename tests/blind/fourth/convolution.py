# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Conv2d: overwritten
# The windows of dx are assigned instead of added to, so where windows overlap only the last one
# counts.
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
        dpad = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        self.db = upstream.sum(axis=(0, 2, 3))
        height, width = self.W.shape[2:]
        s = self.stride
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                rows_ = slice(i * s, i * s + height)
                cols_ = slice(j * s, j * s + width)
                u = upstream[:, :, i, j]
                self.dW += np.einsum("nf,nchw->fchw", u, self.padded[:, :, rows_, cols_])
                dpad[:, :, rows_, cols_] = np.einsum("nf,fchw->nchw", u, self.W)
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% Conv2d: factor-missing
# The windows of backward begin at (i, j) and not at (i * stride, j * stride), wrong for strides
# above 1.
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
        dpad = np.zeros(self.padded.shape)
        self.dW = np.zeros(self.W.shape)
        self.db = np.einsum("nfij->f", upstream)
        h, w = self.W.shape[2:]
        for i, j in np.ndindex(*upstream.shape[2:]):
            window = self.padded[:, :, i : i + h, j : j + w]
            up = upstream[:, :, i, j]
            self.dW += np.tensordot(up, window, axes=(0, 0))
            dpad[:, :, i : i + h, j : j + w] += np.tensordot(up, self.W, axes=(1, 0))
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% Conv2d: slice-wrong
# The border is cut off at the end only: dx is the upper left part of the padded gradient,
# shifted by the padding.
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
        N, C, R, Q = self.x.shape
        F, _, HH, WW = self.W.shape
        s = self.stride
        dxp = np.zeros_like(self.padded)
        dW = np.zeros_like(self.W)
        for n in range(N):
            for f in range(F):
                for i in range(upstream.shape[2]):
                    for j in range(upstream.shape[3]):
                        patch = self.padded[n, :, i * s : i * s + HH, j * s : j * s + WW]
                        dW[f] += patch * upstream[n, f, i, j]
                        dxp[n, :, i * s : i * s + HH, j * s : j * s + WW] += self.W[f] * upstream[n, f, i, j]
        self.dW = dW
        self.db = np.sum(upstream, axis=(0, 2, 3))
        return dxp[:, :, :R, :Q]


# %% Conv2d: turned-around
# The filters are turned round when upstream is handed out window by window, where they must be
# used as they are.
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
        dpad = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        self.db = upstream.sum(axis=(0, 2, 3))
        W_rot = self.W[:, :, ::-1, ::-1]
        kh, kw = self.W.shape[2], self.W.shape[3]
        for i, j in np.ndindex(upstream.shape[2], upstream.shape[3]):
            top, left = i * self.stride, j * self.stride
            g = upstream[:, :, i, j]
            patch = self.padded[:, :, top : top + kh, left : left + kw]
            self.dW += np.einsum("nf,nckl->fckl", g, patch)
            dpad[:, :, top : top + kh, left : left + kw] += np.einsum("nf,fckl->nckl", g, W_rot)
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% Conv2d: divided-by-batch
# db is averaged over the pictures of the batch instead of summed.
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
        dpad = np.zeros_like(self.padded)
        dW = np.zeros_like(self.W)
        H, Wd = self.W.shape[2:]
        s = self.stride
        for i, j in np.ndindex(upstream.shape[2:]):
            a, b = slice(i * s, i * s + H), slice(j * s, j * s + Wd)
            dpad[:, :, a, b] += np.einsum("nf,fchw->nchw", upstream[:, :, i, j], self.W)
            dW += np.einsum("nf,nchw->fchw", upstream[:, :, i, j], self.padded[:, :, a, b])
        self.dW = dW
        per_picture = upstream.sum(axis=(2, 3))
        self.db = per_picture.mean(axis=0)
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% Conv2d: -
# For dW upstream is reshaped to (filters, everything) without moving the filter axis to the
# front, so pictures and filters are mixed up.
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
        n, F, R, Q = upstream.shape
        C, kh, kw = self.W.shape[1:]
        s = self.stride
        # im2col: one row per (picture, place)
        cols = np.empty((n, R, Q, C * kh * kw))
        for i in range(R):
            for j in range(Q):
                patch = self.padded[:, :, i * s : i * s + kh, j * s : j * s + kw]
                cols[:, i, j] = patch.reshape(n, -1)
        cols = cols.reshape(n * R * Q, -1)
        up2d = upstream.reshape(F, -1)
        self.dW = (up2d @ cols).reshape(self.W.shape)
        self.db = upstream.sum(axis=(0, 2, 3))
        # col2im
        dpad = np.zeros_like(self.padded)
        dcols = upstream.transpose(0, 2, 3, 1).reshape(-1, F) @ self.W.reshape(F, -1)
        dcols = dcols.reshape(n, R, Q, C, kh, kw)
        for i in range(R):
            for j in range(Q):
                dpad[:, :, i * s : i * s + kh, j * s : j * s + kw] += dcols[:, i, j]
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% Conv2d: loop-too-short
# The loop conditions use < in place of <=, so the last row and the last column of upstream are
# not handed out when the last window ends exactly at the border.
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
        dpad = np.zeros_like(self.padded)
        self.dW = np.zeros_like(self.W)
        self.db = upstream.sum((0, 2, 3))
        height, width = self.W.shape[2:]
        s, p = self.stride, self.padding
        n, c, rows, columns = self.x.shape
        i = 0
        while i * s + height < rows + 2 * p:
            j = 0
            while j * s + width < columns + 2 * p:
                down, across = slice(i * s, i * s + height), slice(j * s, j * s + width)
                self.dW += np.einsum("nf,nchw->fchw", upstream[:, :, i, j], self.padded[:, :, down, across])
                dpad[:, :, down, across] += np.einsum("nf,fchw->nchw", upstream[:, :, i, j], self.W)
                j += 1
            i += 1
        p = self.padding
        rows, columns = self.x.shape[2:]
        return dpad[:, :, p : p + rows, p : p + columns]


# %% AvgPool2d: condition-not-handled
# Each share is divided by the product of the strides and not by the number of pixels in the
# window.
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
        share = upstream / (s * t)
        for i, j in np.ndindex(upstream.shape[2:]):
            dx[:, :, i * s : i * s + h, j * t : j * t + w] += share[:, :, i, j][:, :, None, None]
        return dx


# %% AvgPool2d: overwritten
# The windows are assigned instead of added to, wrong where they overlap.
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
        (h, w), (s, t) = self.size, self.stride
        dx = np.zeros(self.x.shape)
        N, C, R, Q = upstream.shape
        for n in range(N):
            for c in range(C):
                for i in range(R):
                    for j in range(Q):
                        dx[n, c, i * s : i * s + h, j * t : j * t + w] = upstream[n, c, i, j] / (h * w)
        return dx


# %% AvgPool2d: another-array
# upstream is blown up by repeating each entry h by w times, which puts the windows side by side
# whatever the stride is.
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
        rows, columns = self.x.shape[2:]
        big = upstream.repeat(h, axis=2).repeat(w, axis=3) / (h * w)
        big = big[:, :, :rows, :columns]
        dx = np.zeros_like(self.x)
        dx[:, :, : big.shape[2], : big.shape[3]] = big
        return dx


# %% AvgPool2d: names-exchanged
# The strides of rows and columns are exchanged, wrong when they differ.
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
        sx, sy = self.stride
        dx = np.zeros_like(self.x)
        g = upstream / (h * w)
        for i in range(upstream.shape[2]):
            for j in range(upstream.shape[3]):
                y0, x0 = i * sy, j * sx
                dx[:, :, y0 : y0 + h, x0 : x0 + w] += g[:, :, i : i + 1, j : j + 1]
        return dx


# %% MaxPool2d: -
# The maximum of the window is taken over all pictures and channels together, so only one of them
# gets a gradient at each place.
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
        dx = np.zeros_like(self.x)
        (h, w), (s, t) = self.size, self.stride
        for i, j in np.ndindex(upstream.shape[2:]):
            rows, cols = slice(i * s, i * s + h), slice(j * t, j * t + w)
            window = self.x[:, :, rows, cols]
            mask = window == np.max(window)
            dx[:, :, rows, cols] += mask * upstream[:, :, i : i + 1, j : j + 1]
        return dx


# %% MaxPool2d: right-in-total
# The number that argmax gives row by row is read column by column, so the gradient goes to the
# transposed place of the window.
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
        h, w = self.size
        s, t = self.stride
        dx = np.zeros_like(self.x)
        N, C, R, Q = upstream.shape
        for n, c, i, j in np.ndindex(N, C, R, Q):
            r0, c0 = i * s, j * t
            window = self.x[n, c, r0 : r0 + h, c0 : c0 + w]
            where = np.zeros(h * w)
            where[window.argmax()] = 1
            where = where.reshape(w, h).T
            dx[n, c, r0 : r0 + h, c0 : c0 + w] += where * upstream[n, c, i, j]
        return dx


# %% MaxPool2d: wrong-divisor
# The share of the largest pixel is divided by the size of the window, as in average pooling.
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
        for i, j in np.ndindex(upstream.shape[2], upstream.shape[3]):
            win = self.x[:, :, i * s : i * s + h, j * t : j * t + w]
            best = win.max(axis=(2, 3), keepdims=True)
            dx[:, :, i * s : i * s + h, j * t : j * t + w] += (
                (win == best) * upstream[:, :, i, j][:, :, np.newaxis, np.newaxis] / (h * w)
            )
        return dx


# %% Flatten: entries-rearranged
# The row is read as rows, columns, channels and then transposed, although the channels came
# first in forward.
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
        n, channels, rows, columns = self.shape
        pictures = upstream.reshape(n, rows, columns, channels)
        return pictures.transpose(0, 3, 1, 2)


# %% Flatten: turned-around
# upstream is transposed before the reshape, so the numbers of different pictures are mixed.
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
        flat = upstream.T
        dx = flat.reshape(self.shape)
        return dx


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
        # loop over the pixels of the filter, all places at once
        s, p = self.stride, self.padding
        n, c, rows, columns = self.x.shape
        R, Q = upstream.shape[2:]
        dpad, dW = np.zeros_like(self.padded), np.zeros_like(self.W)
        for k, l in np.ndindex(self.W.shape[2:]):
            at = (slice(None), slice(None), slice(k, k + s * R, s), slice(l, l + s * Q, s))
            seen = self.padded[at][:, :, :R, :Q]
            dW[:, :, k, l] = np.einsum("nfij,ncij->fc", upstream, seen)
            dpad[:, :, k : k + s * (R - 1) + 1 : s, l : l + s * (Q - 1) + 1 : s] += np.einsum(
                "nfij,fc->ncij", upstream, self.W[:, :, k, l]
            )
        self.dW, self.db = dW, np.einsum("nfij->f", upstream)
        return dpad[:, :, p : p + rows, p : p + columns]


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
        N, C, R, Q = upstream.shape
        dx = np.zeros_like(self.x)
        nn, cc = np.meshgrid(np.arange(N), np.arange(C), indexing="ij")
        for i in range(R):
            for j in range(Q):
                win = self.x[:, :, i * s : i * s + h, j * t : j * t + w].reshape(N, C, h * w)
                k, l = np.divmod(win.argmax(axis=2), w)
                np.add.at(dx, (nn, cc, i * s + k, j * t + l), upstream[:, :, i, j])
        return dx


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
        # pooling is A x B^T with 0/1 matrices, so backward is A^T u B
        (h, w), (s, t) = self.size, self.stride
        rows, columns = self.x.shape[2:]
        R, Q = upstream.shape[2:]
        A, B = np.zeros((R, rows)), np.zeros((Q, columns))
        for i in range(R):
            A[i, i * s : i * s + h] = 1 / h
        for j in range(Q):
            B[j, j * t : j * t + w] = 1 / w
        return np.einsum("ir,ncij,jq->ncrq", A, upstream, B)


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
        for n, row in enumerate(upstream):
            dx[n].flat = row
        return dx


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
        n, c, rows, columns = self.x.shape
        F, _, K, L = self.W.shape
        s, p = self.stride, self.padding
        self.dW, self.db = np.zeros_like(self.W), np.zeros_like(self.b)
        dx = np.zeros_like(self.x)
        for (a, f, i, j), u in np.ndenumerate(upstream):
            self.db[f] += u
            for k in range(K):
                for l in range(L):
                    r, q = i * s + k - p, j * s + l - p
                    if 0 <= r < rows and 0 <= q < columns:  # the border gets nothing
                        dx[a, :, r, q] += u * self.W[f, :, k, l]
                        self.dW[f, :, k, l] += u * self.x[a, :, r, q]
        return dx
