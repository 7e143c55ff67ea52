"""How often predicted classes are right: accuracy, precision, recall, F1.

What it measures
    Counts of rows by true and predicted class, from one group-by. `precision` is the share of rows
    predicted positive that are; `recall` the share of positive rows that are found; `f1` their
    harmonic mean. With more than two classes say `average: macro`, `micro` or `weighted`.

Why it matters
    They say what a user of the decisions sees, not what the scores could have done.

When it misleads
    Accuracy rewards the majority class. All four depend on the threshold that made the labels.
    Without a row predicted (or truly) positive, precision (or recall) is undefined: an error.

Example
    metrics: {accuracy: 0.9, recall: {min: 0.8, average: macro}}

References
    scikit-learn, sklearn.metrics: accuracy_score, precision_score, recall_score, f1_score.
"""

from typing import Literal

from pydantic import Field

from mlval.domain.metric import Confusion, Estimated, Metric
from mlval.stats import counts

Average = Literal["binary", "macro", "micro", "weighted"]


class _OfClasses(Metric):
    """A metric of one class, or an average over classes."""

    better = "higher"
    needs = "confusion"

    average: Average = Field(
        default="binary", description="Of the positive class, or how classes are averaged."
    )


class Accuracy(Metric):
    """The share of rows whose predicted class is the true one."""

    name = "accuracy"
    aliases = ("accuracy_score",)
    better = "higher"
    needs = "confusion"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Divide the diagonal by all rows; Wilson's interval."""
        return counts.accuracy(evidence.labels, evidence.matrix, confidence=confidence)


class Precision(_OfClasses):
    """The share of rows predicted positive that are positive."""

    name = "precision"
    aliases = ("precision_score",)

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Divide true positives by predicted positives."""
        return counts.precision(
            evidence.labels,
            evidence.matrix,
            average=self.average,
            positive=evidence.positive,
            confidence=confidence,
        )


class Recall(_OfClasses):
    """The share of positive rows that are predicted positive."""

    name = "recall"
    aliases = ("recall_score", "sensitivity")

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Divide true positives by positives."""
        return counts.recall(
            evidence.labels,
            evidence.matrix,
            average=self.average,
            positive=evidence.positive,
            confidence=confidence,
        )


class F1(_OfClasses):
    """The harmonic mean of precision and recall."""

    name = "f1"
    aliases = ("f1_score",)

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Compute 2 tp / (2 tp + fp + fn)."""
        return counts.f1(
            evidence.labels,
            evidence.matrix,
            average=self.average,
            positive=evidence.positive,
            confidence=confidence,
        )
