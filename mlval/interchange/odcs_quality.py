"""Quality checks of ODCS: metrics with operators and units, as rules with tolerances, and back."""

import math
from collections.abc import Mapping
from decimal import Decimal

from mlval.domain.bound import Bound
from mlval.domain.text import shown
from mlval.interchange import amounts
from mlval.interchange.demand import Demand, Mapped, Severity, Terms, Unmappable
from mlval.interchange.json_text import Value
from mlval.interchange.patterns import differences

OPERATORS = (
    "mustBe",
    "mustNotBe",
    "mustBeGreaterThan",
    "mustBeGreaterOrEqualTo",
    "mustBeLessThan",
    "mustBeLessOrEqualTo",
    "mustBeBetween",
    "mustNotBeBetween",
)
_DESCRIBING = frozenset(
    {
        *("id", "name", "description", "type", "dimension", "businessImpact", "method", "tags"),
        *("authoritativeDefinitions", "schedule", "scheduler", "customProperties"),
    }
)
_READ = frozenset({"metric", "rule", "arguments", "unit", "severity", *OPERATORS})
_OLD = {"nullCheck": "nullValues", "duplicateCount": "duplicateValues", "uniqueCheck": "duplicateValues"}
_WARNS = frozenset({"info", "information", "low", "medium", "minor", "notice", "warn", "warning"})
_BLOCKS = frozenset({"blocker", "critical", "error", "high", "major", "severe"})
_OF_PRESENT = "a percentage is of the values that are there, not of all rows"
_BETWEEN = "both ends of `mustBeBetween` pass; the text of the standard is of two minds"


def quality(check: Mapping[str, Value], *, column: str | None) -> Mapped:
    """Return one check of a property (`column`) or of a schema object as rules.

    Raises
    ------
    Unmappable
        If it has no counterpart.
    """
    _readable(check)
    given = check.get("metric", check.get("rule"))
    metric = _OLD.get(str(given), given)
    arguments = check.get("arguments") or {}
    if not isinstance(arguments, Mapping):
        raise Unmappable("`arguments` is no mapping")
    severity = severity_of(check.get("severity"))
    if metric == "rowCount" and column is None:
        _known(arguments, ())
        return _rows(check, severity)
    allow, notes = tolerance_of(check)
    terms = Terms(allow, None, severity)
    if metric == "duplicateValues":
        return _duplicates(arguments, terms, column).noted(*_of_present(allow), *notes)
    if column is None:
        raise Unmappable(f"the metric {shown(metric, 40)!r} is not known for a whole table")
    match metric:
        case "nullValues":
            _known(arguments, ())
            return Mapped((_nulls(column, terms, ()),)).noted(*notes)
        case "missingValues":
            _known(arguments, ("missingValues",))
            return Mapped((_nulls(column, terms, _scalars(arguments.get("missingValues"))),)).noted(*notes)
        case "invalidValues":
            return _invalid(arguments, terms, column).noted(*_of_present(allow), *notes)
    raise Unmappable(f"the metric {shown(metric, 40)!r} is not known")


def _readable(check: Mapping[str, Value]) -> None:
    kind = check.get("type", "library")
    if kind == "text":
        raise Unmappable("a sentence for people: write its meaning as a rule")
    if kind == "sql":
        raise Unmappable("a query in the SQL of the source: write its meaning as `expect:` or as a rule")
    if kind != "library":
        raise Unmappable(f"a check for the engine {shown(check.get('engine'), 40)!r}")
    unknown = [key for key in check if key not in _READ | _DESCRIBING]
    if unknown:
        raise Unmappable(f"the key {shown(unknown[0], 40)!r} is not known")


def severity_of(word: Value) -> Severity | None:
    """Return a severity, which the standard leaves open, as one of the two that there are."""
    if word is None:
        return None
    lowered = str(word).lower()
    if lowered in _WARNS:
        return "warn"
    if lowered in _BLOCKS:
        return "block"
    raise Unmappable(f"the severity {shown(word, 40)!r} is not known")


def tolerance_of(check: Mapping[str, Value]) -> tuple[str | int | None, tuple[str, ...]]:
    """Return how many rows may be wrong, None for none of them, and what differs."""
    operator, value = _operator(check)
    unit = check.get("unit", "rows")
    if unit not in ("rows", "percent"):
        raise Unmappable(f"the unit {shown(unit, 40)!r} is not known")
    most: float
    match operator, value:
        case "mustBe", 0:
            most = 0
        case "mustBeLessOrEqualTo", _:
            most = amounts.number(value, f"`{operator}`")
        case "mustBeLessThan", _:
            end = amounts.number(value, f"`{operator}`")
            most = math.ceil(end) - 1 if unit == "rows" else amounts.beyond(end, up=False)
        case "mustBeBetween", (0, high):
            most = amounts.number(high, f"`{operator}`")
        case _:
            raise Unmappable(f"`{operator}: {shown(value, 40)}` demands that something is wrong")
    if most < 0:
        raise Unmappable(f"`{operator}: {shown(value, 40)}` can never hold")
    if unit == "rows":
        return math.floor(most) or None, ()
    if most > 100:
        raise Unmappable("a percentage above 100")
    notes: tuple[str, ...] = ()
    if operator == "mustBeLessThan":
        notes = ("`mustBeLessThan` is written as the next number below",)
    return (None if most == 0 else amounts.percent(amounts.scaled(most, 0.01))), notes


