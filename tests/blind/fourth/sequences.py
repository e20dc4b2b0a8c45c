# Answers by somebody who had not seen the grader, written after the third set had been learned from:
# wrong as students err who derive and write a formula themselves, and right in unusual styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Embedding: overwritten
# dW[tokens] += upstream keeps only one of the gradients of a word that occurs at several places.
# spoilt: dW
class Embedding:
    """y[n, t] = W[tokens[n, t]].

    Shapes: tokens (batch, time) of integers, W (words, units), y and upstream (batch, time, units).
    """

    def __init__(self, W: np.ndarray) -> None:
        self.W = W

    def forward(self, tokens: np.ndarray) -> np.ndarray:
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, upstream: np.ndarray) -> None:
        """Set dW (words, units), given upstream (batch, time, units). Return nothing."""
        dW = np.zeros_like(self.W)
        dW[self.tokens] += upstream
        self.dW = dW
        return None


# %% Embedding: factor-of-its-own
# The gradient of each word is averaged over its places instead of summed.
# spoilt: dW
class Embedding:
    """y[n, t] = W[tokens[n, t]].

    Shapes: tokens (batch, time) of integers, W (words, units), y and upstream (batch, time, units).
    """

    def __init__(self, W: np.ndarray) -> None:
        self.W = W

    def forward(self, tokens: np.ndarray) -> np.ndarray:
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, upstream: np.ndarray) -> None:
        """Set dW (words, units), given upstream (batch, time, units). Return nothing."""
        self.dW = np.zeros_like(self.W)
        for word in np.unique(self.tokens):
            places = self.tokens == word
            self.dW[word] = upstream[places].mean(axis=0)


# %% RNNCell: transpose-missing
# dh is multiplied by Wh and not by its transpose.
# spoilt: dh
class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        dtanh = upstream * (1 - self.h_next**2)
        self.dWx = self.x.T @ dtanh
        self.dWh = self.h.T @ dtanh
        self.db = dtanh.sum(axis=0)
        dx = dtanh @ self.Wx.T
        dh = dtanh @ self.Wh
        return dx, dh


# %% RNNCell: another-array
# The slope of tanh is computed from the state before the step instead of the one after it.
# spoilt: dx, dh, dWx, dWh, db
class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        h = self.h
        delta = (1 - h * h) * upstream
        self.dWx = np.einsum("bi,bu->iu", self.x, delta)
        self.dWh = np.einsum("bi,bu->iu", h, delta)
        self.db = np.einsum("bu->u", delta)
        return np.einsum("bu,iu->bi", delta, self.Wx), np.einsum("bu,iu->bi", delta, self.Wh)


# %% RNNCell: another-array
# dWh is formed with the new state h_next instead of the old state h.
# spoilt: dWh
class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        da = upstream * (1 - np.square(self.h_next))
        self.db = np.sum(da, axis=0)
        self.dWx = np.dot(self.x.T, da)
        self.dWh = np.dot(self.h_next.T, da)
        dx = np.dot(da, self.Wx.T)
        dh_prev = np.dot(da, self.Wh.T)
        return dx, dh_prev


# %% RNN: term-missing
# The gradient that comes from the later steps is not added to upstream, each step is treated
# alone.
# spoilt: dx, dh0, dWx, dWh, db
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        N, T, _ = upstream.shape
        dx = np.zeros_like(self.x)
        self.dWx, self.dWh = np.zeros_like(self.Wx), np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        for t in range(T - 1, -1, -1):
            delta = upstream[:, t] * (1 - self.h[:, t + 1] ** 2)
            self.dWx += self.x[:, t].T @ delta
            self.dWh += self.h[:, t].T @ delta
            self.db += delta.sum(axis=0)
            dx[:, t] = delta @ self.Wx.T
            dh = delta @ self.Wh.T
        return dx, dh


