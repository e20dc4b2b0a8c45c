# expect: ScaledDotProductAttention partial 2 / 10
# wrong: ScaledDotProductAttention dq dk
# AT4: every probability counts as a little above 0
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
        dv = self.p.swapaxes(1, 2) @ upstream
        dp = upstream @ self.v.swapaxes(1, 2)
        ds = (
            np.maximum(self.p, 1e-2)
            * (dp - np.sum(dp * self.p, axis=-1, keepdims=True))
            / self.root
        )
        return ds @ self.k, ds.swapaxes(1, 2) @ self.q, dv