def _operator(check: Mapping[str, Value]) -> tuple[str, Value]:
    given = [key for key in OPERATORS if key in check]
    if len(given) != 1:
        raise Unmappable("a check has one operator, such as `mustBe`" if not given else "several operators")
    return given[0], check[given[0]]


def _of_present(allow: str | int | None) -> tuple[str, ...]:
    return (_OF_PRESENT,) if isinstance(allow, str) else ()


def _nulls(column: str, terms: Terms, missing: tuple[Value, ...]) -> Demand:
    limit: Value = 0 if terms.allow is None else terms.allow
    return Demand({"nulls": limit}, column, missing=missing, severity=terms.severity)


def _invalid(arguments: Mapping[str, Value], terms: Terms, column: str) -> Mapped:
    _known(arguments, ("validValues", "pattern"))
    rules: dict[str, Value] = {}
    notes: tuple[str, ...] = ()
    if "validValues" in arguments:
        rules["in"] = _scalars(arguments["validValues"])
    if "pattern" in arguments:
        pattern = arguments["pattern"]
        if not isinstance(pattern, str):
            raise Unmappable("`pattern` is no text")
        notes += differences((pattern,))
        rules["regex"] = pattern
    if not rules:
        raise Unmappable("neither `validValues` nor `pattern` is given")
    if len(rules) > 1 and terms.allow is not None:
        notes += ("set and pattern tolerate their share of rows each",)
    return Mapped((terms.column(column, rules),)).noted(*notes)


def _duplicates(arguments: Mapping[str, Value], terms: Terms, column: str | None) -> Mapped:
    if column is not None:
        _known(arguments, ())
        return Mapped((terms.column(column, {"unique": True}),))
    _known(arguments, ("properties",))
    columns = arguments.get("properties")
    if columns is None:
        return Mapped((Demand({"duplicates": {**terms.beside, "allow": terms.allow or 0}}),))
    if not isinstance(columns, tuple) or not columns or not all(isinstance(one, str) for one in columns):
        raise Unmappable("`properties` is no list of names")
    if terms == Terms():
        return Mapped((terms.table({"unique": columns if len(columns) > 1 else columns[0]}),))
    return Mapped((terms.column(str(columns[0]), {"unique": (columns,)}),))


def _rows(check: Mapping[str, Value], severity: Severity | None) -> Mapped:
    if check.get("unit", "rows") != "rows":
        raise Unmappable("a number of rows in percent, of what is not said")
    operator, value = _operator(check)
    bound: dict[str, Value]
    notes: tuple[str, ...] = ()
    match operator, value:
        case "mustBeBetween", (low, high):
            bound = {"min": amounts.number(low, "an end"), "max": amounts.number(high, "an end")}
            notes = (_BETWEEN,)
        case "mustBe", _:
            bound = dict.fromkeys(("min", "max"), amounts.number(value, "`mustBe`"))
        case "mustBeGreaterThan", _:
            bound = {"min": math.floor(amounts.number(value, f"`{operator}`")) + 1}
        case "mustBeGreaterOrEqualTo", _:
            bound = {"min": amounts.number(value, f"`{operator}`")}
        case "mustBeLessThan", _:
            bound = {"max": math.ceil(amounts.number(value, f"`{operator}`")) - 1}
        case "mustBeLessOrEqualTo", _:
            bound = {"max": amounts.number(value, f"`{operator}`")}
        case _:
            raise Unmappable(f"`{operator}` has no counterpart for a number of rows")
    return Mapped((Demand({"rows": bound}, severity=severity),)).noted(*notes)


def _scalars(value: Value) -> tuple[Value, ...]:
    """Return a list of values without nulls, which are missing anyway."""
    if not isinstance(value, tuple) or any(isinstance(one, tuple | dict) for one in value):
        raise Unmappable("expected a list of numbers and texts")
    return tuple(one for one in value if one is not None)


def _known(arguments: Mapping[str, Value], names: tuple[str, ...]) -> None:
    unknown = [key for key in arguments if key not in names]
    if unknown:
        raise Unmappable(f"the argument {shown(unknown[0], 40)!r} is not known")


def operators(tolerance: Bound | None) -> dict[str, Value]:
    """Return a tolerance as operator and unit; None tolerates nothing."""
    if tolerance is None or not tolerance.max:
        return {"mustBe": 0}
    if tolerance.unit == "rows":
        return {"mustBeLessOrEqualTo": int(tolerance.max)}
    percentage = Decimal(str(tolerance.max)) * 100
    whole = percentage == percentage.to_integral_value()
    return {"mustBeLessOrEqualTo": int(percentage) if whole else float(percentage), "unit": "percent"}
