"""A deviation knows the past only, and is what a loop over the past finds."""

import math
import statistics
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.deviations import PAIRS, deviations, without_dependence

values = st.lists(st.floats(-100, 100), min_size=1, max_size=40)


def by_loop(series: Sequence[float], phases: Sequence[int]) -> list[float]:
    found = []
    for index, value in enumerate(series):
        past = [series[at] for at in range(index) if phases[at] == phases[index]]
        if not past:
            found.append(math.nan)
            continue
        found.append((value - statistics.fmean(past)) * math.sqrt(len(past) / (len(past) + 1)))
    return found


@given(values, st.integers(1, 7))
def test_deviations_are_those_of_a_loop(series: list[float], period: int) -> None:
    phases = [index % period for index in range(len(series))]
    found = deviations(np.array(series), phases)
    assert found.sizes.tolist() == pytest.approx(by_loop(series, phases), nan_ok=True, abs=1e-9)
    squares: list[float] = []
    for place, size in enumerate(found.sizes.tolist()):
        assert found.before[place] == len(squares)
        scale = math.sqrt(statistics.fmean(squares)) if squares else math.nan
        assert found.scale[place] == pytest.approx(scale, nan_ok=True, abs=1e-9)
        if not math.isnan(size):
            squares.append(size * size)


def test_without_a_cycle_the_scale_is_the_standard_deviation_so_far() -> None:
    series = np.random.default_rng(1).normal(5, 2, size=30)
    found = deviations(series)
    for place in range(2, 30):
        assert found.scale[place] == pytest.approx(np.std(series[:place], ddof=1))
        assert found.expected[place] == pytest.approx(np.mean(series[:place]))


def test_many_series_are_each_on_their_own() -> None:
    rows = np.random.default_rng(2).normal(size=(5, 30))
    together = without_dependence(deviations(rows, [index % 3 for index in range(30)]))
    for row, sizes, scale in zip(rows, together.sizes, together.scale, strict=True):
        alone = without_dependence(deviations(row, [index % 3 for index in range(30)]))
        np.testing.assert_array_equal(alone.sizes, sizes)
        np.testing.assert_array_equal(alone.scale, scale)


@pytest.mark.parametrize("cut", [1, 13, 40])
def test_later_values_change_nothing(cut: int) -> None:
    series = np.random.default_rng(3).normal(size=60)
    series[50] = 1e9
    phases = [index % 7 for index in range(60)]
    whole = without_dependence(deviations(series, phases))
    part = without_dependence(deviations(series[:cut], phases[:cut]))
    np.testing.assert_array_equal(part.sizes, whole.sizes[:cut])
    np.testing.assert_array_equal(part.scale, whole.scale[:cut])


def test_a_cycle_leaves_no_trace() -> None:
    series = np.random.default_rng(4).normal(size=50)
    phases = [index % 7 for index in range(50)]
    cycle = np.array([10.0 * phase * phase for phase in phases])
    plain, moved = deviations(series, phases), deviations(series + cycle, phases)
    np.testing.assert_allclose(moved.sizes, plain.sizes, atol=1e-9)


def test_rounding_is_no_deviation() -> None:
    series = np.array([0.3, 0.1 + 0.2, 0.3, 0.1 + 0.2, 0.3])
    assert np.nan_to_num(deviations(series).sizes).tolist() == [0.0] * 5


def test_dependence_is_taken_out() -> None:
    draw = np.random.default_rng(5)
    rows = draw.normal(size=(200, 300))
    for place in range(1, 300):
        rows[:, place] += 0.6 * rows[:, place - 1]
    left = without_dependence(deviations(rows)).sizes[:, 100:]
    assert abs(float(np.mean(left[:, 1:] * left[:, :-1]))) < 0.05
    assert float(np.std(left)) == pytest.approx(1, abs=0.05)


def test_dependence_is_estimated_from_ten_pairs_on() -> None:
    left = without_dependence(deviations(np.random.default_rng(6).normal(size=30)))
    assert int(np.flatnonzero(~np.isnan(left.sizes))[0]) == PAIRS + 2
    assert left.before[-1] == 30 - 1 - (PAIRS + 2)


def test_dependence_of_a_constant_series_is_none() -> None:
    left = without_dependence(deviations(np.full(20, 3.0)))
    assert set(left.sizes[PAIRS + 2 :].tolist()) == {0.0}


def test_phases_must_be_as_many_as_values() -> None:
    with pytest.raises(ValueError, match="3 values need 3 phases, not 2"):
        deviations(np.zeros(3), [1, 2])


def test_no_values_have_no_deviations() -> None:
    assert deviations(np.zeros(0)).sizes.size == 0
