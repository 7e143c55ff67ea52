"""Quantiles of more values than fit: narrowed down by counts, they are those that numpy finds."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import Aggregate, Rows
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import Above
from mlval.measure import quantiles, scan
from tests.measure.world import World, cause

SHARES = (0.0, 0.05, 0.5, 0.77, 1.0)


@pytest.fixture(autouse=True)
def _little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "IN_MEMORY", 5)
    monkeypatch.setattr(quantiles, "_SAMPLE", 20)
    monkeypatch.setattr(quantiles, "_BINS", 4)


def asked(world: World, table: str, share: float, group: str = "") -> float | None:
    rows = Rows(table, group=(("g", group),) if group else ())
    return world.ask(Aggregate(rows, "quantile", "x", at=share))


def stored(world: World, values: list[float | None]) -> str:
    cells = ", ".join("(NULL)" if one is None else f"('{one!r}')" for one in values)
    return world.parquet(f"SELECT x::DOUBLE AS x FROM (VALUES {cells}) t(x)")


numbers = st.sampled_from([0.0, 1.0, 1.0, 2.5, -1e300, 5e-324, 1e300]) | st.floats(-100, 100)


@settings(max_examples=60)
@given(st.lists(st.none() | numbers, min_size=6, max_size=40), st.sampled_from(SHARES))
def test_any_values(world: World, values: list[float | None], share: float) -> None:
    found = asked(world, stored(world, values), share)
    present = [one for one in values if one is not None]
    assert found == (pytest.approx(np.quantile(present, share), rel=1e-12) if present else None)


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize(
    "sql",
    [
        "hash(range) % 100003",
        "CASE WHEN range % 10 < 9 THEN 7 ELSE range END",
        "range % 2",
        "CASE WHEN range < 2990 THEN 1e300 ELSE -range END",
        "exp(range / 5.0)",
    ],
)
def test_many_values(world: World, sql: str, share: float) -> None:
    table = world.parquet(f"SELECT ({sql})::DOUBLE AS x FROM range(3000)")
    values = [float(str(cell)) for (cell,) in world.cells(table, "x")]
    assert asked(world, table, share) == pytest.approx(np.quantile(values, share), rel=1e-9)


@pytest.mark.parametrize("share, expected", [(0.0, -math.inf), (0.3, 0.4), (0.5, 2), (0.9, math.inf)])
def test_infinities_lie_at_the_ends(world: World, share: float, expected: float) -> None:
    table = stored(world, [2.0, math.inf, -math.inf, math.inf, 0.0, 1.0, math.inf, 3.0, -math.inf])
    assert asked(world, table, share) == pytest.approx(expected)


def test_nan_makes_no_number_and_no_values_no_quantile(world: World) -> None:
    answer = asked(world, stored(world, [1.0, 2.0, math.nan, 3.0, 4.0, 5.0]), 0.5)
    assert answer is not None
    assert math.isnan(answer)
    assert asked(world, stored(world, [None] * 9), 0.5) is None


def test_times_and_groups_and_filters(world: World) -> None:
    table = world.parquet(
        "SELECT TIMESTAMP '2026-01-01' + INTERVAL (n) MINUTE AS x, n, n % 2 AS g FROM range(100) t(n)"
    )
    start = 1_767_225_600
    assert asked(world, table, 0.5) == start + 49.5 * 60
    assert asked(world, table, 0.5, group="1") == start + 50 * 60
    assert asked(world, table, 0.5, group="7") is None
    of = (Above("n", 89),)
    assert world.ask(Aggregate(Rows(table, "g = 0"), "quantile", "x", of, 1.0)) == start + 98 * 60


def test_what_is_no_share_or_no_number_is_refused_alone(world: World) -> None:
    table = world.parquet("SELECT range AS n, 'a' AS s FROM range(10)")
    good = Aggregate(Rows(table), "quantile", "n", at=0.5)
    bad = [
        Aggregate(Rows(table), "quantile", "s", at=0.5),
        Aggregate(Rows(table), "quantile", "n"),
        Aggregate(Rows(table, "cast(s as int) = 1"), "quantile", "n", at=0.5),
    ]
    answers = world.answers(*bad, good)
    assert all(isinstance(cause(answers[ask]), Unmeasurable) for ask in bad)
    assert answers[good] == 4.5
