# expect: ScaledDotProductAttention correct 10 / 10
# full softmax Jacobians
import numpy as np


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
        dq, dk, dv = np.zeros_like(self.q), np.zeros_like(self.k), np.zeros_like(self.v)
        for n, g in enumerate(upstream):
            dv[n] = self.p[n].T @ g
            for i, row in enumerate(self.p[n]):
                jacobian = np.diag(row) - np.outer(row, row)
                ds = jacobian @ (self.v[n] @ g[i]) / self.root
                dq[n, i] = ds @ self.k[n]
                dk[n] += np.outer(ds, self.q[n, i])
        return dq, dk, dv
