"""Tests by rank agree with scipy where it is exact, and with permutations where rows are tied."""

import math
import warnings
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import special, stats

from mlval.stats.anderson_darling import AndersonDarling, anderson_darling
from mlval.stats.errors import Undefined
from mlval.stats.rank_tests import RankTest, cramer_von_mises, cvm_tail, kolmogorov_smirnov
from mlval.stats.two_sample import ks_distance, ks_p_value

Pair = tuple[list[int], list[int]]
Judged = RankTest | AndersonDarling
pairs = st.integers(1, 9).flatmap(
    lambda k: st.tuples(*[st.lists(st.integers(0, 25), min_size=k, max_size=k).filter(any)] * 2)
)
enough = pairs.filter(lambda pair: sum(map(sum, pair)) >= 4)
untied = st.lists(st.booleans(), min_size=4, max_size=60).filter(
    lambda sides: min(map(sides.count, (True, False))) > 1
)
TESTS = [kolmogorov_smirnov, cramer_von_mises, anderson_darling]


def spread(counts: list[int]) -> list[float]:
    return [float(value) for value, count in enumerate(counts) for _ in range(count)]


def split(sides: list[bool]) -> Pair:
    return [int(side) for side in sides], [int(not side) for side in sides]


@given(enough)
def test_kolmogorov_smirnov_is_the_distance_and_its_p_value(pair: Pair) -> None:
    distance = ks_distance(*pair)
    n, m = map(sum, pair)
    assert kolmogorov_smirnov(*pair) == (distance, ks_p_value(distance, n=n, m=m))


@given(untied)
def test_cramer_von_mises_is_scipys_without_ties(sides: list[bool]) -> None:
    pair = split(sides)
    expected = stats.cramervonmises_2samp(spread(pair[0]), spread(pair[1]), method="asymptotic")
    found = cramer_von_mises(*pair)
    assert found.statistic == pytest.approx(expected.statistic, rel=1e-9, abs=1e-9)
    assert found.p_value == pytest.approx(expected.pvalue, rel=1e-9, abs=1e-7)  # scipy stops there


@given(pairs)
def test_cramer_von_mises_is_its_sum_over_rows(pair: Pair) -> None:
    n, m = map(sum, pair)
    before = total = 0.0
    for atom, (a, b) in enumerate(zip(*pair, strict=True)):
        after = sum(pair[0][: atom + 1]) / n - sum(pair[1][: atom + 1]) / m
        total += (a + b) * (before**2 + after**2) / 2
        before = after
    assert cramer_von_mises(*pair).statistic == pytest.approx(
        n * m / (n + m) ** 2 * total, rel=1e-9, abs=1e-12
    )


@pytest.mark.parametrize("x", [0.02, 0.05, 0.1, 0.3, 0.8, 1.5])
def test_the_tail_is_the_complement_of_the_series_in_bessel_functions(x: float) -> None:
    """Anderson and Darling (1952), equation 4.35."""
    series = 0.0
    for k in range(60):
        q = (4 * k + 1) ** 2 / (16 * x)
        weight = special.gamma(k + 0.5) / special.gamma(k + 1) / (math.pi**1.5 * math.sqrt(x))
        series += weight * math.sqrt(4 * k + 1) * math.exp(-q) * special.kv(0.25, q)
    assert cvm_tail(x) == pytest.approx(1 - series, rel=1e-9, abs=1e-13)


@pytest.mark.parametrize(
    "critical, p_value",
    [
        (0.02480, 0.99),
        (0.03656, 0.95),
        (0.11888, 0.5),
        (0.34730, 0.1),
        (0.46136, 0.05),
        (0.74346, 0.01),
        (1.16786, 0.001),
    ],
)
def test_the_tail_is_that_of_the_published_table(critical: float, p_value: float) -> None:
    """Anderson and Darling (1952), table 1."""
    assert cvm_tail(critical) == pytest.approx(p_value, abs=2e-5)


@pytest.mark.parametrize("x", [5.0, 20.0, 80.0])
def test_the_far_tail_is_that_of_the_largest_term(x: float) -> None:
    """The others lift it by the root of the product of 1/(1 − 1/k²), which is 2."""
    leading = math.sqrt(2) * math.erfc(math.pi * math.sqrt(x / 2))
    assert cvm_tail(x) == pytest.approx(leading, rel=0.5 / x)


def test_the_tail_falls_from_one() -> None:
    tails = [cvm_tail(x) for x in np.linspace(-0.2, 3, 200)]
    assert tails[0] == 1
    assert all(before >= after for before, after in pairwise(tails))
    assert cvm_tail(1e6) == cvm_tail(math.inf) == 0
    with pytest.raises(ValueError, match="not a number"):
        cvm_tail(math.nan)


@pytest.mark.parametrize("test", [cramer_von_mises, anderson_darling])
@pytest.mark.parametrize(
    "pair",
    [
        ([300, 200, 100], [272, 210, 118]),
        ([500, 50, 50, 100], [470, 40, 80, 110]),
        ([200, 200], [225, 175]),
        ([2000, 10], [1000, 12]),
        ([9] * 8, [5] * 4 + [13] * 4),
    ],
)
def test_p_values_of_ties_are_those_of_permutations(test: Callable[..., Judged], pair: Pair) -> None:
    draw = np.random.default_rng(5)
    pooled = np.add(*pair)
    seen = test(*pair)
    dealt = [
        test(one, pooled - one).statistic
        for one in draw.multivariate_hypergeometric(pooled, sum(pair[0]), 2500)
    ]
    beyond = np.mean(np.array(dealt) > seen.statistic + 1e-9)
    equal = np.mean(np.isclose(dealt, seen.statistic))
    assert 0.005 < seen.p_value < 0.25
    assert seen.p_value == pytest.approx(beyond + equal / 2, abs=0.012, rel=0.15)


