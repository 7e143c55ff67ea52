"""Distributions against numpy and Python: edges, counts on edges, levels, groups, whole columns."""

import math
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import (
    Ask,
    Bins,
    ByBins,
    ByColumn,
    ByPeriod,
    ByPredicate,
    Edges,
    Groups,
    Last,
    Levels,
    Rows,
    Vectors,
)
from mlval.domain.errors import Failure, Unmeasurable
from mlval.measure import distributions
from tests.measure.world import World, lines, writer

SPECIAL = [None, math.nan, math.inf, -math.inf, 0.0, -0.0, 0.1, 5e-324, 1e300]


def floats(world: World, values: list[float | None]) -> str:
    """Open a column of doubles, exactly as they are."""
    writer().execute("CREATE OR REPLACE TABLE made (x DOUBLE)")
    writer().executemany("INSERT INTO made VALUES (?)", [(value,) for value in values])
    return world.parquet("SELECT x FROM made")


def counted(values: list[float | None], edges: tuple[float, ...]) -> tuple[tuple[int, ...], int, int]:
    """Count as documented: edges[i-1] < x <= edges[i]."""
    known = [value for value in values if value is not None and not math.isnan(value)]
    bounds = [-math.inf, *edges, math.inf]
    bins = [sum(low < x <= high for x in known) for low, high in pairwise(bounds)]
    bins[0] += known.count(-math.inf)
    return tuple(bins), values.count(None), sum(value is not None and math.isnan(value) for value in values)


@settings(max_examples=15)
@given(
    st.lists(st.sampled_from(SPECIAL) | st.floats(-10, 10), min_size=1, max_size=20),
    st.sets(st.sampled_from([-1.0, 0.0, 0.1, 0.30000000000000004, 2.0, 1e300]), min_size=1).map(sorted),
)
def test_counts_on_edges_in_memory_and_streamed(
    world: World, values: list[float | None], at: list[float]
) -> None:
    edges = tuple(at)
    ask = Bins(Rows(floats(world, values)), "x", edges)
    found = world.ask(ask)
    assert (found.counts, found.nulls, found.nans) == counted(values, edges)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(distributions, "IN_MEMORY", -1)
        assert world.ask(ask) == found


def test_no_edges_are_one_bin(world: World) -> None:
    assert world.ask(Bins(Rows(floats(world, [1.0, math.inf, None])), "x", ())).counts == (2,)


def test_edges_have_about_equal_mass_and_few_values_a_bin_each(world: World) -> None:
    many = world.parquet("SELECT (range * 7919 % 10007)::DOUBLE AS x, range % 3 AS few FROM range(10007)")
    edges = world.ask(Edges(Rows(many), "x", bins=100))
    counts = world.ask(Bins(Rows(many), "x", edges)).counts
    assert len(edges) == 99
    assert max(counts) <= 2 * 10_007 / 100
    assert world.ask(Edges(Rows(many), "few"))[1:] == (0.0, 1.0, 2.0)


def test_edges_look_at_finite_values_of_the_wanted_rows(world: World) -> None:
    table = floats(world, [*SPECIAL, 7.0])
    assert world.ask(Edges(Rows(table, "x > 1 and x < 100"), "x"))[1:] == (7.0,)
    assert world.ask(Edges(Rows(table, "x is null"), "x")) == ()
    assert math.inf not in world.ask(Edges(Rows(table), "x"))


def test_edges_of_a_few_rows_among_many_come_from_all_of_them(world: World) -> None:
    table = world.parquet(
        "SELECT range::DOUBLE AS x, CASE WHEN range % 1000 = 1 THEN range END AS rare FROM range(400000)"
    )
    assert len(world.ask(Edges(Rows(table, "x % 1000 = 1"), "x", bins=1000))) == 401
    assert len(world.ask(Edges(Rows(table), "rare", bins=1000))) == 401


@pytest.mark.parametrize("name, kind", [("s", "string"), ("l", "other")])
def test_what_is_no_number_has_no_edges(world: World, name: str, kind: str) -> None:
    table = world.parquet("SELECT 'a' AS s, [1] AS l")
    asks: list[Ask[Any]] = [
        Edges(Rows(table), name),
        Bins(Rows(table), name, (1.0,)),
        Vectors(Rows(table), (name,)),
    ]
    for ask in asks:
        with pytest.raises(Unmeasurable, match=f"{name!r} holds {kind} values, not numbers"):
            world.ask(ask)


def test_times_are_seconds_and_truth_is_one(world: World) -> None:
    table = world.parquet(
        "SELECT DATE '1970-01-02' AS day, TIMESTAMP '1970-01-01 00:00:01.5' AS at,"
        " TIMESTAMPTZ '1970-01-01 01:00:00+01' AS zoned, true AS yes"
    )
    columns = ("day", "at", "zoned", "yes")
    found = world.ask(Vectors(Rows(table), columns)).values
    assert [found[name].tolist() for name in columns] == [[86400.0], [1.5], [0.0], [1.0]]


