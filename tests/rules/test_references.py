"""Foreign keys and labels that were seen before, against the same words in Python."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.inputs import Dataset, Inputs, Uses
from tests.measure.world import World, lines
from tests.rules.two_tables import ROWS, TYPED, Row, inputs, judged, measure, opened, shown


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@given(ROWS, ROWS, st.booleans())
def test_values_stand_in_the_other_dataset(
    world: World, rows: list[Row], others: list[Row], parquet: bool
) -> None:
    rows, others = [*rows, TYPED], [*others, TYPED]
    table, other = opened(world, rows, parquet=parquet), opened(world, others, parquet=not parquet)
    known = inputs(table, other)
    pairs = {"columns": ("a", "b"), "dataset": other, "others": ("a", "b"), "where": "y = 1"}
    found = measure(
        world,
        known,
        columns={"a": {"references": other}, "b": {"references": {"dataset": other, "column": "b"}}},
        references=({"columns": ("y",), "dataset": other, "allow": "10%"}, pairs),
    )
    told = {(one.subject, one.path): (one.n, one.of) for one in found}
    keys, names = {row[0] for row in others}, {row[1] for row in others}
    here = [row for row in rows if row[2] == 1 and None not in row[:2]]
    there = {row[:2] for row in others}

    def missing(values: list[Any], wanted: set[Any]) -> tuple[int, int]:
        present = [value for value in values if value is not None]
        return sum(value not in wanted for value in present), len(present)

    assert told == {
        ("a", ("columns", "a", "references")): missing([row[0] for row in rows], keys),
        ("b", ("columns", "b", "references")): missing([row[1] for row in rows], names),
        ("y", ("references", 0)): missing([row[2] for row in rows], keys),
        ("a, b", ("references", 1)): (sum(row[:2] not in there for row in here), len(here)),
    }
    assert all(shown(world, one) == one.n for one in found)


def test_the_other_dataset_is_looked_at_as_a_whole(world: World) -> None:
    table = world.csv("a,y\n1,1\n2,1\n3,0\n")
    other = world.csv("a,y\n1,0\n3,1\n")
    (found,) = measure(world, inputs(table, other), where="y = 1", columns={"a": {"references": other}})
    assert (found.n, found.of) == (1, 2)


def test_sentinels_and_the_own_where_are_left_out(world: World) -> None:
    table = world.csv("a,y\n-1,1\n2,1\n3,0\n")
    other = world.csv("a,y\n2,0\n")
    rules = {"references": other, "missing": (-1,), "where": "y = 1"}
    (found,) = measure(world, inputs(table, other), columns={"a": rules})
    assert (found.n, found.of) == (0, 1)


def test_the_datasets_that_are_asked_about_are_opened() -> None:
    known = Inputs({name: Dataset(path="t.csv") for name in ("orders", "customers", "shops", "plans")})
    check = Data.read(
        {
            "type": "data",
            "dataset": "orders",
            "columns": {"c": {"references": "customers"}, "p": {"references": {"dataset": "plans"}}},
            "references": (
                {"columns": ("s",), "dataset": "shops"},
                {"columns": ("t",), "dataset": "shops"},
            ),
        }
    )
    assert sorted(check.uses(known).datasets) == ["customers", "orders", "plans", "shops"]
    assert check.uses(known) == Uses(check.uses(known).datasets)
    assert not check.problems(known)
    assert check.problems(Inputs({"orders": known.datasets["orders"]}))


BROKEN: list[dict[str, Any]] = [
    {"columns": {"a": {"references": "other"}}},
    {"columns": {"b": {"references": {"dataset": "other", "column": "id"}}}},
    {"columns": {"a": {"references": {"dataset": "other", "column": "nowhere"}}}},
    {"columns": {"empty": {"references": {"dataset": "other", "column": "name"}}}},
    {"columns": {"a": {"references": ({"columns": ("a",), "dataset": "other", "others": ("id",)},)}}},
    {"references": "other"},
    {"references": ({"columns": ("a", "b"), "dataset": "keyed"},)},
    {"references": ({"columns": ("nowhere",), "dataset": "keyed"},)},
]


@pytest.mark.parametrize("settings", BROKEN, ids=str)
def test_what_cannot_be_told_is_an_error(world: World, settings: dict[str, Any]) -> None:
    if "other" not in OPENED:
        OPENED["other"] = world.csv(lines("id,name", ["1,x", "2,y"]), name="other")
        OPENED["t"] = world.csv(lines("a,b,empty", ["1,x,", "2,y,"]), name="t")
        world.csv(lines("id,name", ["1,x"]), name="keyed")
    known = Inputs(
        {
            "t": Dataset(path="t.csv"),
            "other": Dataset(path="o.csv"),
            "keyed": Dataset(path="k.csv", key="id"),
        }
    )
    assert judged(world, known, **settings) == [("references", "errored")]


OPENED: dict[str, str] = {}


def test_one_broken_foreign_key_leaves_the_others(world: World) -> None:
    table, other = world.csv("a,y\n1,1\n"), world.csv("a,y\n1,0\n")
    demands = tuple({"columns": (name,), "dataset": other} for name in ("nowhere", "a"))
    found = measure(world, inputs(table, other), references=demands)
    assert [(one.path, one.problem is None, one.n) for one in found] == [
        (("references", 0), False, None),
        (("references", 1), True, 0),
    ]


@pytest.mark.parametrize(
    "rules",
    [
        {"references": ()},
        {"references": ({"columns": (), "dataset": "x"},)},
        {"references": ({"columns": ("a",), "dataset": "x", "others": ("a", "b")},)},
        {"references": ({"columns": ("a",)},)},
        {"columns": {"a": {"references": {"column": "a"}}}},
        {"columns": {"a": {"references": 5}}},
    ],
    ids=str,
)
def test_what_is_no_reference_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", **rules})
