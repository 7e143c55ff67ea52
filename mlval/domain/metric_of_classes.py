"""What metrics of one class, or of an average over classes, have in common."""

from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar, Literal, Protocol

from pydantic import Field

from mlval.domain.metric import Confusion, Estimated, Metric, SeveralLabels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Average = Literal["binary", "macro", "micro", "weighted"]
Statistic = Callable[..., Estimated]
_NOT_OF_SETS = "the metric is not defined of rows with several labels"


class Moved(Protocol):
    """A value with how far each row moves it, see `mlval.stats.paired_estimate.Influence`."""

    @property
    def value(self) -> float:
        """The metric."""

    @property
    def rows(self) -> "NDArray[np.float64]":
        """The influence of every row."""

    @property
    def freedom(self) -> float:
        """Degrees of freedom of the variance."""


class SetStatistic(Protocol):
    """A statistic of sets of labels; undefined without an average, see `mlval.stats.label_sets`."""

    def influence(
        self, truth: "NDArray[np.bool_]", prediction: "NDArray[np.bool_]", *, average: Average
    ) -> Moved:
        """Compute it, with the influence of every row."""

    def estimate(
        self,
        truth: "NDArray[np.bool_]",
        prediction: "NDArray[np.bool_]",
        *,
        average: Average,
        confidence: float,
    ) -> Estimated:
        """Compute it, with its interval."""


class OfTable(Metric):
    """A metric of the confusion table that is averaged over classes, or not, by its name alone."""

    better = "higher"
    needs = "confusion"

    statistic: ClassVar[Statistic]
    of_sets: ClassVar[SetStatistic | None] = None
    by: ClassVar[Average] = "binary"

    @property
    def takes_label_sets(self) -> bool:
        """Whether it is defined of rows with several labels."""
        return self.of_sets is not None

    def estimate(self, evidence: Confusion | SeveralLabels, *, confidence: float) -> Estimated:
        """Compute it from the counts, or from sets of labels."""
        if isinstance(evidence, SeveralLabels):
            if self.of_sets is None:
                raise ValueError(_NOT_OF_SETS)
            return self.of_sets.estimate(
                evidence.truth, evidence.prediction, average=self._average, confidence=confidence
            )
        return type(self).statistic(
            evidence.labels,
            evidence.matrix,
            average=self._average,
            positive=evidence.positive,
            confidence=confidence,
            **self._further,
        )

    def influence(self, evidence: SeveralLabels) -> Moved:
        """Compute it from sets of labels, with the influence of every row."""
        if self.of_sets is None:
            raise ValueError(_NOT_OF_SETS)
        return self.of_sets.influence(evidence.truth, evidence.prediction, average=self._average)

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
