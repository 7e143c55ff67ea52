"""What a property of ODCS says of its column: type and options, required, unique, key, enum, references."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from mlval.domain.text import shown
from mlval.interchange import amounts
from mlval.interchange.coverage import Fate
from mlval.interchange.demand import Demand, Mapped, Unmappable
from mlval.interchange.gx_types import type_of
from mlval.interchange.json_text import Value
from mlval.interchange.odcs_terms import FORMATS, TYPES, WIDTHS
from mlval.interchange.patterns import differences

Work = Callable[[], Mapped]
Told = Iterator[tuple[str, Work]]

_LIMITS = {"minimum": "min", "maximum": "max", "exclusiveMinimum": "above", "exclusiveMaximum": "below"}
_LENGTHS = {"minLength": "min", "maxLength": "max"}


def _flag(rules: Mapping[str, Value]) -> Callable[[str, Value, Mapping[str, Value]], Told]:
    def told(column: str, value: Value, _: Mapping[str, Value]) -> Told:
        name = next(iter(rules))
        word = {"nulls": "required", "unique": "unique"}[name]
        if not isinstance(value, bool):
            yield word, lambda: _refused("it is neither true nor false")
        elif value:
            yield word, lambda: Mapped((Demand(rules, column),))

    return told


def _type(column: str, value: Value, _: Mapping[str, Value]) -> Told:
    def work() -> Mapped:
        if not isinstance(value, str) or value not in TYPES:
            raise Unmappable(f"the logical type {shown(value, 40)!r} has no counterpart")
        return Mapped((Demand({"type": TYPES[value]}, column),))

    yield "logicalType", work


def _physical(column: str, value: Value, whole: Mapping[str, Value]) -> Told:
    if "logicalType" in whole:
        return

    def work() -> Mapped:
        found, notes = type_of((str(value),))
        own = "the type of the source is read as a logical one"
        return Mapped((Demand({"type": found}, column),)).noted(own, *notes)

    yield "physicalType", work


def _options(column: str, value: Value, whole: Mapping[str, Value]) -> Told:
    if not isinstance(value, Mapping):
        yield "logicalTypeOptions", lambda: _refused("it is no mapping")
        return
    kind = whole.get("logicalType")
    lengths = {_LENGTHS[key]: end for key, end in value.items() if key in _LENGTHS}
    if lengths:
        yield "minLength, maxLength", lambda: Mapped((Demand({"length": lengths}, column),))
    if "timezone" in value or "defaultTimezone" in value:
        yield "timezone", lambda: _zone(column, value)
    for key, given in value.items():
        if key not in {*_LENGTHS, "timezone", "defaultTimezone"}:
            yield key, lambda key=key, given=given: _option(column, key, given, kind=kind)  # type: ignore[misc]


def _option(column: str, key: str, given: Value, *, kind: Value) -> Mapped:
    if key in _LIMITS:
        return Mapped((Demand({_LIMITS[key]: _limit(given)}, column),))
    if key == "pattern" and isinstance(given, str):
        return Mapped((Demand({"regex": given}, column),)).noted(*differences((given,)))
    if key == "multipleOf":
        return Mapped((Demand({"multiple_of": amounts.number(given, "`multipleOf`")}, column),))
    if key == "format":
        return _format(column, given, kind=kind)
    raise Unmappable("this option has no counterpart")


def _limit(given: Value) -> Value:
    if isinstance(given, str):
        try:
            datetime.fromisoformat(given)
        except ValueError as error:
            raise Unmappable(f"{shown(given, 40)!r} is no time in ISO 8601") from error
        return given
    return amounts.number(given, "the limit")


def _format(column: str, given: Value, *, kind: Value) -> Mapped:
    if not isinstance(given, str) or not isinstance(kind, str | None):
        raise Unmappable("it is no text")
    if kind in {"date", "timestamp"}:
        return Mapped().noted("the type is judged, not how its values are written")
    if kind == "integer" and given in WIDTHS:
        return Mapped((Demand({"range": WIDTHS[given]}, column),))
    if kind == "number":
        return Mapped().noted("how many bits a number takes is not judged")
    if given in FORMATS:
        return Mapped((Demand({"format": FORMATS[given]}, column),))
    raise Unmappable(f"the format {shown(given, 40)!r} has no counterpart")


def _zone(column: str, options: Mapping[str, Value]) -> Mapped:
    has_zone, default = options.get("timezone"), options.get("defaultTimezone")
    if has_zone is False and default is None:
        return Mapped((Demand({"tz": "naive"}, column),))
    if has_zone is True and isinstance(default, str):
        zone = "UTC" if default in {"Etc/UTC", "UTC"} else default
        return Mapped((Demand({"tz": zone}, column),))
    raise Unmappable("which zone the times are in is not said (`timezone: true` with `defaultTimezone`)")


def _enum(column: str, value: Value, _: Mapping[str, Value]) -> Told:
    def work() -> Mapped:
        if not isinstance(value, tuple) or not value:
            raise Unmappable("it is no list of values")
        values = tuple(one.get("value") if isinstance(one, Mapping) else one for one in value)
        if any(one is None or isinstance(one, tuple | dict) for one in values):
            raise Unmappable("it has a value that is no number, text or truth value")
        return Mapped((Demand({"in": values}, column),))

    yield "enum", work


def _key(_: str, value: Value, __: Mapping[str, Value]) -> Told:
    if not isinstance(value, bool):
        yield "primaryKey", lambda: _refused("it is neither true nor false")


def _nested(_: str, value: Value, whole: Mapping[str, Value]) -> Told:
    if value not in (None, ()):
        kind = shown(whole.get("logicalType"), 40)
        yield "properties", lambda: _refused(f"what is inside of a column ({kind}) is not looked at")


def _refused(why: str) -> Mapped:
    return Mapped((), (why,), Fate.UNMAPPED)


MEMBERS: Mapping[str, Callable[[str, Value, Mapping[str, Value]], Told]] = {
    "logicalType": _type,
    "physicalType": _physical,
    "logicalTypeOptions": _options,
    "required": _flag({"nulls": 0}),
    "unique": _flag({"unique": True}),
    "enum": _enum,
    "primaryKey": _key,
    "properties": _nested,
    "items": _nested,
}
"""Members of a property that demand something, each with what it demands."""

_DESCRIBING = frozenset(
    {
        *("id", "name", "physicalName", "businessName", "description", "tags", "classification", "examples"),
        *("encryptedName", "criticalDataElement", "partitioned", "partitionKeyPosition", "transformLogic"),
        *("transformSourceObjects", "transformDescription", "authoritativeDefinitions", "customProperties"),
        *("primaryKeyPosition", "quality", "relationships", "deprecated"),
    }
)


def unknown_members(one: Mapping[str, Value]) -> tuple[str, ...]:
    """Return the keys of a property that are not known."""
    return tuple(key for key in one if key not in MEMBERS and key not in _DESCRIBING)


def column_of(one: Mapping[str, Value]) -> str:
    """Return what the column of a property is called in the data."""
    physical = one.get("physicalName")
    return physical if isinstance(physical, str) and physical else str(one.get("name"))


def key_demands(properties: Sequence[Mapping[str, Value]]) -> tuple[tuple[str, ...], tuple[Demand, ...]]:
    """Return the columns of the primary key in their order, and what they demand."""

    def position(one: Mapping[str, Value]) -> float:
        given = one.get("primaryKeyPosition")
        return given if isinstance(given, int) and given > 0 else float("inf")

    keys = tuple(
        column_of(one)
        for one in sorted(properties, key=position)
        if one.get("primaryKey") is True and one.get("name")
    )
    if not keys:
        return (), ()
    together = Demand({"unique": keys if len(keys) > 1 else keys[0]})
    return keys, (together, *(Demand({"nulls": 0}, key) for key in keys))


def reference(relation: Value, *, column: str | None, names: Mapping[str, str]) -> Mapped:
    """Return a relationship as a rule; `names` are the datasets by the names of schema objects."""
    if not isinstance(relation, Mapping) or relation.get("type", "foreignKey") != "foreignKey":
        raise Unmappable("this is no foreign key")
    to = relation.get("to")
    targets = [_target(one, names) for one in (to if isinstance(to, tuple) else (to,))]
    if len({name for name, _ in targets}) != 1:
        raise Unmappable("it leads to several schema objects")
    other = targets[0][0]
    if column is not None:
        if len(targets) != 1:
            raise Unmappable("one column cannot refer to several")
        return Mapped((Demand({"references": {"dataset": other, "column": targets[0][1]}}, column),))
    begin = relation.get("from")
    own = [_target(one, names)[1] for one in (begin if isinstance(begin, tuple) else (begin,))]
    key: Value = {"columns": tuple(own), "dataset": other, "others": tuple(name for _, name in targets)}
    return Mapped((Demand({"references": key}),))


def _target(text: Value, names: Mapping[str, str]) -> tuple[str, str]:
    if not isinstance(text, str):
        raise Unmappable("a reference is text such as `object.column`")
    parts = text.split("/")
    if len(parts) >= 4 and parts[-2] == "properties":
        title, column = parts[-3], parts[-1]
    else:
        title, _, column = text.partition(".")
    if title not in names or not column:
        raise Unmappable(f"there is no schema object for {shown(text, 60)!r}")
    return names[title], column
