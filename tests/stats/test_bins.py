"""Edges and counts against a plain loop, and the promises about mass and atoms."""

import bisect
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.arrays import FloatArray
from mlval.stats.bins import count, edges
from mlval.stats.errors import Undefined
from mlval.stats.two_sample import ks_distance

finite = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, 2.0, 2.5]), st.floats(allow_nan=False, allow_infinity=False)
)
columns = st.lists(finite, min_size=1, max_size=60).map(lambda values: np.sort(np.array(values)))
with_infinities = st.lists(st.floats(allow_nan=False), max_size=60).map(
    lambda values: np.sort(np.array(values))
)


def naive(values: FloatArray, on: FloatArray) -> list[int]:
    """Count by the definition: bin i holds on[i - 1] < v <= on[i]."""
    ends = [-math.inf, *on.tolist(), math.inf]
    counts = [0] * (len(on) + 1)
    for value in values.tolist():
        for index in range(len(counts)):
            below_all = index == 0 and value == -math.inf
            if below_all or ends[index] < value <= ends[index + 1]:
                counts[index] += 1
    return counts


@given(with_infinities, columns, st.integers(2, 12))
def test_counts_agree_with_a_loop(values: FloatArray, sample: FloatArray, bins: int) -> None:
    on = edges(sample, bins)
    counts = count(values, on)
    assert counts.tolist() == naive(values, on)
    assert counts.sum() == values.size
    assert counts.dtype == np.int64


@given(columns, st.integers(2, 12))
def test_counts_agree_with_bisection_from_the_left(values: FloatArray, bins: int) -> None:
    on = edges(values, bins)
    places = [bisect.bisect_left(on.tolist(), value) for value in values.tolist()]
    assert count(values, on).tolist() == np.bincount(places, minlength=on.size + 1).tolist()


@given(columns, st.integers(2, 12))
def test_edges_rise_are_finite_and_few(sample: FloatArray, bins: int) -> None:
    on = edges(sample, bins)
    assert np.all(np.diff(on) > 0)
    assert np.isfinite(on).all()
    assert 1 <= on.size <= 3 * bins


@given(columns, st.integers(2, 12))
def test_few_values_and_atoms_have_a_bin_of_their_own(sample: FloatArray, bins: int) -> None:
    counts = count(sample, edges(sample, bins)).tolist()
    values, times = np.unique(sample, return_counts=True)
    few = values.size <= bins
    if few:
        assert [number for number in counts if number] == times.tolist()
    for number in times[times * bins > sample.size].tolist():
        assert number in counts


@given(columns, st.integers(2, 12))
def test_no_other_bin_is_heavy(sample: FloatArray, bins: int) -> None:
    _, times = np.unique(sample, return_counts=True)
    atoms = times[times * bins > sample.size].tolist()
    for number in count(sample, edges(sample, bins)).tolist():
        assert number in atoms or number <= 2 * sample.size / bins + 1


def test_many_different_values_fall_into_equal_bins() -> None:
    sample = np.sort(np.random.default_rng(16).normal(size=100_000))
    assert count(sample, edges(sample, 1000)).tolist() == [100] * 1000


@pytest.mark.parametrize("moved", [7.0, -3.0])
def test_a_constant_that_moves_is_seen_in_full(moved: float) -> None:
    on = edges(np.full(50, 5.0), 100)
    assert ks_distance(count(np.full(50, 5.0), on), count(np.full(80, moved), on)) == 1


def test_half_zeros_keep_their_bin() -> None:
    sample = np.sort(np.append(np.zeros(1000), np.random.default_rng(17).normal(size=1000)))
    on = edges(sample, 20)
    at_zero = int(np.searchsorted(on, 0.0))
    assert count(sample, on)[at_zero] == 1000
    assert count(np.array([-1e-300, 0.0, 1e-300]), on)[at_zero] == 1


@pytest.mark.parametrize("extreme", [1.7976931348623157e308, -1.7976931348623157e308, 5e-324])
def test_the_ends_of_the_range_do_not_break_it(extreme: float) -> None:
    on = edges(np.array([extreme]), 5)
    assert np.isfinite(on).all()
    assert count(np.array([extreme]), on).sum() == 1


def test_no_values_are_undefined() -> None:
    with pytest.raises(Undefined, match="no finite values"):
        edges(np.array([]), 10)


@pytest.mark.parametrize("values", [[2.0, 1.0], [1.0, math.nan], [math.nan], [math.nan, 1.0]])
def test_values_must_be_sorted_without_nan(values: list[float]) -> None:
    with pytest.raises(ValueError, match="sorted"):
        edges(np.array(values), 10)
    with pytest.raises(ValueError, match="sorted"):
        count(np.array(values), np.array([1.0]))


@pytest.mark.parametrize("values", [[1.0, math.inf], [-math.inf, 1.0]])
def test_samples_must_be_finite(values: list[float]) -> None:
    with pytest.raises(ValueError, match="infinities"):
        edges(np.array(values), 10)


@pytest.mark.parametrize("on", [[1.0, 1.0], [2.0, 1.0], [math.nan]])
def test_edges_must_rise(on: list[float]) -> None:
    with pytest.raises(ValueError, match="rise"):
        count(np.array([1.0]), np.array(on))


def test_one_bin_is_no_bin() -> None:
    with pytest.raises(ValueError, match="two bins"):
        edges(np.array([1.0]), 1)
