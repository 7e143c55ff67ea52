"""Counting rows by a profile: of all rows, or of those of which one thing is true that its counts tell."""

import math
import struct
import sys
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import accumulate

from mlval.domain.errors import Unmeasurable
from mlval.domain.level_folding import HASHED
from mlval.domain.predicate import (
    Above,
    Below,
    Either,
    In,
    IsInfinite,
    IsNaN,
    IsNull,
    NotIn,
    NotNull,
    NotOfType,
    Predicate,
    Scalar,
)
from mlval.domain.profile import ColumnProfile, Numbers, Profile
from mlval.domain.text import shown

REMEDY = "use the data: name a dataset that has its rows"
_WITHHELD = {"key": "a key", "sensitive": "marked sensitive", "identifier": "an identifier"}
_LARGEST_WHOLE = 2**53
"""Beyond, doubles do not tell neighbouring whole numbers apart."""
_LARGEST = sys.float_info.max
_LARGEST_SHORT = 3.4028234e38


def untold(what: str) -> Unmeasurable:
    """Return the error for what only rows can tell."""
    return Unmeasurable(f"a profile cannot answer that: {what}", remedy=REMEDY)


def without_values(column: ColumnProfile, what: str) -> Unmeasurable:
    """Return the error for a column of which the profile keeps no values of a sort."""
    if column.withheld is None:
        return untold(f"it keeps no {what} of {shown(column.name)!r}")
    message = f"a profile keeps no values of {shown(column.name)!r}: it is {_WITHHELD[column.withheld]}"
    return Unmeasurable(message, remedy=f"leave the column out, or {REMEDY}")


def column_of(profile: Profile, name: str) -> ColumnProfile:
    """Return what a profile says of a column, or say which columns there are."""
    column = profile.column(name)
    if column is None:
        message = f"there is no column {shown(name)!r} in the profile"
        known = ", ".join(each.name for each in profile.columns)
        raise Unmeasurable(message, remedy=f"columns: {shown(known)}")
    return column


def numbers_of(profile: Profile, name: str) -> Numbers:
    """Return the numbers of a column, or say why there are none."""
    column = column_of(profile, name)
    if column.numbers is None:
        raise without_values(column, "numbers")
    return column.numbers


def count(profile: Profile, of: Sequence[Predicate]) -> int:
    """Count the rows of which at most one thing is demanded, besides that values are there.

    Raises
    ------
    Unmeasurable
        If the profile does not tell.
    """
    needed = [each for each in of if not isinstance(each, NotNull)]
    columns = {name for each in of if isinstance(each, NotNull) for name in each.columns}
    if not needed:
        asked = [column_of(profile, name) for name in sorted(columns)]
        with_nulls = [each for each in asked if each.nulls]
        if len(with_nulls) > 1:
            raise untold("how many rows have values in several columns at once")
        return profile.dataset.rows - sum(each.nulls for each in with_nulls)
    if len(set(needed)) > 1:
        raise untold("how many rows several things are true of")
    (condition,) = set(needed)
    name = _subject(condition)
    if any(column_of(profile, other).nulls for other in columns - {name}):
        raise untold("how many rows have values in several columns at once")
    if isinstance(condition, IsNull):
        return 0 if name in columns else column_of(profile, name).nulls
    return _violations(profile, column_of(profile, name), condition)


def _subject(condition: Predicate) -> str:
    match condition:
        case IsNull(name) | IsNaN(name) | IsInfinite(name) | NotOfType(name, _):
            return name
        case In(name, _) | NotIn(name, _):
            return name
        case Below(name) | Above(name):
            return name
        case Either((Below(name), Above(other))) if name == other:
            return name
    raise untold("what is true of single rows")


def _violations(profile: Profile, column: ColumnProfile, condition: Predicate) -> int:
    """Count the values of a column of which a condition is true."""
    match condition:
        case IsNaN() | IsInfinite():
            return column.nans if isinstance(condition, IsNaN) else sum(column.infinite)
        case NotOfType(_, wanted) if wanted == column.kind:
            return 0
        case In(_, values) | NotIn(_, values):
            among = _among(column, values)
            return among if isinstance(condition, In) else profile.dataset.rows - column.nulls - among
        case Below(_, limit, or_equal):
            return _below(profile, column, limit, inclusive=or_equal) + column.nans
        case Above(_, limit, or_equal):
            return _above(profile, column, limit, inclusive=or_equal) + column.nans
        case Either((Below(_, low, low_equal), Above(_, high, high_equal))):
            below = _below(profile, column, low, inclusive=low_equal)
            return below + _above(profile, column, high, inclusive=high_equal) + column.nans
    raise untold("what is true of single rows")


