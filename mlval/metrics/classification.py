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

from mlval.domain.metric import Confusion, Estimated, Metric
from mlval.domain.metric_of_classes import OfClasses
from mlval.stats import counts


class Accuracy(Metric):
    """The share of rows whose predicted class is the true one."""

    name = "accuracy"
    aliases = ("accuracy_score",)
    better = "higher"
    needs = "confusion"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Divide the diagonal by all rows; Wilson's interval."""
        return counts.accuracy(evidence.labels, evidence.matrix, confidence=confidence)


class Precision(OfClasses):
    """The share of rows predicted positive that are positive."""

    name = "precision"
    aliases = ("precision_score",)
    statistic = staticmethod(counts.precision)


class Recall(OfClasses):
    """The share of positive rows that are predicted positive."""

    name = "recall"
    aliases = ("recall_score", "sensitivity", "true_positive_rate")
    statistic = staticmethod(counts.recall)


class F1(OfClasses):
    """The harmonic mean of precision and recall."""

    name = "f1"
    aliases = ("f1_score",)
    statistic = staticmethod(counts.f1)
