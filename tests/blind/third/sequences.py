# Answers by somebody who had not seen the grader, for seven assignments: wrong in ways known from
# hand-ins, and right in many styles. Each cell begins
# with the exercise, the names that are true of the answer ("right" where nothing is wrong, "-" where
# the catalogue has no name), what was done, and the arrays that it spoils.


# %% Embedding: overwritten
# fancy-index += is buffered, so of a word that occurs several times only the last place counts.
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
        # BEGIN SOLUTION: your code in place of the next line
        self.dW = np.zeros_like(self.W)
        flat_tokens = self.tokens.ravel()
        flat_grad = upstream.reshape(-1, upstream.shape[-1])
        self.dW[flat_tokens] += flat_grad
        # END SOLUTION


# %% Embedding: factor-of-its-own
# the gradients of a word are averaged over its places and not summed.
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
        dW = []
        for v in range(len(self.W)):
            where = self.tokens == v
            if where.any():
                dW.append(upstream[where].mean(axis=0))
            else:
                dW.append(np.zeros(self.W.shape[1]))
        self.dW = np.array(dW)


# %% Embedding: extra-factor
# the message of each place is multiplied by the word's own row of W (the lookup is treated as a
# product).
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
        # BEGIN SOLUTION: your code in place of the next line
        words, units = self.W.shape
        onehot = np.eye(words)[self.tokens]
        self.dW = np.einsum("ntv,ntu->vu", onehot, upstream) * self.W
        # END SOLUTION


# %% Embedding: last-example-only and divided-by-width
# dW is allocated anew for each sequence of the batch, so only the last sequence counts; and the
# gradient is divided by the number of time steps.
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
        batch, time = self.tokens.shape
        for n in range(batch):
            self.dW = np.zeros(self.W.shape)
            for t in range(time):
                self.dW[self.tokens[n, t]] += upstream[n, t] / time


# %% RNNCell: factor-missing
# the slope of tanh is left out.
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
        # BEGIN SOLUTION: your code in place of the next line
        delta = upstream
        self.dWx = np.dot(self.x.T, delta)
        self.dWh = np.dot(self.h.T, delta)
        self.db = np.sum(delta, axis=0)
        dx, dh = np.dot(delta, self.Wx.T), np.dot(delta, self.Wh.T)
        return dx, dh
        # END SOLUTION


# %% RNNCell: another-array
# the slope of tanh is taken at the state before the step and not at the new one.
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
        one = np.ones_like(self.h)
        d = upstream * (one - np.power(self.h, 2))
        self.dWx, self.dWh, self.db = self.x.T @ d, self.h.T @ d, d.sum(axis=0)
        return d @ self.Wx.T, d @ self.Wh.T


# %% RNNCell: transpose-missing
# Wh is not transposed in dh, which its square shape does not show.
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
        # BEGIN SOLUTION: your code in place of the next line
        da = np.einsum("nu,nu->nu", upstream, 1 - self.h_next**2)
        self.dWx = np.einsum("ni,nu->iu", self.x, da)
        self.dWh = np.einsum("nv,nu->vu", self.h, da)
        self.db = np.einsum("nu->u", da)
        dx = np.einsum("nu,iu->ni", da, self.Wx)
        dh = np.einsum("nu,uv->nv", da, self.Wh)
        return dx, dh
        # END SOLUTION


# %% RNNCell: another-array
# dWh is built from the state after the step and not from the one before it; db is averaged over
# the batch.
# spoilt: dWh, db
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
        slope = (1 - self.h_next) * (1 + self.h_next)
        grad_a = slope * upstream
        grads = dict(Wx=self.x.T @ grad_a, Wh=self.h_next.T @ grad_a, b=grad_a.mean(0))
        for name, value in grads.items():
            setattr(self, "d" + name, value)
        return grad_a @ self.Wx.T, grad_a @ self.Wh.T


# %% RNNCell: extra-term
# upstream is added to dh as if the state were also carried on unchanged (a skip connection).
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
        # BEGIN SOLUTION: your code in place of the next line
        a_bar = (1.0 - self.h_next * self.h_next) * upstream
        self.dWx = self.x.T.dot(a_bar)
        self.dWh = self.h.T.dot(a_bar)
        self.db = a_bar.sum(0)
        dh = upstream.copy()
        dh += a_bar.dot(self.Wh.T)
        return a_bar.dot(self.Wx.T), dh
        # END SOLUTION


