"""Words of ODCS that both ways need: logical types, formats, whole numbers by width, lengths of time."""

from collections.abc import Mapping

from mlval.domain.text import shown
from mlval.interchange import amounts
from mlval.interchange.demand import Demand, Unmappable
from mlval.interchange.json_text import Value

TYPES = {
    "integer": "int",
    "number": "float",
    "string": "string",
    "boolean": "bool",
    "date": "date",
    "timestamp": "timestamp",
}
LOGICAL = {ours: theirs for theirs, ours in TYPES.items()}

FORMATS = {"email": "email", "uuid": "uuid", "uri": "url", "ipv4": "ipv4", "ipv6": "ipv6"}
WIDTHS: Mapping[str, tuple[int, int]] = {
    **{f"i{bits}": (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1) for bits in (8, 16, 32, 64)},
    **{f"u{bits}": (0, 2**bits - 1) for bits in (8, 16, 32, 64)},
}

_SECONDS = {
    **dict.fromkeys(("s", "sec", "second", "seconds"), 1),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60),
    **dict.fromkeys(("h", "hr", "hour", "hours"), 3_600),
    **dict.fromkeys(("d", "day", "days"), 86_400),
    **dict.fromkeys(("w", "week", "weeks"), 604_800),
}
_FRESH = frozenset({"freshness", "fr", "latency", "ly"})
_SHORT = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
_SLA = frozenset(
    {
        "id",
        "property",
        "value",
        "valueExt",
        "unit",
        "element",
        "driver",
        "description",
        "scheduler",
        "schedule",
    }
)


def freshness(one: Mapping[str, Value], titles: tuple[str, ...]) -> tuple[str, Demand]:
    """Return a service level about age as a rule, with the schema object that it is about.

    Raises
    ------
    Unmappable
        If it is about something else, or says no length of time or no column.
    """
    named = str(one.get("property", ""))
    if named.lower() not in _FRESH:
        raise Unmappable("a service level that no look at the rows can judge")
    if unknown := [key for key in one if key not in _SLA]:
        raise Unmappable(f"the key {shown(unknown[0], 40)!r} is not known")
    element = one.get("element")
    if not isinstance(element, str) or not element or "," in element:
        raise Unmappable("it names no single column (`element: object.column`)")
    title, dot, column = element.partition(".")
    if not dot:
        title, column = (titles[0] if len(titles) == 1 else ""), element
    if title not in titles or not column:
        raise Unmappable(f"there is no schema object for {shown(element, 60)!r}")
    unit = str(one.get("unit", "")).lower()
    if unit not in _SECONDS:
        raise Unmappable(f"the unit {shown(one.get('unit'), 40)!r} has no fixed length")
    seconds = amounts.number(one.get("value"), "`value`") * _SECONDS[unit]
    if seconds <= 0 or not float(seconds).is_integer():
        raise Unmappable("the length of time is no whole number of seconds")
    return title, Demand({"max_age": spelled(int(seconds))}, column)


def spelled(seconds: int) -> str:
    """Return a length of time in its largest whole unit.

    >>> spelled(86400), spelled(90)
    ('1d', '90s')
    """
    unit, length = next((unit, length) for unit, length in _SHORT if seconds % length == 0)
    return f"{seconds // length}{unit}"
