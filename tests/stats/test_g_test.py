"""The G-test agrees with scipy and with Pearson's chi-square on the same pooled levels."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.g_test import g_test
from mlval.stats.two_sample import chi_square

Pair = tuple[list[int], list[int]]
pairs = st.integers(1, 8).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 60), min_size=k, max_size=k).filter(any)] * 2)
)


@given(pairs)
def test_it_is_scipys_where_no_level_is_sparse(pair: Pair) -> None:
    full = [[count + 40 for count in counts] for counts in pair]
    found = g_test(*full)
    if found.df == len(full[0]) - 1 > 0:
        expected = stats.chi2_contingency(full, correction=False, lambda_="log-likelihood")
        assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
        assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9)


@given(pairs)
def test_it_pools_as_pearsons_does(pair: Pair) -> None:
    assert g_test(*pair).df == chi_square(*pair).df


def test_a_level_that_only_one_sample_has_is_finite() -> None:
    found = g_test([100, 0], [50, 50])
    assert found.statistic == pytest.approx(
        2 * (100 * math.log(4 / 3) + 50 * math.log(2 / 3) + 50 * math.log(2))
    )


@given(pairs, st.integers(1, 10**12))
def test_counts_in_proportion_are_exactly_zero(pair: Pair, times: int) -> None:
    found = g_test(pair[0], [count * times for count in pair[0]])
    assert found.statistic == 0
    assert found.p_value == 1


@given(pairs, st.randoms(use_true_random=False))
def test_the_order_of_levels_does_not_matter(pair: Pair, random: Random) -> None:
    levels = list(zip(*pair, strict=True))
    random.shuffle(levels)
    shuffled = [list(counts) for counts in zip(*levels, strict=True)]
    assert g_test(*shuffled) == g_test(*pair)


def test_it_grows_with_the_shift() -> None:
    found = [g_test([100, 100, 100], [100 - moved, 100, 100 + moved]).statistic for moved in range(0, 95, 5)]
    assert found == sorted(found)


@pytest.mark.parametrize("pair", [([0, 0], [1, 2]), ([1, 2], [0, 0])])
def test_a_sample_without_rows_is_undefined(pair: Pair) -> None:
    with pytest.raises(Undefined, match="no rows"):
        g_test(*pair)


@pytest.mark.parametrize("pair", [([100], [50]), ([1, 2, 3], [3, 2, 1])])
def test_nothing_to_test_is_no_evidence(pair: Pair) -> None:
    assert g_test(*pair) == (0.0, 0, 1.0)
