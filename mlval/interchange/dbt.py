"""A `schema.yml` of dbt as a contract: models, sources, seeds and snapshots with their generic tests."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from mlval.domain.errors import Place, UsageError
from mlval.domain.measurement import Path
from mlval.domain.text import shown
from mlval.interchange.coverage import Coverage, Fate, Item
from mlval.interchange.dbt_expectations import test_of
from mlval.interchange.dbt_terms import CONFIG, check_plain, setting_of
from mlval.interchange.dbt_tests import TESTS, Test
from mlval.interchange.demand import Demand, Fragment, Mapped, Refusal, Terms, Unmappable
from mlval.interchange.fit import settled
from mlval.interchange.gx_arguments import Arguments
from mlval.interchange.gx_types import type_of
from mlval.interchange.json_text import Value
from mlval.interchange.names import contract_name, dataset_name
from mlval.interchange.odcs_terms import spelled
from mlval.interchange.plan import Plan, finished

_KINDS = ("models", "sources", "seeds", "snapshots")
_TEST_KEYS = ("tests", "data_tests")
_PERIODS = {"minute": 60, "hour": 3_600, "day": 86_400}
_BESIDE = frozenset({"config", "name", "test_name", "description", "meta", "tags", "arguments"})


def is_schema(value: Value) -> bool:
    """Whether a parsed file looks like properties of dbt."""
    return isinstance(value, Mapping) and any(isinstance(value.get(kind), tuple) for kind in _KINDS)


@dataclass(slots=True)
class _Reading:
    """What has been read so far."""

    refusal: Refusal
    places: Mapping[Path, Place]
    items: list[Item] = field(default_factory=list)
    plans: dict[str, Plan] = field(default_factory=dict)
    others: set[str] = field(default_factory=set)

    def take(self, plan: Plan, mapped: Mapped, *, path: Path, source: str) -> None:
        """Add what an item became, and note it."""
        kept = settled(mapped, self.refusal)
        for demand in kept.demands:
            plan.add(demand, len(self.items))
        self.others.update(kept.datasets)
        place = next(
            (self.places[path[:n]] for n in range(len(path), 0, -1) if path[:n] in self.places), None
        )
        self.items.append(Item(source, kept.fate, "; ".join(kept.notes), place))


def read_schema(
    value: Value, *, file: str, places: Mapping[Path, Place], refusal: Refusal
) -> tuple[Fragment, Coverage]:
    """Return the tests of a file as a contract, and what became of each.

    Raises
    ------
    UsageError
        If the file has no models, sources, seeds or snapshots.
    """
    if not isinstance(value, Mapping) or not is_schema(value):
        message = (
            f"{shown(file)} is no schema file of dbt: it has no {', '.join(_KINDS[:-1])} or {_KINDS[-1]}"
        )
        raise UsageError(message)
    reading = _Reading(refusal, places)
    for path, name, one, above in _tables(value):
        dataset = dataset_name(name, reading.plans)
        plan = reading.plans[dataset] = Plan(dataset)
        _read_table(reading, plan, one, path=path, above=above)
    for key in value:
        if key not in {*_KINDS, "version"}:
            note = f"the section {shown(key, 40)!r} holds no table"
            reading.items.append(Item(shown(key, 40), Fate.UNMAPPED, note, places.get((key,))))
    validations: tuple[dict[str, Value], ...] = ()
    for plan in reading.plans.values():
        validations += finished(plan)[0]
    used = {str(one["dataset"]) for one in validations} | reading.others
    datasets: dict[str, Value] = {
        name: {"from": "input"} for name in (*reading.plans, *sorted(reading.others)) if name in used
    }
    general = (
        "descriptions, tags and meta demand nothing and are left out",
        "a `data_type` is a demand only where the contract of the model is enforced",
    )
    return Fragment(contract_name("dbt"), datasets, validations), Coverage(tuple(reading.items), general)


def _tables(top: Mapping[str, Value]) -> Iterator[tuple[Path, str, Mapping[str, Value], Mapping[str, Value]]]:
    """Yield every table with its path, its name, and the source that it stands in."""
    for kind in _KINDS:
        for index, one in enumerate(_list(top.get(kind))):
            if not isinstance(one, Mapping):
                continue
            if kind != "sources":
                yield (kind, index), str(one.get("name", "model")), one, {}
                continue
            for number, table in enumerate(_list(one.get("tables"))):
                if isinstance(table, Mapping):
                    name = f"{one.get('name', 'source')}_{table.get('name', 'table')}"
                    yield (kind, index, "tables", number), name, table, one


def _list(value: Value) -> tuple[Value, ...]:
    return value if isinstance(value, tuple) else ()


def _read_table(
    reading: _Reading, plan: Plan, one: Mapping[str, Value], *, path: Path, above: Mapping[str, Value]
) -> None:
    title = plan.dataset or ""
    for key in _TEST_KEYS:
        for index, test in enumerate(_list(one.get(key))):
            _read_test(reading, plan, test, path=(*path, key, index), column=None, title=title)
    for number, column in enumerate(_list(one.get("columns"))):
        if isinstance(column, Mapping) and isinstance(column.get("name"), str) and column["name"]:
            below: Path = (*path, "columns", number)
            _read_column(reading, plan, column, path=below, is_enforced=_is_enforced(one))
    for index, _ in enumerate(_list(one.get("constraints"))):
        mapped = _refused("a constraint of the whole model: write it as `unique:` or `expect:`")
        where = (*path, "constraints", index)
        reading.take(plan, mapped, path=where, source=f"{title}: constraints[{index}]")
    freshness = one.get("freshness", above.get("freshness"))
    if freshness is not None:
        field_name = one.get("loaded_at_field", above.get("loaded_at_field"))
        mapped = _freshness(freshness, field_name)
        reading.take(plan, mapped, path=(*path, "freshness"), source=f"{title}: freshness")


def _read_column(
    reading: _Reading, plan: Plan, column: Mapping[str, Value], *, path: Path, is_enforced: bool
) -> None:
    name = str(column["name"])
    source = f"{plan.dataset}.{shown(name, 80)}"
    for key in _TEST_KEYS:
        for index, test in enumerate(_list(column.get(key))):
            _read_test(reading, plan, test, path=(*path, key, index), column=name, title=source)
    if "data_type" in column and is_enforced:
        mapped = _typed(column["data_type"], name)
        reading.take(plan, mapped, path=(*path, "data_type"), source=f"{source}: data_type")
    for index, constraint in enumerate(_list(column.get("constraints"))):
        mapped = _constraint(constraint, name)
        where: Path = (*path, "constraints", index)
        reading.take(plan, mapped, path=where, source=f"{source}: constraints[{index}]")


def _read_test(
    reading: _Reading, plan: Plan, test: Value, *, path: Path, column: str | None, title: str
) -> None:
    name, arguments, config = _parts(test)
    source = f"{title}: {shown(name, 80)}"
    try:
        mapped = _mapped(name, arguments, config, column=column)
    except Unmappable as error:
        mapped = Mapped(error.kept, (error.why,), Fate.UNMAPPED)
    reading.take(plan, mapped, path=path, source=source)


def _parts(test: Value) -> tuple[str, Mapping[str, Value], Mapping[str, Value]]:
    """Return the name of a test, its arguments and its configuration, however it is written."""
    if isinstance(test, str):
        return test, {}, {}
    if not isinstance(test, Mapping):
        return "", {}, {}
    if isinstance(test.get("test_name"), str):
        name, whole = str(test["test_name"]), test
    else:
        name = next((key for key in test if key not in _BESIDE | CONFIG), "")
        inner = test.get(name)
        whole = {
            **(inner if isinstance(inner, Mapping) else {}),
            **{k: v for k, v in test.items() if k != name},
        }
    config = whole.get("config")
    own = {key: value for key, value in whole.items() if key in CONFIG}
    config = {**own, **(config if isinstance(config, Mapping) else {})}
    nested = whole.get("arguments")
    rest = {key: value for key, value in whole.items() if key not in _BESIDE | CONFIG}
    return name, {**rest, **(nested if isinstance(nested, Mapping) else {})}, config


def _mapped(
    name: str, arguments: Mapping[str, Value], config: Mapping[str, Value], *, column: str | None
) -> Mapped:
    test = _test(name)
    setting = setting_of(config)
    if setting.is_off:
        return Mapped().noted("it is switched off there: no rule")
    for key, value in arguments.items():
        if key not in {"to", "compare_model"}:
            check_plain(value, f"`{key}`")
    whole = Mapped()
    for terms in setting.terms:
        given = Arguments(arguments)
        one = test(given, terms, column)
        if unread := given.unread():
            raise Unmappable(f"the argument {shown(unread[0], 40)!r} is not known")
        notes = tuple(dict.fromkeys((*whole.notes, *one.notes)))
        whole = replace(one, demands=(*whole.demands, *one.demands), notes=notes)
    return whole


def _test(name: str) -> Test:
    package, dot, rest = name.partition(".")
    found = TESTS.get(name)
    if package == "dbt_expectations" and dot:
        found = test_of(rest)
    if found is None:
        raise Unmappable("no test of this name is known; write its meaning as a rule")
    return found


def _is_enforced(one: Mapping[str, Value]) -> bool:
    config = one.get("config")
    contract = config.get("contract") if isinstance(config, Mapping) else one.get("contract")
    return isinstance(contract, Mapping) and contract.get("enforced") is True


def _typed(given: Value, column: str) -> Mapped:
    try:
        found, notes = type_of((str(given),))
    except Unmappable as error:
        return _refused(error.why)
    return Mapped((Demand({"type": found}, column),)).noted(
        "each value is looked at, not the stored type", *notes
    )


def _constraint(constraint: Value, column: str) -> Mapped:
    kind = constraint.get("type") if isinstance(constraint, Mapping) else None
    match kind:
        case "not_null":
            return Mapped((Demand({"nulls": 0}, column),))
        case "unique":
            return Mapped((Demand({"unique": True}, column),))
        case "primary_key":
            return Mapped((Demand({"nulls": 0, "unique": True}, column),))
        case "check" if isinstance(constraint, Mapping) and isinstance(constraint.get("expression"), str):
            return Mapped((Demand({"expect": str(constraint["expression"])}),))
    return _refused(f"a constraint of the type {shown(kind, 40)!r} has no counterpart")


def _freshness(given: Value, column: Value) -> Mapped:
    if not isinstance(given, Mapping) or not isinstance(column, str) or not column:
        return _refused("it needs `loaded_at_field`, and limits")
    demands: tuple[Demand, ...] = ()
    for key, severity in (("error_after", None), ("warn_after", "warn")):
        limit = given.get(key)
        if limit is None:
            continue
        count = limit.get("count") if isinstance(limit, Mapping) else None
        period = limit.get("period") if isinstance(limit, Mapping) else None
        if not isinstance(count, int) or isinstance(count, bool) or count < 1 or str(period) not in _PERIODS:
            return _refused(f"`{key}` is no length of time")
        terms = Terms(None, None, "warn" if severity else None)
        demands += (terms.column(column, {"max_age": spelled(count * _PERIODS[str(period)])}),)
    if given.get("filter") is not None or not demands:
        return _refused("a filter, or no limit at all")
    return Mapped(demands)


def _refused(why: str) -> Mapped:
    return Mapped((), (why,), Fate.UNMAPPED)
