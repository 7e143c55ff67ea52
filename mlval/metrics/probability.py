"""How good probabilities are: the log loss.

What it measures
    The mean of minus the logarithm of the probability that was given to what happened.

Why it matters
    A model can rank perfectly and still be sure of the wrong things; this sees it.

When it misleads
    One confident mistake weighs more than a hundred small ones. Probabilities of exactly 0 and 1
    are moved by the smallest step of a double, as scikit-learn does. Scores outside [0, 1] are an error.

Example
    metrics: {log_loss: {max: 0.40, confidence: 95%}}

References
    scikit-learn, sklearn.metrics.log_loss.
"""

from mlval.domain.metric import BinaryScores, Estimated, Metric
from mlval.stats import losses


class LogLoss(Metric):
    """The mean negative log likelihood of the truth."""

    name = "log_loss"
    better = "lower"
    needs = "scores"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Average the loss of every row."""
        return losses.log_loss(evidence.truth, evidence.score, confidence=confidence)
