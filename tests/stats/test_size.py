"""Sizes are on one scale, and noise alone comes to about nothing."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.bins import count, edges
from mlval.stats.errors import Undefined
from mlval.stats.size import (
    KOLMOGOROV_MEAN,
    ks_noise,
    ks_size,
    levels_noise,
    levels_size,
    proportions_size,
    without_noise,
)
from mlval.stats.two_sample import ks_distance, total_variation

rows = st.integers(1, 10**9)


def test_kolmogorovs_mean_is_scipys() -> None:
    assert pytest.approx(stats.kstwobign.mean(), rel=1e-6) == KOLMOGOROV_MEAN


def test_noise_of_numbers_is_what_samples_show() -> None:
    draw = np.random.default_rng(6)
    seen = []
    for _ in range(300):
        reference, current = np.sort(draw.normal(size=2000)), np.sort(draw.normal(size=500))
        on = edges(reference, 1000)
        seen.append(ks_distance(count(reference, on), count(current, on)))
    assert np.mean(seen) == pytest.approx(ks_noise(2000, 500), rel=0.06)


@pytest.mark.parametrize("levels", [2, 10, 100])
def test_noise_of_levels_is_what_samples_show(levels: int) -> None:
    draw = np.random.default_rng(7)
    shares = draw.dirichlet(np.full(levels, 2.0))
    samples = [(draw.multinomial(3000, shares), draw.multinomial(1000, shares)) for _ in range(1000)]
    seen = np.mean([total_variation(*pair) for pair in samples])
    assert seen == pytest.approx(np.mean([levels_noise(*pair) for pair in samples]), rel=0.06)


def test_a_normal_moved_by_half_a_deviation_is_large() -> None:
    draw = np.random.default_rng(9)
    reference, current = np.sort(draw.normal(size=50_000)), np.sort(draw.normal(0.5, 1, size=50_000))
    on = edges(reference, 1000)
    distance = ks_distance(count(reference, on), count(current, on))
    assert ks_size(distance, n=50_000, m=50_000) == pytest.approx(0.197, abs=0.01)


@pytest.mark.parametrize("n, m", [(1000, 1000), (5000, 400)])
def test_a_change_of_many_levels_is_found_again(n: int, m: int) -> None:
    draw = np.random.default_rng(10)
    before, after = np.full(10, 0.1), np.repeat([0.08, 0.12], 5)
    sizes = [levels_size(draw.multinomial(n, before), draw.multinomial(m, after)) for _ in range(200)]
    assert np.median(sizes) == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize("levels", [8, 50, 200])
def test_a_change_of_two_levels_among_many_is_found_again(levels: int) -> None:
    draw = np.random.default_rng(10)
    before = np.append(np.full(levels - 2, 0.8 / (levels - 2)), [0.1, 0.1])
    after = np.append(before[:-2], [0.06, 0.14])
    sizes = [levels_size(draw.multinomial(5000, before), draw.multinomial(5000, after)) for _ in range(100)]
    assert np.mean(sizes) == pytest.approx(0.04, abs=0.015)


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=30), st.randoms())
def test_a_size_on_levels_is_bounded_and_does_not_see_their_order(
    levels: list[tuple[int, int]], random: Random
) -> None:
    first, second = ([level[side] for level in levels] for side in (0, 1))
    if not (any(first) and any(second)):
        return
    size = levels_size(first, second)
    assert 0 <= size <= total_variation(first, second) + 1e-15
    assert levels_size(second, first) == size
    random.shuffle(levels)
    assert levels_size(*([level[side] for level in levels] for side in (0, 1))) == size


@given(st.floats(0, 1), rows, rows)
def test_sizes_lie_between_zero_and_the_distance(distance: float, n: int, m: int) -> None:
    assert 0 <= ks_size(distance, n=n, m=m) <= distance


@given(st.integers(0, 100), st.integers(1, 100), st.integers(0, 100), st.integers(1, 100))
def test_a_share_moves_by_its_difference(k1: int, more1: int, k2: int, more2: int) -> None:
    n1, n2 = k1 + more1, k2 + more2
    pooled = (k1 + k2) / (n1 + n2)
    noise = math.sqrt(2 / math.pi * pooled * (1 - pooled) * (1 / n1 + 1 / n2))
    expected = math.sqrt(max(0.0, (k2 / n2 - k1 / n1) ** 2 - noise**2))
    assert proportions_size(k1, n1, k2=k2, n2=n2) == pytest.approx(expected, abs=1e-7)


@given(st.floats(0, 1), st.floats(0, 1))
def test_noise_is_taken_away_at_right_angles(distance: float, noise: float) -> None:
    expected = math.sqrt(max(0.0, distance**2 - noise**2))
    assert without_noise(distance, noise) == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize("distance", [math.nan, -0.1, 1.5])
def test_impossible_distances_are_refused(distance: float) -> None:
    with pytest.raises(ValueError, match="distance"):
        ks_size(distance, n=10, m=10)


def test_noise_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="noise"):
        without_noise(0.5, math.nan)


def test_the_same_counts_have_no_size() -> None:
    assert levels_size([10, 20], [100, 200]) == 0


def test_a_sample_without_rows_is_undefined() -> None:
    with pytest.raises(Undefined, match="no rows"):
        ks_size(0.1, n=0, m=5)
    with pytest.raises(Undefined, match="no rows"):
        levels_size([0, 0], [1, 2])
    with pytest.raises(Undefined, match="no rows"):
        levels_noise([0, 0], [1, 2])
