"""Wasserstein's distance and the shift of the mean agree with scipy and with formulas written out."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.ordered_distances import mean_shift, wasserstein

Table = tuple[list[float], list[int], list[int]]
numbers = st.integers(-(10**6), 10**6).map(lambda whole: whole / 64)
tables = st.integers(1, 10).flatmap(
    lambda k: st.tuples(
        st.lists(numbers, min_size=k, max_size=k, unique=True).map(sorted),
        *[st.lists(st.integers(0, 30), min_size=k, max_size=k).filter(any)] * 2,
    )
)
varied = tables.filter(lambda table: all(sum(count > 0 for count in counts) > 1 for counts in table[1:]))


def rows(values: list[float], counts: list[int]) -> list[float]:
    return [value for value, count in zip(values, counts, strict=True) for _ in range(count)]


def quartiles(sample: list[float]) -> tuple[float, float]:
    rising = sorted(sample)
    return rising[math.ceil(len(rising) / 4) - 1], rising[math.ceil(3 * len(rising) / 4) - 1]


@given(tables)
def test_wasserstein_is_scipys(table: Table) -> None:
    values, reference, current = table
    expected = stats.wasserstein_distance(values, values, reference, current)
    assert wasserstein(*table).raw == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(tables)
def test_wasserstein_is_scaled_by_quartiles_else_deviation_else_not(table: Table) -> None:
    sample = rows(table[0], table[1])
    low, high = quartiles(sample)
    found = wasserstein(*table)
    if high > low:
        assert found.scaled_by == "iqr"
        assert found.scale == pytest.approx((high - low) / 1.349, rel=1e-9)
    elif len(set(sample)) > 1:
        assert found.scaled_by == "deviation"
        assert found.scale == pytest.approx(np.std(sample, ddof=1), rel=1e-9)
    else:
        assert (found.scaled_by, found.scale) == ("none", 1)
    assert found.distance == pytest.approx(found.raw / found.scale, rel=1e-9)


@given(varied)
def test_mean_shift_is_welchs_test(table: Table) -> None:
    values, *counts = table
    reference, current = (rows(values, sample) for sample in counts)
    found = mean_shift(*table)
    assert found.raw == pytest.approx(np.mean(current) - np.mean(reference), rel=1e-9, abs=1e-9)
    assert found.shift == pytest.approx(found.raw / np.std(reference, ddof=1), rel=1e-9, abs=1e-12)
    expected = stats.ttest_ind(current, reference, equal_var=False)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-7, abs=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-7)


def test_student_s_worked_example() -> None:
    """Hours of sleep gained with two drugs (Student 1908): Welch's t = −1.8608, p = 0.0794."""
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    values = sorted({*first, *second})
    found = mean_shift(values, *([sample.count(value) for value in values] for sample in (first, second)))
    assert found.raw == pytest.approx(1.58)
    assert found.statistic == pytest.approx(1.8608, abs=5e-5)
    assert found.p_value == pytest.approx(0.07939, abs=5e-6)


@given(tables, st.integers(1, 10**9))
def test_equal_shares_are_exactly_zero_apart(table: Table, times: int) -> None:
    values, counts, _ = table
    more = [count * times for count in counts]
    assert wasserstein(values, counts, more)[:2] == (0, 0)
    assert mean_shift(values, counts, more) == (0, 0, 0, 1)


@given(varied)
def test_sides_change_the_sign_and_nothing_else(table: Table) -> None:
    values, reference, current = table
    there, back = mean_shift(*table), mean_shift(values, current, reference)
    assert there.raw == pytest.approx(-back.raw)
    assert there.p_value == pytest.approx(back.p_value)
    assert wasserstein(*table).raw == wasserstein(values, current, reference).raw


@given(varied, st.sampled_from([2.0**-1000, 0.25, 3.0, 1e300]), st.sampled_from([0.0, 7.5]))
def test_the_unit_of_the_values_does_not_matter(table: Table, unit: float, start: float) -> None:
    values, *counts = table
    moved = [(value + start) * unit for value in values]
    assert wasserstein(moved, *counts).distance == pytest.approx(wasserstein(*table).distance, rel=1e-6)
    assert mean_shift(moved, *counts).shift == pytest.approx(mean_shift(*table).shift, rel=1e-6, abs=1e-9)


def test_a_growing_shift_is_a_growing_distance() -> None:
    values = [float(value) for value in range(40)]
    still = [10] * 20 + [0] * 20
    moved = [[0] * by + [10] * 20 + [0] * (20 - by) for by in range(21)]
    shifts = [mean_shift(values, still, sample) for sample in moved]
    areas = [wasserstein(values, still, sample) for sample in moved]
    assert all(before.shift < after.shift for before, after in pairwise(shifts))
    assert all(before.distance < after.distance for before, after in pairwise(areas))
    assert [area.raw for area in areas] == pytest.approx(list(range(21)), abs=1e-9)


def test_a_constant_reference_leaves_the_unit_of_the_values() -> None:
    assert wasserstein([5.0, 7.0], [10, 0], [0, 10]) == (2.0, 2.0, 1.0, "none")
    with pytest.raises(Undefined, match="constant"):
        mean_shift([5.0, 7.0], [10, 0], [0, 10])


def test_one_row_has_no_spread() -> None:
    with pytest.raises(Undefined, match="one row"):
        mean_shift([1.0, 2.0, 3.0], [5, 5, 0], [0, 0, 1])


def test_a_constant_current_sample_can_be_judged() -> None:
    found = mean_shift([1.0, 2.0, 3.0], [50, 50, 0], [0, 0, 50])
    assert found.shift > 2
    assert 0 < found.p_value < 1e-40


@pytest.mark.parametrize("function", [wasserstein, mean_shift])
@pytest.mark.parametrize(
    "values, words",
    [([1.0, 1.0], "rise"), ([2.0, 1.0], "rise"), ([1.0], "for 2 counts"), ([1.0, math.inf], "infinite")],
)
def test_values_that_do_not_fit_are_refused(function: object, values: list[float], words: str) -> None:
    assert callable(function)
    with pytest.raises(ValueError, match=words):
        function(values, [1, 2], [2, 1])


@pytest.mark.parametrize("function", [wasserstein, mean_shift])
def test_a_sample_without_rows_is_undefined(function: object) -> None:
    assert callable(function)
    for pair in (([0, 0], [1, 2]), ([1, 2], [0, 0])):
        with pytest.raises(Undefined, match="no rows"):
            function([1.0, 2.0], *pair)


def test_a_distance_beyond_all_numbers_is_undefined() -> None:
    with pytest.raises(Undefined, match="too large"):
        wasserstein([-1.7e308, 1.7e308], [1, 0], [0, 1])
    with pytest.raises(Undefined, match="too large"):
        wasserstein([0.0, 1e-310, 1.0], [1, 3, 0], [0, 0, 1])
