"""Aggregates against plain Python: the same number from CSV and Parquet, whatever the type or the threads."""

import math
import statistics
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import Aggregate, Ask, Count, Function, Last, Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import Above, NotNull
from mlval.domain.rounding import significant
from mlval.measure import scan
from tests.measure.world import World, cause, lines


@pytest.fixture(scope="module", autouse=True)
def _small(world: World) -> None:
    huge = 10**38 - 1
    world.parquet(f"SELECT range AS n, 'x' AS s, {huge}::DECIMAL(38, 0) AS h FROM range(5)", name="T")


FUNCTIONS: tuple[Function, ...] = ("sum", "mean", "std", "min", "max", "quantile", "skewness", "kurtosis")
FEWEST = {"std": 2, "skewness": 3, "kurtosis": 4}
Value = int | float | Decimal

doubles = st.one_of(
    st.floats(-1e6, 1e6), st.sampled_from([0.0, -0.0, 1e300, -1e300, 5e-324, 0.1, 1e9 + 1e-3, 1.5])
)
wholes = st.one_of(st.integers(-9, 9), st.integers(2**62, 2**62 + 50), st.integers(-(10**30), 10**30))
decimals = st.decimals(-(10**12), 10**12, places=3)


def expected(function: Function, values: Sequence[Value], share: float) -> float | None:
    """Compute an aggregate from exact fractions."""
    exact = sorted(Fraction(one) for one in values)
    if len(exact) < FEWEST.get(function, 1):
        return None
    if function in {"std", "skewness", "kurtosis"}:
        return shape(function, exact)
    rank = (len(exact) - 1) * share
    low, high = exact[math.floor(rank)], exact[math.ceil(rank)]
    return float(
        {
            "sum": sum(exact),
            "mean": sum(exact) / len(exact),
            "min": exact[0],
            "max": exact[-1],
            "quantile": low + (high - low) * Fraction(rank - math.floor(rank)),
        }[function]
    )


def shape(function: Function, exact: Sequence[Fraction]) -> float | None:
    """Compute what depends on the second, third and fourth powers of the distances from the mean."""
    count, mean = len(exact), sum(exact) / len(exact)
    second, third, fourth = (
        sum((Fraction((one - mean) ** power) for one in exact), Fraction()) for power in (2, 3, 4)
    )
    if function == "std":
        return _root(second / (count - 1))
    if not second:
        return None
    if function == "skewness":
        # Its square is rational; its sign is that of the third moment.
        squared = third * third * count * count * (count - 1) / (second * second * second * (count - 2) ** 2)
        return math.copysign(_root(squared), 1 if third > 0 else -1)
    excess = (count + 1) * (fourth * count / (second * second) - 3) + 6
    return float(excess * (count - 1) / ((count - 2) * (count - 3)))


def _root(value: Fraction) -> float:
    """Return a square root without leaving the range of doubles on the way."""
    half = (value.numerator.bit_length() - value.denominator.bit_length()) // 2
    scaled = value / (1 << 2 * half) if half >= 0 else value * (1 << -2 * half)
    return math.ldexp(math.sqrt(scaled), half)


def check(world: World, table: str, values: Sequence[Value | None], share: float) -> None:
    """Compare every aggregate of the column x with the one that plain Python finds."""
    present = [one for one in values if one is not None]
    asks = {one: Aggregate(Rows(table), one, "x", at=share) for one in FUNCTIONS}
    answers = world.answers(*asks.values())
    size = max((abs(float(one)) for one in present), default=0) * max(1, len(present))
    for function, ask in asks.items():
        found, wanted = answers[ask], expected(function, present, share)
        if wanted is None:
            assert found is None, function
            continue
        # Doubles keep what is more than 2^-40 of the values' size; shapes are numbers near one.
        noise = {"skewness": 1e-9, "kurtosis": 1e-9}.get(function, size * 2**-39)
        assert isinstance(found, int | float), (function, found)
        assert math.isclose(found, wanted, rel_tol=1e-9, abs_tol=noise), (function, found, wanted)


