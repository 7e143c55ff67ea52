"""How often predicted classes are right: accuracy, precision, recall, F1.

What it measures
    Counts of rows by true and predicted class, from one group-by. `precision` is the share of rows
    predicted positive that are; `recall` the share of positive rows that are found; `f1` their
    harmonic mean. With more than two classes say `average: macro`, `micro` or `weighted`. Where truth and
    prediction are lists of labels see `several_labels`; `accuracy` is then the share of rows with exactly
    the true labels.

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

from mlval.domain.metric import Confusion, Estimated, Metric, SeveralLabels
from mlval.domain.metric_of_classes import OfClasses
from mlval.stats import counts, label_sets
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import wilson


class Accuracy(Metric):
    """The share of rows whose predicted class, or set of labels, is the true one."""

    name = "accuracy"
    aliases = ("accuracy_score",)
    better = "higher"
    needs = "confusion"

    @property
    def takes_label_sets(self) -> bool:
        """Whether it is defined of rows with several labels."""
        return True

    def estimate(self, evidence: Confusion | SeveralLabels, *, confidence: float) -> Estimated:
        """Divide the rows that are right by all rows; Wilson's interval."""
        if isinstance(evidence, SeveralLabels):
            return _exact(evidence, confidence)
        return counts.accuracy(evidence.labels, evidence.matrix, confidence=confidence)


class Precision(OfClasses):
    """The share of rows predicted positive that are positive."""

    name = "precision"
    aliases = ("precision_score",)
    statistic = staticmethod(counts.precision)
    of_sets = label_sets.PRECISION


class Recall(OfClasses):
    """The share of positive rows that are predicted positive."""

    name = "recall"
    aliases = ("recall_score", "sensitivity", "true_positive_rate")
    statistic = staticmethod(counts.recall)
    of_sets = label_sets.RECALL


class F1(OfClasses):
    """The harmonic mean of precision and recall."""

    name = "f1"
    aliases = ("f1_score",)
    statistic = staticmethod(counts.f1)
    of_sets = label_sets.F1


def _exact(evidence: SeveralLabels, confidence: float) -> Estimate:
    if not evidence.rows:
        raise Undefined("no rows with both a truth and a prediction")
    right = int(label_sets.exact_rows(evidence.truth, evidence.prediction).sum())
    interval = wilson(right, evidence.rows, confidence=confidence)
    return Estimate(value=right / evidence.rows, n=evidence.rows, interval=interval, successes=right)