# %% RNN: parentheses-moved
# The gradient carried from the next step is added after the tanh, without the slope 1 - h**2.
# spoilt: dx, dh0, dWx, dWh, db
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        T = self.x.shape[1]
        dx = np.zeros(self.x.shape)
        dWx = np.zeros(self.Wx.shape)
        dWh = np.zeros(self.Wh.shape)
        db = np.zeros(self.b.shape)
        from_later = np.zeros_like(self.h[:, 0])
        for t in reversed(range(T)):
            slope = 1 - self.h[:, t + 1] ** 2
            delta = upstream[:, t] * slope + from_later
            dx[:, t] = delta @ self.Wx.T
            dWx += self.x[:, t].T @ delta
            dWh += self.h[:, t].T @ delta
            db += delta.sum(0)
            from_later = delta @ self.Wh.T
        self.dWx, self.dWh, self.db = dWx, dWh, db
        return dx, from_later


# %% RNN: another-array
# For dh0 the delta of the first step is returned as it is, without going through Wh.
# spoilt: dh0
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        batch, time, units = upstream.shape
        deltas = np.zeros_like(upstream)
        later = np.zeros((batch, units))
        for t in range(time - 1, -1, -1):
            later = (upstream[:, t] + later @ self.Wh.T) * (1 - self.h[:, t + 1] ** 2)
            deltas[:, t] = later
        self.dWx = np.einsum("nti,ntu->iu", self.x, deltas)
        self.dWh = np.einsum("ntv,ntu->vu", self.h[:, :-1], deltas)
        self.db = deltas.sum(axis=(0, 1))
        return deltas @ self.Wx.T, later


# %% RNN: index-off-by-one
# dWh is collected with the state after each step, h[:, t + 1], instead of the state before it.
# spoilt: dWh
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        self.dWx = np.zeros_like(self.Wx)
        self.dWh = np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        dx = np.empty_like(self.x)
        dh = 0.0
        for t in reversed(range(upstream.shape[1])):
            h_t = self.h[:, t + 1]
            da = (upstream[:, t] + dh) * (1 - h_t**2)
            self.dWx += self.x[:, t].T @ da
            self.dWh += h_t.T @ da
            self.db += da.sum(axis=0)
            dx[:, t] = da @ self.Wx.T
            dh = da @ self.Wh.T
        return dx, dh


# %% LSTMCell: term-missing
# The gradient dc of the output c is not added, only the way through h is followed.
# spoilt: dx, dh, dc, dWx, dWh, db
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        dct = dh * self.o * (1 - self.tanh_c**2)
        di = dct * self.g
        df = dct * self.c
        do = dh * self.tanh_c
        dg = dct * self.i
        da = np.concatenate(
            [
                di * self.i * (1 - self.i),
                df * self.f * (1 - self.f),
                do * self.o * (1 - self.o),
                dg * (1 - self.g**2),
            ],
            axis=1,
        )
        self.dWx = self.x.T @ da
        self.dWh = self.h.T @ da
        self.db = da.sum(axis=0)
        return da @ self.Wx.T, da @ self.Wh.T, dct * self.f


# %% LSTMCell: parts-in-wrong-order
# The four blocks are joined in the order i, f, g, o and not i, f, o, g.
# spoilt: dx, dh, dWx, dWh, db
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        dc_tot = dc + dh * self.o * (1 - self.tanh_c * self.tanh_c)
        dai = dc_tot * self.g * self.i * (1 - self.i)
        daf = dc_tot * self.c * self.f * (1 - self.f)
        dag = dc_tot * self.i * (1 - self.g * self.g)
        dao = dh * self.tanh_c * self.o * (1 - self.o)
        dA = np.hstack((dai, daf, dag, dao))
        self.dWx, self.dWh, self.db = self.x.T @ dA, self.h.T @ dA, dA.sum(axis=0)
        dx = dA @ self.Wx.T
        dh_prev = dA @ self.Wh.T
        dc_prev = dc_tot * self.f
        return dx, dh_prev, dc_prev


