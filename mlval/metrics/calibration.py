"""Whether probabilities mean what they say: the expected calibration error, and the parts of Brier's score.

What it measures
    Rows are put into bins by their score: ten of one width, or as `bins` and `strategy` say (`quantile`:
    of as many rows each). `expected_calibration_error` is the mean distance between the mean score of a
    bin and its share of positive rows. `brier_reliability` is the mean square of that distance, and
    `brier_resolution` that between the shares of the bins and the share of all rows.

Why it matters
    Where a probability is multiplied by a price, its size matters, and not only the ranking.

When it misleads
    The calibration error of a perfect model is above 0 by noise alone, the more so the fewer rows and the
    more bins: about 0.02 at 1,000 rows and ten bins. It depends on the bins. A constant score equal to
    the share of positives is perfectly calibrated, and useless: demand resolution or a ranking as well.

Example
    metrics: {expected_calibration_error: {max: 0.05, bins: 15, strategy: quantile}}

References
    Guo, Pleiss, Sun and Weinberger (2017), On calibration of modern neural networks.
    Murphy (1973), A new vector partition of the probability score.
    scikit-learn, sklearn.calibration.calibration_curve, whose bins these are.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.metric import BinaryScores, Estimated, Metric
from mlval.stats import probabilities
from mlval.stats.score_counts import ScoreCounts


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of Brier's score, which has no interval of its own."""

    value: float
    n: int
    interval: tuple[float, float] | None = None


class _Binned(Metric):
    """A metric of probabilities in bins."""

    needs = "scores"

    bins: Annotated[int, Field(ge=1, le=1000)] = Field(default=10, description="How many bins.")
    strategy: Literal["uniform", "quantile"] = Field(
        default="uniform", description="Bins of one width, or of as many rows each."
    )

    def _parts(self, evidence: BinaryScores) -> tuple[float, float]:
        return probabilities.brier_parts(
            ScoreCounts(*evidence.counts), bins=self.bins, strategy=self.strategy
        )


class ExpectedCalibrationError(_Binned):
    """The mean distance between the scores of a bin and its share of positive rows."""

    name = "expected_calibration_error"
    aliases = ("ece",)
    better = "lower"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:
        """Average the distances of the bins by their rows."""
        return probabilities.expected_calibration_error(
            ScoreCounts(*evidence.counts), bins=self.bins, strategy=self.strategy, confidence=confidence
        )


class BrierReliability(_Binned):
    """The part of Brier's score that calibration could remove."""

    name = "brier_reliability"
    better = "lower"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:  # noqa: ARG002 - no interval
        """Average the squared distances of the bins by their rows."""
        return _Part(self._parts(evidence)[0], evidence.rows)


class BrierResolution(_Binned):
    """The part of the uncertainty that the scores resolve."""

    name = "brier_resolution"
    better = "higher"

    def estimate(self, evidence: BinaryScores, *, confidence: float) -> Estimated:  # noqa: ARG002 - as above
        """Average the squared distances of the bins from the whole by their rows."""
        return _Part(self._parts(evidence)[1], evidence.rows)
