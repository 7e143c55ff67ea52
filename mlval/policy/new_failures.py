"""`fail_on: new`: results beside those of the base branch; what failed there already does not block again."""

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from mlval.domain.bound import Bound, Limit, Margin, NoDrop, TwoKeys
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result

_KNOWN: Final = frozenset({Outcome.FAILED, Outcome.INCONCLUSIVE})


def beside_base(
    results: Sequence[Result], base: Report | None, *, fail_on: Literal["any", "new"]
) -> tuple[Result, ...]:
    """Return the results with the values that the base branch had.

    With `fail_on: new` a failure does not block that the base has as well and that is no worse than there.
    Without a result of the base every failure is new.
    """
    before: dict[str, list[Result]] = {}
    for known in () if base is None else base.verdict.results:
        before.setdefault(known.name, []).append(known)
    return tuple(
        _beside(result, _alike(result, before[result.name]), fail_on=fail_on)
        if result.name in before
        else result
        for result in results
    )


def _alike(result: Result, named: Sequence[Result]) -> Sequence[Result]:
    """Return which of the results of one name may be the same: of several, those with the same limit."""
    same = [one for one in named if one.measurement.limit == result.measurement.limit]
    return named if len(named) == 1 else same


def _beside(result: Result, base: Sequence[Result], *, fail_on: Literal["any", "new"]) -> Result:
    """Compare a result with those that it may have been; where they are several, with each of them."""
    value = base[0].measurement.value if len(base) == 1 else None
    known = replace(result, base_value=value if value is not None and math.isfinite(value) else None)
    if fail_on == "any" or not (result.blocks and base and all(_is_old(result, one) for one in base)):
        return known
    reason = "; ".join(part for part in (result.reason, "no worse than at the base branch") if part)
    return replace(known, blocks=False, reason=reason)


def _is_old(result: Result, base: Result) -> bool:
    is_alike = result.outcome in _KNOWN and base.outcome is result.outcome and base.type == result.type
    return is_alike and _is_no_worse(result, base)


def _is_no_worse(result: Result, base: Result) -> bool:
    """Say whether a measure lies no farther on the wrong side of its limit than it did."""
    new, old = result.measurement, base.measurement
    if isinstance(new.limit, TwoKeys):
        return _at_most(new.effect, old.effect)
    beyond = [_beyond(value, new.limit) for value in (new.value, old.value)]
    return _at_most(*beyond)


def _at_most(new: float | None, old: float | None) -> bool:
    return new is not None and old is not None and new <= old


def _beyond(value: float | None, limit: Limit | None) -> float | None:
    """Return how far a value lies beyond its limit; None where that cannot be said."""
    if value is None or not math.isfinite(value):
        return None
    match limit:
        case Bound(min=low, max=high) | Margin(min=low, max=high):
            return max(-math.inf if low is None else low - value, -math.inf if high is None else value - high)
        case NoDrop(better=better):
            return -value if better == "higher" else value
        case _:
            return None
