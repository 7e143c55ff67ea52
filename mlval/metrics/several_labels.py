"""Rows with any number of labels each: the share of wrong labels, and means over rows.

What it measures
    Truth and prediction are columns of lists (Parquet) of text or whole numbers: the labels of a row. An
    empty list is a row without labels, a null is a row whose labels are not known, and a label that stands
    twice counts once. `hamming_loss` is the share of rows × labels that are wrong; `precision_samples`,
    `recall_samples`, `f1_samples` and `jaccard_samples` are computed of each row's labels and averaged over
    the rows. The metrics of `averages`, `jaccard_macro`, `jaccard_micro`, `jaccard_weighted` and `accuracy`
    (exactly the true labels) are defined of lists too; `micro` is over all rows × labels.

Why it matters
    A document has several topics: a prediction may be right in part.

When it misleads
    Most labels are absent from most rows, so a small Hamming loss says little. A label that no row has on
    either side is left out. A row whose own denominator is zero counts as 0, as with scikit-learn's
    `zero_division=0`; where a row has a label on neither side the means over rows are undefined: an error.

Example
    metrics: {f1_samples: 0.7, hamming_loss: 0.05, f1_macro: 0.6}

References
    scikit-learn, sklearn.metrics: hamming_loss, and f1_score with average="samples".
"""

from typing import ClassVar

from mlval.domain.metric import Estimated, Metric, SeveralLabels
from mlval.stats import label_sets
from mlval.stats.paired_estimate import Influence


class HammingLoss(Metric):
    """The share of rows × labels that are wrong."""

    name = "hamming_loss"
    better = "lower"
    needs = "label_sets"

    def estimate(self, evidence: SeveralLabels, *, confidence: float) -> Estimated:
        """Average over rows and labels; the interval is of rows."""
        return label_sets.estimate(self.influence(evidence), confidence=confidence)

    @staticmethod
    def influence(evidence: SeveralLabels) -> Influence:
        """Compute it with the influence of every row."""
        return label_sets.hamming_loss(evidence.truth, evidence.prediction)


class OverRows(Metric):
    """A mean over rows of how well their labels are told."""

    better = "higher"
    needs = "label_sets"

    ratio: ClassVar[label_sets.Ratio]

    def estimate(self, evidence: SeveralLabels, *, confidence: float) -> Estimated:
        """Average over the rows."""
        return label_sets.estimate(self.influence(evidence), confidence=confidence)

    @classmethod
    def influence(cls, evidence: SeveralLabels) -> Influence:
        """Compute it with the influence of every row."""
        return label_sets.averaged(cls.ratio, evidence.truth, evidence.prediction, average="samples")


class PrecisionSamples(OverRows):
    """The mean over rows of the share of the predicted labels that are true."""

    name = "precision_samples"
    ratio = label_sets.PRECISION


class RecallSamples(OverRows):
    """The mean over rows of the share of the true labels that are predicted."""

    name = "recall_samples"
    ratio = label_sets.RECALL


class F1Samples(OverRows):
    """The mean over rows of the F1 of their labels."""

    name = "f1_samples"
    ratio = label_sets.F1


class JaccardSamples(OverRows):
    """The mean over rows of the labels that are true and predicted, over those that are either."""

    name = "jaccard_samples"
    ratio = label_sets.JACCARD
