"""What was found of all columns as measurements, with everything that is needed to judge them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.drift import Found, Shift
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.measurement import Detail, Measurement

_COVERED = {"columns", "slice"}
"""Families whose columns may drift within an allowance."""


@dataclass(frozen=True, slots=True)
class Demand:
    """What is demanded of every column.

    Attributes
    ----------
    keys : significance and size
    distance : the largest distance that passes; None where the two keys judge
    said : whether the contract sets the level of significance
    allowance : how many columns may drift without blocking
    weights : how much columns count, where it is not 1
    """

    keys: TwoKeys
    distance: float | None = None
    said: bool = False
    allowance: Bound | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def is_distance(self, shift: Shift) -> bool:
        """Say whether a plain threshold judges; that of the rows without a value stays with the two keys."""
        return self.distance is not None and shift.metric == "drift"


def measured(found: Sequence[Found], demand: Demand) -> list[Measurement]:
    """Return the measurements of all columns, those that tell nothing at the end."""
    shifts = [
        (one, shift) for one in found if not isinstance(one.compared, Failure) for shift in one.compared
    ]
    broken = [(one, one.compared.cause) for one in found if isinstance(one.compared, Failure)]
    tested = sum(not demand.is_distance(shift) for _, shift in shifts)
    comparisons = max(1, tested + len(broken))
    return [
        *(_measurement(one, shift, demand, comparisons=comparisons) for one, shift in shifts),
        *(replace(_plain(one, demand), problem=cause) for one, cause in broken),
        *_unknown(found, demand),
    ]


def _measurement(found: Found, shift: Shift, demand: Demand, *, comparisons: int) -> Measurement:
    details: dict[str, Detail] = dict(shift.details)
    if found.family != "columns":
        details["family"] = found.family
    common = replace(_plain(found, demand), metric=shift.metric, value=shift.value, n=shift.m)
    if demand.is_distance(shift) and demand.distance is not None and shift.false_alarms is not None:
        details["false_alarm_rate"] = shift.false_alarms(demand.distance)
        problem = _undecided(shift, demand.distance)
        return replace(common, limit=Bound(max=demand.distance), details=details, problem=problem)
    if demand.said:
        details["threshold"] = "significance"
    return replace(
        common,
        limit=demand.keys,
        details=details,
        p_value=shift.p_value,
        effect=shift.size,
        detectable=shift.detectable(demand.keys.alpha / comparisons),
    )


def _plain(found: Found, demand: Demand) -> Measurement:
    return Measurement(
        subject=found.subject,
        metric="drift",
        path=found.path,
        weight=demand.weights.get(found.column, 1.0),
        allowance=demand.allowance if found.family in _COVERED else None,
    )


def _undecided(shift: Shift, threshold: float) -> MlvalError | None:
    """Return an error where the bounds of a statistic lie on both sides of its threshold."""
    if not shift.low <= threshold < shift.high:
        return None
    message = (
        f"the bins or levels tell only that it lies between {shift.low:.4g} and {shift.high:.4g}, "
        "and the threshold lies between"
    )
    return Unmeasurable(message, remedy="compare with the rows themselves, or choose another threshold")


def _unknown(found: Sequence[Found], demand: Demand) -> list[Measurement]:
    """Refuse weights of columns that are not compared: a slip in a name would change what counts."""
    known = {one.column for one in found}
    return [
        Measurement(
            subject=name,
            metric="drift",
            problem=Unmeasurable("it has a weight and is not compared"),
            path=("weights", name),
        )
        for name in demand.weights
        if name not in known
    ]