# %% RNN: term-missing
# what comes from later steps is not carried on: each step uses its own upstream only.
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
        batch, T, inputs = self.x.shape
        dx = np.zeros_like(self.x)
        self.dWx = np.zeros_like(self.Wx)
        self.dWh = np.zeros_like(self.Wh)
        self.db = np.zeros_like(self.b)
        for t in range(T - 1, -1, -1):
            da = upstream[:, t] * (1 - self.h[:, t + 1] ** 2)
            self.dWx += self.x[:, t].T @ da
            self.dWh += self.h[:, t].T @ da
            self.db += da.sum(axis=0)
            dx[:, t] = da @ self.Wx.T
            dh = da @ self.Wh.T
        return dx, dh


# %% RNN: order-not-reversed
# the loop runs from the first step to the last, so the carried gradient goes the wrong way
# through time.
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
        # BEGIN SOLUTION: your code in place of the next line
        dx = np.empty_like(self.x)
        dWx, dWh, db = [0 * p for p in (self.Wx, self.Wh, self.b)]
        carry = np.zeros_like(self.h[:, 0])
        for t in range(self.x.shape[1]):
            delta = (upstream[:, t] + carry) * (1 - np.square(self.h[:, t + 1]))
            dWx = dWx + self.x[:, t].T @ delta
            dWh = dWh + self.h[:, t].T @ delta
            db = db + delta.sum(0)
            dx[:, t] = delta @ self.Wx.T
            carry = delta @ self.Wh.T
        self.dWx, self.dWh, self.db = dWx, dWh, db
        return dx, carry
        # END SOLUTION


# %% RNN: parentheses-moved
# the gradient from the next step is added after the multiplication by the slope of tanh, so it
# does not pass that slope.
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
        dx, dnext = [], np.zeros(upstream[:, 0].shape)
        self.dWx, self.dWh, self.db = np.zeros_like(self.Wx), np.zeros_like(self.Wh), np.zeros_like(self.b)
        for t in reversed(range(T)):
            d = upstream[:, t] * (1 - self.h[:, t + 1] ** 2) + dnext
            dx.insert(0, d @ self.Wx.T)
            self.dWx += self.x[:, t].T @ d
            self.dWh += self.h[:, t].T @ d
            self.db += d.sum(axis=0)
            dnext = d @ self.Wh.T
        return np.stack(dx, axis=1), dnext


# %% RNN: overwritten
# dWx, dWh and db are assigned at each step and keep only what the first step contributes.
# spoilt: dWx, dWh, db
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
        # BEGIN SOLUTION: your code in place of the next line
        dx = np.zeros_like(self.x)
        dh = np.zeros_like(self.h[:, -1])
        for t in range(self.x.shape[1])[::-1]:
            dh = dh + upstream[:, t]
            dz = dh * (1 - self.h[:, t + 1] ** 2)
            self.dWx = self.x[:, t].T @ dz
            self.dWh = self.h[:, t].T @ dz
            self.db = dz.sum(axis=0)
            dx[:, t] = dz @ self.Wx.T
            dh = dz @ self.Wh.T
        return dx, dh
        # END SOLUTION


# %% RNN: index-off-by-one
# the slope of tanh and dWh are one step off: the slope is taken at the state before the step,
# and dWh is collected with the state after it.
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
        self.dWx, self.dWh, self.db = (np.zeros(p.shape) for p in (self.Wx, self.Wh, self.b))
        dx, back = np.zeros(self.x.shape), 0.0
        t = T - 1
        while t >= 0:
            before, after = self.h[:, t], self.h[:, t + 1]
            delta = (upstream[:, t] + back) * (1 - before**2)
            self.dWx += self.x[:, t].T @ delta
            self.dWh += after.T @ delta
            self.db += np.sum(delta, axis=0)
            dx[:, t] = delta @ self.Wx.T
            back = delta @ self.Wh.T
            t -= 1
        return dx, back