def csv_of(values: Sequence[Value | None]) -> str:
    return lines("x,y", [f"{'' if one is None else repr(one)},1" for one in values])


def sql_of(values: Sequence[Value | None], kind: str) -> str:
    cells = ", ".join("(NULL)" if one is None else f"('{one}')" for one in values)
    return f"SELECT x::{kind} AS x FROM (VALUES {cells}) t(x)"


@settings(max_examples=60)
@given(st.lists(st.none() | doubles, min_size=1, max_size=12), st.sampled_from([0.0, 0.25, 0.5, 0.9, 1.0]))
def test_doubles(world: World, values: list[float | None], share: float) -> None:
    if any(one is not None for one in values):
        check(
            world, world.csv(csv_of([None if one is None else float(one) for one in values])), values, share
        )
    check(world, world.parquet(sql_of(values, "DOUBLE")), values, share)


@settings(max_examples=60)
@given(st.lists(st.none() | wholes, min_size=1, max_size=12), st.sampled_from([0.0, 0.3, 0.5, 1.0]))
def test_whole_numbers(world: World, values: list[int | None], share: float) -> None:
    if any(one is not None for one in values):
        check(world, world.csv(csv_of(values)), values, share)
    # Parquet has no whole numbers of 128 bits.
    check(world, world.parquet(sql_of(values, "DECIMAL(38, 0)")), values, share)


@settings(max_examples=30)
@given(st.lists(st.none() | decimals, min_size=1, max_size=12), st.sampled_from(["18, 3", "38, 3", "38, 9"]))
def test_decimals(world: World, values: list[Decimal | None], digits: str) -> None:
    check(world, world.parquet(sql_of(values, f"DECIMAL({digits})")), values, 0.5)


@pytest.mark.parametrize("values", [(2**62, 2**62 + 1, 2**62 + 5), (10**30, 10**30 + 2)], ids=str)
@pytest.mark.parametrize("function", ["sum", "mean", "std", "min"])
def test_huge_numbers_lose_no_digit(world: World, function: Function, values: tuple[int, ...]) -> None:
    found = world.ask(Aggregate(Rows(world.csv(csv_of(values))), function, "x"))
    exact = {
        "sum": sum(values),
        "min": min(values),
        "mean": sum(values) / len(values),
        "std": pytest.approx(statistics.stdev(one - values[0] for one in values), rel=1e-12),
    }
    assert found == exact[function]


@pytest.mark.parametrize(
    "stored, expected",
    [("TINYINT", 250), ("UBIGINT", 250), ("BOOLEAN", 2), ("FLOAT", 250), ("DECIMAL(9,1)", 250)],
)
def test_small_types_do_not_overflow(world: World, stored: str, expected: int) -> None:
    table = world.parquet(f"SELECT unnest([125, 125, 0])::{stored} AS x")
    assert world.ask(Aggregate(Rows(table), "sum", "x")) == expected


TIMES = ("2026-01-31", "2026-02-01", "1969-12-31")
SECONDS = [1_769_817_600, 1_769_904_000, -86_400]


@pytest.mark.parametrize(
    "stored", ["DATE", "TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP_NS", "TIMESTAMPTZ"]
)
def test_times_are_seconds_since_1970(world: World, stored: str) -> None:
    check(world, world.parquet(sql_of(TIMES, stored)), SECONDS, 0.5)  # type: ignore[arg-type] # text of times


def test_times_with_an_offset_are_instants(world: World) -> None:
    table = world.csv(lines("x", ["2026-01-31 01:00:00.25+01:00"]))
    assert world.ask(Aggregate(Rows(table), "mean", "x")) == SECONDS[0] + 0.25


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize("bad", ["nan", "-nan"])
def test_nan_among_the_values_makes_no_number(world: World, function: Function, bad: str) -> None:
    for table in (world.csv(f"x\n1\n2.5\n{bad}\n4\n9\n"), world.parquet(sql_of((1, bad, 3, 7), "DOUBLE"))):  # type: ignore[arg-type] # text of numbers
        answer = world.ask(Aggregate(Rows(table), function, "x", at=0.5))
        assert answer is not None
        assert math.isnan(answer)


