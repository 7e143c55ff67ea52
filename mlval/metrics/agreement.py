"""Agreement of predicted and true classes where classes are uneven: balanced accuracy, MCC, kappa.

What it measures
    `balanced_accuracy` is the mean over the true classes of their recall. `matthews_corrcoef` is the
    correlation of truth and prediction, and `cohen_kappa` the agreement beyond what the frequencies of
    the classes alone would give; both are 1 at best and 0 for guessing.

Why it matters
    Always predicting the majority has a high accuracy, and a balanced accuracy of one over the number
    of classes.

When it misleads
    A class of a few rows weighs as much as all others in the balanced accuracy. Where truth or
    prediction is of one class only, MCC is undefined: an error, not 0. Kappa depends on how frequent
    the classes are, so it cannot be compared across datasets.

Example
    metrics: {balanced_accuracy: 0.8, matthews_corrcoef: {min: 0.5, confidence: 95%}}

References
    scikit-learn, sklearn.metrics: balanced_accuracy_score, matthews_corrcoef, cohen_kappa_score.
    Gorodkin (2004), Comparing two K-category assignments by a K-category correlation coefficient.
"""

from mlval.domain.metric import Confusion, Estimated, Metric
from mlval.stats import agreement


class BalancedAccuracy(Metric):
    """The mean over the true classes of the share of their rows that is right."""

    name = "balanced_accuracy"
    aliases = ("balanced_accuracy_score",)
    better = "higher"
    needs = "confusion"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Average the recalls."""
        return agreement.balanced_accuracy(evidence.matrix, confidence=confidence)


class MatthewsCorrcoef(Metric):
    """The correlation between true and predicted class."""

    name = "matthews_corrcoef"
    aliases = ("mcc",)
    better = "higher"
    needs = "confusion"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Correlate, for any number of classes."""
        return agreement.matthews(evidence.matrix, confidence=confidence)


class CohenKappa(Metric):
    """The agreement beyond chance, over the largest possible."""

    name = "cohen_kappa"
    aliases = ("cohen_kappa_score", "kappa")
    better = "higher"
    needs = "confusion"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Compare the agreement with that of independent classes."""
        return agreement.kappa(evidence.matrix, confidence=confidence)