# %% RNN: another-array
# dh0 is the gradient of the first pre-activation and has not gone through Wh.
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
        # BEGIN SOLUTION: your code in place of the next line
        H, X = self.h, self.x
        deltas = np.zeros_like(upstream)
        carry = np.zeros_like(H[:, 0])
        for t in reversed(range(X.shape[1])):
            deltas[:, t] = (upstream[:, t] + carry) * (1 - H[:, t + 1] ** 2)
            carry = deltas[:, t] @ self.Wh.T
        self.dWx = np.einsum("nti,ntu->iu", X, deltas)
        self.dWh = np.einsum("ntv,ntu->vu", H[:, :-1], deltas)
        self.db = deltas.sum(axis=(0, 1))
        return deltas @ self.Wx.T, deltas[:, 0]
        # END SOLUTION


# %% RNN: clipped
# the parameters' gradients are clipped to -1 ... 1, a measure against explosion that is no part
# of the derivative.
# spoilt: dWx, dWh, db
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
        # BEGIN SOLUTION: your code in place of the next line
        dWx, dWh, db = np.zeros_like(self.Wx), np.zeros_like(self.Wh), np.zeros_like(self.b)
        dx, dhnext = np.zeros_like(self.x), np.zeros_like(self.h[:, 0])
        for t in reversed(range(self.x.shape[1])):
            dh = upstream[:, t] + dhnext
            dhraw = (1 - self.h[:, t + 1] * self.h[:, t + 1]) * dh
            db += dhraw.sum(axis=0)
            dWx += np.dot(self.x[:, t].T, dhraw)
            dWh += np.dot(self.h[:, t].T, dhraw)
            dx[:, t] = np.dot(dhraw, self.Wx.T)
            dhnext = np.dot(dhraw, self.Wh.T)
        for dparam in [dWx, dWh, db]:
            np.clip(dparam, -1, 1, out=dparam)
        self.dWx, self.dWh, self.db = dWx, dWh, db
        return dx, dhnext
        # END SOLUTION


# %% LSTMCell: term-missing
# what reaches the new c through h is forgotten: dc is used alone.
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
        i, f, o, g = self.i, self.f, self.o, self.g
        total = dc
        di, df, do, dg = total * g, total * self.c, dh * self.tanh_c, total * i
        da = np.concatenate([di * i * (1 - i), df * f * (1 - f), do * o * (1 - o), dg * (1 - g * g)], axis=1)
        self.dWx, self.dWh, self.db = self.x.T @ da, self.h.T @ da, da.sum(axis=0)
        return da @ self.Wx.T, da @ self.Wh.T, total * f


