"""Counting asks: one query or many give the same answers, and one that fails takes no other along."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import Count, Distinct, Last, Rows
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.predicate import Above, Below, Holds, In, IsNull, NotMatching, NotNull
from tests.measure.world import World, cause, lines

ROWS = [(n, n % 3 or None, "abc"[n % 3]) for n in range(60)]


@pytest.fixture(scope="module")
def table(world: World) -> str:
    return world.csv(lines("n,m,s", [f"{n},{m or ''},{s}" for n, m, s in ROWS]))


@pytest.fixture(scope="module", autouse=True)
def _small(world: World) -> None:
    world.csv(lines("n,s", [f"{n},x" for n in range(10)]), name="T")


def test_fused_asks_are_answered_as_each_alone(world: World, table: str) -> None:
    asks = [
        Count(rows, of)
        for rows in (Rows(table), Rows(table, "n > 20"), Rows(table, None, Last("n", 7)))
        for of in ((), (IsNull("m"),), (NotNull(("m",)),), (Below("n", 30), In("s", ("a", "b"))))
    ]
    together = world.answers(*asks, Distinct(Rows(table), ("m", "s")))
    assert [together[ask] for ask in asks] == [world.ask(ask) for ask in asks]
    assert [together[ask] for ask in asks] == [60, 20, 40, 20, 39, 13, 26, 6, 7, 2, 5, 0]


def test_many_asks_are_all_answered(world: World, table: str) -> None:
    asks = [Count(Rows(table), (Below("n", limit),)) for limit in range(450)]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks] == [min(limit, 60) for limit in range(450)]


@pytest.mark.parametrize(
    "columns, where, expected",
    [
        (("n",), None, 60),
        (("m",), None, 2),
        (("m", "s"), None, 2),
        (("s", "n"), "n < 6", 6),
        (("m",), "n < 0", 0),
    ],
)
def test_different_values_where_none_is_null(
    world: World, table: str, columns: tuple[str, ...], where: str | None, expected: int
) -> None:
    assert world.ask(Distinct(Rows(table, where), columns)) == expected


@pytest.mark.parametrize(
    "columns, where, expected",
    [
        (("n",), None, 60),
        (("m",), None, 3),
        (("m", "s"), None, 3),
        (("m",), "m IS NULL", 1),
        (("m",), "n < 0", 0),
    ],
)
def test_nulls_are_one_value_where_they_count(
    world: World, table: str, columns: tuple[str, ...], where: str | None, expected: int
) -> None:
    assert world.ask(Distinct(Rows(table, where), columns, nulls=True)) == expected


def test_rows_of_nulls_alone_are_equal(world: World) -> None:
    pairs = world.parquet("SELECT * FROM (VALUES (NULL, NULL), (NULL, NULL), (1, NULL), (NULL, 1)) t(a, b)")
    assert world.ask(Distinct(Rows(pairs), ("a", "b"), nulls=True)) == 3
    assert world.ask(Distinct(Rows(pairs), ("a", "b"))) == 0


def test_nan_is_one_value_and_zero_has_no_sign(world: World) -> None:
    floats = world.parquet("SELECT unnest(['nan', '-nan', '0', '-0', '1', NULL])::DOUBLE AS x")
    assert world.ask(Distinct(Rows(floats), ("x",))) == 3


@pytest.mark.parametrize(
    "bad",
    [
        Count(Rows("T"), (NotMatching("s", "["),)),
        Count(Rows("T"), (Holds("cast(s as int) > 1"),)),
        Count(Rows("T"), (Holds("n * 9223372036854775807 > 1"),)),
        Count(Rows("T"), (Above("nowhere", 1),)),
        Count(Rows("T", "nowhere > 1")),
        Count(Rows("T", None, Last("nowhere", 5))),
        Count(Rows("T", "s >", Last("n", 5))),
        Distinct(Rows("T"), ("nowhere",)),
        Distinct(Rows("T"), ("n",), (Holds("1 +"),)),
        Count(Rows("nowhere")),
    ],
    ids=str,
)
def test_an_ask_that_fails_takes_no_other_along(world: World, bad: Count | Distinct) -> None:
    good = [Count(Rows("T")), Count(Rows("T"), (Below("n", 4),)), Distinct(Rows("T"), ("n",))]
    answers = world.answers(good[0], bad, *good[1:])
    assert isinstance(cause(answers[bad]), Unmeasurable)
    assert [answers[ask] for ask in good] == [10, 4, 10]


@pytest.mark.parametrize(
    "what", ["cast(s as int) > 1", "cast(s as date) > '2026-01-31'", "n * 9223372036854775807 > 1"]
)
def test_errors_tell_no_value_of_the_data(world: World, what: str) -> None:
    secret = world.csv(lines("n,s", [f"{n},s3cret-4711" for n in range(4710, 4712)]))
    answer = world.answers(ask := Count(Rows(secret), (Holds(what),)))[ask]
    assert isinstance(answer, Failure)
    assert "4711" not in cause(answer).message


def test_a_pattern_that_is_none_says_why(world: World, table: str) -> None:
    answer = world.answers(ask := Count(Rows(table), (NotMatching("s", "(a"),)))[ask]
    assert "missing )" in cause(answer).message


@settings(max_examples=15)
@given(st.permutations(ROWS), st.integers(-1, 61))
def test_the_order_of_rows_changes_nothing(
    world: World, rows: list[tuple[int, int | None, str]], limit: int
) -> None:
    mixed = world.csv(lines("n,m,s", [f"{n},{m or ''},{s}" for n, m, s in rows]))
    assert world.count(mixed, Below("n", limit)) == min(max(limit, 0), 60)
    assert world.ask(Distinct(Rows(mixed), ("m", "s"))) == 2
    assert world.ask(Count(Rows(mixed, None, Last("n", 9)), (Above("n", 50),))) == 9
