"""Asks about groups: one group-by for all levels gives what each group alone gives, and what Python gives."""

import math
import statistics
from collections.abc import Sequence
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import (
    Aggregate,
    Ask,
    Bins,
    Count,
    Distinct,
    Edges,
    Examples,
    Function,
    Last,
    Level,
    Rows,
)
from mlval.domain.predicate import Above, IsNull, NotNull
from mlval.measure import fused, scan
from tests.measure.world import World, lines

Row = tuple[str | None, str | None, int | None]
levels = st.none() | st.sampled_from(["a", "b", "A", " a", "1", "don't"])
tables = st.lists(st.tuples(levels, levels, st.none() | st.integers(-(2**40), 2**40)), max_size=20)
FUNCTIONS: tuple[Function, ...] = ("sum", "mean", "min", "max", "quantile", "std")


def expected(function: Function, values: Sequence[int]) -> float | None:
    if len(values) < (2 if function == "std" else 1):
        return None
    return {
        "sum": sum(values),
        "mean": statistics.fmean(values),
        "min": min(values),
        "max": max(values),
        "quantile": statistics.median(values),
        "std": statistics.stdev(values) if len(values) > 1 else 0,
    }[function]


@settings(max_examples=50)
@given(tables)
def test_groups_are_those_of_a_group_by(world: World, rows: list[Row]) -> None:
    cells = [f"{_sql(g)}, {_sql(h)}, {'NULL' if x is None else x}" for g, h, x in [*rows, (None, None, None)]]
    table = world.parquet(
        f"SELECT g::VARCHAR AS g, h::VARCHAR AS h, x::BIGINT AS x"
        f" FROM (VALUES {', '.join(f'({one})' for one in cells)}) t(g, h, x)"
    )
    groups: dict[tuple[Level, Level], list[int | None]] = {(None, None): [None], ("never", "a"): []}
    for g, h, x in rows:
        groups.setdefault((g, h), []).append(x)
    asks: dict[Ask[Any], Any] = {}
    for (g, h), values in groups.items():
        of = Rows(table, group=(("g", g), ("h", h)))
        present = [one for one in values if one is not None]
        asks[Count(of)] = len(values)
        asks[Count(of, (NotNull(("x",)), Above("x", 0)))] = sum(one > 0 for one in present)
        asks[Distinct(of, ("x",))] = len(set(present))
        asks[Distinct(of, ("x",), nulls=True)] = len(set(values))
        asks |= {
            Aggregate(of, one, "x", (NotNull(("x",)),), at=0.5): expected(one, present) for one in FUNCTIONS
        }
    answers = world.answers(*asks)
    for ask, wanted in asks.items():
        found = answers[ask]
        assert found == (None if wanted is None else pytest.approx(wanted, rel=1e-9)), ask


def _sql(level: str | None) -> str:
    return "NULL" if level is None else "'" + level.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def table(world: World) -> str:
    rows = [
        f"{n},{n * 10**6 if n % 3 else n / 7},{'' if n % 5 == 4 else n % 5 / 2},{n % 2}" for n in range(60)
    ]
    return world.csv(lines("n,x,g,h", rows))


SHAPES: tuple[Function, ...] = (*FUNCTIONS, "skewness", "kurtosis", "correlation")


@pytest.mark.parametrize("where", [None, "h = 1"])
@pytest.mark.parametrize("last", [None, Last("n", 40)])
def test_a_group_is_answered_as_its_rows_alone(
    world: World, table: str, where: str | None, last: Last | None
) -> None:
    """The last 40 rows are those from 20 on, or all the 30 that the filter leaves."""
    asks: list[Aggregate] = []
    same: list[Aggregate] = []
    for level, holds in (("0", "g = 0"), ("0.5", "g = 0.5"), (None, "g IS NULL"), ("2", "g = 2")):
        alone = holds if where is None else f"{holds} AND {where}"
        for one in SHAPES:
            rows = Rows(table, where, last, (("g", level),))
            asks.append(Aggregate(rows, one, "x", (Above("n", 4),), 0.3, "n"))
            kept = f"{alone} AND n >= 20" if last is not None and where is None else alone
            same.append(Aggregate(Rows(table, kept), one, "x", (Above("n", 4),), 0.3, "n"))
    together, apart = world.answers(*asks), world.answers(*same)
    for ask, other in zip(asks, same, strict=True):
        wanted = apart[other]
        assert together[ask] == (None if wanted is None else pytest.approx(wanted, rel=1e-12)), ask


