"""Distances of levels agree with scipy, with formulas written out, and with what theory says of them."""

import math
from collections.abc import Callable
from itertools import pairwise
from random import Random

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats
from scipy.spatial.distance import jensenshannon

from mlval.stats.distances import cramers_v, hellinger, jensen_shannon, kl, l_infinity, psi
from mlval.stats.errors import Undefined
from mlval.stats.two_sample import total_variation

Pair = tuple[list[int], list[int]]
Distance = Callable[[list[int], list[int]], float]
pairs = st.integers(1, 8).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 60), min_size=k, max_size=k).filter(any)] * 2)
)


def largest(reference: list[int], current: list[int]) -> float:
    return l_infinity(reference, current).distance


SYMMETRIC: list[Distance] = [psi, jensen_shannon, hellinger, largest, cramers_v]
ALL: list[Distance] = [*SYMMETRIC, kl]
BOUNDED: list[Distance] = [jensen_shannon, hellinger, largest, cramers_v]
SCALE_FREE: list[Distance] = [jensen_shannon, hellinger, largest]


def close(expected: float) -> object:
    return pytest.approx(expected, rel=1e-9, abs=1e-9)


def smoothed(pair: Pair) -> list[list[float]]:
    """Add half a row to every cell that either sample has, and leave out the others."""
    kept = [levels for levels in zip(*pair, strict=True) if any(levels)]
    return [[count + 0.5 for count in counts] for counts in zip(*kept, strict=True)]


@given(pairs)
def test_kl_is_scipys_entropy_of_smoothed_counts_from_the_reference(pair: Pair) -> None:
    reference, current = smoothed(pair)
    assert kl(*pair) == close(stats.entropy(current, reference))


@given(pairs)
def test_psi_is_kl_there_and_back(pair: Pair) -> None:
    reference, current = smoothed(pair)
    there_and_back = stats.entropy(current, reference) + stats.entropy(reference, current)
    assert psi(*pair) == close(there_and_back)


@given(pairs)
def test_jensen_shannon_is_scipys_in_base_2(pair: Pair) -> None:
    expected = float(jensenshannon(*pair, base=2))
    assume(not math.isnan(expected))  # scipy takes the root of a rounding error where samples are equal
    assert jensen_shannon(*pair) == pytest.approx(expected, rel=1e-9, abs=3e-8)
    if expected > 1e-3:
        assert jensen_shannon(*pair) == close(expected)


@given(pairs)
def test_hellinger_is_its_formula(pair: Pair) -> None:
    n, m = map(sum, pair)
    overlap = sum(math.sqrt(a / n * b / m) for a, b in zip(*pair, strict=True))
    assert hellinger(*pair) ** 2 == close(1 - overlap)


@given(pairs)
def test_l_infinity_names_the_first_cell_that_moved_most(pair: Pair) -> None:
    n, m = map(sum, pair)
    moved = [abs(a * m - b * n) for a, b in zip(*pair, strict=True)]
    found = l_infinity(*pair)
    assert found.distance == close(max(moved) / (n * m))
    assert found.cell == moved.index(max(moved))


@given(pairs)
def test_cramers_v_is_bergsmas(pair: Pair) -> None:
    kept = np.array([levels for levels in zip(*pair, strict=True) if any(levels)]).T
    rows, levels = kept.sum(), kept.shape[1]
    if levels == 1:
        assert cramers_v(*pair) == 0
        return
    phi2 = stats.chi2_contingency(kept, correction=False).statistic / rows
    corrected = max(0.0, phi2 - (levels - 1) / (rows - 1))
    sides = (2 - 1 / (rows - 1), levels - (levels - 1) ** 2 / (rows - 1))
    expected = math.sqrt(corrected / (min(sides) - 1)) if corrected > 1e-12 else 0.0
    assert cramers_v(*pair) ** 2 == pytest.approx(expected**2, rel=1e-9, abs=1e-9)


def test_a_binomial_against_a_uniform() -> None:
    """Kullback (1959), table 2.1; so many rows that the half row vanishes."""
    binomial, uniform = [36 * 10**11, 48 * 10**11, 16 * 10**11], [10**12] * 3
    assert kl(uniform, binomial) == pytest.approx(0.0852996, abs=5e-8)
    assert kl(binomial, uniform) == pytest.approx(0.0974550, abs=5e-8)


def test_one_sample_within_half_of_the_other() -> None:
    in_bits = math.log2(4 / 3) / 2 + (math.log2(2 / 3) / 2 + 1 / 2) / 2
    assert jensen_shannon([1, 0], [1, 1]) == close(math.sqrt(in_bits))
    assert hellinger([1, 0], [1, 1]) == close(math.sqrt(1 - math.sqrt(1 / 2)))


def test_cramers_v_of_separate_levels_is_one() -> None:
    assert cramers_v([10, 0], [0, 10]) == 1


