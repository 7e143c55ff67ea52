"""Rows against other rows: the same words in Python, on random tables with nulls and duplicates."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import Count, Examples, Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import (
    Above,
    Contradicted,
    Found,
    Holds,
    Not,
    NotAfter,
    NotNull,
    Predicate,
    Repeated,
)
from tests.measure.world import World, lines

Row = tuple[int | None, str | None, float | None]
NAMES = ("a", "b", "c")
TYPES = ("BIGINT", "VARCHAR", "DOUBLE")
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from(["x", "y", "it's"]),
        st.none() | st.sampled_from([0.0, -0.0, 0.1, 2.0]),
    ),
    min_size=1,
    max_size=25,
)
# Rows that make every column of a CSV file hold its type, whatever else there is.
TYPED: list[Row] = [(7, "typed", 7.5)]


@pytest.fixture(scope="module", autouse=True)
def _one_row(world: World) -> None:
    world.parquet("SELECT 1 AS a, DATE '2026-01-01' AS d, [1] AS l", name="T")


def opened(world: World, rows: list[Row], *, parquet: bool) -> str:
    if not parquet:
        return world.csv(lines("a,b,c", [",".join("" if v is None else str(v) for v in row) for row in rows]))
    literals = [
        ", ".join(
            f"{'NULL' if v is None else _quoted(v)}::{kind}" for v, kind in zip(row, TYPES, strict=True)
        )
        for row in rows
    ]
    return world.parquet(f"SELECT * FROM (VALUES {', '.join(f'({one})' for one in literals)}) AS t(a, b, c)")


def _quoted(value: object) -> str:
    return "'" + str(value).replace("'", "''") + "'"


def counted(world: World, table: str, *of: Predicate) -> int:
    """Count by one query with others in it, and hold it against the rows that are shown and the opposite."""
    whole, n = Count(Rows(table)), Count(Rows(table), of)
    rest = Count(Rows(table), (*of[:-1], Not(of[-1])))
    among = Count(Rows(table), of[:-1])
    answers = world.answers(whole, n, rest, among)
    found = int(answers[n])
    assert found + answers[rest] == answers[among]
    assert len(world.ask(Examples(Rows(table), of, NAMES, limit=100))) == found
    return found


@given(ROWS, st.booleans(), st.sampled_from([("a",), ("b",), ("a", "b"), NAMES]))
def test_repeated(world: World, rows: list[Row], parquet: bool, columns: tuple[str, ...]) -> None:
    rows = rows + TYPED
    table = opened(world, rows, parquet=parquet)
    keys = [tuple(row[NAMES.index(name)] for name in columns) for row in rows]
    times = Counter(keys)
    assert counted(world, table, Repeated(columns)) == sum(times[key] > 1 for key in keys)
    some = [key for key, row in zip(keys, rows, strict=True) if row[0] is not None and row[0] > 1]
    among = (NotNull(("a",)), Above("a", 1))
    assert counted(world, table, *among, Repeated(columns, among)) == sum(
        n for n in Counter(some).values() if n > 1
    )


@given(ROWS, st.booleans(), st.sampled_from([("a",), ("a", "b")]))
def test_contradicted(world: World, rows: list[Row], parquet: bool, columns: tuple[str, ...]) -> None:
    rows = rows + TYPED
    table = opened(world, rows, parquet=parquet)
    pairs = [(tuple(row[NAMES.index(name)] for name in columns), row[2]) for row in rows]
    expected = sum(
        label is not None and any(same == key and other not in {None, label} for same, other in pairs)
        for key, label in pairs
    )
    assert counted(world, table, Contradicted(columns, "c")) == expected


@given(ROWS, ROWS, st.sampled_from([("a",), ("b", "c"), NAMES]), st.booleans())
def test_found(
    world: World, rows: list[Row], others: list[Row], columns: tuple[str, ...], parquet: bool
) -> None:
    rows, others = rows + TYPED, others + TYPED
    table, other = opened(world, rows, parquet=parquet), opened(world, others, parquet=not parquet)
    keys, known = (
        [tuple(row[NAMES.index(name)] for name in columns) for row in some] for some in (rows, others)
    )
    few = [key for key, row in zip(known, others, strict=True) if (row[0] or 0) > 1]
    equal = Found(columns, other, columns, nulls=True)
    assert counted(world, table, equal) == sum(key in known for key in keys)
    present = Found(columns, other, columns)
    assert counted(world, table, present) == sum(None not in key and key in known for key in keys)
    among = Found(columns, other, columns, (Holds("a > 1"),), nulls=True)
    assert counted(world, table, among) == sum(key in few for key in keys)


@given(ROWS)
def test_the_same_table_can_be_the_other(world: World, rows: list[Row]) -> None:
    table = opened(world, rows + TYPED, parquet=True)
    assert counted(world, table, Found(NAMES, table, NAMES, nulls=True)) == len(rows) + 1


NUMBERS = {
    "1, 2, 9007199254740993": "BIGINT",
    "1, 2, 3": "TINYINT",
    "1, 2, 170141183460469231731687303715884105727": "HUGEINT",
    "1, 2, 340282366920938463463374607431768211455": "UHUGEINT",
    "1, 0.1, 9007199254740992": "DOUBLE",
    "1, 0.1, 2.5": "FLOAT",
    "1, 0.10, 2.50 ": "DECIMAL(9, 2)",
    "1, 0.1000, 7": "DECIMAL(20, 4)",
}


def spelled(values: str) -> set[str]:
    return {str(float(one)) if "." in one else one.strip() for one in values.split(",")}


@pytest.mark.parametrize("left", NUMBERS)
@pytest.mark.parametrize("right", NUMBERS)
def test_numbers_are_equal_whatever_their_types(world: World, left: str, right: str) -> None:
    own, other = (
        world.parquet(
            f"SELECT unnest([{', '.join(_quoted(v) for v in some.split(','))}])::{NUMBERS[some]} AS x"
        )
        for some in (left, right)
    )
    expected = len(spelled(left) & spelled(right))
    assert world.count(own, Found(("x",), other, ("x",))) == expected
    assert world.count(own, Found(("x",), other, ("x",), nulls=True)) == expected


def test_zero_has_no_sign_and_nan_is_itself(world: World) -> None:
    floats = world.parquet("SELECT unnest(['-0', '0', 'nan', NULL])::DOUBLE AS x")
    other = world.parquet("SELECT unnest(['0', '-nan'])::DOUBLE AS x")
    assert world.count(floats, Found(("x",), other, ("x",))) == 3
    assert world.count(floats, Repeated(("x",))) == 2


KINDS = {
    "number": "unnest([1, 2])",
    "text": "unnest(['1', '2'])",
    "truth": "unnest([true, false])",
    "day": "unnest([DATE '2026-01-01', DATE '2026-01-02'])",
    "list": "[1]",
    "struct": "{'x': 1}",
}


@pytest.mark.parametrize("left", KINDS)
@pytest.mark.parametrize("right", KINDS)
def test_kinds_that_are_never_equal_are_an_error(world: World, left: str, right: str) -> None:
    own, other = (world.parquet(f"SELECT {KINDS[kind]} AS x") for kind in (left, right))
    found = Found(("x",), other, ("x",))
    if left == right:
        assert world.count(own, found) == world.count(own)
    else:
        with pytest.raises(Unmeasurable, match="never equal"):
            world.count(own, found)


def test_times_are_equal_whatever_their_precision(world: World) -> None:
    stored = ("DATE", "TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMPTZ")
    tables = [world.parquet(f"SELECT '2026-01-31 00:00:00'::{kind} AS x") for kind in stored]
    for own in tables:
        for other in tables:
            assert world.count(own, Found(("x",), other, ("x",))) == 1
            assert world.count(own, NotAfter("x", other, "x")) == 1


DAYS = st.lists(st.none() | st.integers(0, 9), min_size=1, max_size=8)


@given(DAYS, DAYS)
def test_not_after(world: World, days: list[int | None], others: list[int | None]) -> None:
    start = datetime(2026, 1, 1)  # noqa: DTZ001 - as stored
    own, other = (
        world.parquet(
            "SELECT unnest(["
            + ", ".join("NULL" if d is None else f"'{start + timedelta(days=d)}'" for d in some)
            + "])::TIMESTAMP AS x"
        )
        for some in (days, others)
    )
    last = max((d for d in others if d is not None), default=-1)
    expected = sum(d is not None and d <= last for d in days)
    assert world.count(own, NotAfter("x", other, "x")) == expected
    assert world.count(own, Not(NotAfter("x", other, "x"))) == len(days) - expected


BAD: list[Any] = [
    Repeated(("nowhere",)),
    Contradicted(("a",), "nowhere"),
    Contradicted(("a",), "l"),
    Found(("a",), "nowhere", ("a",)),
    Found(("a",), "T", ("nowhere",)),
    Found(("a",), "T", ("a", "a")),
    Found((), "T", ()),
    Found(("a",), "T", ("a",), (Holds("nowhere > 1"),)),
    NotAfter("a", "T", "d"),
    NotAfter("d", "T", "a"),
]


@pytest.mark.parametrize("bad", BAD, ids=str)
def test_what_cannot_be_compared_is_an_error(world: World, bad: Predicate) -> None:
    with pytest.raises(Unmeasurable):
        world.count("T", bad)
