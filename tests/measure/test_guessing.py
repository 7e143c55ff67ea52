"""Guesses of a target from one column: the same words in Python, and what whole tables must show."""

from collections import Counter
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import Guessed, Guesses, Rows
from mlval.domain.errors import Unmeasurable
from tests.measure.world import World, cause, lines, writer

CELLS = st.lists(
    st.tuples(
        st.none() | st.sampled_from(["a", "b", "c"]),
        st.none() | st.integers(0, 5),
        st.none() | st.sampled_from(["no", "yes", "maybe"]),
        st.none() | st.integers(0, 9),
    ),
    min_size=1,
    max_size=40,
)
EDGES, STEPS = (0.0, 2.0, 3.0), (1.0, 4.0, 4.5, 8.0)
HEADER = "id,f,x,y,z"


@pytest.fixture(scope="module", autouse=True)
def _few_rows(world: World) -> None:
    world.csv(lines("f,y,same", [f"a,{n},1" for n in range(3)]), name="W")


def halves(numbers: list[int]) -> list[int]:
    """Return the half of each key, by the engine's own hash."""
    found = writer().execute("SELECT hash(n::HUGEINT) % 2 FROM (SELECT unnest(?::BIGINT[]) AS n)", [numbers])
    return [half for (half,) in found.fetchall()]


def most_frequent(values: list[str]) -> str:
    return min(Counter(values).items(), key=lambda one: (-one[1], one[0]))[0]