LEVELS: dict[str, tuple[list[Any], dict[str | None, int]]] = {
    "text": (["a", "b", "a", None, ""], {"": 1, "a": 2, "b": 1, None: 1}),
    "numbers": ([1.0, 1.0, -0.0, 0.5, None], {"0": 1, "0.5": 1, "1": 2, None: 1}),
    "NaN and infinity": ([math.nan, math.nan, math.inf], {"inf": 1, "nan": 2}),
    "large numbers": ([2.0**60, 1e300], {"1152921504606846976": 1, "1e+300": 1}),
    "truth": ([True, False, True], {"false": 1, "true": 2}),
}


@pytest.mark.parametrize("name", LEVELS)
def test_levels_are_counted_as_text_in_order(world: World, name: str) -> None:
    values, expected = LEVELS[name]
    kind = {"text": "VARCHAR", "truth": "BOOLEAN"}.get(name, "DOUBLE")
    writer().execute(f"CREATE OR REPLACE TABLE made (x {kind})")
    writer().executemany("INSERT INTO made VALUES (?)", [(value,) for value in values])
    found = world.ask(Levels(Rows(world.parquet("SELECT x FROM made")), "x")).counts
    assert dict(found) == expected
    assert list(found) == sorted(expected, key=lambda level: (level is None, level or ""))


@pytest.mark.parametrize(
    "sql", ["1::TINYINT", "1::HUGEINT", "1.0::FLOAT", "1.0::DOUBLE", "1.00::DECIMAL(9, 2)", "'1'"]
)
def test_one_is_one_level_whatever_holds_it(world: World, sql: str) -> None:
    assert dict(world.ask(Levels(Rows(world.parquet(f"SELECT {sql} AS x")), "x")).counts) == {"1": 1}


def test_a_fraction_is_one_level_whatever_holds_it(world: World) -> None:
    for sql in ("1.5::FLOAT", "1.5::DOUBLE", "1.50::DECIMAL(9, 2)"):
        assert dict(world.ask(Levels(Rows(world.parquet(f"SELECT {sql} AS x")), "x")).counts) == {"1.5": 1}


@pytest.mark.parametrize("limit, is_answered", [(2, False), (3, True)])
def test_too_many_levels_are_no_answer(world: World, limit: int, is_answered: bool) -> None:
    ask = Levels(Rows(world.csv("x,y\na,\nb,\nc,\na,\n")), "x", limit)
    if is_answered:
        assert dict(world.ask(ask).counts) == {"a": 2, "b": 1, "c": 1}
        return
    with pytest.raises(Unmeasurable, match="more than 2 different values"):
        world.ask(ask)


@pytest.mark.parametrize("name", ["level", "level0", "value", "column0", "count", "made", "x"])
def test_names_that_the_queries_use_themselves(world: World, name: str) -> None:
    table = world.parquet(f"SELECT 'a' AS \"{name}\", 1 AS other UNION ALL SELECT 'b', 2")
    rows = Rows(table, f"\"{name}\" = 'a' or other = 2")
    assert dict(world.ask(Levels(rows, name)).counts) == {"a": 1, "b": 1}
    assert dict(world.ask(Levels(rows, "other")).counts) == {"1": 1, "2": 1}
    assert dict(world.ask(Groups(rows, (ByColumn("other"), ByColumn(name)))).counts) == {
        ("1", "a"): 1,
        ("2", "b"): 1,
    }
    found = world.ask(Vectors(rows, ("other",), by=(ByColumn(name),)))
    assert sorted(zip(found.values["other"].tolist(), found.codes[0].tolist(), strict=True)) == [
        (1, 0),
        (2, 1),
    ]


ROWS = [(n, n % 4 / 2, "xyz"[n % 3] if n % 7 else None, n % 5 == 0) for n in range(40)]
SPLITS = (
    ByColumn("s"),
    ByColumn("s", nulls="(null)"),
    ByColumn("q"),
    ByBins("n", (10.0, 30.0)),
    ByPredicate("fifth", "five"),
)


@pytest.fixture(scope="module")
def table(world: World) -> str:
    return world.csv(lines("n,q,s,five", [f"{n},{q},{s or ''},{five}" for n, q, s, five in ROWS]))


def levels_of(row: tuple[int, float, str | None, bool]) -> tuple[str | None, ...]:
    n, q, s, five = row
    bin_ = "< 10" if n < 10 else "10 to < 30" if n < 30 else ">= 30"
    return s, s or "(null)", f"{q:g}", bin_, "fifth" if five else None


def test_groups_are_counted_together(world: World, table: str) -> None:
    for first in range(len(SPLITS)):
        for second in range(len(SPLITS)):
            found = world.ask(Groups(Rows(table, "n >= 3"), (SPLITS[first], SPLITS[second]))).counts
            expected = Counter((levels_of(row)[first], levels_of(row)[second]) for row in ROWS if row[0] >= 3)
            assert dict(found) == dict(expected)


