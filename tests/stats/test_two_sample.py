"""Distances and tests of two samples agree with scipy.stats, and treat both samples alike."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.two_sample import (
    SPARSE,
    chi_square,
    ks_distance,
    ks_p_value,
    total_variation,
    two_proportions,
)

Pair = tuple[list[int], list[int]]
pairs = st.integers(1, 8).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 60), min_size=k, max_size=k).filter(any)] * 2)
)


def spread(counts: list[int]) -> list[float]:
    return [float(value) for value, count in enumerate(counts) for _ in range(count)]


@given(pairs.filter(lambda pair: min(map(sum, pair)) > 1))  # scipy divides by zero for one row a side
def test_ks_distance_is_scipys(pair: Pair) -> None:
    expected = stats.ks_2samp(spread(pair[0]), spread(pair[1]), method="asymp").statistic
    assert ks_distance(*pair) == pytest.approx(expected, abs=1e-12)


@given(pairs)
def test_total_variation_is_half_the_l1_distance(pair: Pair) -> None:
    p, q = (np.array(counts) / sum(counts) for counts in pair)
    assert total_variation(*pair) == pytest.approx(np.abs(p - q).sum() / 2, abs=1e-12)


@pytest.mark.parametrize("distance", [ks_distance, total_variation])
@given(pair=pairs, times=st.integers(1, 10**12))
def test_distances_are_symmetric_bounded_and_exactly_zero(
    distance: Callable[..., float], pair: Pair, times: int
) -> None:
    assert distance(*pair) == distance(*reversed(pair))
    assert 0 <= distance(*pair) <= 1
    assert distance(pair[0], [count * times for count in pair[0]]) == 0


@given(pairs)
def test_total_variation_is_at_least_the_ks_distance(pair: Pair) -> None:
    assert ks_distance(*pair) <= total_variation(*pair) + 1e-15


def test_nothing_in_common_is_a_distance_of_one() -> None:
    assert ks_distance([5, 0], [0, 3]) == 1
    assert total_variation([5, 0], [0, 3]) == 1


@pytest.mark.parametrize("n, m", [(50, 50), (1000, 300), (10**6, 10**6)])
@pytest.mark.parametrize("z", [0.3, 0.9, 1.5, 2.5])
def test_ks_p_value_is_kolmogorovs(n: int, m: int, z: float) -> None:
    distance = z * math.sqrt(1 / n + 1 / m)
    assert ks_p_value(distance, n=n, m=m) == pytest.approx(stats.kstwobign.sf(z), rel=1e-6)


@pytest.mark.parametrize("n, m", [(8, 9), (30, 20), (200, 150)])
@pytest.mark.parametrize("seed", range(5))
def test_ks_p_value_is_on_the_safe_side_of_the_exact_one(n: int, m: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    exact = stats.ks_2samp(draw.normal(size=n), draw.normal(0.5, 1, size=m), method="exact")
    p_value = ks_p_value(exact.statistic, n=n, m=m)
    assert p_value >= exact.pvalue - 1e-9
    assert p_value == pytest.approx(exact.pvalue, abs=0.2)


@given(pairs)
def test_chi_square_is_scipys_where_no_level_is_sparse(pair: Pair) -> None:
    full = [[count + 40 for count in counts] for counts in pair]
    if min(stats.contingency.expected_freq(full).ravel()) < SPARSE or len(full[0]) < 2:
        return
    expected = stats.chi2_contingency(full, correction=False)
    found = chi_square(*full)
    assert found.df == expected.dof
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


@given(pairs)
def test_chi_square_pools_as_it_says(pair: Pair) -> None:
    pooled = pooled_by_hand(*pair)
    found = chi_square(*pair)
    assert found.df == len(pooled) - 1
    if len(pooled) > 1:
        expected = stats.chi2_contingency(np.array(pooled).T, correction=False)
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-12)


def pooled_by_hand(reference: list[int], current: list[int]) -> list[tuple[int, int]]:
    n, m = sum(reference), sum(current)
    rising = sorted((a + b, a, b) for a, b in zip(reference, current, strict=True) if a + b)
    pool, kept = [0, 0, 0], list(rising)
    for level in rising:
        sparse = level[0] * min(n, m) / (n + m) < SPARSE
        thin = pool[0] and pool[0] * min(n, m) / (n + m) < SPARSE
        if sparse or thin:
            pool = [have + more for have, more in zip(pool, level, strict=True)]
            kept.remove(level)
    return ([(pool[1], pool[2])] if pool[0] else []) + [(a, b) for _, a, b in kept]


@given(pairs, st.randoms())
def test_chi_square_does_not_see_the_order_of_levels_or_samples(pair: Pair, random: Random) -> None:
    levels = list(zip(*pair, strict=True))
    random.shuffle(levels)
    shuffled = [list(counts) for counts in zip(*levels, strict=True)]
    assert chi_square(*shuffled) == chi_square(*pair)
    assert chi_square(*reversed(pair)).df == chi_square(*pair).df


@pytest.mark.parametrize("pair", [([100], [50]), ([1, 2, 3], [3, 2, 1]), ([7, 0], [9, 0])])
def test_nothing_to_test_is_no_evidence(pair: Pair) -> None:
    assert chi_square(*pair) == (0.0, 0, 1.0)


def test_one_row_of_a_new_level_is_no_evidence() -> None:
    assert chi_square([400, 300, 300, 0], [400, 300, 299, 1]).p_value > 0.9


tables = st.tuples(st.integers(1, 80), st.integers(1, 80), st.floats(0, 1), st.floats(0, 1)).map(
    lambda t: (round(t[0] * t[2]), t[0], round(t[1] * t[3]), t[1])
)


@given(tables)
def test_two_proportions_is_scipys(table: tuple[int, int, int, int]) -> None:
    k1, n1, k2, n2 = table
    found = two_proportions(k1, n1, k2=k2, n2=n2)
    cells = [[k1, k2], [n1 - k1, n2 - k2]]
    assert found.difference == pytest.approx(k2 / n2 - k1 / n1, abs=1e-12)
    if min(map(sum, cells)) == 0:
        assert found.p_value == 1
    elif stats.contingency.expected_freq(cells).min() < SPARSE:
        assert found.p_value == pytest.approx(stats.fisher_exact(np.array(cells)).pvalue, rel=1e-6)
    else:
        expected = stats.chi2_contingency(cells, correction=False).pvalue
        assert found.p_value == pytest.approx(expected, rel=1e-9, abs=1e-300)


@given(tables)
def test_two_proportions_treats_samples_and_sides_alike(table: tuple[int, int, int, int]) -> None:
    k1, n1, k2, n2 = table
    found = two_proportions(k1, n1, k2=k2, n2=n2)
    swapped = two_proportions(k2, n2, k2=k1, n2=n1)
    inverted = two_proportions(n1 - k1, n1, k2=n2 - k2, n2=n2)
    assert swapped.difference == inverted.difference == -found.difference
    assert swapped.p_value == pytest.approx(found.p_value, rel=1e-6)
    assert inverted.p_value == pytest.approx(found.p_value, rel=1e-6)
    assert 0 <= found.p_value <= 1


@pytest.mark.parametrize("k1, n1, k2, n2", [(3, 10**7, 2, 100), (0, 10**6, 4, 10**6), (400, 10**6, 3, 10**3)])
def test_fisher_holds_for_large_samples(k1: int, n1: int, k2: int, n2: int) -> None:
    expected = stats.fisher_exact(np.array([[k1, k2], [n1 - k1, n2 - k2]])).pvalue
    assert two_proportions(k1, n1, k2=k2, n2=n2).p_value == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("function", [ks_distance, total_variation, chi_square])
def test_a_sample_without_rows_is_undefined(function: Callable[..., object]) -> None:
    for pair in (([0, 0], [1, 2]), ([1, 2], [0, 0]), ([], [])):
        with pytest.raises(Undefined, match="no rows"):
            function(*pair)


def test_shares_and_p_values_without_rows_are_undefined() -> None:
    with pytest.raises(Undefined, match="no rows"):
        two_proportions(0, 0, k2=1, n2=2)
    with pytest.raises(Undefined, match="no rows"):
        ks_p_value(0.1, n=10, m=0)


def test_different_bins_are_refused() -> None:
    with pytest.raises(ValueError, match="bins"):
        ks_distance([1, 2], [1, 2, 3])


@pytest.mark.parametrize("distance", [-0.1, 1.1, math.nan])
def test_impossible_distances_are_refused(distance: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ks_p_value(distance, n=10, m=10)


def test_impossible_shares_are_refused() -> None:
    with pytest.raises(ValueError, match="two shares"):
        two_proportions(3, 2, k2=1, n2=2)
