# expect: LogisticCrossEntropy correct 8 / 8
# exp overflows to inf, and 1 / inf is the right 0
import numpy as np


class LogisticCrossEntropy:
    """L = mean of log(1 + exp(z)) - t z over the batch, for logits z and targets t in {0, 1}.

    Shapes: scores (batch,), targets (batch,).
    """

    def forward(self, scores: np.ndarray, targets: np.ndarray) -> float:
        self.z, self.t = scores, targets
        return float(np.mean(np.logaddexp(0.0, scores) - targets * scores))

    def backward(self) -> np.ndarray:
        """Return dscores (batch,)."""
        return (1 / (1 + np.exp(-self.z)) - self.t) / len(self.t)
