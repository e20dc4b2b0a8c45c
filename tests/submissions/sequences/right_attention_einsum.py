# expect: ScaledDotProductAttention correct 10 / 10
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
        dv = np.einsum("nij,niv->njv", self.p, upstream)
        dp = np.einsum("niv,njv->nij", upstream, self.v)
        ds = self.p * (dp - np.einsum("nij,nij->ni", dp, self.p)[..., None])
        ds = ds / np.sqrt(self.k.shape[2])
        return np.einsum("nij,njd->nid", ds, self.k), np.einsum("nij,nid->njd", ds, self.q), dv
