"""Points over time, against sums and sorting in Python."""

import math
import statistics
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from random import Random
from typing import Any, Literal, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import (
    Rows,
)
from mlval.domain.asks_of_time import Series, Timeline
from mlval.domain.errors import Unmeasurable
from tests.measure.world import World, lines, writer

FIRST = date(2026, 1, 29)
Every = Literal["day", "week"]
Function = Literal["mean", "median", "sum", "count", "max", "min"]
Row = tuple[date, float | None]
FUNCTIONS: dict[Function, Callable[[list[float]], float]] = {
    "mean": lambda values: float(sum(map(Fraction, values)) / len(values)),
    "median": statistics.median,
    "sum": math.fsum,
    "count": lambda values: float(len(values)),
    "max": max,
    "min": min,
}
days = st.integers(0, 20).map(lambda day: FIRST + timedelta(days=day))
values = st.integers(-50, 50).map(lambda value: value / 4)


def text(rows: list[Row]) -> str:
    return lines("at,x", [f"{at},{'' if value is None else value}" for at, value in rows])


def expected(rows: list[Row], every: Every, function: Function) -> Timeline:
    """Group in Python; days without rows count and add up to nothing."""
    length = 7 if every == "week" else 1
    groups: dict[date, list[float]] = {}
    for at, value in rows:
        start = at - timedelta(days=at.weekday() if every == "week" else 0)
        groups.setdefault(start, []).extend([] if value is None else [value])
    if function in {"count", "sum"}:
        for place in range((max(groups) - min(groups)).days // length):
            groups.setdefault(min(groups) + timedelta(days=place * length), [])
    points = [(at.isoformat(), FUNCTIONS[function](groups[at])) for at in sorted(groups)]
    return Timeline(tuple(at for at, _ in points), tuple(value for _, value in points))


@given(
    rows=st.lists(st.tuples(days, values), min_size=1, max_size=30),
    every=st.sampled_from(get_args(Every)),
    function=st.sampled_from(list(FUNCTIONS)),
    shuffle=st.randoms(use_true_random=False),
)
@settings(deadline=None, max_examples=60)
def test_periods_are_those_of_python_whatever_the_order_and_the_format(
    world: World, rows: list[Row], every: Every, function: Function, shuffle: Random
) -> None:
    wanted = expected(rows, every, function)
    shuffled = list(rows)
    shuffle.shuffle(shuffled)
    listed = ", ".join(f"(DATE '{at}', {value}::DOUBLE)" for at, value in shuffled)
    tables = [world.csv(text(rows)), world.parquet(f'SELECT * FROM (VALUES {listed}) AS t("at", x)')]
    for table in tables:
        found = world.ask(Series(Rows(table), "at", "x", every, function))
        assert found.times == wanted.times
        assert found.values == pytest.approx(wanted.values, rel=1e-11, abs=1e-11)


@given(rows=st.lists(st.tuples(days, values), min_size=1, max_size=15, unique_by=lambda row: row[0]))
@settings(deadline=None, max_examples=30)
def test_rows_are_points_in_the_order_of_time(world: World, rows: list[Row]) -> None:
    ordered = sorted(rows)
    found = world.ask(Series(Rows(world.csv(text(rows))), "at", "x"))
    assert found == Timeline(tuple(str(at) for at, _ in ordered), tuple(float(x or 0) for _, x in ordered))


def test_whole_numbers_and_moments_order_too(world: World) -> None:
    table = world.csv("run,at,x\n10,2026-01-02T03:00:00Z,1\n9,2026-01-02T05:00:00+02:00,2\n2,2026-01-01,3\n")
    assert world.ask(Series(Rows(table), "run", "x")) == Timeline(("2", "9", "10"), (3.0, 2.0, 1.0))
    moments = world.csv("at,x\n2026-01-02T03:00:00Z,1\n2026-01-02T05:00:00+02:30,2\n")
    assert world.ask(Series(Rows(moments), "at", "x")).values == (2.0, 1.0)
    assert world.ask(Series(Rows(moments), "at", None, "day", "count")).values == (2.0,)


def test_only_the_rows_that_are_wanted(world: World) -> None:
    table = world.csv("at,x\n2026-01-01,1\n2026-01-02,\n2026-01-03,NaN\n")
    assert world.ask(Series(Rows(table, "x = 1"), "at", "x")).values == (1.0,)
    assert world.ask(Series(Rows(table, "x = 99"), "at", "x")) == Timeline((), ())
    assert world.ask(Series(Rows(table, "x = 99"), "at", "x", "day", "sum")) == Timeline((), ())


def test_text_and_truth(world: World) -> None:
    table = world.csv("at,name,yes\n2026-01-01,a,true\n2026-01-01,,false\n2026-01-02,b,true\n")
    assert world.ask(Series(Rows(table), "at", "yes", "day")).values == (0.5, 1.0)
    assert world.ask(Series(Rows(table), "at", "name", "day", "count")).values == (1.0, 1.0)
    with pytest.raises(Unmeasurable, match="'name' holds string values, not numbers"):
        world.ask(Series(Rows(table), "at", "name", "day"))


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("2026-01-01,1\n2026-01-01,2", {}, "1 rows have the time of another"),
    ("2026-01-01,1\n,2", {}, "1 rows have no time"),
    ("2026-01-01,1\n,2", {"every": "day"}, "1 rows have no time"),
    ("2026-01-01,1\n2026-01-02,", {}, "1 of 2 rows have no value in 'x'"),
    ("2026-01-01,1\n2026-01-02,", {"every": "day"}, "1 of 2 days have no value"),
    ("2026-01-01,1\n2026-01-02,nan", {}, "1 of 2 rows have NaN or infinity"),
    ("2026-01-01,1\n2026-01-02,inf", {"every": "day"}, "1 of 2 days have NaN or infinity"),
    ("2026-01-01,1\n2026-01-02,2", {"limit": 1}, "more than 1 rows"),
    ("2026-01-01,1\n2026-01-02,2", {"limit": 1, "every": "day"}, "more than 1 periods"),
    ("1901-01-01,1\n2026-01-02,2", {"every": "day", "function": "count"}, "more than 10,000 periods"),
    ("a,1\nb,2", {}, "'at' holds string values, not times or whole numbers"),
    ("1,1\n2,2", {"every": "week"}, "'at' holds int values, not times"),
    ("1.5,1\n2,2", {}, "'at' holds float values"),
]


@pytest.mark.parametrize("rows, how, message", REFUSED)
def test_what_has_no_order_or_no_value_is_refused(
    world: World, rows: str, how: dict[str, Any], message: str
) -> None:
    with pytest.raises(Unmeasurable, match=message):
        world.ask(Series(Rows(world.csv(f"at,x\n{rows}\n")), "at", "x", **how))


@pytest.mark.parametrize("time, column", [("when", "x"), ("at", "y")])
def test_columns_must_be_there(world: World, time: str, column: str) -> None:
    with pytest.raises(Unmeasurable, match="there is no column"):
        world.ask(Series(Rows(world.csv("at,x\n2026-01-01,1\n")), time, column))


def test_times_without_end_are_refused(world: World) -> None:
    writer().execute("CREATE OR REPLACE TABLE endless AS SELECT 'infinity'::TIMESTAMP AS at, 1.0 AS x")
    table = world.parquet("SELECT * FROM endless")
    with pytest.raises(Unmeasurable, match="1 rows have no time"):
        world.ask(Series(Rows(table), "at", "x", "day"))
