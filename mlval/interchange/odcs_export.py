"""A contract as Open Data Contract Standard 3.1: what it can say natively, the rest for the engine `mlval`.

Every dataset is a schema object. Its first data validation without a filter is told in the words of the
standard as far as they go; other validations and models are kept as they are, in custom properties.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.text import shown
from mlval.interchange.coverage import Coverage, Fate, Item
from mlval.interchange.json_text import Value
from mlval.interchange.odcs_column import Property, add_set
from mlval.interchange.odcs_own import ENGINE, OWN_DATASET, OWN_MODELS, OWN_VALIDATIONS
from mlval.interchange.odcs_rows import row_checks

VERSION = "v3.1.0"
_CUSTOM = "kept for the engine mlval; other tools do not judge it"
_CHANGES_ALL = frozenset({"where", "per", "suite", "unmapped", "severity"})
_KNOWN_ELSEWHERE = frozenset({"type", "dataset", "columns"})


@dataclass(slots=True)
class _Object:
    """One schema object as it grows."""

    name: str
    properties: dict[str, Property] = field(default_factory=dict)
    quality: list[Value] = field(default_factory=list)
    levels: list[Value] = field(default_factory=list)


def to_odcs(contract: Mapping[str, Value], *, name: str) -> tuple[dict[str, Value], Coverage]:
    """Return a contract, read as plain data and known to be valid, and what other tools will understand.

    `name` is what the contract is called where it does not say so itself.
    """
    datasets = _mapping(contract.get("datasets"))
    validations = contract.get("validations")
    items: list[Item] = []
    objects = {one: _Object(one) for one in datasets}
    rest: list[Value] = []
    told: set[str] = set()
    for index, validation in enumerate(validations if isinstance(validations, tuple) else ()):
        whole = _mapping(validation)
        source = f"validations[{index}] {shown(whole.get('type'), 40)}"
        dataset = whole.get("dataset", next(iter(datasets)) if len(datasets) == 1 else None)
        if whole.get("type") != "data" or not isinstance(dataset, str):
            rest.append(validation)
            items.append(Item(source, Fate.DIFFERENT, _CUSTOM))
        elif dataset in told or _CHANGES_ALL & set(whole):
            objects[dataset].quality.append(_custom({"validation": validation}))
            items.append(Item(source, Fate.DIFFERENT, _CUSTOM))
        else:
            told.add(dataset)
            _tell(objects[dataset], whole, items, source=source)
    schema = [_spelled(objects[one], _mapping(entry)) for one, entry in datasets.items()]
    levels = [level for one in objects.values() for level in one.levels]
    own = {OWN_MODELS: contract.get("models"), OWN_VALIDATIONS: tuple(rest)}
    custom: tuple[Value, ...] = tuple(
        {"property": key, "value": value} for key, value in own.items() if value
    )
    items += [Item("models", Fate.DIFFERENT, _CUSTOM)] if own[OWN_MODELS] else []
    named = contract.get("name", name)
    return {
        "apiVersion": VERSION,
        "kind": "DataContract",
        "id": named,
        "name": named,
        "version": "1.0.0",
        "status": "active",
        "schema": tuple(schema),
        **({"slaProperties": tuple(levels)} if levels else {}),
        **({"customProperties": custom} if custom else {}),
    }, Coverage(tuple(items))


def _tell(one: _Object, validation: Mapping[str, Value], items: list[Item], *, source: str) -> None:
    """Tell a validation in the words of the standard, and keep what it has no words for."""
    for column, given in _mapping(validation.get("columns")).items():
        told = one.properties.setdefault(column, Property(one.name, column))
        for rules in given if isinstance(given, tuple) else (given,):
            kept = add_set(told, _mapping(rules))
            where = f"{source} columns.{shown(column, 80)}"
            items += [Item(f"{where}.{rule}", Fate.MAPPED) for rule in _mapping(rules) if rule not in kept]
            items += [Item(f"{where}.{rule}", Fate.DIFFERENT, _CUSTOM) for rule in kept]
        one.levels += told.levels
        one.quality += told.together
        told.together = []
    kept_rules: dict[str, Value] = {}
    for key, value in validation.items():
        if key in _KNOWN_ELSEWHERE or value is None:
            continue
        checks = row_checks(key, value)
        one.quality += checks or ()
        if checks is None:
            kept_rules[key] = value
        fate = (
            Item(f"{source}.{key}", Fate.MAPPED)
            if checks
            else Item(f"{source}.{key}", Fate.DIFFERENT, _CUSTOM)
        )
        items.append(fate)
    if kept_rules:
        one.quality.append(_custom({"rules": kept_rules}))


def _spelled(one: _Object, entry: Mapping[str, Value]) -> dict[str, Value]:
    properties = tuple(told.spelled for told in one.properties.values())
    custom: tuple[Value, ...] = ()
    if entry != {"from": "input"}:
        custom = ({"property": OWN_DATASET, "value": dict(entry)},)
    return {
        "name": one.name,
        "logicalType": "object",
        **({"properties": properties} if properties else {}),
        **({"quality": tuple(one.quality)} if one.quality else {}),
        **({"customProperties": custom} if custom else {}),
    }


def _custom(implementation: Mapping[str, Value]) -> dict[str, Value]:
    return {"type": "custom", "engine": ENGINE, "implementation": dict(implementation)}


def _mapping(value: Value) -> Mapping[str, Value]:
    return value if isinstance(value, Mapping) else {}
