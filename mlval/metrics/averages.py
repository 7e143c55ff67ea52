"""Precision, recall and F1 averaged over the classes: one name for each way.

What it measures
    `macro`: the mean over classes, all alike. `weighted`: each class by its rows in the truth. `micro`:
    over all rows together, which is the accuracy. The same as `average:` of `precision`, `recall` and `f1`.

Why it matters
    With several classes there is no positive one; the mean over classes shows a small class that the
    accuracy hides.

When it misleads
    `weighted` hides small classes again. `macro` jumps where a class has few rows. A class that is never
    predicted counts with precision 0, as with scikit-learn's `zero_division=0`.

Example
    metrics: {f1_macro: 0.7, recall_macro: {min: 0.6, confidence: 95%}}

References
    scikit-learn, the scorers f1_macro, f1_micro, f1_weighted and those of precision and recall.
"""

from mlval.domain.metric_of_classes import OfTable
from mlval.stats import counts, label_sets


class PrecisionMacro(OfTable):
    """The mean over the classes of the precision."""

    name = "precision_macro"
    statistic = staticmethod(counts.precision)
    of_sets = label_sets.PRECISION
    by = "macro"


class PrecisionMicro(OfTable):
    """The precision over all rows together."""

    name = "precision_micro"
    statistic = staticmethod(counts.precision)
    of_sets = label_sets.PRECISION
    by = "micro"


class PrecisionWeighted(OfTable):
    """The mean over the classes of the precision, each by its rows in the truth."""

    name = "precision_weighted"
    statistic = staticmethod(counts.precision)
    of_sets = label_sets.PRECISION
    by = "weighted"


class RecallMacro(OfTable):
    """The mean over the classes of the recall."""

    name = "recall_macro"
    statistic = staticmethod(counts.recall)
    of_sets = label_sets.RECALL
    by = "macro"


class RecallMicro(OfTable):
    """The recall over all rows together."""

    name = "recall_micro"
    statistic = staticmethod(counts.recall)
    of_sets = label_sets.RECALL
    by = "micro"


class RecallWeighted(OfTable):
    """The mean over the classes of the recall, each by its rows in the truth."""

    name = "recall_weighted"
    statistic = staticmethod(counts.recall)
    of_sets = label_sets.RECALL
    by = "weighted"


class F1Macro(OfTable):
    """The mean over the classes of the F1."""

    name = "f1_macro"
    statistic = staticmethod(counts.f1)
    of_sets = label_sets.F1
    by = "macro"


class F1Micro(OfTable):
    """The F1 over all rows together."""

    name = "f1_micro"
    statistic = staticmethod(counts.f1)
    of_sets = label_sets.F1
    by = "micro"


class F1Weighted(OfTable):
    """The mean over the classes of the F1, each by its rows in the truth."""

    name = "f1_weighted"
    statistic = staticmethod(counts.f1)
    of_sets = label_sets.F1
    by = "weighted"
