"""Intervals agree with published values and with scipy, and cover as often as they say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.intervals import (
    mean_interval,
    normal_quantile,
    ratio_interval,
    score_interval,
    student_quantile,
    wilson,
)

CONFIDENCES = [0.8, 0.9, 0.95, 0.99]


@pytest.mark.parametrize("confidence", CONFIDENCES)
def test_normal_quantile_is_scipys(confidence: float) -> None:
    assert normal_quantile(confidence) == pytest.approx(stats.norm.ppf((1 + confidence) / 2), rel=1e-12)


@given(st.integers(1, 10**9), st.floats(0, 1), st.sampled_from(CONFIDENCES))
def test_wilson_is_scipys(trials: int, share: float, confidence: float) -> None:
    successes = round(share * trials)
    expected = stats.binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert wilson(successes, trials, confidence=confidence) == pytest.approx(tuple(expected), abs=1e-12)


@given(st.integers(1, 10**6), st.floats(0, 1))
def test_wilson_holds_the_share_and_never_has_zero_width(trials: int, share: float) -> None:
    successes = round(share * trials)
    low, high = wilson(successes, trials, confidence=0.95)
    assert 0 <= low <= successes / trials <= high <= 1
    assert low < high


def test_wilson_is_exact_at_the_ends() -> None:
    assert wilson(0, 20, confidence=0.95)[0] == 0
    assert wilson(20, 20, confidence=0.95)[1] == 1


def test_a_share_and_its_complement_mirror_each_other() -> None:
    low, high = wilson(3, 17, confidence=0.9)
    assert wilson(14, 17, confidence=0.9) == pytest.approx((1 - high, 1 - low))


def test_no_trials_have_no_interval() -> None:
    with pytest.raises(Undefined, match="no rows"):
        wilson(0, 0, confidence=0.95)


@pytest.mark.parametrize("successes", [-1, 6])
def test_impossible_shares_are_refused(successes: int) -> None:
    with pytest.raises(ValueError, match="successes"):
        wilson(successes, 5, confidence=0.95)


@pytest.mark.parametrize("confidence", [0, 1, 1.5, -0.1, math.nan])
def test_impossible_confidences_are_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 5, confidence=confidence)
    with pytest.raises(ValueError, match="confidence"):
        mean_interval(np.array([1.0, 2.0]), confidence)


@given(
    st.lists(st.integers(-(10**9), 10**9), min_size=2, max_size=40, unique=True), st.sampled_from(CONFIDENCES)
)
def test_mean_interval_is_scipys(thousandths: list[int], confidence: float) -> None:
    values = np.array(thousandths) / 1000
    expected = stats.t.interval(confidence, values.size - 1, loc=values.mean(), scale=stats.sem(values))
    size = max(1.0, np.abs(values).max())
    assert mean_interval(values, confidence) == pytest.approx(expected, rel=1e-9, abs=1e-9 * size)


@pytest.mark.parametrize("values", [[1.0], [0.1, 0.1, 0.1], [0.0, 0.0]])
def test_without_spread_there_is_no_interval(values: list[float]) -> None:
    with pytest.raises(Undefined):
        mean_interval(np.array(values), 0.95)
    with pytest.raises(Undefined):
        ratio_interval(np.array(values), np.ones(len(values)), confidence=0.95)


def test_a_ratio_over_ones_is_a_mean() -> None:
    values = np.array([1.0, 4.0, 2.0, 2.5])
    expected = mean_interval(values, 0.95)
    assert ratio_interval(values, np.ones(4), confidence=0.95) == pytest.approx(expected)


def test_a_ratio_over_nothing_is_undefined() -> None:
    with pytest.raises(Undefined, match="denominator"):
        ratio_interval(np.array([1.0, 2.0]), np.array([1.0, -1.0]), confidence=0.95)


def test_columns_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        ratio_interval(np.ones(2), np.ones(3), confidence=0.95)


def test_numbers_too_large_for_an_interval_are_undefined() -> None:
    with pytest.raises(Undefined, match="too large"):
        mean_interval(np.array([1.7e308, -1.7e308]), 0.95)
    with pytest.raises(Undefined, match="too large"):
        mean_interval(np.array([1.7e308, 0.0]), 0.95)


def test_a_ratio_is_covered_as_often_as_it_says() -> None:
    draw = np.random.default_rng(3)
    covered = 0
    for _ in range(500):
        below = draw.gamma(4.0, size=200)
        above = 0.7 * below + draw.normal(size=200)
        low, high = ratio_interval(above, below, confidence=0.9)
        covered += low <= 0.7 <= high
    assert 0.86 <= covered / 500 <= 0.94


def test_a_share_is_covered_as_often_as_it_says() -> None:
    for trials, share in [(20, 0.5), (50, 0.1), (200, 0.97)]:
        seen = np.arange(trials + 1)
        mass = stats.binom.pmf(seen, trials, share)
        ends = [wilson(int(k), trials, confidence=0.95) for k in seen]
        covered = math.fsum(p for p, (low, high) in zip(mass, ends, strict=True) if low <= share <= high)
        assert 0.92 <= covered <= 0.98


@given(st.floats(0, 1), st.floats(0.5, 1e6))
def test_score_interval_takes_any_share(share: float, trials: int) -> None:
    low, high = score_interval(share, trials, confidence=0.95)
    assert 0 <= low <= share <= high <= 1


@pytest.mark.parametrize("share, trials", [(math.nan, 5), (1.1, 5), (-0.1, 5), (0.5, 0), (0.5, math.nan)])
def test_score_interval_refuses_what_is_no_share(share: float, trials: float) -> None:
    with pytest.raises(ValueError, match="share"):
        score_interval(share, trials, confidence=0.95)


@pytest.mark.parametrize("confidence", [0.5001, 0.9, 0.95, 0.999, 0.999999])
def test_students_quantile_is_scipys_where_it_is_expanded(confidence: float) -> None:
    for df in (1, 30, 999, 1_000, 1_001, 50_000, 10**7):
        expected = float(stats.t.isf((1 - confidence) / 2, df))
        assert student_quantile(df, confidence) == pytest.approx(expected, rel=1e-9)
