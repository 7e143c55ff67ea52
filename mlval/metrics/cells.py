"""The cells of the confusion table of two classes, as numbers of rows.

What it measures
    `true_positives`, `true_negatives`, `false_positives` and `false_negatives`: rows by whether they are
    positive and whether they are predicted to be.

Why it matters
    Where each miss has a price, their number is the budget.

When it misleads
    Numbers grow with the dataset: a bound on them holds for one size of it. `false_positive_rate` and
    `false_negative_rate` do not.

Example
    metrics: {false_negatives: 20}

References
    scikit-learn, sklearn.metrics.confusion_matrix.
"""

from dataclasses import dataclass
from typing import ClassVar

from mlval.domain.metric import Confusion, Estimated, Metric
from mlval.stats import rates
from mlval.stats.intervals import wilson
from mlval.stats.rates import Cell


@dataclass(frozen=True, slots=True)
class _Rows:
    """How many of the rows lie in a cell; the interval is that of their share, times all rows."""

    value: int
    n: int
    interval: tuple[float, float]


class _Cell(Metric):
    """One cell."""

    needs = "confusion"

    cell: ClassVar[Cell]

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Count."""
        counted = rates.cells(evidence.labels, evidence.matrix, positive=evidence.positive)
        value, n = counted.rows(self.cell), evidence.rows
        low, high = wilson(value, n, confidence=confidence)
        return _Rows(value, n, (low * n, high * n))


class TruePositives(_Cell):
    """Positive rows that are predicted positive."""

    name = "true_positives"
    better = "higher"
    cell = "tp"


class TrueNegatives(_Cell):
    """Negative rows that are predicted negative."""

    name = "true_negatives"
    better = "higher"
    cell = "tn"


class FalsePositives(_Cell):
    """Negative rows that are predicted positive."""

    name = "false_positives"
    better = "lower"
    cell = "fp"


class FalseNegatives(_Cell):
    """Positive rows that are predicted negative."""

    name = "false_negatives"
    better = "lower"
    cell = "fn"
