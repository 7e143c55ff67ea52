"""How well scores rank: the area under the ROC curve, average precision, lift.

What it measures
    `roc_auc` is the probability that a positive row scores above a negative one; ties count one half.
    Exact, with DeLong's interval. `average_precision` is the mean over the positive rows of the precision
    at their score. `lift` says how many times as frequent positive rows are among the `share` of rows
    with the highest scores as among all.

Why it matters
    They do not depend on a threshold, so models can be compared before one is chosen. Where positives are
    rare, average precision and lift look at the rows where decisions are made.

When it misleads
    They say nothing of calibration. The area says little of the top of the ranking; average precision
    depends on how frequent positives are, so slices cannot be compared by it. Where one score is shared
    across the end of the top, lift counts its rows in parts. With one class only they are undefined: an
    error.

Example
    metrics: {roc_auc: 0.85, average_precision: 0.4, lift: {min: 3, share: 5%}}

References
    DeLong, DeLong and Clarke-Pearson (1988), Comparing the areas under two or more correlated ROC curves.
    Boyd, Eng and Page (2013), Area under the precision-recall curve: point estimates and confidence
    intervals. scikit-learn, sklearn.metrics.average_precision_score.
"""

from pydantic import Field

from mlval.domain import grammar
from mlval.domain.metric import BinaryScores, Estimated, Metric
from mlval.stats import ranking, top_rows
from mlval.stats.errors import Undefined
from mlval.stats.score_counts import ScoreCounts


class RocAuc(Metric):
    """The area under the ROC curve."""

    name = "roc_auc"
    aliases = ("roc_auc_score", "auc")
    better = "higher"
    needs = "scores"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Count, for every pair of a positive and a negative row, which scores higher."""
        return ranking.roc_auc_of(ScoreCounts(*evidence.counts), confidence=confidence)


class AveragePrecision(Metric):
    """The mean over the positive rows of the precision at their score."""

    name = "average_precision"
    aliases = ("average_precision_score", "pr_auc")
    better = "higher"
    needs = "scores"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Add up precision over the steps of recall, without interpolation."""
        return top_rows.average_precision(ScoreCounts(*evidence.counts), confidence=confidence)


class Lift(Metric):
    """How many times as frequent positive rows are at the top of the ranking as among all."""

    name = "lift"
    better = "higher"
    needs = "scores"

    share: grammar.Share = Field(default=0.1, description="Which share of the rows is the top.")

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Divide the share of positives at the top by that of all rows."""
        if not self.share:
            raise Undefined("a top of 0% has no rows")
        return top_rows.lift(ScoreCounts(*evidence.counts), share=self.share, confidence=confidence)
