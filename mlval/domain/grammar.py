"""The one grammar of limits: how a contract spells a bound, a tolerance, a share and a duration.

| spelling | read as |
|---|---|
| `0.85` | the limit on the side that the rule or metric knows |
| `{min: 0, max: 5, confidence: 95%}` | both ends said |
| `[0, 500]`, `[0, null]` | a range, either end may be open |
| `">= 0.85"`, `"<= 1%"` | a comparison, quoted |
| `1%`, `3` | a tolerance: a share of rows, or a number of rows |
"""

import math
import re
from dataclasses import replace
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mlval.domain.bound import Bound, Direction

_PERCENT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")
_COMPARISON = re.compile(r"(<=|>=|<|>|==|=|!=)(.+)", re.DOTALL)
_INTEGER = re.compile(r"[-+]?[0-9]{1,18}")
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]+)?")
_PERCENT_PATTERN = r"^\s*[0-9]+(\.[0-9]+)?\s*%\s*$"
_COMPARISON_PATTERN = r"^\s*(<=|>=)\s*-?[0-9.eE+-]+\s*%?\s*$"

PERCENT_SCHEMA: dict[str, object] = {"type": "string", "pattern": _PERCENT_PATTERN}
_comparison_schema: dict[str, object] = {"type": "string", "pattern": _COMPARISON_PATTERN}


def percent(text: str) -> float | None:
    """Read `12.5%` as 0.125; None where the text is no percentage.

    >>> percent("1%"), percent("1")
    (0.01, None)
    """
    match = _PERCENT.fullmatch(text)
    return float(f"{float(match[1]) / 100:.12g}") if match else None


