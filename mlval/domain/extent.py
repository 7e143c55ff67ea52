"""Bounds on a single value of a column, numbers or times, and how such a value is held against them."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

from mlval.domain.aggregated import computed, refuse_sensitive
from mlval.domain.asks import Aggregate, Column
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.grammar import bound
from mlval.domain.measurement import Failing, Measurement
from mlval.domain.predicate import Above, Below, Predicate
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps
from mlval.domain.text import shown


@dataclass(frozen=True, slots=True)
class Extent:
    """The least and the greatest that a value may be: both numbers, or both times in ISO 8601."""

    min: float | str | None = None
    max: float | str | None = None

    @property
    def of_times(self) -> bool:
        """Whether the ends are times."""
        return isinstance(self.min, str) or isinstance(self.max, str)

    def told(self) -> str:
        """Return the demand as a sentence says it."""
        ends = (("at least", self.min), ("at most", self.max))
        return " and ".join(f"{word} {shown(end, 40)}" for word, end in ends if end is not None)


def extent(raw: object) -> Extent:
    """Read bounds in the spellings of `bound`; ends may be times.

    >>> extent({"max": "2026-01-31"})
    Extent(min=None, max='2026-01-31')
    >>> extent([0, None])
    Extent(min=0, max=None)

    Raises
    ------
    ValueError
        With a sentence for the user.
    """
    match raw:
        case Extent():
            return raw
        case str() if raw.strip()[:2] in {">=", "<="} and _moment(raw.strip()[2:].strip()):
            end = raw.strip()[2:].strip()
            return Extent(min=end) if raw.strip()[0] == ">" else Extent(max=end)
        case dict() if _holds_times(raw.values()):
            if unknown := [key for key in raw if key not in {"min", "max"}]:
                message = f"unknown key {shown(unknown[0], 40)!r} in a bound on times; it has min and max"
                raise ValueError(message)
            return _of_times(raw.get("min"), raw.get("max"))
        case (low, high) if _holds_times((low, high)):
            return _of_times(low, high)
    read = bound(raw)
    if read.confidence is not None:
        raise ValueError("it has no interval to be confident about: leave `confidence` out")
    return Extent(read.min, read.max)


def _holds_times(ends: Any) -> bool:  # noqa: ANN401 - whatever stands in the contract
    return any(isinstance(end, str) and "%" not in end for end in ends)


def _of_times(low: object, high: object) -> Extent:
    for end in (low, high):
        if end is not None and (not isinstance(end, str) or _moment(end) is None):
            message = f"expected a time such as 2026-01-31T12:00:00, found {shown(end, 80)!r}"
            raise ValueError(message)
    first, last = (None if end is None else _moment(str(end)) for end in (low, high))
    if first is not None and last is not None and first > last:
        message = f"min {low} is after max {high}: nothing could pass"
        raise ValueError(message)
    return Extent(None if low is None else str(low), None if high is None else str(high))


def _moment(text: str) -> datetime | None:
    """Read a time; without an offset it is UTC, as where it is compared with values."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _spelled(value: Extent) -> dict[str, float | str]:
    return {key: end for key, end in (("min", value.min), ("max", value.max)) if end is not None}


_end_schema: dict[str, object] = {"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "null"}]}
_schemas: list[dict[str, object]] = [
    {
        "type": "object",
        "additionalProperties": False,
        "minProperties": 1,
        "properties": {"min": _end_schema, "max": _end_schema},
    },
    {"type": "array", "minItems": 2, "maxItems": 2, "items": _end_schema},
    {"type": "string", "pattern": r"^\s*(<=|>=)\s*[-+0-9.].*$"},
]

ExtentSpec = Annotated[
    Extent, BeforeValidator(extent), PlainSerializer(_spelled), WithJsonSchema({"anyOf": _schemas})
]


class ExtremeRule(Rule[ExtentSpec]):
    """A column's smallest or largest value lies within these bounds."""

    function: ClassVar[Literal["min", "max"]]
    tighter = "within"

    def steps(self, setting: Setting) -> Steps:
        """Find the value, and count those among which it was found."""
        column = setting.under
        refuse_sensitive(setting, column.name)
        _check_kind(column, self.root)
        question = Aggregate(setting.rows, self.function, column.name, setting.present)
        found = yield from computed(self.name, setting, question, counted=setting.present)
        shows = self._shows(column)
        if shows is not None:
            found = replace(found, failing=Failing(setting.rows, (*setting.present, shows), (column.name,)))
        return (_against(found, self.root),)

    def _shows(self, column: Column) -> Predicate | None:
        """Return what is true of rows that show a failure; a value that nowhere occurs has no row."""
        if self.function == "min":
            return None if self.root.min is None else Below(column.name, self.root.min)
        return None if self.root.max is None else Above(column.name, self.root.max)


def _check_kind(column: Column, wanted: Extent) -> None:
    if (column.kind in {"date", "timestamp"}) != wanted.of_times:
        message = f"{shown(column.name)!r} holds {column.kind} values, which cannot be {wanted.told()}"
        raise Unmeasurable(message)


def _against(found: Measurement, wanted: Extent) -> Measurement:
    """Hold a value against its bounds; a time is told in seconds from one of them, which loses no digit."""
    if not wanted.of_times:
        low, high = (end if isinstance(end, int | float) else None for end in (wanted.min, wanted.max))
        return replace(found, limit=Bound(min=low, max=high))
    ends = [_moment(str(end)) if end is not None else None for end in (wanted.min, wanted.max)]
    origin = next(end for end in ends if end is not None)
    low, high = (None if end is None else (end - origin).total_seconds() for end in ends)
    details = {"demands": f"{wanted.told()}, in seconds after {origin.isoformat()}"}
    value = None if found.value is None else found.value - origin.timestamp()
    return replace(found, value=value, limit=Bound(min=low, max=high), details=details)
