"""Numbers of other tools in the spelling of a contract: shares with their `%`, ends that are left open."""

import math
from decimal import Decimal

from mlval.domain.rounding import significant
from mlval.interchange.demand import Unmappable
from mlval.interchange.json_text import Value

_LEAST = 1e-300


def number(value: Value, what: str) -> int | float:
    """Return a finite number.

    Raises
    ------
    Unmappable
        If it is something else.
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Unmappable(f"{what} is no number")
    return value


def percent(share: float) -> str:
    """Return a share in [0, 1] as a percentage, exactly.

    >>> percent(0.005), percent(1), percent(0.07)
    ('0.5%', '100%', '7%')
    """
    return f"{_plain(Decimal(str(share)) * 100)}%"


def rest(share: float) -> str:
    """Return what a share leaves over, as a percentage.

    >>> rest(0.995), rest(0), rest(0.9)
    ('0.5%', '100%', '10%')
    """
    return f"{_plain((1 - Decimal(str(share))) * 100)}%"


def scaled(share: float, by: float) -> float:
    """Return a product without the dust of binary fractions.

    >>> scaled(0.1, 0.5), scaled(29, 0.01)
    (0.05, 0.29)
    """
    return float(Decimal(str(share)) * Decimal(str(by)))


def beyond(end: float, *, up: bool) -> float:
    """Return the nearest end that leaves `end` itself out, for values of nine significant digits.

    >>> beyond(2, up=True), beyond(2, up=False), beyond(0, up=True)
    (2.00000001, 1.99999999, 1e-300)
    """
    if end == 0:
        return _LEAST if up else -_LEAST
    exponent = math.floor(math.log10(abs(end)))
    step = 10.0 ** (exponent - 8)
    moved = significant(end + step if up else end - step)
    return moved if moved != significant(end) else significant(end + (2 * step if up else -2 * step))


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