def test_whole_columns_stay_aligned_with_their_levels(world: World, table: str) -> None:
    equals = ("is x", "s", "x"), ("is one", "q", "1")
    found = world.ask(Vectors(Rows(table, None, Last("n", 30)), ("n",), equals, SPLITS))
    order = np.argsort(found.values["n"])
    wanted = ROWS[-30:]
    assert found.values["n"][order].tolist() == [n for n, *_ in wanted]
    assert found.values["is one"][order].tolist() == [float(q == 1) for _, q, _, _ in wanted]
    is_x = [math.nan if s is None else float(s == "x") for _, _, s, _ in wanted]
    assert np.array_equal(found.values["is x"][order], is_x, equal_nan=True)
    for index, (codes, known) in enumerate(zip(found.codes, found.levels, strict=True)):
        expected = [levels_of(row)[index] for row in wanted]
        assert [None if code < 0 else known[code] for code in codes[order]] == expected
        assert list(known) == sorted({level for level in expected if level is not None})


def test_columns_split_in_many_ways_are_fetched_at_once(world: World, table: str) -> None:
    asks = [Vectors(Rows(table, f"n >= {start}"), ("n",), by=(ByColumn("s"),)) for start in range(12)]
    for start, found in enumerate(world.engine.answer(asks).values()):
        assert not isinstance(found, Failure), found
        assert len(found.codes[0]) == len(ROWS) - start


def test_no_rows_are_empty_columns(world: World, table: str) -> None:
    found = world.ask(Vectors(Rows(table, "n < 0"), ("n",), by=(ByColumn("s"),)))
    assert (found.values["n"].size, found.codes[0].size, found.levels) == (0, 0, ((),))


def test_more_rows_than_fit_are_refused_unless_few_are_wanted(world: World, table: str) -> None:
    with pytest.raises(Unmeasurable, match="40 rows are more than the 10 that fit"):
        world.ask(Vectors(Rows(table), ("n",), limit=10))
    assert world.ask(Vectors(Rows(table, None, Last("n", 5)), ("n",), limit=10)).values["n"].size == 5


def test_an_identifier_is_no_split(world: World) -> None:
    ids = world.parquet("SELECT range AS x FROM range(10001)")
    with pytest.raises(Unmeasurable, match="more than 10,000 slices"):
        world.ask(Vectors(Rows(ids), ("x",), by=(ByColumn("x"),)))
    with pytest.raises(Unmeasurable, match="more than 5 groups"):
        world.ask(Groups(Rows(ids), (ByColumn("x"),), limit=5))


def test_hostile_levels_are_levels(world: World) -> None:
    hostile = ["a'b", '"', "--", "; DROP TABLE x", "é\N{RIGHT-TO-LEFT OVERRIDE}", "null", "\\", "b\0c"]
    writer().execute("CREATE OR REPLACE TABLE made (x VARCHAR)")
    writer().executemany("INSERT INTO made VALUES (?)", [(value,) for value in hostile])
    rows = Rows(world.parquet("SELECT x FROM made"))
    assert set(world.ask(Levels(rows, "x")).counts) == set(hostile)
    found = world.ask(Vectors(rows, equals=(("is", "x", "a'b"),), by=(ByColumn("x"),)))
    assert found.levels == (tuple(sorted(hostile)),)
    assert found.values["is"].sum() == 1


def test_answers_do_not_depend_on_threads_or_on_the_order_of_rows(tmp_path: Path) -> None:
    query = "SELECT hash(range) % 1000 / 7 AS x, 'l' || hash(range) % 50 AS s FROM range(200000)"
    told = set()
    for threads, order in ((1, "range"), (2, "hash(range + 1)"), (8, "-range")):
        (folder := tmp_path / str(threads)).mkdir()
        world = World(folder, threads=threads)
        rows = Rows(world.parquet(f"{query} ORDER BY {order}"))
        edges = world.ask(Edges(Rows(world.parquet(query)), "x"))
        bins = world.ask(Bins(rows, "x", edges))
        groups = world.ask(Groups(rows, (ByColumn("s"), ByBins("x", (50.0, 100.0)))))
        told.add((edges, bins.counts, repr(world.ask(Levels(rows, "s"))), repr(groups)))
    assert len(told) == 1


def test_periods_are_those_of_the_calendar(world: World) -> None:
    times = ["2026-01-01 00:00:00", "2025-12-31 23:59:59", "2024-12-30 12:00:00"]
    table = world.csv(lines("at,n", [f"{time},{n}" for n, time in enumerate(times)]))
    expected = {
        "day": ["2026-01-01", "2025-12-31", "2024-12-30"],
        "week": ["2026-W01", "2026-W01", "2025-W01"],
        "month": ["2026-01", "2025-12", "2024-12"],
        "quarter": ["2026-Q1", "2025-Q4", "2024-Q4"],
        "year": ["2026", "2025", "2024"],
    }
    for every, levels in expected.items():
        found = world.ask(Groups(Rows(table), (ByPeriod("at", every),)))  # type: ignore[arg-type] # one of five
        assert dict(found.counts) == dict(Counter((level,) for level in levels))
