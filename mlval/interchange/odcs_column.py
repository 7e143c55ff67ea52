"""Rules of a column in the words of an ODCS property: logical type and options, flags, quality checks."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.duration import duration
from mlval.domain.grammar import tolerance
from mlval.interchange.json_text import Value
from mlval.interchange.odcs_own import ENGINE, TERMS
from mlval.interchange.odcs_quality import operators
from mlval.interchange.odcs_terms import FORMATS, LOGICAL, spelled

_FORMATS = {ours: theirs for theirs, ours in FORMATS.items()}
_LIMITS = {"min": "minimum", "max": "maximum", "above": "exclusiveMinimum", "below": "exclusiveMaximum"}
_SEVERITIES = {"warn": "warning", "block": "error"}


@dataclass(slots=True)
class Property:
    """One property as it grows. `together` are checks of the schema object, `levels` stand at the top."""

    table: str
    column: str
    flags: dict[str, Value] = field(default_factory=dict)
    options: dict[str, Value] = field(default_factory=dict)
    quality: list[Value] = field(default_factory=list)
    relations: list[Value] = field(default_factory=list)
    together: list[Value] = field(default_factory=list)
    levels: list[Value] = field(default_factory=list)

    @property
    def spelled(self) -> dict[str, Value]:
        """The property as the standard has it."""
        return {
            "name": self.column,
            **self.flags,
            **({"logicalTypeOptions": dict(self.options)} if self.options else {}),
            **({"relationships": tuple(self.relations)} if self.relations else {}),
            **({"quality": tuple(self.quality)} if self.quality else {}),
        }

    def put(self, options: Mapping[str, Value]) -> bool:
        """Set options of the logical type, unless one of them is taken."""
        if set(options) & set(self.options):
            return False
        self.options.update(options)
        return True


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the rules of a set share."""

    allow: Value
    severity: Value
    missing: tuple[Value, ...]

    @property
    def is_plain(self) -> bool:
        return self.allow is None and self.severity is None and not self.missing

    def check(self, metric: str, limit: Value, **arguments: Value) -> dict[str, Value]:
        """Return a quality check; `limit` is a tolerance as a contract spells it, None for none."""
        return {
            "metric": metric,
            **({"arguments": arguments} if arguments else {}),
            **operators(None if limit is None else tolerance(limit)),
            **({} if self.severity is None else {"severity": _SEVERITIES[str(self.severity)]}),
        }


def add_set(told: Property, rules: Mapping[str, Value]) -> tuple[str, ...]:
    """Tell a rule set, and return the rules that the standard has no words for; they are kept as custom."""
    missing = rules.get("missing")
    allow = rules.get("allow")
    shared = _Shared(
        allow if allow is not None and tolerance(allow).max else None,
        rules.get("severity"),
        missing if isinstance(missing, tuple) else (),
    )
    own = [key for key, value in rules.items() if key not in TERMS and value is not None]
    is_filtered = rules.get("where") is not None or rules.get("required") is False
    kept = (
        own
        if is_filtered
        else [key for key in _in_order(own) if not _told(told, key, rules[key], shared=shared)]
    )
    if kept or (is_filtered and not own):
        terms = {key: value for key, value in rules.items() if key in TERMS}
        implementation = {**{key: rules[key] for key in own if key in kept}, **terms}
        told.quality.append({"type": "custom", "engine": ENGINE, "implementation": implementation})
    return tuple(kept)


def _in_order(keys: list[str]) -> list[str]:
    """Return the type first: it says which options there are."""
    return sorted(keys, key=lambda key: key != "type")


