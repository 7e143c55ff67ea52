"""How a contract says by how much a metric may rise or fall.

| spelling | read as |
|---|---|
| `1.5x`, `0.8x` | the factor that it may reach: above 1 where it rises, below 1 where it falls |
| `5%` | the share of the other value that it may rise or fall by |
| `0.02` | the difference, in the unit of the metric |
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mlval.domain.grammar import PERCENT_SCHEMA, as_percent, number

_FACTOR = re.compile(r"\s*([0-9]{1,9}(?:\.[0-9]{1,12})?)\s*x\s*")
_FACTOR_PATTERN = r"^\s*[0-9]{1,9}(\.[0-9]{1,12})?\s*x\s*$"

Scale = Literal["factor", "share", "difference"]


@dataclass(frozen=True, slots=True)
class Shift:
    """How far a metric may move one way: a factor above 0, or a share or difference from 0 on."""

    amount: float
    scale: Scale


def increase(raw: object) -> Shift:
    """Read by how much a metric may rise.

    >>> increase("1.5x"), increase("5%")
    (Shift(amount=1.5, scale='factor'), Shift(amount=0.05, scale='share'))

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    found = _shift(raw)
    if found.scale == "factor" and found.amount < 1:
        message = f"a rise reaches 1x or more, found {raw!r:.40}"
        raise ValueError(message)
    return found


def decrease(raw: object) -> Shift:
    """Read by how much a metric may fall; errors as `increase`.

    >>> decrease("0.8x"), decrease(0.02)
    (Shift(amount=0.8, scale='factor'), Shift(amount=0.02, scale='difference'))
    """
    found = _shift(raw)
    if found.scale == "factor" and not 0 < found.amount <= 1:
        message = f"a fall reaches 1x or less, but not 0x, found {raw!r:.40}"
        raise ValueError(message)
    if found.scale == "share" and found.amount > 1:
        message = f"nothing falls by more than 100%, found {raw!r:.40}"
        raise ValueError(message)
    return found


def _shift(raw: object) -> Shift:
    if isinstance(raw, Shift):
        return raw
    if isinstance(raw, str) and (match := _FACTOR.fullmatch(raw)):
        return Shift(float(match[1]), "factor")
    try:
        amount = number(raw)
    except ValueError as error:
        message = f"expected a factor such as 1.5x, a share such as 5% or a difference, found {raw!r:.40}"
        raise ValueError(message) from error
    if amount < 0:
        message = f"how far is not negative, found {raw!r:.40}"
        raise ValueError(message)
    return Shift(amount, "share" if isinstance(raw, str) else "difference")


def _spelled(value: Shift) -> Any:  # noqa: ANN401 - a JSON value
    if value.scale == "factor":
        return f"{value.amount:g}x"
    return as_percent(value.amount) if value.scale == "share" else value.amount


_schema: dict[str, object] = {
    "anyOf": [
        {"type": "string", "pattern": _FACTOR_PATTERN},
        PERCENT_SCHEMA,
        {"type": "number", "minimum": 0},
    ]
}

IncreaseSpec = Annotated[Shift, BeforeValidator(increase), PlainSerializer(_spelled), WithJsonSchema(_schema)]
"""By how much a metric may rise."""

DecreaseSpec = Annotated[Shift, BeforeValidator(decrease), PlainSerializer(_spelled), WithJsonSchema(_schema)]
"""By how much a metric may fall."""