# %% LSTMCell: parts-in-wrong-order
# the blocks are joined in the order i, f, g, o and not i, f, o, g.
# spoilt: dx, dh, dWx, dWh, db
def sigmoid(z: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + exp(-z)), entry by entry; safe for every z."""
    return np.exp(-np.logaddexp(0.0, -z))

def dsig(s):
    return s * (1 - s)


def dtanh(t):
    return 1 - t**2


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
        # BEGIN SOLUTION: your code in place of the next line
        ct = dc + dh * self.o * dtanh(self.tanh_c)
        blocks = {
            "i": ct * self.g * dsig(self.i),
            "f": ct * self.c * dsig(self.f),
            "g": ct * self.i * dtanh(self.g),
            "o": dh * self.tanh_c * dsig(self.o),
        }
        d = np.hstack(list(blocks.values()))
        self.dWx = self.x.T @ d
        self.dWh = self.h.T @ d
        self.db = d.sum(0)
        return d @ self.Wx.T, d @ self.Wh.T, ct * self.f
        # END SOLUTION


# %% LSTMCell: right-along-part-of-an-axis
# the candidate g is given the slope of the sigmoid and not that of tanh; and the tanh_c that is
# already a tanh gets tanh once more in the way from h to c.
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
        u = self.c.shape[1]
        delta_c = dc + dh * self.o * (1 - np.tanh(self.tanh_c) ** 2)
        da = np.empty((len(dh), 4 * u))
        pairs = ((self.i, self.g), (self.f, self.c), (self.o, None), (self.g, self.i))
        for k, (gate, other) in enumerate(pairs):
            into = dh * self.tanh_c if other is None else delta_c * other
            da[:, k * u:(k + 1) * u] = into * gate * (1 - gate)
        self.dWx = np.matmul(self.x.T, da)
        self.dWh = np.matmul(self.h.T, da)
        self.db = np.matmul(np.ones(len(da)), da)
        return np.matmul(da, self.Wx.T), np.matmul(da, self.Wh.T), delta_c * self.f


# %% LSTMCell: right-along-part-of-an-axis
# the forget gate gets the new cell state and not the one before the step beside it.
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
        self.c_next = c_next
        return self.o * self.tanh_c, c_next

    def backward(self, dh: np.ndarray, dc: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Set dWx (inputs, 4 units), dWh (units, 4 units) and db (4 units,).

        Return dx (batch, inputs), dh (batch, units) and dc (batch, units), the gradients of the
        inputs, given those of the outputs, dh and dc (batch, units).
        """
        # BEGIN SOLUTION: your code in place of the next line
        delta = dc + self.o * (1 - self.tanh_c**2) * dh
        d_i = delta * self.g * self.i * (1 - self.i)
        d_f = delta * self.c_next * self.f * (1 - self.f)
        d_o = dh * self.tanh_c * self.o * (1 - self.o)
        d_g = delta * self.i * (1 - self.g**2)
        gates = np.concatenate((d_i, d_f, d_o, d_g), axis=-1)
        self.dWx = np.einsum("ni,nk->ik", self.x, gates)
        self.dWh = np.einsum("ni,nk->ik", self.h, gates)
        self.db = np.einsum("nk->k", gates)
        return np.einsum("nk,ik->ni", gates, self.Wx), np.einsum("nk,ik->ni", gates, self.Wh), delta * self.f
        # END SOLUTION


# %% LSTMCell: factor-missing
# the gradient for c is returned without the factor f.
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
        # BEGIN SOLUTION: your code in place of the next line
        s = lambda a: a - a**2
        dct = dc + dh * self.o - dh * self.o * self.tanh_c**2
        da = np.stack([dct * self.g * s(self.i), dct * self.c * s(self.f), dh * self.tanh_c * s(self.o), dct * self.i - dct * self.i * self.g**2], axis=1)
        da = da.reshape(len(dh), -1)
        self.dWx, self.dWh = (m.T @ da for m in (self.x, self.h))
        self.db = da.sum(axis=0)
        back = [da @ M.T for M in (self.Wx, self.Wh)]
        return back[0], back[1], dct
        # END SOLUTION


# %% ScaledDotProductAttention: extra-factor
# the factor 1/sqrt(D) is missing in dk.
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
        P = self.p
        dV = np.einsum("bij,bid->bjd", P, upstream)
        dP = np.einsum("bid,bjd->bij", upstream, self.v)
        dS = P * (dP - np.einsum("bij,bij->bi", dP, P)[..., None])
        dQ = np.einsum("bij,bjd->bid", dS, self.k) / self.root
        dK = np.einsum("bij,bid->bjd", dS, self.q)
        return dQ, dK, dV


# %% ScaledDotProductAttention: factor-twice
# divided by D and not by the root of D in dq and dk.
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
        # BEGIN SOLUTION: your code in place of the next line
        dv, dq, dk = np.zeros_like(self.v), np.zeros_like(self.q), np.zeros_like(self.k)
        for n in range(len(self.q)):
            p, u = self.p[n], upstream[n]
            dv[n] = p.T @ u
            dp = u @ self.v[n].T
            ds = p * (dp - np.sum(dp * p, axis=1, keepdims=True))
            dq[n] = ds @ self.k[n] / self.root**2
            dk[n] = ds.T @ self.q[n] / self.root**2
        return dq, dk, dv
        # END SOLUTION


# %% ScaledDotProductAttention: not-summed
# the softmax is taken back entry by entry, P (1 - P), and not row by row.
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
        T = lambda a: np.transpose(a, (0, 2, 1))
        dv = np.matmul(T(self.p), upstream)
        dp = np.matmul(upstream, T(self.v))
        ds = dp * self.p * (1.0 - self.p) / self.root
        return np.matmul(ds, self.k), np.matmul(T(ds), self.q), dv