def _told(told: Property, rule: str, value: Value, *, shared: _Shared) -> bool:  # noqa: PLR0911 - one rule each
    kind = told.flags.get("logicalType")
    match rule:
        case "type" if shared.is_plain and kind is None:
            told.flags["logicalType"] = LOGICAL[str(value)]
            return True
        case "min" | "max" | "above" | "below" if shared.is_plain:
            return _fits(value, kind) and told.put({_LIMITS[rule]: value})
        case "range" if shared.is_plain and isinstance(value, tuple):
            ends = dict(zip(("minimum", "maximum"), value, strict=True))
            given = {key: end for key, end in ends.items() if end is not None}
            return all(_fits(end, kind) for end in given.values()) and told.put(given)
        case "length" if shared.is_plain and kind == "string":
            return told.put(_lengths(value))
        case "multiple_of" if shared.is_plain and kind in {"integer", "number"}:
            return told.put({"multipleOf": value})
        case "format" if shared.is_plain and kind == "string" and value in _FORMATS:
            return told.put({"format": _FORMATS[str(value)]})
        case "tz" if shared.is_plain and kind == "timestamp":
            zone: dict[str, Value] = {"timezone": True, "defaultTimezone": value}
            return told.put({"timezone": False} if value == "naive" else zone)
        case "regex" if isinstance(value, str):
            return _regex(told, value, shared, kind=kind)
        case "nulls" | "unique" | "in" | "max_age" | "references":
            return _checked(told, rule, value, shared=shared)
    return False


def _fits(value: Value, kind: Value) -> bool:
    if kind in {"integer", "number"}:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return kind in {"date", "timestamp"} and isinstance(value, str)


def _lengths(value: Value) -> dict[str, Value]:
    match value:
        case int():
            return {"minLength": value, "maxLength": value}
        case (low, high):
            ends = {"minLength": low, "maxLength": high}
        case _:
            given = value if isinstance(value, Mapping) else {}
            ends = {"minLength": given.get("min"), "maxLength": given.get("max")}
    return {key: end for key, end in ends.items() if end is not None}


def _regex(told: Property, value: str, shared: _Shared, *, kind: Value) -> bool:
    if shared.missing:
        return False
    if not (shared.is_plain and kind == "string" and told.put({"pattern": value})):
        told.quality.append(shared.check("invalidValues", shared.allow, pattern=value))
    return True


def _checked(told: Property, rule: str, value: Value, *, shared: _Shared) -> bool:
    match rule:
        case "nulls":
            return _nulls(told, value, shared)
        case "unique" if not shared.missing:
            return _unique(told, value, shared)
        case "in" if not shared.missing:
            told.quality.append(shared.check("invalidValues", shared.allow, validValues=value))
            return True
        case "max_age" if shared.is_plain and isinstance(value, str):
            return _age(told, duration(value))
        case "references" if shared.is_plain and isinstance(value, Mapping):
            return _refers(told, value)
    return False


def _age(told: Property, seconds: int) -> bool:
    if not seconds or "," in told.column:
        return False
    text = spelled(seconds)
    level: dict[str, Value] = {"property": "freshness", "value": int(text[:-1]), "unit": text[-1]}
    told.levels.append({**level, "element": f"{told.table}.{told.column}"})
    return True


def _refers(told: Property, value: Mapping[str, Value]) -> bool:
    to = f"{value['dataset']}.{value.get('column') or ''}"
    if "/" in to or to.endswith("."):
        return False
    told.relations.append({"type": "foreignKey", "to": to})
    return True


def _nulls(told: Property, value: Value, shared: _Shared) -> bool:
    if shared.allow is not None:
        # `allow` says nothing about nulls, and would say it of the rules beside it.
        shared = _Shared(None, shared.severity, shared.missing)
    if shared.missing:
        told.quality.append(shared.check("missingValues", value, missingValues=(None, *shared.missing)))
    elif shared.severity is None and not tolerance(value).max and "required" not in told.flags:
        told.flags["required"] = True
    else:
        told.quality.append(shared.check("nullValues", value))
    return True


def _unique(told: Property, value: Value, shared: _Shared) -> bool:
    match value:
        case True:
            if shared.is_plain and "unique" not in told.flags:
                told.flags["unique"] = True
            else:
                told.quality.append(shared.check("duplicateValues", shared.allow))
            return True
        case ((str(first), *_) as columns,) if first == told.column and not shared.is_plain:
            told.together.append(shared.check("duplicateValues", shared.allow, properties=tuple(columns)))
            return True
    return False
