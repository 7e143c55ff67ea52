"""Rules about the set of columns."""

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.asks import Column, Rows, TableShape
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.rule import Setting
from mlval.domain.verdict import Result
from mlval.measure.driver import drive
from mlval.rules.column_order import ColumnOrder
from tests.checks.world import by_hand, results
from tests.measure.world import World

names = st.lists(st.sampled_from("abcdef"), min_size=1, max_size=5, unique=True).map(tuple)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def judged(world: World, header: str, **rules: object) -> Result:
    table = world.csv(f"{header}\n" + ",".join("1" for _ in header.split(",")) + "\n")
    check = Data.read({"type": "data", "dataset": table, **rules})
    (found,) = results(check, Inputs({table: Dataset(path="t.csv")}), world.engine.answer)
    return found


def misplaced(rule: object, there: tuple[str, ...]) -> Any:  # noqa: ANN401 - a detail
    shape = TableShape(tuple(Column(name, "int", "BIGINT") for name in there), 1)
    setting = Setting(rows=Rows("t"), shape=shape, dataset="t")
    measured = drive({"rule": ColumnOrder.model_validate(rule).steps(setting)}, by_hand({}))["rule"]
    assert isinstance(measured, tuple), measured
    (found,) = measured
    assert found.value == len(found.details["columns"])  # type: ignore[arg-type] # names
    return found.details["columns"]


@given(listed=names, there=names)
def test_the_order_holds_for_every_pair(listed: tuple[str, ...], there: tuple[str, ...]) -> None:
    holds = set(listed) <= set(there) and all(
        there.index(first) < there.index(second) for first, second in combinations(listed, 2)
    )
    assert (misplaced(listed, there) == ()) == holds
    assert (misplaced({"exactly": listed}, there) == ()) == (listed == there)


def test_what_is_out_of_place_is_named() -> None:
    assert misplaced(("a", "b", "c"), ("a", "x", "c", "b")) == ("c",)
    assert misplaced(("a", "b", "c"), ("b", "c")) == ("a",)
    assert misplaced({"exactly": ("a", "b")}, ("b", "a", "x")) == ("b", "x")


@pytest.mark.parametrize(
    "rules, outcome",
    [
        ({"column_order": ("a", "B 1")}, "passed"),
        ({"column_order": ("B 1", "a")}, "failed"),
        ({"column_order": ("A",)}, "failed"),
        ({"column_order": {"exactly": ("a", "B 1", "é")}}, "passed"),
        ({"column_order": {"exactly": ("a", "é")}}, "failed"),
        ({"column_count": {"min": 3, "max": 3}}, "passed"),
        ({"column_count": (4, None)}, "failed"),
        ({"column_count": "<= 2"}, "failed"),
        ({"column_names": "^[aBé]"}, "passed"),
        ({"column_names": "^[a-z]+$"}, "failed"),
        ({"column_names": "("}, "errored"),
    ],
)
def test_verdicts(world: World, rules: dict[str, Any], outcome: str) -> None:
    assert judged(world, "a,B 1,é", **rules).outcome == outcome


def test_misnamed_columns_are_named_in_the_order_of_the_table(world: World) -> None:
    found = judged(world, "b,B 1,a,Unnamed: 0", column_names="^[a-z]+$").measurement
    assert (found.value, found.details["columns"]) == (2, ("B 1", "Unnamed: 0"))


def test_a_pattern_takes_no_longer_than_its_text(world: World) -> None:
    assert judged(world, "a" * 5000, column_names="^(a|a)*(a|a)*b$").outcome == "failed"


def test_columns_are_asked_about_once_and_not_by_group(world: World) -> None:
    table = world.csv("a,b\n1,1\n2,1\n")
    rules = {"column_count": (2, 2), "column_order": ("a", "b"), "column_names": "[ab]", "per": "a"}
    check = Data.read({"type": "data", "dataset": table, **rules})
    found = results(check, Inputs({table: Dataset(path="t.csv")}), world.engine.answer)
    assert [one.outcome for one in found] == ["passed"] * 3


@pytest.mark.parametrize(
    "rules",
    [
        {"column_order": ()},
        {"column_order": ("a", "a")},
        {"column_order": {"exactly": ()}},
        {"column_order": "a"},
        {"column_count": 3},
        {"column_count": {"min": "5%"}},
        {"column_count": {"min": 1.5}},
        {"column_names": ""},
        {"column_names": 5},
    ],
    ids=str,
)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", **rules})
