"""Difference and ratio of two numbers that were estimated on different rows, with an interval (MOVER)."""

import math
from dataclasses import dataclass

from mlval.stats.errors import Undefined

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What two independent estimates come to: a finite value and its interval, None where it has no end."""

    value: float
    interval: Interval | None


def difference(
    first: float, second: float, *, intervals: tuple[Interval | None, Interval | None]
) -> Compared:
    """Return first − second, with the interval of Zou and Donner (2008).

    With intervals (l1, u1) and (l2, u2) of the same confidence the lower end is
    d − sqrt((first − l1)² + (u2 − second)²), the upper d + sqrt((u1 − first)² + (second − l2)²): the variance
    that matters on each side is recovered from the end of the interval on that side. It holds for estimates
    of independent rows, and is as good as the two intervals are.

    Parameters
    ----------
    first, second : finite
    intervals : around each, of one confidence; None where these rows do not tell

    Raises
    ------
    Undefined
        If the difference is not finite.

    Examples
    --------
    >>> difference(5.0, 4.0, intervals=((4.0, 6.0), (4.0, 4.0))).interval
    (0.0, 2.0)
    """
    _require_finite(first, second)
    value = first - second
    own, other = intervals
    if own is None or other is None:
        return Compared(value=_finite(value), interval=None)
    (low, high), (other_low, other_high) = own, other
    down = math.hypot(first - low, other_high - second)
    up = math.hypot(high - first, second - other_low)
    return Compared(value=_finite(value), interval=_ends(value - down, value + up))


def ratio(first: float, second: float, *, intervals: tuple[Interval | None, Interval | None]) -> Compared:
    """Return first / second, with the interval of Donner and Zou (2012).

    An end c of the interval is where the interval of first − c·second, as in `difference`, ends at zero:
    the root of c²·(second² − e²) − 2c·first·second + first² − d² = 0, with d the distance from `first` to its
    own end and e that from `second` to its end on the side that matters. It has no upper end where the
    interval of `second` reaches zero.

    Parameters
    ----------
    first : from 0
    second : above 0
    intervals : as in `difference`

    Raises
    ------
    Undefined
        If `first` is below 0, `second` not above 0, or the ratio is not finite.

    Examples
    --------
    >>> ratio(3.0, 2.0, intervals=((3.0, 3.0), (1.0, 4.0))).interval
    (0.75, 3.0)
    """
    _require_finite(first, second)
    if first < 0 or second <= 0:
        raise Undefined("a ratio needs values from 0 on, and above 0 to compare with")
    value = first / second
    if intervals[0] is None or intervals[1] is None or intervals[1][0] <= 0:
        return Compared(value=_finite(value), interval=None)
    # In units of the value that is compared with, so that squares neither overflow nor vanish.
    low, high = (end / second for end in intervals[0])
    below, above = (end / second for end in intervals[1])
    constant = low * (2 * value - low)
    square = above * (2 - above) if low >= 0 else below * (2 - below)
    lower = constant / (value + math.sqrt(max(0.0, value * value - square * constant))) if constant else 0.0
    constant, square = high * (2 * value - high), below * (2 - below)
    upper = (value + math.sqrt(max(0.0, value * value - square * constant))) / square
    return Compared(value=_finite(value), interval=_ends(lower, upper))


def _require_finite(*values: float) -> None:
    if not all(map(math.isfinite, values)):
        raise Undefined("a value is missing, infinite or too large")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise Undefined("the value is not a finite number")
    return value


def _ends(low: float, high: float) -> Interval | None:
    return (low, high) if math.isfinite(low) and math.isfinite(high) else None