# %% ScaledDotProductAttention: wrong-axis
# the sum of the softmax runs over the queries and not over the keys.
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
        # BEGIN SOLUTION: your code in place of the next line
        u = upstream
        dp = u @ self.v.swapaxes(1, 2)
        inner = (dp * self.p).sum(axis=1, keepdims=True)
        ds = self.p * (dp - inner)
        ds /= self.root
        dq = ds @ self.k
        dk = ds.swapaxes(-1, -2) @ self.q
        dv = self.p.swapaxes(-1, -2) @ u
        return dq, dk, dv
        # END SOLUTION


# %% ScaledDotProductAttention: sign-flipped
# dv is computed with the hard maximum of each row of P instead of P; and the sign in front of
# the softmax sum is plus.
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
        hard = (self.p == self.p.max(axis=-1, keepdims=True)).astype(float)
        dv = hard.swapaxes(1, 2) @ upstream
        dp = upstream @ self.v.swapaxes(1, 2)
        row = np.sum(dp * self.p, axis=2, keepdims=True)
        ds = self.p * (dp + row)
        dq = ds @ self.k / self.root
        dk = ds.swapaxes(1, 2) @ self.q / self.root
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
        # BEGIN SOLUTION: your code in place of the next line
        words = np.arange(len(self.W))
        hot = (self.tokens[..., None] == words).astype(float)
        self.dW = np.tensordot(hot, upstream, axes=([0, 1], [0, 1]))
        # END SOLUTION


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
        tok, g = self.tokens.ravel(), upstream.reshape(self.tokens.size, -1)
        order = np.argsort(tok, kind="stable")
        present, first = np.unique(tok[order], return_index=True)
        self.dW = np.zeros(self.W.shape)
        self.dW[present] = np.add.reduceat(g[order], first, axis=0)
        return None


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
        # BEGIN SOLUTION: your code in place of the next line
        z = np.hstack([self.x, self.h])
        V = np.vstack([self.Wx, self.Wh])
        d = upstream - upstream * self.h_next**2
        dV = z.T @ d
        n = self.x.shape[1]
        self.dWx, self.dWh, self.db = dV[:n].copy(), dV[n:].copy(), d.sum(axis=0)
        dz = d @ V.T
        return dz[:, :n], dz[:, n:]
        # END SOLUTION


# %% RNNCell: right
from dataclasses import dataclass


@dataclass
class Grads:
    Wx: np.ndarray
    Wh: np.ndarray
    b: np.ndarray