def deviation_by_hand(n: int, m: int) -> float:
    """Scholz and Stephens (1987), equation 4, for two samples."""
    rows = n + m
    inverse = 1 / n + 1 / m
    h = sum(1 / i for i in range(1, rows))
    g = sum(1 / ((rows - i) * j) for i in range(1, rows - 1) for j in range(i + 1, rows))
    a = (4 * g - 6) + (10 - 6 * g) * inverse
    b = (2 * g - 4) * 4 + 8 * h * 2 + (2 * g - 14 * h - 4) * inverse - 8 * h + 4 * g - 6
    c = (6 * h + 2 * g - 2) * 4 + (4 * h - 4 * g + 6) * 2 + (2 * h - 6) * inverse + 4 * h
    d = (2 * h + 6) * 4 - 4 * h * 2
    return math.sqrt((a * rows**3 + b * rows**2 + c * rows + d) / ((rows - 1) * (rows - 2) * (rows - 3)))


def scipys_anderson(pair: Pair) -> tuple[float, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # scipy warns where it clips
        found = stats.anderson_ksamp([spread(pair[0]), spread(pair[1])])
    return float(found.statistic), float(found.pvalue)


@settings(max_examples=30)
@given(enough.filter(lambda pair: sum(map(any, zip(*pair, strict=True))) > 1))  # scipy refuses a single value
def test_anderson_darlings_statistic_is_scipys(pair: Pair) -> None:
    deviation = deviation_by_hand(sum(pair[0]), sum(pair[1]))
    expected = scipys_anderson(pair)[0] * deviation + 1
    assert anderson_darling(*pair).statistic == pytest.approx(expected, rel=1e-9, abs=1e-9)


@given(untied)
def test_anderson_darling_is_scipys_without_ties(sides: list[bool]) -> None:
    statistic, p_value = scipys_anderson(split(sides))
    found = anderson_darling(*split(sides))
    assert found.standardised == pytest.approx(statistic, rel=1e-9, abs=1e-9)
    if found.at_least == found.at_most:
        assert found.p_value == pytest.approx(p_value, rel=1e-9)
    else:
        assert p_value in {found.at_least, found.at_most}


def test_anderson_darling_gives_bounds_beyond_its_table() -> None:
    assert anderson_darling([9, 1], [8, 2])[2:] == (0.25, 1)
    assert anderson_darling([50, 0], [0, 50])[2:] == (0, 0.001)
    assert anderson_darling([50, 0], [0, 50]).p_value == 0.001


def test_anderson_darling_holds_for_many_rows() -> None:
    found = anderson_darling([10**12, 10**12], [10**12 + 10**6, 10**12 - 10**6])
    assert found.statistic == pytest.approx(
        found.standardised * 0.7614 + 1, abs=1e-3
    )  # σ² of the limit: 2(π² − 9)/3
    assert math.isfinite(found.statistic)


@pytest.mark.parametrize("test", TESTS)
@given(pair=enough, times=st.integers(1, 10**9))
def test_equal_shares_are_no_evidence(test: Callable[..., tuple[float, ...]], pair: Pair, times: int) -> None:
    assume(sum(pair[0]) * (times + 1) >= 4)
    found = test(pair[0], [count * times for count in pair[0]])
    assert found[0] == 0
    assert found[-1] == 1


@pytest.mark.parametrize("test", TESTS)
@given(pair=enough)
def test_sides_and_direction_do_not_matter(test: Callable[..., tuple[float, ...]], pair: Pair) -> None:
    backwards = [counts[::-1] for counts in pair]
    assert test(*reversed(pair)) == pytest.approx(test(*pair), rel=1e-9, abs=1e-9)
    assert test(*backwards) == pytest.approx(test(*pair), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("test", TESTS)
@given(pair=enough, places=st.lists(st.integers(0, 9), max_size=5))
def test_atoms_that_nobody_has_do_not_count(
    test: Callable[..., tuple[float, ...]], pair: Pair, places: list[int]
) -> None:
    wider = [list(counts) for counts in pair]
    for place in places:
        for counts in wider:
            counts.insert(place, 0)
    assert test(*wider) == pytest.approx(test(*pair), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("test", TESTS)
def test_a_growing_shift_is_a_growing_statistic(test: Callable[..., tuple[float, ...]]) -> None:
    still = [10] * 20 + [0] * 20
    found = [test(still, [0] * by + [10] * 20 + [0] * (20 - by)) for by in range(21)]
    assert all(before[0] < after[0] for before, after in pairwise(found))
    assert all(before[-1] >= after[-1] for before, after in pairwise(found))


@pytest.mark.parametrize("test", TESTS)
def test_one_value_is_no_evidence(test: Callable[..., tuple[float, ...]]) -> None:
    assert test([7], [9])[0] == 0
    assert test([0, 7, 0], [0, 9, 0])[-1] == 1


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("pair", [([0, 0], [1, 2]), ([1, 2], [0, 0]), ([], [])])
def test_a_sample_without_rows_is_undefined(test: Callable[..., object], pair: Pair) -> None:
    with pytest.raises(Undefined, match="no rows"):
        test(*pair)


def test_two_rows_are_no_evidence() -> None:
    assert cramer_von_mises([1, 0], [0, 1]).p_value == 1
    with pytest.raises(Undefined, match="fewer than four"):
        anderson_darling([1, 0], [0, 1])
