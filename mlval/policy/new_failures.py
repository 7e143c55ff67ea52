"""`fail_on: new`: results beside those of the base branch; what failed there already does not block again."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, Literal

from mlval.domain.bound import Bound, Limit, Margin, NoDrop, TwoKeys
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result

Key = tuple[str, int]
"""The name of a result, and how many of that name stood before it."""
_KNOWN: Final = frozenset({Outcome.FAILED, Outcome.INCONCLUSIVE})


def beside_base(
    results: Sequence[Result], base: Report | None, *, fail_on: Literal["any", "new"]
) -> tuple[Result, ...]:
    """Return the results with the values that the base branch had.

    With `fail_on: new` a failure does not block that the base has as well and that is no worse than there.
    Without a result of the base every failure is new.
    """
    before = {} if base is None else dict(_keyed(base.verdict.results))
    return tuple(
        _beside(result, before[key], fail_on=fail_on) if key in before else result
        for key, result in _keyed(results)
    )


def _keyed(results: Sequence[Result]) -> list[tuple[Key, Result]]:
    seen: Counter[str] = Counter()
    keyed = []
    for result in results:
        keyed.append(((result.name, seen[result.name]), result))
        seen[result.name] += 1
    return keyed


def _beside(result: Result, base: Result, *, fail_on: Literal["any", "new"]) -> Result:
    value = base.measurement.value
    known = replace(result, base_value=value if value is not None and math.isfinite(value) else None)
    is_old = result.outcome in _KNOWN and base.outcome is result.outcome and base.type == result.type
    if fail_on == "any" or not (result.blocks and is_old and _is_no_worse(result, base)):
        return known
    reason = "; ".join(part for part in (result.reason, "no worse than at the base branch") if part)
    return replace(known, blocks=False, reason=reason)


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
