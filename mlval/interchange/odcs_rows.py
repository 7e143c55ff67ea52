"""Rules of a table as quality checks of ODCS: the number of rows, and columns that are unique together."""

from collections.abc import Mapping

from mlval.domain.grammar import bound
from mlval.interchange.json_text import Value


def row_checks(rule: str, value: Value) -> tuple[Value, ...] | None:
    """Return a rule as checks of a schema object, None where the standard has no words for it."""
    if rule == "rows" and not (isinstance(value, Mapping) and "confidence" in value):
        return _rows(value)
    if rule == "unique":
        entries = value if isinstance(value, tuple) else (value,)
        return tuple(_unique(one if isinstance(one, tuple) else (one,)) for one in entries)
    return None


def _rows(value: Value) -> tuple[dict[str, Value], ...]:
    read = bound(dict(value) if isinstance(value, Mapping) else value)
    if read.min is not None and read.min == read.max:
        return ({"metric": "rowCount", "mustBe": _whole(read.min)},)
    ends = {"mustBeGreaterOrEqualTo": read.min, "mustBeLessOrEqualTo": read.max}
    return tuple({"metric": "rowCount", key: _whole(end)} for key, end in ends.items() if end is not None)


def _whole(end: float) -> int | float:
    return int(end) if float(end).is_integer() else end


def _unique(columns: tuple[Value, ...]) -> dict[str, Value]:
    return {"metric": "duplicateValues", "mustBe": 0, "arguments": {"properties": columns}}