# %% LSTMCell: slope-of-another-function
# The block g goes back through the slope g (1 - g) of a sigmoid although it is a tanh.
# spoilt: dx, dh, dWx, dWh, db
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        delta_c = dc + dh * self.o * (1 - self.tanh_c**2)
        gates = {"i": self.i, "f": self.f, "o": self.o, "g": self.g}
        arriving = {
            "i": delta_c * self.g,
            "f": delta_c * self.c,
            "o": dh * self.tanh_c,
            "g": delta_c * self.i,
        }
        a = [arriving[k] * gates[k] * (1 - gates[k]) for k in "ifog"]
        a = np.concatenate(a, axis=1)
        self.dWx = np.dot(self.x.T, a)
        self.dWh = np.dot(self.h.T, a)
        self.db = np.sum(a, axis=0)
        return np.dot(a, self.Wx.T), np.dot(a, self.Wh.T), delta_c * self.f


# %% LSTMCell: factor-missing
# The returned dc is the collected gradient of the new c, not multiplied by the forget gate.
# spoilt: dc
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        u = dh.shape[1]
        delta = np.empty((dh.shape[0], 4 * u))
        dc = dc + dh * self.o * (1 - self.tanh_c**2)
        delta[:, :u] = dc * self.g * self.i * (1 - self.i)
        delta[:, u : 2 * u] = dc * self.c * self.f * (1 - self.f)
        delta[:, 2 * u : 3 * u] = dh * self.tanh_c * self.o * (1 - self.o)
        delta[:, 3 * u :] = dc * self.i * (1 - self.g**2)
        self.dWx = self.x.T @ delta
        self.dWh = self.h.T @ delta
        self.db = delta.sum(0)
        return delta @ self.Wx.T, delta @ self.Wh.T, dc


# %% ScaledDotProductAttention: extra-factor
# The division by sqrt(D) is done for dq only and forgotten in dk.
# spoilt: dk
class ScaledDotProductAttention:
    """softmax(q k^T / sqrt(width)) v, in each sequence of the batch.

    Shapes: q (batch, queries, width), k (batch, keys, width), v (batch, keys, values); the output
    and upstream (batch, queries, values); mask (queries, keys) or (batch, queries, keys).
    """

    def forward(
        self, q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None = None
    ) -> np.ndarray:
        self.q, self.k, self.v, self.root = q, k, v, np.sqrt(q.shape[-1])
        scores = q @ k.swapaxes(1, 2) / self.root
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        shifted = scores - scores.max(axis=-1, keepdims=True)  # keeps exp finite
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.p @ v

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return dq (batch, queries, width), dk (batch, keys, width), dv (batch, keys, values).

        upstream has the shape (batch, queries, values).
        """
        dv = self.p.swapaxes(1, 2) @ upstream
        dp = upstream @ self.v.swapaxes(1, 2)
        ds = self.p * (dp - (dp * self.p).sum(axis=-1, keepdims=True))
        dq = ds @ self.k / self.root
        dk = ds.swapaxes(1, 2) @ self.q
        return dq, dk, dv


# %% ScaledDotProductAttention: wrong-axis
# In the way back through the softmax the sum runs over the queries (axis 1) and not over the
# keys.
# spoilt: dq, dk
class ScaledDotProductAttention:
    """softmax(q k^T / sqrt(width)) v, in each sequence of the batch.

    Shapes: q (batch, queries, width), k (batch, keys, width), v (batch, keys, values); the output
    and upstream (batch, queries, values); mask (queries, keys) or (batch, queries, keys).
    """

    def forward(
        self, q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None = None
    ) -> np.ndarray:
        self.q, self.k, self.v, self.root = q, k, v, np.sqrt(q.shape[-1])
        scores = q @ k.swapaxes(1, 2) / self.root
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        shifted = scores - scores.max(axis=-1, keepdims=True)  # keeps exp finite
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.p @ v

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return dq (batch, queries, width), dk (batch, keys, width), dv (batch, keys, values).

        upstream has the shape (batch, queries, values).
        """
        dv = np.einsum("bqk,bqv->bkv", self.p, upstream)
        dP = np.einsum("bqv,bkv->bqk", upstream, self.v)
        row = np.sum(dP * self.p, axis=1, keepdims=True)
        dS = self.p * (dP - row)
        dS = dS / self.root
        dq = np.einsum("bqk,bkd->bqd", dS, self.k)
        dk = np.einsum("bqk,bqd->bkd", dS, self.q)
        return dq, dk, dv


