"""Sums and moments do not depend on the order of rows, and are close to exact."""

import math
import statistics
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.sums import moments, ordered_sum, scaled, unscaled

finite = st.floats(allow_nan=False, allow_infinity=False, width=64)
columns = st.lists(finite, min_size=1, max_size=30)


@given(columns, st.randoms())
def test_order_does_not_matter(values: list[float], random: Random) -> None:
    shuffled = list(values)
    random.shuffle(shuffled)
    assert outcome(values) == outcome(shuffled)


def outcome(values: list[float]) -> object:
    array = np.array(values)
    try:
        return ordered_sum(array), moments(array)
    except Undefined as reason:
        return str(reason)


@given(st.lists(st.floats(-1e9, 1e9), min_size=2, max_size=30))
def test_moments_agree_with_the_standard_library(values: list[float]) -> None:
    found = moments(np.array(values))
    size = max(1.0, *map(abs, values))
    assert found.n == len(values)
    assert found.mean == pytest.approx(statistics.fmean(values), rel=1e-12, abs=1e-12 * size)
    assert found.deviation == pytest.approx(statistics.stdev(values), rel=1e-9, abs=1e-12 * size)


@given(columns)
def test_scaling_is_exact_where_nothing_vanishes(values: list[float]) -> None:
    array, exponent = scaled(np.array(values))
    assert np.abs(array).max() <= 1
    back = np.ldexp(array, exponent)
    assert np.all((back == values) | (np.abs(array) < 1e-300))


def test_large_values_do_not_overflow() -> None:
    assert moments(np.array([1e308, 1e308])).mean == 1e308
    assert moments(np.array([1e308, 0.0])).deviation == pytest.approx(1e308 / math.sqrt(2))


def test_small_values_do_not_vanish() -> None:
    assert moments(np.array([1e-200, 3e-200])).deviation == pytest.approx(math.sqrt(2) * 1e-200)


def test_equal_values_have_no_deviation_at_all() -> None:
    assert moments(np.full(3, 0.1)).deviation == 0
    assert moments(np.full(3, 0.1)).mean == 0.1


@pytest.mark.parametrize("values", [[], [math.nan], [1.0, math.inf], [1.0, -math.inf]])
@pytest.mark.parametrize("function", [ordered_sum, moments, scaled])
def test_what_is_not_finite_is_refused(function: Callable[[FloatArray], object], values: list[float]) -> None:
    with pytest.raises(Undefined):
        function(np.array(values))


def test_a_sum_out_of_range_is_undefined() -> None:
    with pytest.raises(Undefined, match="too large"):
        ordered_sum(np.array([1e308, 1e308]))
    with pytest.raises(Undefined, match="too large"):
        unscaled(0.9, 2000)


def test_inputs_are_left_alone() -> None:
    values = np.array([3.0, 1.0, 2.0])
    ordered_sum(values)
    moments(values)
    assert values.tolist() == [3.0, 1.0, 2.0]
