"""Rules about numbers on random tables against plain Python: the same counts from Parquet and from CSV."""

import math
from decimal import Decimal
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.world import World
from tests.rules.oracle import (
    arithmetic,
    counted,
    counts,
    limits,
    numbers_of,
    parquet,
    sentinels,
    steps,
    text,
)

short = st.builds(lambda n, places: n / 10**places, st.integers(-(10**6), 10**6), st.integers(0, 6))
odd = st.sampled_from(
    [0.0, -0.0, 0.1, 0.15, 0.3, 0.1 + 0.2, 1e15, 1e15 + 0.5, 1e22, 1.7e308, 5e-324, 1e-7, 2.0**60]
)
floats = st.none() | short | odd | st.floats(allow_subnormal=True)


@given(
    st.lists(floats, min_size=1, max_size=30), st.tuples(short, short), st.integers(0, 17), steps, sentinels
)
def test_floats(
    world: World,
    values: list[float | None],
    ends: tuple[float, float],
    places: int,
    step: float,
    missing: tuple[Any, ...],
) -> None:
    rules, broken = (
        one | other for one, other in zip(limits(min(ends), max(ends)), arithmetic(places, step), strict=True)
    )
    rules["missing"] = missing
    expected = counted(values, broken, numbers_of(missing))
    columns = {"x": values}
    assert counts(world, parquet(world, "DOUBLE", columns), rules) == expected
    if any(isinstance(value, float) and value % 1 for value in values):
        assert counts(world, text(world, columns), rules) == expected


singles = st.none() | st.sampled_from([0.1, 0.15, 2.5, -7.0, 16777217.0, 1e-7, 3.4e38, math.nan, math.inf])
tiny = st.floats(width=32) | singles


@given(st.lists(tiny, min_size=1, max_size=30), st.integers(0, 9), steps)
def test_floats_of_32_bits_have_the_digits_that_they_are_written_with(
    world: World, values: list[float | None], places: int, step: float
) -> None:
    stored = [None if value is None else np.float32(value) for value in values]
    # A whole number is what it is; a fraction is what is written for it.
    written = [one if one is None else float(one if one.is_integer() else str(one)) for one in stored]
    rules, broken = arithmetic(places, step)
    expected = counted(written, broken)
    assert counts(world, parquet(world, "FLOAT", {"x": values}), rules) == expected


huge = st.integers(-(10**38) + 1, 10**38 - 1)
wholes = st.none() | st.integers(-20, 20) | huge | st.sampled_from([2**53, 2**53 + 1, 2**63, 2**64 + 1])


@given(st.lists(wholes, min_size=1, max_size=30), st.tuples(wholes, wholes), steps, sentinels)
def test_whole_numbers(
    world: World,
    values: list[int | None],
    ends: tuple[int | None, int | None],
    step: float,
    missing: tuple[Any, ...],
) -> None:
    low, high = sorted(end or 0 for end in ends)
    rules, broken = (one | other for one, other in zip(limits(low, high), arithmetic(0, step), strict=True))
    rules["missing"] = missing
    expected = counted(values, broken, numbers_of(missing))
    large = any(abs(value or 0) >= 2**63 for value in values)
    kind = "DECIMAL(38, 0)" if large else "BIGINT"  # the largest that Parquet has
    assert counts(world, parquet(world, kind, {"x": values}), rules) == expected
    assert counts(world, text(world, {"x": values}), rules) == expected


money = (
    st.none()
    | st.decimals(-(10**9), 10**9, places=4)
    | st.sampled_from([Decimal("0.15"), Decimal("1.5"), Decimal(7)])
)


@given(st.lists(money, min_size=1, max_size=30), st.tuples(short, short), st.integers(0, 6), steps)
def test_decimals(
    world: World, values: list[Decimal | None], ends: tuple[float, float], places: int, step: float
) -> None:
    low, high = sorted(ends)
    rules, broken = limits(low, high, lambda limit: Decimal(str(limit)))
    more, others = arithmetic(places, step)
    expected = counted(values, broken | others)
    assert counts(world, parquet(world, "DECIMAL(18, 4)", {"x": values}), rules | more) == expected
    if any(value is not None and value % 1 for value in values):
        assert counts(world, text(world, {"x": values}), rules | more) == expected


@given(st.lists(st.none() | st.decimals(-(10**20), 10**20, places=17), min_size=1), st.integers(0, 20), steps)
def test_decimals_beyond_all_floats(
    world: World, values: list[Decimal | None], places: int, step: float
) -> None:
    rules, broken = arithmetic(places, step)
    expected = counted(values, broken)
    assert counts(world, parquet(world, "DECIMAL(38, 17)", {"x": values}), rules) == expected
