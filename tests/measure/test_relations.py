"""The last rows by a time column: ties by position, rows without a time never, whatever the threads."""

from pathlib import Path

import pytest

from mlval.domain.asks import Count, Examples, Last, Rows
from mlval.domain.predicate import NotNull
from tests.measure.world import World, lines

DAYS = ["2026-01-03", "2026-01-01", "2026-01-03", "", "2026-01-02", "2026-01-03"]
TABLE = lines("at,n", [f"{day},{n}" for n, day in enumerate(DAYS)])


def last(world: World, rows: Rows) -> list[str | None]:
    return [row[0] for row in world.ask(Examples(rows, (), ("n",), limit=10))]


@pytest.mark.parametrize(
    "count, expected",
    [
        (1, ["5"]),
        (2, ["2", "5"]),
        (3, ["0", "2", "5"]),
        (4, ["0", "2", "4", "5"]),
        (9, ["0", "1", "2", "4", "5"]),
    ],
)
def test_the_later_of_one_time_is_taken_first(world: World, count: int, expected: list[str]) -> None:
    assert last(world, Rows(world.csv(TABLE), None, Last("at", count))) == expected


def test_the_last_are_those_of_the_rows_that_are_wanted(world: World) -> None:
    assert last(world, Rows(world.csv(TABLE), "n < 5", Last("at", 2))) == ["0", "2"]


def test_a_column_without_times_leaves_no_row(world: World) -> None:
    table = world.csv("at,n\n,1\n,2\n")
    assert world.ask(Count(Rows(table, None, Last("at", 5)), (NotNull(("n",)),))) == 0


@pytest.mark.parametrize("threads", [1, 2, 8])
def test_ties_do_not_depend_on_threads(tmp_path: Path, threads: int) -> None:
    world = World(tmp_path, threads=threads)
    table = world.parquet(
        "SELECT DATE '2026-01-31' AS at, range AS n FROM range(300000)",
        "SELECT DATE '2026-01-31' AS at, -1 AS n",
    )
    assert last(world, Rows(table, None, Last("at", 3))) == ["299998", "299999", "-1"]


@pytest.mark.parametrize("count, expected", [(1, ["0", "1", "2", "4"]), (3, ["1", "4"]), (5, []), (9, [])])
def test_before_the_last_are_the_others_that_have_a_time(
    world: World, count: int, expected: list[str]
) -> None:
    assert last(world, Rows(world.csv(TABLE), None, Last("at", count, before=True))) == expected
