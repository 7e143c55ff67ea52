"""How well scores rank: the area under the ROC curve.

What it measures
    The probability that a positive row scores above a negative one; ties count one half. Exact,
    with DeLong's interval.

Why it matters
    It does not depend on a threshold, so models can be compared before one is chosen.

When it misleads
    It says nothing of calibration, and little of the few rows at the top where decisions are made.
    With one class only it is undefined: an error.

Example
    metrics: {roc_auc: 0.85}

References
    DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated ROC curves.
"""

from mlval.domain.metric import BinaryScores, Estimated, Metric
from mlval.stats import ranking


class RocAuc(Metric):
    """The area under the ROC curve."""

    name = "roc_auc"
    aliases = ("roc_auc_score", "auc")
    better = "higher"
    needs = "scores"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Count, for every pair of a positive and a negative row, which scores higher."""
        return ranking.roc_auc(evidence.truth, evidence.score, confidence=confidence)