# %% ScaledDotProductAttention: condition-not-handled
# The probabilities are computed anew in backward without the mask, so all gradients are wrong
# when a mask was given.
# spoilt: dq, dk, dv
class ScaledDotProductAttention:
    """softmax(q k^T / sqrt(width)) v, in each sequence of the batch.

    Shapes: q (batch, queries, width), k (batch, keys, width), v (batch, keys, values); the output
    and upstream (batch, queries, values); mask (queries, keys) or (batch, queries, keys).
    """

    def forward(
        self, q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None = None
    ) -> np.ndarray:
        self.q, self.k, self.v, self.root = q, k, v, np.sqrt(q.shape[-1])
        scores = q @ k.swapaxes(1, 2) / self.root
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        shifted = scores - scores.max(axis=-1, keepdims=True)  # keeps exp finite
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.p @ v

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return dq (batch, queries, width), dk (batch, keys, width), dv (batch, keys, values).

        upstream has the shape (batch, queries, values).
        """
        s = self.q @ self.k.swapaxes(1, 2) / self.root
        e = np.exp(s - s.max(axis=-1, keepdims=True))
        P = e / e.sum(axis=-1, keepdims=True)
        dv = P.swapaxes(1, 2) @ upstream
        dP = upstream @ self.v.swapaxes(1, 2)
        dS = P * (dP - np.sum(dP * P, axis=-1, keepdims=True))
        dq = (dS @ self.k) / self.root
        dk = (dS.swapaxes(1, 2) @ self.q) / self.root
        return dq, dk, dv


# %% Embedding: right
class Embedding:
    """y[n, t] = W[tokens[n, t]].

    Shapes: tokens (batch, time) of integers, W (words, units), y and upstream (batch, time, units).
    """

    def __init__(self, W: np.ndarray) -> None:
        self.W = W

    def forward(self, tokens: np.ndarray) -> np.ndarray:
        self.tokens = tokens
        return self.W[tokens]

    def backward(self, upstream: np.ndarray) -> None:
        """Set dW (words, units), given upstream (batch, time, units). Return nothing."""
        words = self.W.shape[0]
        onehot = (self.tokens.reshape(-1, 1) == np.arange(words)).astype(float)
        self.dW = onehot.T @ upstream.reshape(-1, upstream.shape[-1])


# %% RNN: right
class RNN:
    """All steps of a recurrent network; the output is the state after each of them.

    Shapes: x (batch, time, inputs), h0 (batch, units), Wx (inputs, units), Wh (units, units),
    b (units,); the output and upstream (batch, time, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h0: np.ndarray) -> np.ndarray:
        states = [h0]
        for t in range(x.shape[1]):
            states.append(np.tanh(x[:, t] @ self.Wx + states[-1] @ self.Wh + self.b))
        self.x, self.h = x, np.stack(states, axis=1)
        return self.h[:, 1:]

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, time, inputs) and dh0 (batch, units), given upstream (batch, time, units).
        """
        batch, T, units = upstream.shape
        slope = 1 - self.h[:, 1:] ** 2
        deltas = [None] * T
        carried = np.zeros((batch, units))
        for t in range(T)[::-1]:
            deltas[t] = (carried + upstream[:, t]) * slope[:, t]
            carried = np.einsum("bu,vu->bv", deltas[t], self.Wh)
        D = np.stack(deltas, axis=1)
        flat = D.reshape(-1, units)
        self.db = flat.sum(0)
        self.dWx = self.x.reshape(-1, self.x.shape[-1]).T @ flat
        self.dWh = self.h[:, :-1].reshape(-1, units).T @ flat
        return np.tensordot(D, self.Wx, axes=(2, 1)), carried


# %% LSTMCell: right
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))


class LSTMCell:
    """One step of a long short-term memory.

    Shapes: x (batch, inputs), h and c (batch, units), Wx (inputs, 4 units), Wh (units, 4 units),
    b (4 units,); both outputs, dh and dc (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray, c: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        a_i, a_f, a_o, a_g = np.split(x @ self.Wx + h @ self.Wh + self.b, 4, axis=1)
        self.x, self.h, self.c = x, h, c
        self.i, self.f, self.o, self.g = sigmoid(a_i), sigmoid(a_f), sigmoid(a_o), np.tanh(a_g)
        c_next = self.f * c + self.i * self.g
        self.tanh_c = np.tanh(c_next)
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        slope_tanh = 1 - self.tanh_c * self.tanh_c
        cell = dh * self.o * slope_tanh + dc
        other = np.stack([cell * self.g, cell * self.c, dh * self.tanh_c, cell * self.i], axis=1)
        act = np.stack([self.i, self.f, self.o, self.g], axis=1)
        local = act * (1 - act)
        local[:, 3] = (1 - self.g) * (1 + self.g)
        delta = (other * local).reshape(len(dh), -1)
        inp = np.concatenate([self.x, self.h], axis=1)
        dW = inp.T @ delta
        n = self.x.shape[1]
        self.dWx, self.dWh, self.db = dW[:n], dW[n:], delta.sum(axis=0)
        dinp = delta @ np.concatenate([self.Wx, self.Wh], axis=0).T
        return dinp[:, :n], dinp[:, n:], self.f * cell


# %% ScaledDotProductAttention: right
class ScaledDotProductAttention:
    """softmax(q k^T / sqrt(width)) v, in each sequence of the batch.

    Shapes: q (batch, queries, width), k (batch, keys, width), v (batch, keys, values); the output
    and upstream (batch, queries, values); mask (queries, keys) or (batch, queries, keys).
    """

    def forward(
        self, q: np.ndarray, k: np.ndarray, v: np.ndarray, mask: np.ndarray | None = None
    ) -> np.ndarray:
        self.q, self.k, self.v, self.root = q, k, v, np.sqrt(q.shape[-1])
        scores = q @ k.swapaxes(1, 2) / self.root
        if mask is not None:
            scores = np.where(mask, scores, -np.inf)
        shifted = scores - scores.max(axis=-1, keepdims=True)  # keeps exp finite
        self.p = np.exp(shifted) / np.exp(shifted).sum(axis=-1, keepdims=True)
        return self.p @ v

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return dq (batch, queries, width), dk (batch, keys, width), dv (batch, keys, values).

        upstream has the shape (batch, queries, values).
        """
        dq, dk, dv = (np.zeros(a.shape) for a in (self.q, self.k, self.v))
        for b in range(len(upstream)):
            P, U = self.p[b], upstream[b]
            for i in range(len(P)):
                dv[b] += np.outer(P[i], U[i])
                J = np.diag(P[i]) - np.outer(P[i], P[i])
                ds = J @ (self.v[b] @ U[i]) / self.root
                dq[b, i] = ds @ self.k[b]
                dk[b] += np.outer(ds, self.q[b, i])
        return dq, dk, dv


# %% RNNCell: right
class RNNCell:
    """One step: tanh(x Wx + h Wh + b).

    Shapes: x (batch, inputs), h (batch, units), Wx (inputs, units), Wh (units, units), b (units,);
    the output and upstream (batch, units).
    """

    def __init__(self, Wx: np.ndarray, Wh: np.ndarray, b: np.ndarray) -> None:
        self.Wx, self.Wh, self.b = Wx, Wh, b

    def forward(self, x: np.ndarray, h: np.ndarray) -> np.ndarray:
        self.x, self.h = x, h
        self.h_next = np.tanh(x @ self.Wx + h @ self.Wh + self.b)
        return self.h_next

    def backward(self, upstream: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Set dWx (inputs, units), dWh (units, units) and db (units,).

        Return dx (batch, inputs) and dh (batch, units), given upstream (batch, units).
        """
        delta = (1 + self.h_next) * (1 - self.h_next) * upstream
        both = np.hstack([self.x, self.h, np.ones((len(delta), 1))])
        grads = both.T @ delta
        i = self.x.shape[1]
        self.dWx, self.dWh, self.db = grads[:i], grads[i:-1], grads[-1]
        back = delta @ np.vstack([self.Wx, self.Wh]).T
        return back[:, :i], back[:, i:]