@pytest.mark.parametrize(
    "function, expected",
    [("min", 1.0), ("max", math.inf), ("mean", math.nan), ("sum", math.nan), ("std", math.nan)],
)
def test_infinity_is_a_largest_value_and_has_no_mean(
    world: World, function: Function, expected: float
) -> None:
    answer = world.ask(Aggregate(Rows(world.csv("x\n1\ninf\n2\n")), function, "x"))
    assert answer == expected or (answer is not None and math.isnan(answer) and math.isnan(expected))


@pytest.mark.parametrize("stored", ["DATE", "TIMESTAMP"])
@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_time_without_end_makes_no_number(world: World, function: Function, stored: str) -> None:
    table = world.parquet(sql_of((*TIMES, "2026-03-01", "infinity"), stored))  # type: ignore[arg-type] # as above
    answer = world.ask(Aggregate(Rows(table), function, "x", at=0.5))
    assert answer is not None
    assert math.isnan(answer)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_values_have_no_aggregate(world: World, function: Function) -> None:
    table = world.csv(lines("x,y", ["1,1", ",2"]))
    for rows in (Rows(table, "y = 2"), Rows(table, "y > 9"), Rows(table, "y > 9", Last("y", 1))):
        assert world.ask(Aggregate(rows, function, "x", at=0.5)) is None


def test_constant_values_have_no_shape(world: World) -> None:
    table = world.csv(lines("x,y", ["0.1,1"] * 10))
    asks = [
        Aggregate(Rows(table), one, "x", other="y") for one in ("std", "skewness", "kurtosis", "correlation")
    ]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks] == [0.0, None, None, None]


def test_squares_do_not_overflow(world: World) -> None:
    table = world.parquet(sql_of((5e307, -5e307, 0.0), "DOUBLE"))
    assert world.ask(Aggregate(Rows(table), "std", "x")) == pytest.approx(5e307, rel=1e-12)


@settings(max_examples=60)
@given(st.lists(st.tuples(st.none() | doubles, st.none() | wholes), min_size=1, max_size=12))
def test_correlation(world: World, rows: list[tuple[float | None, int | None]]) -> None:
    cells = ", ".join(
        f"({'NULL' if x is None else repr(x)}::DOUBLE, {'NULL' if y is None else y}::DECIMAL(38, 0))"
        for x, y in rows
    )
    table = world.parquet(f"SELECT * FROM (VALUES {cells}) t(x, y)")
    found = world.ask(Aggregate(Rows(table), "correlation", "x", other="y"))
    pairs = [(Fraction(x), Fraction(y)) for x, y in rows if x is not None and y is not None]
    wanted = correlation(pairs)
    assert (found is None) == (wanted is None)
    assert found == (None if wanted is None else pytest.approx(wanted, rel=1e-9, abs=1e-9))


def correlation(pairs: Sequence[tuple[Fraction, Fraction]]) -> float | None:
    if len(pairs) < 2:
        return None
    x, y = (sum(values) / len(pairs) for values in zip(*pairs, strict=True))
    apart = [(a - x, b - y) for a, b in pairs]
    xx, yy, xy = (
        sum(terms, Fraction()) for terms in zip(*((a * a, b * b, a * b) for a, b in apart), strict=True)
    )
    return _signed_root(xy, xx * yy) if xx and yy else None


def _signed_root(top: Fraction, below: Fraction) -> float:
    return math.copysign(_root(top * top / below), 1 if top > 0 else -1) if top else 0.0


