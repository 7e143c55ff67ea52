"""Duplicates, complete rows and conflicting labels, against the same words in Python."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.inputs import Dataset, Inputs
from tests.measure.world import World
from tests.rules.two_tables import NAMES, ROWS, TYPED, Row, judged, measure, opened, shown

COLUMNS = st.sampled_from([("a",), ("a", "b"), NAMES])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def of(table: str, **roles: Any) -> Inputs:  # noqa: ANN401 - roles of columns
    return Inputs({table: Dataset(path="t.csv", **roles)})


def cells(row: Row, columns: tuple[str, ...]) -> tuple[object, ...]:
    return tuple(row[NAMES.index(name)] for name in columns)


@given(ROWS, st.booleans(), COLUMNS)
def test_duplicates(world: World, rows: list[Row], parquet: bool, columns: tuple[str, ...]) -> None:
    rows = [*rows, TYPED]
    table = opened(world, rows, parquet=parquet)
    demand = 0 if columns == NAMES else {"columns": columns, "allow": "50%"}
    (found,) = measure(world, of(table), duplicates=demand)
    times = Counter(cells(row, columns) for row in rows)
    repeats = sum(n - 1 for n in times.values())
    assert (found.n, found.of) == (repeats, len(rows))
    assert found.value == (repeats if columns == NAMES else repeats / len(rows))
    assert shown(world, found) == sum(n for n in times.values() if n > 1)


@given(ROWS, st.booleans())
def test_duplicates_are_looked_for_among_the_wanted_rows(
    world: World, rows: list[Row], parquet: bool
) -> None:
    rows = [*rows, TYPED]
    table = opened(world, rows, parquet=parquet)
    (found,) = measure(
        world, of(table), where="y >= 1", duplicates={"columns": ("a", "b"), "where": "b = 'u'"}
    )
    times = Counter(cells(row, ("a", "b")) for row in rows if (row[2] or 0) >= 1 and row[1] == "u")
    assert (found.n, found.of) == (sum(n - 1 for n in times.values()), times.total())
    assert shown(world, found) == sum(n for n in times.values() if n > 1)


@given(ROWS, st.booleans(), COLUMNS)
def test_complete(world: World, rows: list[Row], parquet: bool, columns: tuple[str, ...]) -> None:
    rows = [*rows, TYPED]
    table = opened(world, rows, parquet=parquet)
    (found,) = measure(world, of(table), complete=columns)
    assert (found.n, found.of) == (sum(None in cells(row, columns) for row in rows), len(rows))
    assert shown(world, found) == found.n == found.value


def contradicted(rows: list[Row], columns: tuple[str, ...]) -> int:
    labels: dict[tuple[object, ...], set[int]] = {}
    for row in rows:
        if row[2] is not None:
            labels.setdefault(cells(row, columns), set()).add(row[2])
    return sum(row[2] is not None and len(labels[cells(row, columns)]) > 1 for row in rows)


@given(ROWS, st.booleans())
def test_conflicts(world: World, rows: list[Row], parquet: bool) -> None:
    rows = [*rows, TYPED]
    table = opened(world, rows, parquet=parquet)
    labelled = sum(row[2] is not None for row in rows)
    for known, demand, columns in (
        (of(table), {"columns": ("a",), "label": "y", "allow": 3}, ("a",)),
        (of(table, target="y"), 0, ("a", "b")),
        (of(table, target="y", features=("b",)), "1%", ("b",)),
        (of(table, target="y", key="a"), {}, ("b",)),
    ):
        (found,) = measure(world, known, conflicts=demand)
        assert (found.subject, found.n, found.of) == ("y", contradicted(rows, columns), labelled)
        assert shown(world, found) == found.n


@given(ROWS)
def test_conflicts_within_the_wanted_rows(world: World, rows: list[Row]) -> None:
    table = opened(world, [*rows, TYPED], parquet=True)
    (found,) = measure(world, of(table, target="y"), where="y > 0", conflicts={"columns": ("a",)})
    some = [row for row in [*rows, TYPED] if (row[2] or 0) > 0]
    assert (found.n, found.of) == (contradicted(some, ("a",)), len(some))


def test_rows_of_a_group_are_alike_within_it(world: World) -> None:
    rows: list[Row] = [(1, "u", 0), (1, "v", 1), (1, "v", 1), (2, "v", 0), (2, "v", 1)]
    table = opened(world, rows, parquet=False)
    demands = {"duplicates": {"columns": ("a", "y")}, "conflicts": {"columns": ("a",), "label": "y"}}
    whole = {one.metric: one.n for one in measure(world, of(table), **demands)}
    assert whole == {"duplicates": 1, "conflicts": 5}
    found = measure(world, of(table), per="b", **demands)
    told = sorted((one.metric, one.n, shown(world, one)) for one in found if one.failing is not None)
    assert told == [("conflicts", 0, 0), ("conflicts", 2, 2), ("duplicates", 0, 0), ("duplicates", 1, 2)]


def test_severity_and_place_are_those_of_the_demand(world: World) -> None:
    table = opened(world, [TYPED, TYPED], parquet=True)
    (found,) = measure(world, of(table), duplicates={"severity": "warn", "allow": "10%"})
    assert (found.subject, found.severity, found.path) == (table, "warn", ("duplicates",))


def test_what_says_no_label_or_no_value_never_passes(world: World) -> None:
    table = world.csv("a,b,y\n1,u,\n2,v,\n")
    assert judged(world, of(table), conflicts=0) == [("conflicts", "errored")]
    assert judged(world, of(table, target="y"), conflicts=0) == [("conflicts", "errored")]
    assert judged(world, of(table, target="y", features=("y",)), conflicts=0) == [("conflicts", "errored")]
    assert judged(world, of(table), complete=("nowhere",)) == [("complete", "errored")]
    assert judged(world, of(table), duplicates={"columns": ("nowhere",)}) == [("duplicates", "errored")]
    assert judged(world, of(table), duplicates={"where": "a > 5"}) == [("duplicates", "errored")]


@pytest.mark.parametrize(
    "rules",
    [
        {"duplicates": 0.5},
        {"duplicates": ()},
        {"duplicates": {"columns": ()}},
        {"duplicates": {"column": "a"}},
        {"complete": ()},
        {"complete": "a"},
        {"complete": {"allow": "1%"}},
        {"conflicts": "y"},
        {"conflicts": {"labels": "y"}},
        {"columns": {"a": {"duplicates": 0}}},
    ],
    ids=str,
)
def test_what_is_no_demand_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", **rules})
