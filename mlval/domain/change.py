"""How a contract says by how much a number may differ from another.

| spelling | read as |
|---|---|
| `[-20%, 50%]`, `{min: -20%, max: 50%}` | the relative change, (value - other) / other; an end may be open |
| `5%` | a relative change of at most 5% either way |
| `{difference: [-3, 3]}`, `{difference: 3}` | the difference itself, value - other; shares may carry `%` |
"""

import re
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mlval.domain.bound import Bound, Unit
from mlval.domain.grammar import as_percent, number

_PERCENT = re.compile(r"\s*([-+]?)\s*([0-9]+(?:\.[0-9]+)?)\s*%\s*")
_PATTERN = r"^\s*[-+]?\s*[0-9]+(\.[0-9]+)?\s*%\s*$"


@dataclass(frozen=True, slots=True)
class Change:
    """How far a number may lie from another: by the share of the other, or by the difference."""

    bound: Bound
    relative: bool = True


def change(raw: object) -> Change:
    """Read how far a number may lie from another.

    >>> change("5%")
    Change(bound=Bound(min=-0.05, max=0.05, confidence=None, unit='share'), relative=True)
    >>> change({"difference": [None, 3]}).bound.max
    3

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    if isinstance(raw, Change):
        return raw
    if isinstance(raw, dict) and set(raw) == {"difference"}:
        return Change(_bound(raw["difference"], relative=False), relative=False)
    return Change(_bound(raw, relative=True))


def _bound(raw: object, *, relative: bool) -> Bound:
    low: object
    high: object
    unit: Unit = "share" if relative else "value"
    if isinstance(raw, dict):
        unknown = [str(key) for key in raw if key not in {"min", "max"}]
        if unknown:
            message = f"unknown key {unknown[0][:40]!r}; a change has min and max, or difference"
            raise ValueError(message)
        low, high = raw.get("min"), raw.get("max")
    elif isinstance(raw, list | tuple):
        if len(raw) != 2:
            message = f"a range has two ends, such as [-5%, 5%]; found {len(raw)}"
            raise ValueError(message)
        low, high = raw
    else:
        reach = _end(raw, relative=relative)
        if reach < 0:
            message = f"how far either way is not negative, found {raw!r:.40}; a range is [-5%, 5%]"
            raise ValueError(message)
        return Bound(min=0 - reach, max=reach, unit=unit)
    ends = [None if end is None else _end(end, relative=relative) for end in (low, high)]
    if ends == [None, None]:
        raise ValueError("a change needs min, max or both")
    if ends[0] is not None and ends[1] is not None and ends[0] > ends[1]:
        message = f"min {low!r:.40} is above max {high!r:.40}: nothing could pass"
        raise ValueError(message)
    return Bound(min=ends[0], max=ends[1], unit=unit)


def _end(raw: object, *, relative: bool) -> float:
    if isinstance(raw, str) and (match := _PERCENT.fullmatch(raw)):
        share = number(f"{match[2]}%")
        return 0 - share if match[1] == "-" else share
    if relative:
        message = f"a change is a percentage such as 5% or [-5%, 5%], found {raw!r:.40}"
        if isinstance(raw, int | float) and not isinstance(raw, bool):
            message += "; for a difference write {difference: [-3, 3]}"
        raise ValueError(message)
    return number(raw)


def _spelled(value: Change) -> Any:  # noqa: ANN401 - a JSON value
    say = as_percent if value.relative else float
    ends = [None if end is None else say(end) for end in (value.bound.min, value.bound.max)]
    return ends if value.relative else {"difference": ends}


def _schema(*ends: dict[str, object]) -> dict[str, object]:
    end = {"anyOf": [*ends, {"type": "null"}]}
    keys = {"type": "object", "additionalProperties": False, "minProperties": 1}
    return {
        "anyOf": [
            *ends,
            {"type": "array", "minItems": 2, "maxItems": 2, "items": end},
            {**keys, "properties": {"min": end, "max": end}},
        ]
    }


_share: dict[str, object] = {"type": "string", "pattern": _PATTERN}
_difference: dict[str, object] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["difference"],
    "properties": {
        "difference": {
            "description": "By how much it may differ, in its own unit.",
            **_schema({"type": "number"}, _share),
        }
    },
}

ChangeSpec = Annotated[
    Change,
    BeforeValidator(change),
    PlainSerializer(_spelled),
    WithJsonSchema({"anyOf": [_schema(_share), _difference]}),
]
"""By how much a number may differ from another."""
