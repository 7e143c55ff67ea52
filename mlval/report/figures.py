"""Numbers as prose: short, but never so short that a value seems to be on the other side of its limit."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

_EXACT: Final = 17
_PLAIN_EXPONENTS: Final = range(-5, 16)
_TOO_SMALL_TO_PRINT: Final = 0.001


def number(value: float, *, digits: int = 4, apart: Iterable[float | None] = ()) -> str:
    """Return a number with about `digits` significant digits, its integer part always whole.

    Parameters
    ----------
    value : any float; what is not finite is said in words
    digits : at least 1
    apart : limits from which the text must stay as far as the value: below, at or above

    >>> number(0.84996, digits=2, apart=[0.85])
    '0.84996'
    >>> number(1234567.89)
    '1,234,568'
    """
    return _words(value) if not math.isfinite(value) else _text(_rounded(value, digits, apart=apart))


def exact(value: float) -> str:
    """Return a number of the contract as it was written, with thousands separators."""
    return number(value, digits=_EXACT)


def share(value: float, *, digits: int = 3, apart: Iterable[float | None] = ()) -> str:
    """Return a share in [0, 1] as a percentage; only none at all is 0%, only all of it 100%.

    >>> share(0.0802), share(0.99999), share(0.0800001, apart=[0.08])
    ('8.02%', '99.999%', '8.00001%')
    """
    if not math.isfinite(value):
        return _words(value)
    return f"{_text(_rounded(value, digits, apart=[*apart, 0.0, 1.0]) * 100)}%"


def seconds(value: float, *, apart: Iterable[float | None] = ()) -> str:  # noqa: ARG001 - it leaves nothing out
    """Return a length of time by days, hours, minutes and seconds.

    >>> seconds(93_600), seconds(90.5), seconds(-300), seconds(0)
    ('1d 2h', '1m 30.5s', '-5m', '0s')
    """
    if not math.isfinite(value):
        return _words(value)
    parts, rest = [], abs(value)
    for unit, length in (("d", 86_400), ("h", 3_600), ("m", 60)):
        whole, rest = divmod(rest, length)
        parts += [f"{number(whole)}{unit}"] * bool(whole)
    parts += [f"{number(rest)}s"] * bool(rest or not parts)
    return f"{'-' * (value < 0)}{' '.join(parts)}"


def exact_share(value: float) -> str:
    """Return a share of the contract as it was written, as a percentage."""
    return share(value, digits=_EXACT)


def count(value: float) -> str:
    """Return a number of rows with thousands separators."""
    return number(value, digits=_EXACT)


def p_value(value: float, *, alpha: float | None = None) -> str:
    """Return a p-value as `p = 0.034` or `p < 0.001`, told apart from the level it is judged at."""
    if 0 <= value < _TOO_SMALL_TO_PRINT and (alpha is None or alpha >= _TOO_SMALL_TO_PRINT):
        return f"p < {_TOO_SMALL_TO_PRINT}"
    return f"p = {number(value, digits=2, apart=[alpha])}"


def _words(value: float) -> str:
    if math.isnan(value):
        return "not a number"
    return "infinite" if value > 0 else "minus infinite"


def _decimal(value: float) -> Decimal:
    """Return the decimal that the number is written as, which is what its author meant."""
    return Decimal(value) if isinstance(value, int) else Decimal(float.__repr__(value))


def _rounded(value: float, digits: int, *, apart: Iterable[float | None]) -> Decimal:
    whole = _decimal(value)
    limits = [_decimal(limit) for limit in apart if limit is not None and math.isfinite(limit)]
    integer_part = whole.adjusted() + 1 if whole.adjusted() in _PLAIN_EXPONENTS else 0
    for precision in range(max(digits, integer_part), _EXACT):
        text = Context(prec=precision, rounding=ROUND_HALF_EVEN).plus(whole)
        if all(text.compare(limit) == whole.compare(limit) for limit in limits):
            return text
    return whole


def _text(value: Decimal) -> str:
    if value == 0:
        return "0"
    short = value.normalize(Context(prec=max(len(value.as_tuple().digits), 1)))
    return f"{short:,f}" if short.adjusted() in _PLAIN_EXPONENTS else f"{short:e}"