def lower_median(values: list[int]) -> int:
    return sorted(values)[(len(values) - 1) // 2]


def place(value: int | None, edges: tuple[float, ...]) -> int | None:
    return None if value is None else sum(edge < value for edge in edges)


def by_hand(rows: list[tuple[int, Any, Any]], *, ordered: bool) -> Guessed | None:
    """Guess every row from the rows of the other half."""
    guess: Any = lower_median if ordered else most_frequent
    known = [(half, f, y) for half, f, y in rows if y is not None]
    if {half for half, _, _ in known} != {0, 1}:
        return None

    def loss(truth: Any, guessed: Any) -> int:  # noqa: ANN401 - a class or a bin
        return abs(truth - guessed) if ordered else int(truth != guessed)

    by_column = blind = 0
    for half, f, y in known:
        others = [other for there, _, other in known if there != half]
        alike = [other for there, same, other in known if there != half and same == f]
        by_column += loss(y, guess(alike or others))
        blind += loss(y, guess(others))
    return Guessed(len(known), by_column, blind)


@given(CELLS, st.sampled_from([("f", None), ("x", EDGES), ("x", None)]), st.sampled_from(["y", "z"]))
def test_guesses_are_those_of_the_other_half(
    world: World, cells: list[tuple[Any, ...]], feature: tuple[str, Any], target: str
) -> None:
    typed = [*cells, ("a", 0, "no", 0)]
    table = world.csv(
        lines(
            HEADER,
            [
                ",".join("" if v is None else str(v) for v in (number, *row))
                for number, row in enumerate(typed)
            ],
        )
    )
    column, edges = feature
    steps = STEPS if target == "z" else None
    rows = [
        (
            half,
            f if column == "f" else place(x, edges) if edges else x,
            y if target == "y" else place(z, STEPS),
        )
        for half, (f, x, y, z) in zip(halves(list(range(len(typed)))), typed, strict=True)
    ]
    expected = by_hand(rows, ordered=steps is not None)
    answer = world.answers(ask := Guesses(Rows(table), column, target, ("id",), edges=edges, steps=steps))[
        ask
    ]
    if expected is None:
        assert "two halves" in cause(answer).message
    else:
        assert answer == expected


ROWS = 20_000
WHOLE = f"""
    SELECT i AS id, 'n' || i AS name, i % 7 = 0 AS y, (i % 7 = 0)::INTEGER AS copy,
    CASE WHEN i % 7 = 0 THEN 'x' || (i % 3) ELSE 'z' || (i % 3) END AS code, hash(i) % 100 AS noise,
    sqrt(i) AS z, ln(i + 1) AS log, NULL AS nothing FROM range({ROWS}) AS t(i)"""


def power(world: World, table: str, *wanted: Any, keys: tuple[str, ...] = ("id",)) -> Fraction:  # noqa: ANN401
    column, target, edges, steps = (*wanted, None, None)[:4]
    found = world.ask(Guesses(Rows(table), column, target, keys, edges=edges, steps=steps))
    assert found.rows == ROWS
    return 1 - Fraction(found.by_column, found.blind)


def test_what_tells_the_target_has_power_and_an_identifier_has_none(world: World) -> None:
    table = world.parquet(WHOLE)
    assert power(world, table, "copy", "y") == power(world, table, "code", "y") == 1
    assert power(world, table, "name", "y") == power(world, table, "noise", "y") == 0
    assert power(world, table, "nothing", "y") == 0
    assert power(world, table, "copy", "y", keys=()) == 1
    grid = tuple(float(n) for n in range(0, 141, 5))
    logs = tuple(n / 10 for n in range(100))
    assert 0.9 < power(world, table, "log", "z", logs, grid) < 1
    assert power(world, table, "z", "z", grid, grid) > 0.999
    assert power(world, table, "noise", "z", grid, grid) < 0.01


def test_files_of_other_types_and_order_give_the_same_answer(world: World) -> None:
    rows = writer().execute("SELECT i, hash(i) % 5, hash(i + 1) % 3 FROM range(500) AS t(i)").fetchall()
    table = world.csv(lines("id,f,y", [",".join(map(str, row)) for row in rows]))
    again = world.parquet(
        "SELECT i::UINTEGER AS id, hash(i) % 5 AS f, (hash(i + 1) % 3)::TINYINT AS y FROM range(500) AS t(i)"
        " ORDER BY id DESC"
    )
    first, second = (world.ask(Guesses(Rows(one), "f", "y", ("id",))) for one in (table, again))
    assert first == second
    assert 0 < first.by_column != first.blind


def test_nan_is_a_value_of_the_column_and_none_of_a_target(world: World) -> None:
    table = world.parquet(
        "SELECT i AS id, CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE ELSE 1 END AS x, i % 2 AS y,"
        " CASE WHEN i % 4 = 0 THEN 'nan'::DOUBLE ELSE i END AS z FROM range(400) AS t(i)"
    )
    found = world.ask(Guesses(Rows(table), "x", "y", ("id",), edges=(0.0, 2.0)))
    assert (found.rows, found.by_column) == (400, 0)
    assert world.ask(Guesses(Rows(table), "x", "z", ("id",), steps=(100.0, 200.0))).rows == 300


def test_a_hundred_edges_put_every_value_into_its_bin(world: World) -> None:
    edges = tuple(float(n) for n in range(100))
    table = world.parquet(
        "SELECT n AS id, n / 16 - 1 AS x, least(100, greatest(0, ceil(n / 16 - 1)))::INTEGER AS y"
        " FROM range(1760) AS t(n)"
    )
    found = world.ask(Guesses(Rows(table), "x", "y", ("id",), edges=edges))
    assert (found.rows, found.by_column) == (1760, 0)


@pytest.mark.parametrize(
    "ask",
    [
        Guesses(Rows("W"), "nowhere", "y"),
        Guesses(Rows("W"), "f", "nowhere"),
        Guesses(Rows("W"), "f", "y", ("nowhere",)),
        Guesses(Rows("W"), "f", "y", ("same",)),
        Guesses(Rows("W"), "f", "y", edges=(1.0,)),
        Guesses(Rows("W"), "f", "f", steps=(1.0,)),
        Guesses(Rows("W", "y > 5"), "f", "y"),
    ],
    ids=str,
)
def test_what_cannot_be_guessed_is_an_error(world: World, ask: Guesses) -> None:
    with pytest.raises(Unmeasurable):
        world.ask(ask)