def _among(column: ColumnProfile, values: Sequence[Scalar]) -> int:
    """Count the values that are one of these, where every level is told as it is."""
    known = column.levels
    if column.kind not in {"string", "bool"} or known is None or known.other.levels:
        raise untold(f"it does not tell all values of {shown(column.name)!r}")
    if any(level.startswith(HASHED) for level, _ in known.top):
        raise untold(f"it keeps digests in place of the values of {shown(column.name)!r}")
    wanted = set()
    for value in values:
        if isinstance(value, bool) != (column.kind == "bool") or not isinstance(value, str | int):
            raise _incomparable(column, value)
        wanted.add(str(value).lower() if isinstance(value, bool) else str(value))
    return sum(count for level, count in known.top if level in wanted)


def _below(profile: Profile, column: ColumnProfile, limit: Scalar, *, inclusive: bool) -> int:
    end = _comparable(column, limit)
    return at_most(
        column, numbers_of(profile, column.name), end if inclusive else math.nextafter(end, -math.inf)
    )


def _above(profile: Profile, column: ColumnProfile, limit: Scalar, *, inclusive: bool) -> int:
    numbers = numbers_of(profile, column.name)
    return sum(numbers.counts) - _below(profile, column, limit, inclusive=not inclusive)


def _comparable(column: ColumnProfile, limit: Scalar) -> float:
    """Return a limit as the number that the values of the column are compared with."""
    if column.kind in {"date", "timestamp"} and isinstance(limit, str | date):
        return _seconds(column, limit)
    if column.kind in {"int", "float"} and isinstance(limit, int | float) and not isinstance(limit, bool):
        if abs(limit) > (_LARGEST_WHOLE if column.kind == "int" else _LARGEST):
            raise untold("a limit of that size")
        # 0.1 is one number in 32 bits and another in 64.
        is_short = column.stored == "FLOAT" and abs(limit) <= _LARGEST_SHORT
        return float(struct.unpack("f", struct.pack("f", limit))[0]) if is_short else float(limit)
    raise _incomparable(column, limit)


def _incomparable(column: ColumnProfile, limit: Scalar, remedy: str = "") -> Unmeasurable:
    what = f"{shown(column.name)!r} holds {column.kind} values"
    return Unmeasurable(f"{what}, which cannot be compared with {shown(repr(limit), 80)}", remedy=remedy)


def _seconds(column: ColumnProfile, limit: str | date) -> float:
    try:
        moment = datetime.fromisoformat(limit if isinstance(limit, str) else limit.isoformat())
    except ValueError as error:
        message = (
            f"{shown(column.name)!r} holds times, which cannot be compared with {shown(repr(limit), 80)}"
        )
        raise Unmeasurable(message, remedy="write a time as 2026-01-31 or 2026-01-31T12:00:00") from error
    return moment.timestamp() if moment.tzinfo else moment.replace(tzinfo=UTC).timestamp()


def at_most(column: ColumnProfile, numbers: Numbers, limit: float) -> int:
    """Return how many values are at most `limit`, -infinity included and NaN left out."""
    low, high = column.infinite
    total = sum(numbers.counts)
    if limit <= -_LARGEST or (numbers.min is not None and limit < numbers.min):
        return low
    if limit >= _LARGEST or (numbers.max is not None and limit >= numbers.max):
        return total - high
    bounds = numbers.bounds
    if column.kind == "int":
        # No value lies between a whole number and the next.
        bounds, limit = tuple(math.floor(bound) for bound in bounds), math.floor(limit)
    place = bisect_left(bounds, limit)
    if place == len(bounds) or bounds[place] != limit:
        raise untold(f"{shown(column.name)!r} has no edge at this limit")
    return list(accumulate(numbers.counts))[place]
