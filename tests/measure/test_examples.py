"""Rows that show a failure: few, in their order, as text."""

from mlval.domain.asks import Examples, Rows
from mlval.domain.predicate import Above, NotNull, Repeated
from tests.measure.world import World, cause


def test_the_first_rows_that_hold_are_shown_as_text(world: World) -> None:
    table = world.parquet(
        "SELECT range AS n, range / 2 AS x, DATE '2026-01-31' AS day, range % 2 = 0 AS even FROM range(10)"
    )
    ask = Examples(Rows(table, "n <> 8"), (Above("n", 6),), ("n", "x", "day", "even"), limit=2)
    assert world.ask(ask) == (("7", "3.5", "2026-01-31", "false"), ("9", "4.5", "2026-01-31", "false"))


def test_repeated_rows_without_nulls(world: World) -> None:
    table = world.csv("a,b\n1,x\n2,x\n1,y\n,x\n,x\n1,x\n")
    ask = Examples(Rows(table), (NotNull(("a", "b")), Repeated(("a", "b"))), ("a", "b"))
    assert world.ask(ask) == (("1", "x"), ("1", "x"))


def test_a_column_that_is_absent_has_no_examples(world: World) -> None:
    ask = Examples(Rows(world.csv("a\n1\n")), (), ("b",))
    assert "no column 'b'" in cause(world.answers(ask)[ask]).message