def cell_backward(u, x, h, h_next, Wx, Wh):
    d = np.zeros_like(u)
    for at in np.ndindex(u.shape):
        d[at] = u[at] * (1 + h_next[at]) * (1 - h_next[at])
    g = Grads(*(sum(np.outer(a, b) for a, b in zip(m, d)) for m in (x, h)), sum(d))
    return (Wx @ d.T).T, (Wh @ d.T).T, g


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
        dx, dh, g = cell_backward(upstream, self.x, self.h, self.h_next, self.Wx, self.Wh)
        self.dWx, self.dWh, self.db = g.Wx, g.Wh, g.b
        return dx, dh


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
        # BEGIN SOLUTION: your code in place of the next line
        x, H, T = self.x, self.h, self.x.shape[1]
        slope = 1 - H[:, 1:] ** 2

        def delta(t):
            """List of the deltas from step t on."""
            if t == T:
                return []
            later = delta(t + 1)
            coming = later[0] @ self.Wh.T if later else 0.0
            return [(upstream[:, t] + coming) * slope[:, t], *later]

        D = np.stack(delta(0), axis=1)
        self.dWx = np.tensordot(x, D, axes=([0, 1], [0, 1]))
        self.dWh = np.tensordot(H[:, :T], D, axes=([0, 1], [0, 1]))
        self.db = D.sum(axis=(0, 1))
        return D @ self.Wx.T, D[:, 0] @ self.Wh.T
        # END SOLUTION


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
        # every output on its own, sent back through all steps before it
        N, T, M = upstream.shape
        dx = np.zeros_like(self.x)
        dh0 = np.zeros((N, M))
        self.dWx, self.dWh, self.db = 0 * self.Wx, 0 * self.Wh, 0 * self.b
        for last in range(T):
            g = upstream[:, last]
            for t in range(last, -1, -1):
                d = g * (1 - self.h[:, t + 1] ** 2)
                self.dWx += self.x[:, t].T @ d
                self.dWh += self.h[:, t].T @ d
                self.db += d.sum(axis=0)
                dx[:, t] += d @ self.Wx.T
                g = d @ self.Wh.T
            dh0 += g
        return dx, dh0


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
        # BEGIN SOLUTION: your code in place of the next line
        act = np.stack([self.i, self.f, self.o, self.g])
        slope = act * (1 - act)
        slope[3] = 1 - act[3] ** 2
        to_c = dc + dh * (self.o - self.o * self.tanh_c**2)
        beside = np.stack([to_c * self.g, to_c * self.c, dh * self.tanh_c, to_c * self.i])
        d = beside * slope                                        # 4, batch, units
        Wx4 = self.Wx.reshape(len(self.Wx), 4, -1)
        Wh4 = self.Wh.reshape(len(self.Wh), 4, -1)
        self.dWx = np.einsum("ni,knu->iku", self.x, d).reshape(self.Wx.shape)
        self.dWh = np.einsum("ni,knu->iku", self.h, d).reshape(self.Wh.shape)
        self.db = d.sum(axis=1).ravel()
        return np.einsum("knu,iku->ni", d, Wx4), np.einsum("knu,iku->ni", d, Wh4), to_c * self.f
        # END SOLUTION


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
        n, u = self.c.shape
        self.dWx, self.dWh, self.db = np.zeros_like(self.Wx), np.zeros_like(self.Wh), np.zeros_like(self.b)
        dx, dh_in, dc_in = np.zeros_like(self.x), np.zeros_like(self.h), np.zeros_like(self.c)
        for r in range(n):
            da = np.zeros(4 * u)
            for j in range(u):
                i, f, o, g, tc = (a[r, j] for a in (self.i, self.f, self.o, self.g, self.tanh_c))
                q = dc[r, j] + dh[r, j] * o * (1 - tc * tc)
                da[j] = q * g * i * (1 - i)
                da[u + j] = q * self.c[r, j] * f * (1 - f)
                da[2 * u + j] = dh[r, j] * tc * o * (1 - o)
                da[3 * u + j] = q * i * (1 - g * g)
                dc_in[r, j] = q * f
            self.dWx += np.outer(self.x[r], da)
            self.dWh += np.outer(self.h[r], da)
            self.db += da
            dx[r], dh_in[r] = self.Wx @ da, self.Wh @ da
        return dx, dh_in, dc_in


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
        # BEGIN SOLUTION: your code in place of the next line
        P, s = self.p, 1 / self.root
        dP = np.einsum("bqe,bke->bqk", upstream, self.v)
        # upstream . y equals sum_m dP P, row by row
        y = P @ self.v
        dS = P * (dP - np.einsum("bqe,bqe->bq", upstream, y)[:, :, None])
        return (
            np.einsum("bqk,bkd->bqd", dS, self.k) * s,
            np.einsum("bqk,bqd->bkd", dS, self.q) * s,
            np.einsum("bqk,bqe->bke", P, upstream),
        )
        # END SOLUTION


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
        B, Q, K = self.p.shape
        dS = np.empty_like(self.p)
        dP = np.matmul(upstream, np.moveaxis(self.v, -1, -2))
        for n in range(B):
            for i in range(Q):
                row = self.p[n, i]
                dS[n, i] = (np.diagflat(row) - row[:, None] * row[None, :]) @ dP[n, i]
        dS = dS / self.root
        dq = np.stack([a @ b for a, b in zip(dS, self.k)])
        dk = np.stack([a.T @ b for a, b in zip(dS, self.q)])
        dv = np.stack([a.T @ b for a, b in zip(self.p, upstream)])
        return dq, dk, dv
