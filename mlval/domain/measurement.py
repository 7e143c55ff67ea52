"""A measured value with everything that is needed to judge it, and nothing that judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.asks import Rows
from mlval.domain.bound import Bound, Limit
from mlval.domain.errors import MlvalError
from mlval.domain.outcome import Severity
from mlval.domain.predicate import Predicate

Detail = str | int | float | bool | None | tuple["Detail", ...] | Mapping[str, "Detail"]
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval."""

    low: float
    high: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Failing:
    """How to find rows that show a failure."""

    rows: Rows
    of: tuple[Predicate, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured value of one subject.

    Attributes
    ----------
    subject : what was measured: a column, a dataset, a slice
    metric : the rule or metric by name
    limit : what the contract demands; None where the value is only reported
    value : None where nothing could be measured, which is never a pass
    n, of : rows that count, out of how many
    interval, p_value, effect : where the metric has them; `effect` is in the unit of the limit
    detectable : the smallest effect that these rows could have shown
    failing : a way to find rows that show a failure
    path : where the demand stands in the contract, below its validation
    severity : set where one rule differs from its validation
    problem : why there is no value
    absent : a reason to skip: there was nothing to measure
    expected : whether the contract itself asked to skip it, so that the skip does not block
    undecided : why there is no value yet, where waiting for more data is the way out: inconclusive
    weight : how much a subject counts against `allowance`; finite, not negative
    allowance : how many of the subjects of a validation may fail without blocking: their number where
        its unit is rows, their share of all weight where it is share. Measurements with equal
        allowances share it; None where every failure blocks
    """

    subject: str
    metric: str
    limit: Limit | None = None
    value: float | None = None
    n: int | None = None
    of: int | None = None
    interval: Interval | None = None
    p_value: float | None = None
    effect: float | None = None
    detectable: float | None = None
    details: Mapping[str, Detail] = field(default_factory=dict)
    failing: Failing | None = None
    path: Path = ()
    severity: Severity | None = None
    problem: MlvalError | None = None
    absent: str | None = None
    expected: bool = False
    undecided: str | None = None
    weight: float = 1.0
    allowance: Bound | None = None

    @property
    def hidden(self) -> float:
        """The share of rows that may have moved among levels that a profile folds; 0 where none could.

        Checks tell it as `hidden_share` of the details. No number of rows brings it to light.
        """
        return self._detail("hidden_share") or 0.0

    def is_hidden(self, size: float) -> bool:
        """Say whether a profile, and not the number of rows, keeps a change of this size out of sight.

        That is so where folded levels hold as many rows, or where it would have been seen but for the
        width of bins, which is how far a distance of distribution functions may lie above its value.
        """
        if self.hidden > size:
            return True
        highest = self._detail("at_most")
        if highest is None or self.value is None or self.detectable is None:
            return False
        is_distance = self.details.get("method") in {"ks", "ks_test"}
        return is_distance and self.detectable - (highest - self.value) <= size < self.detectable

    def _detail(self, name: str) -> float | None:
        detail = self.details.get(name)
        return float(detail) if isinstance(detail, int | float) else None
