"""Ranges for numbers and times: natural ends where numbers have them, else ends outside of the bulk."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from mlval.domain.asks import Kind
from mlval.flows.suggest_facts import Limits, Spread

FAR = 2.0
"""An extreme that lies this many times farther from the middle than the bulk's end stands out."""

SENTINELS = frozenset((-1, *(sign * (10**digits - 1) for sign in (-1, 1) for digits in range(1, 10))))
"""Numbers that customarily stand for a missing value: -1, 99, -999 and so on."""

ROOM = 0.25
"""How much farther than an end of the sample a limit lies, as a share of its distance from the middle."""

FEW_NEGATIVE = 0.01
"""The share up to which negative values are the exception: the range begins at 0 and tolerates them."""

_DAY = 86_400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SMALLEST, _LARGEST = -(2**63), 2**64 - 1


def quantile(counted: Sequence[tuple[float, int]], at: float) -> float:
    """Return the value below or at which a share `at` of the rows lie; values rise, each with its rows.

    >>> quantile([(1.0, 9), (2.0, 1)], 0.5)
    1.0
    """
    wanted, seen = at * sum(rows for _, rows in counted), 0
    for value, rows in counted:
        seen += rows
        if seen >= wanted:
            return value
    return counted[-1][0]


def range_of(spread: Spread, present: int, *, kind: Kind, digits: int = 2) -> Limits:
    """Return a range in which nearly all values lie.

    Parameters
    ----------
    spread : of the values
    present : how many values there are
    kind : `int` has whole ends; a `date` or `timestamp` has no upper end, since new data is newer
    digits : to how many digits of the width of the bulk the ends are rounded, outwards
    """
    if kind in {"date", "timestamp"}:
        return Limits(_earliest(spread), None, taken=1)
    high, width = _end(spread.middle, spread.high, spread.most), spread.high - spread.low
    low = -_end(-spread.middle, -spread.low, -spread.least)
    # Where all values are nearly one, its own size says how coarse an end is; one digit must not tell it.
    place = _place(max(width, abs(spread.middle) * (1e-6 if digits > 1 else 1.0)), digits)
    is_natural = spread.least >= 0 or (spread.low >= 0 and spread.negative <= FEW_NEGATIVE * present)
    least = 0.0 if is_natural else _outward(low, place, up=False)
    natural = _natural_most(spread, kind) if is_natural else None
    most = _outward(high, place, up=True) if natural is None else natural
    return Limits(
        low=_fitting(math.floor(least) if kind == "int" and math.isfinite(least) else least),
        high=_fitting(math.ceil(most) if kind == "int" and math.isfinite(most) else most),
        taken=(not is_natural) + (natural is None),
    )


def stands_out(middle: float, bulk: float, extreme: float) -> bool:
    """Say whether an extreme lies far beyond the bulk on its side of the middle."""
    return abs(extreme - middle) > FAR * abs(bulk - middle) and extreme != bulk


def stands_apart(extreme: float, following: float, other: float) -> bool:
    """Say whether an end is far from the next value, measured by how far that is from the other end."""
    is_alone_below_zero = extreme < 0 <= following
    return is_alone_below_zero or abs(extreme - following) > 3 * abs(following - other)


def moment(seconds: float, kind: Kind) -> str:
    """Return a time as a contract writes it.

    >>> moment(0, "timestamp"), moment(90061.5, "timestamp"), moment(86400, "date")
    ('1970-01-01', '1970-01-02T01:01:01', '1970-01-02')
    """
    time = _EPOCH + timedelta(seconds=math.floor(seconds))
    if kind == "date" or seconds % _DAY == 0:
        return time.date().isoformat()
    return time.replace(tzinfo=None).isoformat()


def _end(middle: float, bulk: float, extreme: float) -> float:
    """Return the upper end: beyond the extreme, or where that stands out, beyond the bulk."""
    end = bulk if stands_out(middle, bulk, extreme) else extreme
    return end + ROOM * (end - middle)


def _natural_most(spread: Spread, kind: Kind) -> float | None:
    """Return 1 or 100 where shares or percentages end there, with many values near."""
    if kind == "float" and spread.most <= 1 and spread.high >= 0.95:
        return 1.0
    return 100.0 if 1 < spread.most <= 100 and spread.high >= 99 else None


def _earliest(spread: Spread) -> float | None:
    """Return the day, or for a short span the hour, before which times stand out."""
    first = spread.low if stands_out(spread.middle, spread.low, spread.least) else spread.least
    unit = _DAY if spread.high - spread.low > 2 * _DAY else 3600
    seconds = math.floor(first / unit) * unit
    return seconds if abs(seconds) < 5e10 else None


def _place(width: float, digits: int) -> int | None:
    """Return the power of ten that ends are rounded to, so that the width has some digits."""
    return math.floor(math.log10(width)) - digits + 1 if 1e-280 < width < 1e300 else None


def _outward(end: float, place: int | None, *, up: bool) -> float:
    if place is None or not math.isfinite(end):
        return end
    steps = Decimal(end).scaleb(-place).to_integral_value(ROUND_CEILING if up else ROUND_FLOOR)
    return float(steps.scaleb(place))


def _fitting(end: float) -> float | None:
    """Write whole numbers without a point; leave an end open that a contract cannot say, beyond 64 bits."""
    if not math.isfinite(end):
        return None
    if isinstance(end, int) or (end.is_integer() and abs(end) < 2**53):
        return int(end) if _SMALLEST <= end <= _LARGEST else None
    return end