def number(raw: object) -> float:
    """Read a finite number or a percentage.

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    value = percent(raw) if isinstance(raw, str) else raw
    if isinstance(value, bool) or not isinstance(value, int | float):
        message = f"expected a number, found {_quoted(raw)}"
        raise ValueError(message)
    if not _is_finite(value):
        message = f"{_quoted(raw)} is not a limit; leave an end out to keep it open"
        raise ValueError(message)
    return value


def bound(raw: object, direction: Direction | None = None) -> Bound:
    """Read a bound in any of its spellings; `direction` says which way is better, where that is known.

    >>> bound(0.85, "higher")
    Bound(min=0.85, max=None, confidence=None, unit='value')
    >>> bound([0, 500])
    Bound(min=0, max=500, confidence=None, unit='value')
    >>> bound("<= 1%")
    Bound(min=None, max=0.01, confidence=None, unit='value')
    """
    if isinstance(raw, Bound):
        return raw
    if isinstance(raw, dict):
        return _bound_from_keys(raw)
    if isinstance(raw, list | tuple):
        return _bound_from_range(raw)
    if isinstance(raw, str) and (match := _COMPARISON.fullmatch(raw.strip())):
        return _bound_from_comparison(match[1], match[2].strip())
    value = number(raw)
    if direction == "higher":
        return Bound(min=value)
    if direction == "lower":
        return Bound(max=value)
    side = raw if isinstance(raw, str) else f"{value}"
    message = f"say on which side: {{min: {side:.40}}} or {{max: {side:.40}}}"
    raise ValueError(message)


def tolerance(raw: object) -> Bound:
    """Read how many rows may break a rule: a share with its `%`, or a whole number of rows.

    >>> tolerance("0.5%")
    Bound(min=None, max=0.005, confidence=None, unit='share')
    >>> tolerance(3).unit
    'rows'
    """
    if isinstance(raw, Bound):
        return raw
    if isinstance(raw, str) and (match := _COMPARISON.fullmatch(raw.strip())):
        if match[1] != "<=":
            end = match[2].strip()[:40]
            message = f"a tolerance is an upper limit: write {end!r} or '<= {end}'"
            raise ValueError(message)
        raw = _literal(match[2].strip())
    if isinstance(raw, str) and (value := percent(raw)) is not None:
        if value > 1:
            message = f"a share is at most 100%, found {raw}"
            raise ValueError(message)
        return Bound(max=value, unit="share")
    if isinstance(raw, bool) or not isinstance(raw, int | float) or not _is_finite(raw) or raw < 0:
        message = f"expected a share such as 1% or a number of rows such as 10, found {_quoted(raw)}"
        raise ValueError(message)
    if raw > 1 and not float(raw).is_integer():
        message = f"expected a whole number of rows, found {_quoted(raw)}"
        raise ValueError(message)
    if not float(raw).is_integer():
        message = f"{raw} could be a share or a count: write {as_percent(raw)} or a whole number of rows"
        raise ValueError(message)
    return Bound(max=int(raw), unit="rows")


def share(raw: object) -> float:
    """Read a share in [0, 1]: `95%` or 0.95."""
    value = number(raw)
    if not 0 <= value <= 1:
        message = f"expected a share between 0% and 100%, found {_quoted(raw)}"
        raise ValueError(message)
    return value


def confidence(raw: object) -> float:
    """Read a confidence level, above 50% and below 100%."""
    value = share(raw)
    if not 0.5 < value < 1:
        message = f"expected a confidence such as 95%, found {_quoted(raw)}"
        raise ValueError(message)
    return value


def _bound_from_keys(raw: dict[object, object]) -> Bound:
    unknown = [str(key) for key in raw if key not in {"min", "max", "confidence"}]
    if unknown:
        message = f"unknown key {unknown[0]!r} in a bound; it has min, max and confidence"
        raise ValueError(message)
    low, high = raw.get("min"), raw.get("max")
    result = _bound_from_range((low, high))
    return replace(result, confidence=confidence(raw["confidence"])) if "confidence" in raw else result


def _bound_from_range(raw: list[object] | tuple[object, ...]) -> Bound:
    if len(raw) != 2:
        message = f"a range has two ends, such as [0, 500]; found {len(raw)}"
        raise ValueError(message)
    low, high = (None if end is None else number(end) for end in raw)
    if low is None and high is None:
        message = "a bound needs min, max or both"
        raise ValueError(message)
    if low is not None and high is not None and low > high:
        message = f"min {low} is above max {high}: nothing could pass"
        raise ValueError(message)
    return Bound(min=low, max=high)


def _bound_from_comparison(operator: str, text: str) -> Bound:
    value = number(_literal(text))
    if operator == ">=":
        return Bound(min=value)
    if operator == "<=":
        return Bound(max=value)
    message = f"use >= or <=, not {operator}: limits include their value"
    raise ValueError(message)


def _literal(text: str) -> object:
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number beyond the largest float
        return False


def as_percent(share: float) -> str:
    """Return a share as a contract spells it: 0.005 is `0.5%`."""
    return f"{Decimal(f'{share * 100:.12g}'):f}%"


def _quoted(raw: object) -> str:
    if isinstance(raw, int) and not _is_finite(raw):
        return "a number beyond all floats"
    return repr(raw)[:80]


def _spelled(value: Bound) -> Any:  # noqa: ANN401 - a JSON value
    if value.unit == "share":
        return as_percent(value.max or 0)
    if value.unit == "rows":
        return value.max
    keys = {"min": value.min, "max": value.max, "confidence": value.confidence}
    return {key: end for key, end in keys.items() if end is not None}


_number_schema: dict[str, object] = {"anyOf": [{"type": "number"}, PERCENT_SCHEMA]}
_end_schema: dict[str, object] = {"anyOf": [{"type": "number"}, PERCENT_SCHEMA, {"type": "null"}]}
_bound_schemas: list[dict[str, object]] = [
    {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {"min": _end_schema, "max": _end_schema, "confidence": _number_schema},
    },
    {"type": "array", "minItems": 2, "maxItems": 2, "items": _end_schema},
    _comparison_schema,
]

BoundSpec = Annotated[
    Bound,
    BeforeValidator(bound),
    PlainSerializer(_spelled),
    WithJsonSchema({"anyOf": _bound_schemas}),
]
"""A bound whose side must be said."""

ToleranceSpec = Annotated[
    Bound,
    BeforeValidator(tolerance),
    PlainSerializer(_spelled),
    WithJsonSchema({"anyOf": [PERCENT_SCHEMA, {"type": "integer", "minimum": 0}, _comparison_schema]}),
]
"""How many rows may break a rule."""

Number = Annotated[float | None, WithJsonSchema(_end_schema)]
"""A number or a percentage that was read before, or none."""

Share = Annotated[float, BeforeValidator(share), WithJsonSchema(_number_schema)]
"""A share of rows, in [0, 1]."""

PLAIN_SCHEMAS: list[dict[str, object]] = [{"type": "number"}, PERCENT_SCHEMA, *_bound_schemas[1:]]
"""The spellings of a bound on a metric, whose direction is known, other than by keys."""
