"""How a contract bounds a number of things: by counts, which are whole, or by shares, which carry their `%`.

| spelling | read as |
|---|---|
| `{min: 2, max: 50}`, `[2, 50]`, `">= 2"` | counts |
| `{min: 90%}`, `[0.5%, 3%]`, `"<= 3%"` | shares |
"""

from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mlval.domain.bound import Bound
from mlval.domain.grammar import PERCENT_SCHEMA, as_percent, bound

_COMPARISON_SCHEMA: dict[str, object] = {"type": "string", "pattern": r"^\s*(<=|>=)\s*[0-9.]+\s*%?\s*$"}


def amount(raw: object) -> Bound:
    """Read bounds on a number of things, as counts (unit `value`) or as a share of something.

    >>> amount({"min": 2, "max": 50})
    Bound(min=2, max=50, confidence=None, unit='value')
    >>> amount({"min": "90%"})
    Bound(min=0.9, max=None, confidence=None, unit='share')

    Raises
    ------
    ValueError
        With a sentence for the user; a bare fraction could be either, and is refused with both spellings.
    """
    if isinstance(raw, Bound):
        return raw
    shares = {isinstance(end, str) and "%" in end for end in _ends(raw) if end is not None}
    if len(shares) > 1:
        raise ValueError("one end is a share and the other a count: write both with %, or none")
    read = bound(raw)
    if read.confidence is not None:
        raise ValueError("a count has no confidence: leave it out")
    for end in (read.min, read.max):
        if end is not None:
            _check(end, is_share=shares == {True})
    if shares == {True}:
        return Bound(min=read.min, max=read.max, unit="share")
    return Bound(min=_whole(read.min), max=_whole(read.max))


def count(raw: object) -> Bound:
    """Read bounds that are counts.

    >>> count([2, None]).min
    2
    """
    read = amount(raw)
    if read.unit == "share":
        raise ValueError("expected whole numbers such as {min: 2, max: 50}, found a share")
    return read


def shares(raw: object) -> Bound:
    """Read bounds that are shares.

    >>> shares(["0.5%", "3%"])
    Bound(min=0.005, max=0.03, confidence=None, unit='share')
    """
    read = amount(raw)
    if read.unit != "share":
        end = read.min if read.min is not None else read.max
        message = f"expected shares such as {{min: 5%}}, found a count: {end!r:.40}"
        raise ValueError(message)
    return read


def _ends(raw: object) -> tuple[object, ...]:
    match raw:
        case dict():
            return raw.get("min"), raw.get("max")
        case list() | tuple():
            return tuple(raw)
        case _:
            return (raw,)


def _check(end: float, *, is_share: bool) -> None:
    message = ""
    if end < 0:
        message = f"{end!r:.40} is below 0: nothing is fewer than none"
    elif is_share and end > 1:
        message = f"a share is at most 100%, found {as_percent(end):.40}"
    elif not is_share and end < 1 and not float(end).is_integer():
        message = f"{end} could be a share or a count: write {as_percent(end)} or a whole number"
    elif not is_share and not float(end).is_integer():
        message = f"expected a whole number, found {end!r:.40}"
    if message:
        raise ValueError(message)


def _whole(end: float | None) -> int | None:
    return None if end is None else int(end)


def _spelled(read: Bound) -> dict[str, Any]:
    ends = {"min": read.min, "max": read.max}
    return {
        key: as_percent(end) if read.unit == "share" else end for key, end in ends.items() if end is not None
    }


def _schema(*kinds: dict[str, object]) -> dict[str, object]:
    end: dict[str, object] = {"anyOf": [*kinds, {"type": "null"}]}
    keys = {"type": "object", "additionalProperties": False, "minProperties": 1}
    return {
        "anyOf": [
            {**keys, "properties": {"min": end, "max": end}},
            {"type": "array", "minItems": 2, "maxItems": 2, "items": end},
            _COMPARISON_SCHEMA,
        ]
    }


_count_schema: dict[str, object] = {"type": "integer", "minimum": 0}

AmountSpec = Annotated[
    Bound,
    BeforeValidator(amount),
    PlainSerializer(_spelled),
    WithJsonSchema(_schema(_count_schema, PERCENT_SCHEMA)),
]
"""Bounds on a count, or on a share."""

CountSpec = Annotated[
    Bound, BeforeValidator(count), PlainSerializer(_spelled), WithJsonSchema(_schema(_count_schema))
]
"""Bounds on a count."""

SharesSpec = Annotated[
    Bound, BeforeValidator(shares), PlainSerializer(_spelled), WithJsonSchema(_schema(PERCENT_SCHEMA))
]
"""Bounds on a share."""
