"""The most frequent values against a count in Python."""

from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import Rows, Top
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import Above
from mlval.measure.values import MOST_TIED
from tests.measure.world import World, lines, writer

texts = st.lists(st.none() | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=3))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def expected(values: list[str | None], limit: int) -> tuple[tuple[str, int], ...]:
    counted = sorted(Counter(v for v in values if v is not None).items(), key=lambda one: (-one[1], one[0]))
    last = counted[min(limit, len(counted)) - 1][1] if counted else 0
    return tuple(one for one in counted if one[1] >= last)


@given(values=texts, limit=st.integers(1, 4))
@settings(deadline=None)
def test_text_is_counted_as_in_python(world: World, values: list[str | None], limit: int) -> None:
    writer().execute("CREATE OR REPLACE TABLE made (x VARCHAR)")
    if values:
        writer().executemany("INSERT INTO made VALUES (?)", [(value,) for value in values])
    table = world.parquet("SELECT x FROM made")
    assert world.ask(Top(Rows(table), "x", limit=limit)) == expected(values, limit)


@given(values=st.lists(st.none() | st.integers(-3, 3), min_size=1), limit=st.integers(1, 4))
@settings(deadline=None, max_examples=30)
def test_numbers_are_counted_alike_from_every_file(
    world: World, values: list[int | None], limit: int
) -> None:
    rows = ", ".join(f"({'NULL' if value is None else value})" for value in values)
    as_text = [None if value is None else str(value) for value in values]
    for kind in ("TINYINT", "DOUBLE", "DECIMAL(9, 2)"):
        table = world.parquet(f"SELECT x::{kind} AS x FROM (VALUES {rows}) AS t(x)")
        assert world.ask(Top(Rows(table), "x", limit=limit)) == expected(as_text, limit)
    table = world.csv(lines("x,y", [f"{value or ''},1" for value in as_text]))
    assert world.ask(Top(Rows(table), "x", limit=limit)) == expected(as_text, limit)


def test_numbers_that_are_equal_are_one_value(world: World) -> None:
    table = world.csv("x\n-0.0\n0\n0.0\nnan\nNaN\n1.5\n")
    assert world.ask(Top(Rows(table), "x", limit=2)) == (("0", 3), ("nan", 2))


def test_only_the_rows_that_are_asked_for_are_counted(world: World) -> None:
    table = world.csv("x,n\na,1\na,2\nb,3\nb,4\nb,5\n")
    assert world.ask(Top(Rows(table, "n < 4"), "x", (Above("n", 1),))) == (("a", 1), ("b", 1))
    assert world.ask(Top(Rows(table, "n > 9"), "x")) == ()


def test_more_than_a_thousand_ties_are_cut_in_the_order_of_their_text(world: World) -> None:
    table = world.parquet("SELECT range AS x FROM range(5000)")
    found = world.ask(Top(Rows(table), "x", limit=3))
    assert found == tuple((text, 1) for text in sorted(map(str, range(5000)))[: 3 + MOST_TIED])


def test_a_column_that_is_not_there_is_named(world: World) -> None:
    with pytest.raises(Unmeasurable, match="there is no column 'y'"):
        world.ask(Top(Rows(world.csv("x\n1\n")), "y"))


def test_answers_do_not_depend_on_threads(tmp_path: Path) -> None:
    told = set()
    for threads in (1, 4):
        (folder := tmp_path / str(threads)).mkdir()
        made = World(folder, threads=threads)
        table = made.parquet("SELECT hash(range) % 3000 AS x FROM range(100000)")
        told.add(made.ask(Top(Rows(table), "x", limit=20)))
    assert len(told) == 1