@pytest.mark.parametrize("function", [*FUNCTIONS, "correlation"])
def test_threads_and_order_change_no_digit(tmp_path: Path, function: Function) -> None:
    """A standardised column has a mean of zero: all of its digits are the order's, were they kept."""
    query = (
        "SELECT (hash(range) % 1000003)::DOUBLE / 1000003 - 0.5 AS x, range % 97 + x AS y FROM range(400000)"
    )
    mixed = query.replace("range(400000)", "(SELECT range FROM range(400000) ORDER BY hash(range + 1))")
    for sign in ("", "UNION ALL SELECT -x, y FROM t"):
        texts = [f"WITH t AS ({one}) SELECT * FROM t {sign}" for one in (query, mixed)]
        found = set()
        for threads, text in ((1, texts[0]), (4, texts[0]), (3, texts[1])):
            (tmp_path / f"{threads}{len(sign)}").mkdir()
            world = World(tmp_path / f"{threads}{len(sign)}", threads=threads)
            answer = world.ask(Aggregate(Rows(world.parquet(text)), function, "x", at=0.3, other="y"))
            found.add(significant(answer or 0.0))
        assert len(found) == 1


@pytest.mark.parametrize("kind", ["string", "other"])
@pytest.mark.parametrize("function", [*FUNCTIONS, "correlation"])
def test_what_is_no_number_is_refused(world: World, function: Function, kind: str) -> None:
    table = world.parquet(f"SELECT {'[1]' if kind == 'other' else repr('a')} AS x, 1 AS y")
    good = Count(Rows(table))
    answers = world.answers(ask := Aggregate(Rows(table), function, "y", at=0.5, other="x"), good)
    if function != "correlation":
        answers = world.answers(ask := Aggregate(Rows(table), function, "x", at=0.5), good)
    assert f"holds {kind} values" in cause(answers[ask]).message
    assert answers[good] == 1


@pytest.mark.parametrize(
    "bad",
    [
        Aggregate(Rows("T"), "quantile", "n"),
        Aggregate(Rows("T"), "quantile", "n", at=1.5),
        Aggregate(Rows("T"), "quantile", "n", at=math.nan),
        Aggregate(Rows("T"), "correlation", "n"),
        Aggregate(Rows("T"), "mean", "nowhere"),
        Aggregate(Rows("T"), "mean", "n", (Above("nowhere", 1),)),
        Aggregate(Rows("T", "cast(s as int) > 1"), "std", "n"),
        Aggregate(Rows("T"), "sum", "h"),
        Aggregate(Rows("T", group=(("nowhere", "a"),)), "sum", "n"),
    ],
    ids=str,
)
def test_an_ask_that_fails_takes_no_other_along(world: World, bad: Aggregate) -> None:
    rows = Rows("T")
    good: list[Ask[Any]] = [Count(rows), Aggregate(rows, "mean", "n"), Aggregate(rows, "std", "n")]
    answers = world.answers(good[0], bad, *good[1:])
    assert isinstance(cause(answers[bad]), Unmeasurable)
    assert [answers[ask] for ask in good] == [5, 2, pytest.approx(math.sqrt(2.5))]


def test_only_the_wanted_values_are_looked_at(world: World) -> None:
    table = world.csv(lines("x,y", [f"{n},{n % 2}" for n in range(10)]))
    of = (NotNull(("x",)), Above("x", 3))
    assert world.ask(Aggregate(Rows(table, "y = 1"), "mean", "x", of)) == 7
    assert world.ask(Aggregate(Rows(table, None, Last("x", 4)), "sum", "x")) == 30
    assert world.ask(Aggregate(Rows(table, "y = 0"), "quantile", "x", at=0.5)) == 4


def test_many_quantiles_of_one_column_are_one_aggregate(world: World) -> None:
    table = world.csv(lines("x", list(range(101))))
    asks = [Aggregate(Rows(table), "quantile", "x", at=share) for share in (0.9, 0.1, 0.5, 0.125)]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks] == [90, 10, 50, 12.5]


def test_quantiles_that_do_not_fit_together_are_asked_apart(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "IN_MEMORY", 9)
    table = world.csv(lines("x,y,z", [f"{n},{n * 2},{n * 3}" for n in range(9)]))
    asks = [Aggregate(Rows(table), "quantile", one, at=0.5) for one in "xyz"]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks] == [4, 8, 12]
    assert np.quantile(np.arange(9) * 2, 0.5) == 8
