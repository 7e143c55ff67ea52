"""Rates of two classes: what share of negatives, positives, predictions or all rows ends in which cell.

What it measures
    `specificity`, `false_positive_rate` of the truly negative rows; `false_negative_rate` of the truly
    positive; `false_discovery_rate`, `negative_predictive_value` of the rows predicted positive and
    negative; `selection_rate` of all rows: how many are predicted positive.

Why it matters
    Each is what one party sees: a false alarm costs those who are stopped, a miss those who are not.

When it misleads
    A rate whose denominator has no rows is undefined: an error, never 0. Rates trade off against each
    other by the threshold; one of them alone can always be met.

Example
    metrics: {false_positive_rate: 0.05, selection_rate: [0.1, 0.3]}

References
    scikit-learn, sklearn.metrics: confusion_matrix. Wilson (1927) for the intervals.
"""

from typing import ClassVar

from mlval.domain.metric import Confusion, Estimated, Metric
from mlval.stats import rates
from mlval.stats.rates import Cell


class _Rate(Metric):
    """The share of the rows of some cells that lie in others."""

    needs = "confusion"

    above: ClassVar[tuple[Cell, ...]]
    below: ClassVar[tuple[Cell, ...]]
    none: ClassVar[str]

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Divide; Wilson's interval."""
        counted = rates.cells(evidence.labels, evidence.matrix, positive=evidence.positive)
        found = rates.rate(counted, self.above, self.below, none=self.none)
        return found.estimate(confidence=confidence)


class Specificity(_Rate):
    """The share of truly negative rows that are predicted negative."""

    name = "specificity"
    aliases = ("true_negative_rate",)
    better = "higher"
    above = ("tn",)
    below = ("tn", "fp")
    none = "no row is truly negative: specificity has no denominator"


class FalsePositiveRate(_Rate):
    """The share of truly negative rows that are predicted positive."""

    name = "false_positive_rate"
    aliases = ("fpr",)
    better = "lower"
    above = ("fp",)
    below = ("tn", "fp")
    none = "no row is truly negative: the false positive rate has no denominator"


class FalseNegativeRate(_Rate):
    """The share of truly positive rows that are predicted negative."""

    name = "false_negative_rate"
    aliases = ("fnr",)
    better = "lower"
    above = ("fn",)
    below = ("tp", "fn")
    none = "no row is truly positive: the false negative rate has no denominator"


class FalseDiscoveryRate(_Rate):
    """The share of rows predicted positive that are not."""

    name = "false_discovery_rate"
    better = "lower"
    above = ("fp",)
    below = ("tp", "fp")
    none = "no row is predicted positive: the false discovery rate has no denominator"


class NegativePredictiveValue(_Rate):
    """The share of rows predicted negative that are."""

    name = "negative_predictive_value"
    better = "higher"
    above = ("tn",)
    below = ("tn", "fn")
    none = "no row is predicted negative: the negative predictive value has no denominator"


class SelectionRate(_Rate):
    """The share of rows that are predicted positive; a plain number is the most of them."""

    name = "selection_rate"
    better = "lower"
    above = ("tp", "fp")
    below = ("tp", "fp", "fn", "tn")
    none = "no rows"
