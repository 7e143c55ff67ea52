"""Whether one value demands at least as much as another, by the way in which its key gets tighter."""

from collections.abc import Iterable
from datetime import UTC, datetime

from pydantic import BaseModel

from mlval.domain.bound import Bound
from mlval.domain.change import Change
from mlval.domain.extent import Extent
from mlval.domain.grammar import percent
from mlval.domain.shift import Shift
from mlval.domain.tighter import Tightens

End = tuple[str, float]
"""A unit and a number; ends of different units cannot be compared."""

_SPANS = Bound | Extent | Change | Shift
_NOTHING = frozenset({"none", "neutral"})


def at_least(base: object, head: object, mark: Tightens) -> bool:
    """Say whether `head` provably demands at least what `base` does."""
    if mark.ladder and (rungs := _rungs(base, head, mark.ladder)):
        return rungs[1] >= rungs[0]
    if mark.way in _NOTHING or head is None:
        return same(base, head)
    if base is None:
        return True
    return _way(base, head, mark)


def _way(base: object, head: object, mark: Tightens) -> bool:
    """Compare two values that are there."""
    if isinstance(base, _SPANS) or isinstance(head, _SPANS):
        return _within(base, head)
    match mark.way:
        case "up":
            return _between((_end(base), None), (_end(head), None)) and _end(base) is not None
        case "down":
            return _between((None, _end(base)), (None, _end(head))) and _end(base) is not None
        case "within":
            return _between(_ends(base), _ends(head))
        case "subset":
            return _members(head) <= _members(base)
        case _:
            return _members(head) >= _members(base)


def same(base: object, head: object) -> bool:
    """Say whether two values are the same; `1` and `true` are not."""
    if isinstance(base, tuple) and isinstance(head, tuple):
        return len(base) == len(head) and all(map(same, base, head))
    if isinstance(base, dict) and isinstance(head, dict):
        return base.keys() == head.keys() and all(same(base[key], head[key]) for key in base)
    return (isinstance(base, bool) == isinstance(head, bool)) and base == head


def _rungs(base: object, head: object, rungs: Iterable[object]) -> tuple[int, int] | None:
    """Return the places of two values on a ladder, nothing where one of them is on none."""
    listed = list(rungs)
    found = [next((i for i, one in enumerate(listed) if same(one, value)), None) for value in (base, head)]
    return None if found[0] is None or found[1] is None else (found[0], found[1])


def _within(base: object, head: object) -> bool:
    match base, head:
        case Bound(), Bound():
            return _bound_within(base, head)
        case Extent(), Extent():
            return _between((_end(base.min), _end(base.max)), (_end(head.min), _end(head.max)))
        case Change(), Change():
            return base.relative == head.relative and _bound_within(base.bound, head.bound)
        case Shift(), Shift():
            still = 1.0 if base.scale == "factor" else 0.0
            return base.scale == head.scale and abs(head.amount - still) <= abs(base.amount - still)
        case _:
            return False


def _bound_within(base: Bound, head: Bound) -> bool:
    if (
        head.min is None
        and head.max == 0
        and base.min is None
        and {base.unit, head.unit} <= {"rows", "share"}
    ):
        return True  # none at all is none of any unit
    if base.unit != head.unit or (base.confidence or 0) > (head.confidence or 0):
        return False
    ends = [(None if end is None else ("", float(end))) for end in (base.min, base.max, head.min, head.max)]
    return _between((ends[0], ends[1]), (ends[2], ends[3]))


def _between(base: tuple[End | None, End | None] | None, head: tuple[End | None, End | None] | None) -> bool:
    """Say whether one range lies in another; an open end is None."""
    if base is None or head is None:
        return False
    (low, high), (new_low, new_high) = base, head
    above = low is None or (new_low is not None and new_low[0] == low[0] and new_low[1] >= low[1])
    below = high is None or (new_high is not None and new_high[0] == high[0] and new_high[1] <= high[1])
    return above and below


def _ends(value: object) -> tuple[End | None, End | None] | None:
    if not isinstance(value, tuple) or len(value) != 2:
        return None
    ends = tuple(_end(end) for end in value)
    known = all((end is None) == (one is None) for end, one in zip(ends, value, strict=True))
    return (ends[0], ends[1]) if known else None


def _end(value: object) -> End | None:
    """Return a number with its unit: none, a percentage, or a time, which is UTC where it has no zone."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return "", value
    if not isinstance(value, str):
        return None
    share = percent(value)
    if share is not None:
        return "%", share
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return "time", (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _members(value: object) -> frozenset[tuple[str, object]]:
    """Return the members of a set; a single value is a set of one. `1`, `1.0` and `true` are three values."""
    listed = value if isinstance(value, tuple) else (value,)
    return frozenset(
        (type(one).__name__, one.model_dump_json() if isinstance(one, BaseModel) else repr(one))
        for one in listed
    )