@pytest.mark.parametrize("distance", ALL)
@given(pair=pairs)
def test_distances_are_finite_and_exactly_zero_on_identical_counts(distance: Distance, pair: Pair) -> None:
    assert 0 <= distance(*pair) < math.inf
    assert distance(pair[0], pair[0]) == 0


@pytest.mark.parametrize("distance", SYMMETRIC)
@given(pair=pairs)
def test_symmetric_distances_are(distance: Distance, pair: Pair) -> None:
    assert distance(*reversed(pair)) == close(distance(*pair))


def test_kl_has_a_direction() -> None:
    assert kl([99, 1], [50, 50]) > 2 * kl([50, 50], [99, 1])


@pytest.mark.parametrize("distance", BOUNDED)
@given(pair=pairs)
def test_bounded_distances_are(distance: Distance, pair: Pair) -> None:
    assert distance(*pair) <= 1


@pytest.mark.parametrize("distance", SCALE_FREE)
@given(pair=pairs, times=st.tuples(*[st.integers(1, 10**12)] * 2))
def test_distances_without_smoothing_see_shares_alone(
    distance: Distance, pair: Pair, times: tuple[int, int]
) -> None:
    scaled = [[count * by for count in counts] for counts, by in zip(pair, times, strict=True)]
    assert distance(*scaled) == distance(*pair)
    assert distance(pair[0], [count * times[0] for count in pair[0]]) == 0


@pytest.mark.parametrize("distance", ALL)
@given(pair=pairs, random=st.randoms(use_true_random=False))
def test_the_order_of_levels_does_not_matter(distance: Distance, pair: Pair, random: Random) -> None:
    levels = list(zip(*pair, strict=True))
    random.shuffle(levels)
    shuffled = [list(counts) for counts in zip(*levels, strict=True)]
    assert distance(*shuffled) == close(distance(*pair))


@pytest.mark.parametrize("distance", ALL)
@given(pair=pairs)
def test_cells_that_nobody_has_do_not_count(distance: Distance, pair: Pair) -> None:
    assert distance([0, *pair[0], 0], [0, *pair[1], 0]) == close(distance(*pair))


@pytest.mark.parametrize("distance", ALL)
def test_distances_grow_with_the_shift(distance: Distance) -> None:
    found = [distance([100, 100, 100], [100 - moved, 100, 100 + moved]) for moved in range(0, 101, 5)]
    assert all(before <= after for before, after in pairwise(found))
    assert found[0] == 0 < found[-1]


@pytest.mark.parametrize("distance", ALL)
@pytest.mark.parametrize("pair", [([7], [9]), ([0, 7], [0, 9]), ([1, 0], [10**9, 0])])
def test_all_rows_in_one_cell_are_no_distance(distance: Distance, pair: Pair) -> None:
    assert distance(*pair) == 0


@pytest.mark.parametrize("distance", [jensen_shannon, hellinger])
@pytest.mark.parametrize("pair", [([5, 0], [0, 3]), ([5, 5, 0, 0], [0, 0, 2, 9])])
def test_nothing_in_common_is_a_distance_of_one(distance: Distance, pair: Pair) -> None:
    assert distance(*pair) == close(1)


def test_an_empty_bin_moves_psi_by_its_share_and_not_by_a_floor() -> None:
    assert psi([980, 20], [1000, 0]) < 0.1
    assert psi([98_000, 2000], [100_000, 0]) < 0.25


def test_close_samples_keep_their_digits() -> None:
    half = 10**12
    lean = 10**4 / half  # shares of (1 ± lean)/2 against a half each
    found = jensen_shannon([half, half], [half + 10**4, half - 10**4])
    assert found == pytest.approx(lean / math.sqrt(8 * math.log(2)), rel=1e-6)
    assert hellinger([half, half], [half + 10**4, half - 10**4]) == pytest.approx(
        lean / math.sqrt(8), rel=1e-6
    )


@pytest.mark.parametrize("distance", ALL)
@pytest.mark.parametrize("pair", [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([], [])])
def test_a_sample_without_rows_is_undefined(distance: Distance, pair: Pair) -> None:
    with pytest.raises(Undefined, match="no rows"):
        distance(*pair)


@pytest.mark.parametrize("distance", ALL)
@pytest.mark.parametrize(
    "pair, words",
    [(([1, 2], [1, 2, 3]), "bins"), (([1, -1], [1, 2]), "below zero"), (([2**53], [1]), "exactly")],
)
def test_counts_that_do_not_fit_are_refused(distance: Distance, pair: Pair, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        distance(*pair)


def test_near_zero_all_squares_are_one_number() -> None:
    pair = [10**6] * 10, [10**6 + (-1) ** cell * 2000 for cell in range(10)]
    index = psi(*pair)
    assert 8 * hellinger(*pair) ** 2 == pytest.approx(index, rel=1e-4)
    assert 8 * math.log(2) * jensen_shannon(*pair) ** 2 == pytest.approx(index, rel=1e-4)
    assert 2 * kl(*pair) == pytest.approx(index, rel=1e-2)
    assert total_variation(*pair) < math.sqrt(index)