def test_a_number_is_one_level_however_it_is_written(world: World, table: str) -> None:
    whole = world.parquet("SELECT unnest([1, 1.0, 2.5])::DOUBLE AS g")
    assert world.ask(Count(Rows(whole, group=(("g", "1"),)))) == 2
    assert world.ask(Count(Rows(whole, group=(("g", "2.5"),)))) == 1
    assert world.ask(Count(Rows(table, group=(("h", "1"), ("g", "0"))))) == 6


def test_other_asks_look_at_the_group_alone(world: World, table: str) -> None:
    rows = Rows(table, "n < 20", group=(("g", None), ("h", "0")))
    assert world.ask(Examples(rows, (), ("n",))) == (("4",), ("14",))
    assert world.ask(Edges(rows, "n"))[-1] <= 14
    assert sum(world.ask(Bins(rows, "n", (5.0,))).counts) == 2


def test_all_groups_share_one_query(world: World, table: str, monkeypatch: pytest.MonkeyPatch) -> None:
    queries: list[str] = []
    real = scan._scan

    def counted(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - handed on as it is
        queries.append("")
        return real(*arguments, **named)

    monkeypatch.setattr(scan, "_scan", counted)
    groups = [Rows(table, group=(("g", level),)) for level in ("0", "0.5", "1", None, "none")]
    asks: list[fused.Fused] = [Count(rows, (IsNull("x"),)) for rows in groups]
    asks += [Aggregate(rows, one, "x") for rows in groups for one in ("mean", "std", "skewness")]
    world.answers(*asks)
    assert len(queries) == 2


def test_many_aggregates_are_all_answered(world: World) -> None:
    names = [f"c{n}" for n in range(150)]
    table = world.csv(
        lines(",".join(names), [",".join(str(n * row) for n in range(150)) for row in range(3)])
    )
    asks = [Aggregate(Rows(table), one, name) for name in names for one in ("mean", "std", "max")]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks[::3]] == list(range(150))
    assert [answers[ask] for ask in asks[1::3]] == [pytest.approx(n) for n in range(150)]


def test_a_group_in_which_the_engine_refuses_is_refused_alone(world: World) -> None:
    huge = 10**38 - 1
    table = world.parquet(f"SELECT range AS n, {huge}::DECIMAL(38, 0) AS h, range % 2 AS g FROM range(6)")
    bad = Aggregate(Rows(table, group=(("g", "1"),)), "sum", "h")
    good = Aggregate(Rows(table, group=(("g", "1"),)), "sum", "n")
    answers = world.answers(bad, good)
    assert "too large" in answers[bad].cause.message
    assert answers[good] == 9


def test_a_long_query_is_not_taken_for_one_that_is_refused(world: World, table: str) -> None:
    class Interrupted:
        def execute(self, query: str) -> None:
            del query
            raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    conditions = world.engine._conditions(table, world.engine._connection)
    with pytest.raises(duckdb.InterruptException):
        fused.answer(Interrupted(), conditions, [Count(Rows(table))])  # type: ignore[arg-type] # all it needs


def test_nan_in_one_group_leaves_the_others(world: World) -> None:
    table = world.csv(lines("x,g", ["1,a", "nan,a", "2,b", "4,b"]))
    first, second = (Aggregate(Rows(table, group=(("g", one),)), "std", "x") for one in "ab")
    answers = world.answers(first, second)
    assert math.isnan(answers[first])
    assert answers[second] == pytest.approx(math.sqrt(2))
