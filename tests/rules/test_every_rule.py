"""Every rule on small tables: how many values break it, of how many that were looked at."""

from pathlib import Path
from typing import Any, get_args

import pytest
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.bound import Bound, Tighter
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.rules._rule_set import NAMES, rule_named
from tests.checks.world import measured
from tests.measure.world import World, lines

INPUTS = Inputs({"t": Dataset(path="t.csv", key="id")})
EMPTY = ("",)

# rule and value, the values of a column, how many break it, of how many
COUNTS: dict[str, tuple[str, Any, tuple[str, ...], int, int]] = {
    "min": ("min", 0, ("-1", "0", "1", ""), 1, 3),
    "min of a float": ("min", 0.5, ("0.5", "0.4999", "NaN"), 2, 3),
    "min of a day": ("min", "2026-01-31", ("2026-01-30", "2026-01-31"), 1, 2),
    "max": ("max", 0, ("-1", "0", "1", ""), 1, 3),
    "max of infinity": ("max", 1e308, ("inf", "-inf", "1.5"), 1, 3),
    "max of a time": ("max", "2026-01-31T12:00:00", ("2026-01-31 12:00:00", "2026-01-31 12:00:01"), 1, 2),
    "range": ("range", (0, 5), ("-1", "0", "5", "6", ""), 2, 4),
    "range, open below": ("range", (None, 5), ("-9", "6"), 1, 2),
    "range, open above": ("range", (0, None), ("-9", "6", "NaN"), 2, 3),
    "range of days": (
        "range",
        ("2026-01-01", "2026-01-31"),
        ("2025-12-31", "2026-01-31", "2026-02-01"),
        2,
        3,
    ),
    "in": ("in", ("a", "b"), ("a", "b", "A", "a ", ""), 2, 4),
    "in, numbers": ("in", (1, 2.5), ("1.0", "2.5", "3"), 1, 3),
    "in, truth": ("in", (True,), ("true", "false"), 1, 2),
    "not_in": ("not_in", (-1, 999), ("-1", "999", "0", ""), 2, 3),
    "not_in, text": ("not_in", ("n/a",), ("n/a", "N/A", "x"), 1, 3),
    "regex": ("regex", "^SKU-[0-9]+$", ("SKU-1", "xSKU-1", "SKU-", ""), 2, 3),
    "regex anywhere": ("regex", "[0-9]", ("a1b", "ab"), 1, 2),
    "type float": ("type", "float", ("1", "2.5"), 0, 2),
    "type float of words": ("type", "float", ("1", "n/a", "2.5", ""), 1, 3),
    "type int of floats": ("type", "int", ("1.0", "2.5"), 1, 2),
    "type int of codes": ("type", "int", ("007", "1"), 1, 2),
    "type string of numbers": ("type", "string", ("1", "2"), 0, 2),
    "type bool of numbers": ("type", "bool", ("0", "1"), 2, 2),
    "type date of times": ("type", "date", ("2026-01-31 00:00:00", "2026-01-31 12:00:00"), 1, 2),
    "type timestamp of days": ("type", "timestamp", ("2026-01-31",), 0, 1),
    "nulls": ("nulls", 1, ("1", "", ""), 2, 3),
    "nulls as a share": ("nulls", "50%", ("NaN", "", "1.5", "2"), 1, 4),
    "unique": ("unique", True, ("1", "1", "1", "2", "", ""), 2, 4),
    "unique numbers written differently": ("unique", True, ("1.0", "1", "1e0"), 2, 3),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"), INPUTS)


def measure(world: World, text: str, **settings: Any) -> tuple[Measurement, ...]:  # noqa: ANN401
    """Measure a data validation on a table; that the columns are there is left out."""
    table = world.csv(text)
    inputs = Inputs({table: INPUTS.datasets["t"]})
    check = Data.read({"type": "data", "dataset": table, **settings})
    found = measured(check, inputs, world.engine.answer)
    assert isinstance(found, tuple), found
    return tuple(one for one in found if one.metric != "required")


def test_every_rule_has_a_test() -> None:
    folder = Path(__file__).parent
    texts = [path.read_text(encoding="utf-8") for path in folder.glob("test_*.py")]
    tried = {name for name in NAMES if any(f'"{name}"' in text or f"{name}=" in text for text in texts)}
    assert tried == set(NAMES)


@pytest.mark.parametrize("name", COUNTS)
def test_counts(world: World, name: str) -> None:
    rule, value, values, n, of = COUNTS[name]
    text = lines("x,y", [f"{one},1" for one in values])
    (found,) = measure(world, text, columns={"x": {rule: value}})
    assert found.problem is None
    assert (found.subject, found.metric, found.n, found.of) == ("x", rule, n, of)
    assert found.value == (n / of if isinstance(value, str) and value.endswith("%") else n)


@pytest.mark.parametrize("name", COUNTS)
def test_a_rule_looks_at_the_rows_of_its_where_and_keeps_its_place(world: World, name: str) -> None:
    rule, value, values, n, of = COUNTS[name]
    rows = [f"{one},{wanted}" for one in values for wanted in (1, 0)]
    sets = ({rule: value, "where": "y = 1", "severity": "warn"}, {rule: value})
    narrow, wide = measure(world, lines("x,y", rows), columns={"x": sets})
    assert (narrow.n, narrow.of) == (n, of)
    assert wide.of == 2 * of
    assert (narrow.path, wide.path) == (("columns", "x", 0, rule), ("columns", "x", 1, rule))
    assert (narrow.severity, wide.severity) == ("warn", None)


@pytest.mark.parametrize("name", [name for name, case in COUNTS.items() if case[0] != "nulls"])
def test_no_value_is_no_pass(world: World, name: str) -> None:
    rule, value, *_ = COUNTS[name]
    (found,) = measure(world, lines("x,y", [",1", ",2"]), columns={"x": {rule: value}})
    assert found.value is None or found.problem is not None


def test_tolerance_is_a_share_or_a_number(world: World) -> None:
    text = lines("x,y", ["-1,", "1,", "1,", ","])
    for allow, value, unit in (("40%", 1 / 3, "share"), (2, 1, "rows")):
        (found,) = measure(world, text, columns={"x": {"min": 0, "allow": allow}})
        assert found.value == value
        assert found.limit is not None
        assert getattr(found.limit, "unit", None) == unit


PAIRS = "id,a,b\n1,x,1\n2,x,1\n2,x,2\n,x,2\n,,2\n"


@pytest.mark.parametrize(
    "unique, expected",
    [
        ("id", [("id", 1, 3, ())]),
        (("id", "b"), [("id", 1, 3, (0,)), ("b", 3, 5, (1,))]),
        ((("id", "b"),), [("id, b", 0, 3, (0,))]),
        (("id", ("a", "b")), [("id", 1, 3, (0,)), ("a, b", 2, 4, (1,))]),
    ],
)
def test_keys_alone_and_together(world: World, unique: Any, expected: list[Any]) -> None:  # noqa: ANN401
    found = measure(world, PAIRS, unique=unique)
    assert [(one.subject, one.n, one.of, one.path[1:]) for one in found] == expected


def test_a_row_count_is_that_of_the_wanted_rows(world: World) -> None:
    (found,) = measure(world, PAIRS, rows={"min": 2, "max": 9}, where="b = 2")
    assert (found.value, found.of) == (3, 3)


def test_expectations_count_rows_that_they_can_be_decided_for(world: World) -> None:
    expect = ("id >= b", {"that": "a = 'x'", "where": "b = 2", "allow": "10%", "severity": "warn"})
    first, second = measure(world, PAIRS, expect=expect)
    assert (first.subject, first.n, first.of, first.value) == ("id >= b", 0, 3, 0)
    assert (second.n, second.of, second.value, second.severity) == (0, 2, 0.0, "warn")
    (broken,) = measure(world, PAIRS, expect="b = 1")
    assert (broken.n, broken.of, broken.path) == (3, 5, ("expect",))


@pytest.mark.parametrize(
    "settings, extra",
    [
        ({"extra_columns": "forbid", "columns": {"a": {}}}, ("b",)),
        ({"extra_columns": "forbid", "columns": {"a": {}, "b": {}}}, ()),
    ],
)
def test_columns_that_the_contract_does_not_name(
    world: World, settings: dict[str, Any], extra: tuple[str, ...]
) -> None:
    (found,) = measure(world, PAIRS, **settings)
    assert (found.value, found.details["columns"]) == (len(extra), extra)
    assert found.limit == Bound(max=0, unit="rows")


REFUSED = [
    {"min": True},
    {"min": "noon"},
    {"min": (1,)},
    {"max": float("nan")},
    {"max": float("inf")},
    {"min": None, "max": {}},
    {"range": (0,)},
    {"range": (5, 0)},
    {"range": (None, None)},
    {"range": (0, "2026-01-31")},
    {"range": (0, 1, 2)},
    {"range": ("2026-02-01", "2026-01-01")},
    {"range": ("2026-02-01", "2026-01-01T00:00:00+02:00")},
    {"in": ()},
    {"in": "free"},
    {"in": (None,)},
    {"in": (float("nan"),)},
    {"not_in": ()},
    {"regex": ""},
    {"regex": 5},
    {"type": "number"},
    {"nulls": 0.5},
    {"nulls": "101%"},
    {"nulls": -1},
    {"unique": False},
    {"unique": ()},
    {"unique": ("a", ())},
    {"allow": 0.1, "min": 0},
    {"where": 5, "min": 0},
    {"severity": "error", "min": 0},
]


@pytest.mark.parametrize("rules", REFUSED, ids=str)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "columns": {"x": rules}})


@pytest.mark.parametrize(
    "settings",
    [
        {"unique": ()},
        {"expect": ()},
        {"expect": ({"allow": 1},)},
        {"rows": 5},
        {"rows": {}},
        {"columns": {"x": ()}},
    ],
)
def test_what_demands_nothing_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", **settings})


def test_range_with_one_offset_is_read() -> None:
    rules = {"range": ("2026-01-01", "2026-01-01T00:00:00-02:00")}
    assert Data.read({"type": "data", "columns": {"x": rules}}).columns


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_is_its_file(name: str) -> None:
    rule = rule_named(name)
    file = Path(str(__import__(rule.__module__, fromlist=["_"]).__file__)).stem
    assert file.rstrip("_") == rule.name == name
    assert rule.tighter in get_args(Tighter)
