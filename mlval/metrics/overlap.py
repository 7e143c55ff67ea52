"""How far the rows predicted of a class overlap with those that are: Jaccard's index and F-beta.

What it measures
    `jaccard` is tp / (tp + fp + fn). `fbeta` is F1 in which recall weighs `beta` times as much as
    precision: 2 where a miss costs more, 0.5 where a false alarm does. Averages as for F1.

Why it matters
    F1 holds a miss and a false alarm to cost alike, which they seldom do.

When it misleads
    Both leave true negatives out. Where no row is truly or predicted positive both are undefined: an
    error, not 0.

Example
    metrics: {fbeta: {min: 0.7, beta: 2}, jaccard_macro: 0.5}

References
    scikit-learn, sklearn.metrics: jaccard_score, fbeta_score.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.metric_of_classes import OfClasses, OfTable
from mlval.stats import label_sets, overlap


class Jaccard(OfClasses):
    """Of the rows that are truly or predicted positive, the share that is both."""

    name = "jaccard"
    aliases = ("jaccard_score",)
    statistic = staticmethod(overlap.jaccard)
    of_sets = label_sets.JACCARD


class JaccardMacro(OfTable):
    """The mean over the classes of Jaccard's index."""

    name = "jaccard_macro"
    statistic = staticmethod(overlap.jaccard)
    of_sets = label_sets.JACCARD
    by = "macro"


class JaccardMicro(OfTable):
    """Jaccard's index over the rows of all classes together."""

    name = "jaccard_micro"
    statistic = staticmethod(overlap.jaccard)
    of_sets = label_sets.JACCARD
    by = "micro"


class JaccardWeighted(OfTable):
    """The mean over the classes of Jaccard's index, each by its rows in the truth."""

    name = "jaccard_weighted"
    statistic = staticmethod(overlap.jaccard)
    of_sets = label_sets.JACCARD
    by = "weighted"


class FBeta(OfClasses):
    """The harmonic mean of precision and recall, in which recall weighs `beta` times as much."""

    name = "fbeta"
    aliases = ("fbeta_score",)
    statistic = staticmethod(overlap.fbeta)

    beta: Annotated[float, Field(gt=0, le=100)] = Field(
        default=2.0, description="How many times as much as precision recall weighs."
    )

    @property
    def _further(self) -> dict[str, float]:
        return {"beta": float(self.beta)}
