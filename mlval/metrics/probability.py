"""How good probabilities are: the log loss and Brier's score.

What it measures
    `log_loss` is the mean of minus the logarithm of the probability that was given to what happened;
    `brier_score` the mean squared distance of the probability from it. With several classes they need
    `scores:` of every class, and Brier's score adds up over the classes, from 0 to 2.

Why it matters
    A model can rank perfectly and still be sure of the wrong things; these see it.

When it misleads
    In the log loss one confident mistake weighs more than a hundred small ones. Probabilities of exactly
    0 and 1 are moved by the smallest step of a double, as scikit-learn does. Scores outside [0, 1], and
    rows that do not add up to one, are an error.

Example
    metrics: {log_loss: {max: 0.40, confidence: 95%}, brier_score: 0.2}

References
    scikit-learn, sklearn.metrics: log_loss, brier_score_loss.
"""

from mlval.domain.metric import BinaryScores, ClassScores, Estimated, Metric
from mlval.stats import class_scores, losses, probabilities
from mlval.stats.score_counts import ScoreCounts


class LogLoss(Metric):
    """The mean negative log likelihood of the truth."""

    name = "log_loss"
    aliases = ("cross_entropy",)
    better = "lower"
    needs = "probabilities"

    def estimate(self, evidence: BinaryScores | ClassScores, *, confidence: float) -> Estimated:
        """Average the loss of every row."""
        if isinstance(evidence, BinaryScores):
            return probabilities.log_loss_of(ScoreCounts(*evidence.counts), confidence=confidence)
        return losses.log_loss_of_classes(evidence.truth, evidence.scores, confidence=confidence)


class BrierScore(Metric):
    """The mean squared distance of the probability from what happened."""

    name = "brier_score"
    aliases = ("brier_score_loss", "brier")
    better = "lower"
    needs = "probabilities"

    def estimate(self, evidence: BinaryScores | ClassScores, *, confidence: float) -> Estimated:
        """Average the squared distance of every row."""
        if isinstance(evidence, BinaryScores):
            return probabilities.brier_score_of(ScoreCounts(*evidence.counts), confidence=confidence)
        return class_scores.brier_score_of_classes(evidence.truth, evidence.scores, confidence=confidence)
