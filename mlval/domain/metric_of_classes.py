"""What metrics of one class, or of an average over classes, have in common."""

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import Field

from mlval.domain.metric import Confusion, Estimated, Metric

Average = Literal["binary", "macro", "micro", "weighted"]
Statistic = Callable[..., Estimated]


class OfTable(Metric):
    """A metric of the confusion table that is averaged over classes, or not, by its name alone."""

    better = "higher"
    needs = "confusion"

    statistic: ClassVar[Statistic]
    by: ClassVar[Average] = "binary"

    def estimate(self, evidence: Confusion, *, confidence: float) -> Estimated:
        """Compute it from the counts."""
        return type(self).statistic(
            evidence.labels,
            evidence.matrix,
            average=self._average,
            positive=evidence.positive,
            confidence=confidence,
            **self._further,
        )

    @property
    def _average(self) -> Average:
        return self.by

    @property
    def _further(self) -> dict[str, float]:
        """What the statistic is told besides."""
        return {}


class OfClasses(OfTable):
    """A metric whose average the contract chooses."""

    average: Average = Field(
        default="binary", description="Of the positive class, or how classes are averaged."
    )

    @property
    def _average(self) -> Average:
        return self.average
