"""A measured value with everything that is needed to judge it, and nothing that judges it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.asks import Rows
from mlval.domain.bound import Limit
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
