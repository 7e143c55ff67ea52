"""Open Data Contract Standard, version 3.x, as a contract: each schema object is a dataset with its rules.

What another contract of ours left in it for the engine `mlval` comes back as it was. Read against the
JSON schemas of versions 3.0.0 to 3.1.0, and the text of 3.2.0 for `enum`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from pydantic import ValidationError

from mlval.domain.errors import Place, UsageError
from mlval.domain.inputs import Dataset
from mlval.domain.measurement import Path
from mlval.domain.text import shown
from mlval.interchange.coverage import Coverage, Fate, Item
from mlval.interchange.demand import Demand, Fragment, Mapped, Refusal, Unmappable
from mlval.interchange.fit import settled
from mlval.interchange.json_text import Value
from mlval.interchange.names import contract_name, dataset_name
from mlval.interchange.odcs_own import ENGINE, OWN_DATASET, OWN_TOP, own_demand, own_validation
from mlval.interchange.odcs_property import MEMBERS, column_of, key_demands, reference, unknown_members
from mlval.interchange.odcs_quality import quality
from mlval.interchange.odcs_terms import freshness
from mlval.interchange.plan import Plan, finished

_KIND = "DataContract"
_TOP = frozenset({"apiVersion", "kind", "schema", "slaProperties", "name", "id", "customProperties"})
_OBJECT = frozenset(
    {
        *("name", "properties", "quality", "relationships", "customProperties", "id", "logicalType"),
        *("physicalName", "physicalType", "description", "businessName", "tags", "authoritativeDefinitions"),
        *("dataGranularityDescription", "deprecated"),
    }
)
_DESCRIBING = frozenset(
    {
        *(
            "version",
            "status",
            "domain",
            "tenant",
            "tags",
            "description",
            "servers",
            "support",
            "price",
            "team",
        ),
        *("roles", "contractCreatedTs", "authoritativeDefinitions", "dataProduct", "context", "variables"),
    }
)


def is_odcs(value: Value) -> bool:
    """Whether a parsed file looks like a contract of the standard."""
    return isinstance(value, Mapping) and (value.get("kind") == _KIND or "apiVersion" in value)


@dataclass(slots=True)
class _Reading:
    """What has been read so far: the plans of all datasets, and what became of each item."""

    refusal: Refusal
    places: Mapping[Path, Place]
    names: Mapping[str, str]
    items: list[Item] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    datasets: dict[str, Value] = field(default_factory=dict)
    whole: list[dict[str, Value]] = field(default_factory=list)

    def take(self, plan: Plan, work: Callable[[], Mapped], *, path: Path, source: str) -> None:
        """Map one item, and note what became of it."""
        try:
            mapped = settled(work(), self.refusal)
        except Unmappable as error:
            mapped = Mapped(error.kept, (error.why,), Fate.UNMAPPED)
        for demand in mapped.demands:
            plan.add(demand, len(self.items))
        self.note(path, source, mapped)

    def note(self, path: Path, source: str, mapped: Mapped) -> None:
        """Note what became of an item."""
        place = next(
            (self.places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.places), None
        )
        self.items.append(Item(source, mapped.fate, "; ".join(mapped.notes), place))

    def leave(self, path: Path, source: str, why: str) -> None:
        """Note that an item is left out."""
        self.note(path, source, Mapped((), (why,), Fate.UNMAPPED))


def read_odcs(
    value: Value, *, file: str, places: Mapping[Path, Place], refusal: Refusal
) -> tuple[Fragment, Coverage]:
    """Return a contract of the standard as ours, and what became of each of its demands.

    Raises
    ------
    UsageError
        If it is none, or of another major version.
    """
    top = _checked(value, file)
    titles = [one["name"] for one in _entries(top, "schema") if isinstance(one, Mapping) and "name" in one]
    names: dict[str, str] = {}
    for title in titles:
        if isinstance(title, str):
            names.setdefault(title, dataset_name(title, names.values()))
    reading = _Reading(refusal, places, names)
    for index, one in enumerate(_entries(top, "schema")):
        _read_object(reading, one, ("schema", index))
    for index, level in enumerate(_entries(top, "slaProperties")):
        _read_sla(reading, level, ("slaProperties", index))
    further = _own_top(reading, top)
    for key in top:
        if key not in _TOP | _DESCRIBING:
            reading.leave((key,), key, "this key is not known")
    validations: tuple[dict[str, Value], ...] = ()
    for plan in reading.plans.values():
        validations += finished(plan)[0]
    named = top.get("name") or top.get("id")
    name = contract_name(named if isinstance(named, str) else "contract")
    left = [key for key in top if key in _DESCRIBING]
    general = (f"{', '.join(left)} describe and demand nothing: left out",) if left else ()
    fragment = Fragment(
        name, reading.datasets, (*validations, *reading.whole), {}, {"models": further} if further else {}
    )
    return fragment, Coverage(tuple(reading.items), general)


def _checked(value: Value, file: str) -> Mapping[str, Value]:
    if not isinstance(value, Mapping) or not is_odcs(value):
        message = f"{shown(file)} is no Open Data Contract: it has neither `kind: {_KIND}` nor `apiVersion`"
        raise UsageError(message)
    version = str(value.get("apiVersion", ""))
    if not version.removeprefix("v").startswith("3."):
        message = f"{shown(file)} is of version {shown(version, 40)!r}; versions 3.x are read"
        raise UsageError(message, remedy="convert it to version 3 of the standard")
    return value


def _entries(of: Mapping[str, Value], key: str) -> tuple[Value, ...]:
    value = of.get(key)
    return value if isinstance(value, tuple) else () if value is None else (value,)


def _read_object(reading: _Reading, one: Value, path: Path) -> None:
    if not isinstance(one, Mapping) or not isinstance(one.get("name"), str):
        reading.leave(path, f"schema[{path[1]}]", "a schema object needs a name")
        return
    title = str(one["name"])
    name = reading.names[title]
    if name in reading.plans:
        reading.leave(path, title, "another schema object has this name")
        return
    plan = reading.plans[name] = Plan(name)
    entry: dict[str, Value] = _own_dataset(reading, one, path) or {"from": "input"}
    properties = [each for each in _entries(one, "properties") if isinstance(each, Mapping)]
    keys, demands = key_demands(properties)
    if keys and "key" not in entry:
        entry["key"] = keys[0] if len(keys) == 1 else keys
    reading.datasets[name] = entry
    if keys:
        note = "a primary key is unique and has no nulls"
        reading.take(plan, lambda: Mapped(demands).noted(note), path=path, source=f"{title}: primaryKey")
    for index, each in enumerate(_entries(one, "properties")):
        _read_property(reading, plan, each, path=(*path, "properties", index), title=title)
    _read_shared(reading, plan, one, path=path, source=title, column=None)
    for key in one:
        if key not in _OBJECT:
            reading.leave((*path, key), f"{title}: {key}", "this key is not known")


def _read_property(reading: _Reading, plan: Plan, each: Value, *, path: Path, title: str) -> None:
    if not isinstance(each, Mapping) or not isinstance(each.get("name"), str) or not each["name"]:
        reading.leave(path, f"{title}: properties[{path[-1]}]", "a property needs a name")
        return
    column = column_of(each)
    source = f"{title}.{shown(column, 80)}"
    note = () if column == each["name"] else ("the column is called by its physicalName",)
    reading.take(plan, lambda: Mapped((Demand({}, column),)).noted(*note), path=path, source=source)
    for key, value in each.items():
        if key in MEMBERS:
            for about, work in MEMBERS[key](column, value, each):
                reading.take(plan, work, path=(*path, key), source=f"{source}: {about}")
    for key in unknown_members(each):
        reading.leave((*path, key), f"{source}: {key}", "this key is not known")
    _read_shared(reading, plan, each, path=path, source=source, column=column)


def _read_shared(
    reading: _Reading,
    plan: Plan,
    one: Mapping[str, Value],
    *,
    path: Path,
    source: str,
    column: str | None,
) -> None:
    """Read the checks and the relationships of a property (`column`) or of a schema object."""
    for index, check in enumerate(_entries(one, "quality")):
        where: Path = (*path, "quality", index)
        _read_check(reading, plan, check, path=where, source=f"{source}: quality[{index}]", column=column)
    for index, relation in enumerate(_entries(one, "relationships")):
        work = partial(reference, relation, column=column, names=reading.names)
        about = f"{source}: relationships[{index}]"
        reading.take(plan, work, path=(*path, "relationships", index), source=about)


def _read_check(
    reading: _Reading, plan: Plan, check: Value, *, path: Path, source: str, column: str | None
) -> None:
    if not isinstance(check, Mapping):
        reading.leave(path, source, "a check is a mapping")
        return
    source = f"{source} {shown(check.get('metric', check.get('rule', check.get('type'))), 40)}"
    if check.get("type") != "custom" or check.get("engine") != ENGINE:
        reading.take(plan, lambda: quality(check, column=column), path=path, source=source)
        return
    given = check.get("implementation")
    if column is None and isinstance(given, Mapping) and set(given) == {"validation"}:
        try:
            reading.whole.append(own_validation(given["validation"], reading.refusal, dataset=plan.dataset))
            reading.note(path, source, Mapped())
        except Unmappable as error:
            reading.leave(path, source, error.why)
        return
    reading.take(plan, lambda: own_demand(given, column=column, plan=plan), path=path, source=source)


def _own_dataset(reading: _Reading, one: Mapping[str, Value], path: Path) -> dict[str, Value]:
    """Return a dataset as one of our contracts described it."""
    for each in _entries(one, "customProperties"):
        if not isinstance(each, Mapping) or each.get("property") != OWN_DATASET:
            continue
        entry = each.get("value")
        try:
            Dataset.model_validate(entry)
        except ValidationError:
            reading.leave((*path, "customProperties"), OWN_DATASET, "this is no dataset of a contract")
        else:
            return dict(entry) if isinstance(entry, Mapping) else {}
    return {}


def _own_top(reading: _Reading, top: Mapping[str, Value]) -> dict[str, Value]:
    """Take the models and the validations that one of our contracts left; return the models."""
    models: dict[str, Value] = {}
    for index, each in enumerate(_entries(top, "customProperties")):
        path: Path = ("customProperties", index)
        if not isinstance(each, Mapping) or str(each.get("property")) not in OWN_TOP:
            reading.leave(path, f"customProperties[{index}]", "a property of another tool")
            continue
        named, value = str(each["property"]), each.get("value")
        try:
            found = OWN_TOP[named](value, reading.refusal)
        except Unmappable as error:
            reading.leave(path, named, error.why)
            continue
        reading.note(path, named, Mapped())
        models |= found if isinstance(found, dict) else {}
        reading.whole += found if isinstance(found, list) else []
    return models


def _read_sla(reading: _Reading, one: Value, path: Path) -> None:
    source = f"slaProperties[{path[1]}]"
    if not isinstance(one, Mapping):
        reading.leave(path, source, "a service level is a mapping")
        return
    source = f"{source} {shown(one.get('property'), 40)}"
    try:
        title, demand = freshness(one, tuple(reading.names))
    except Unmappable as error:
        reading.leave(path, source, error.why)
        return
    plan = reading.plans.get(reading.names[title])
    if plan is None:
        reading.leave(path, source, "its schema object was left out")
        return
    reading.take(plan, lambda: Mapped((demand,)), path=path, source=source)
