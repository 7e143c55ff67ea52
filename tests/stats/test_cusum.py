"""Scores are independent standard normals from few values on: by size for normals, by rank for all."""

import math
import statistics

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.arrays import FloatArray
from mlval.stats.cusum import rank_scores, self_starting_scores
from mlval.stats.deviations import deviations


def scores(values: FloatArray) -> FloatArray:
    return self_starting_scores(deviations(values))


def test_scores_by_size_are_those_of_hawkins() -> None:
    values = np.random.default_rng(1).normal(3, 2, size=40)
    found = scores(values)
    for place in range(2, 40):
        before = values[:place]
        ratio = (values[place] - before.mean()) / before.std(ddof=1)
        quantile = stats.t.cdf(ratio * math.sqrt(place / (place + 1)), df=place - 1)
        assert found[place] == pytest.approx(stats.norm.ppf(quantile), abs=1e-9)
    assert np.isnan(found[:2]).all()


def test_scores_of_normals_are_independent_standard_normals() -> None:
    found = scores(np.random.default_rng(2).normal(7, 3, size=(20_000, 8)))[:, 2:]
    for place in range(found.shape[1]):
        assert stats.kstest(found[:, place], "norm").pvalue > 0.001
    between = np.corrcoef(found, rowvar=False) - np.eye(found.shape[1])
    assert float(np.abs(between).max()) < 0.03


def test_a_value_beyond_all_bounds_has_a_finite_score() -> None:
    found = scores(np.append(np.random.default_rng(3).normal(size=500), 1e12))
    assert found[-1] == pytest.approx(37.0, abs=0.1)


def test_after_equal_values_another_is_the_largest_of_all() -> None:
    found = scores(np.array([0.9] * 20 + [0.8]))
    assert set(found[2:20].tolist()) == {0.0}
    assert found[20] == pytest.approx(stats.norm.ppf(0.5 / 21))


@given(st.lists(st.integers(0, 5), min_size=1, max_size=30))
def test_scores_by_rank_are_those_of_a_loop(series: list[int]) -> None:
    found = rank_scores(np.array(series, dtype=float))
    for place, value in enumerate(series):
        n = place + 1
        rank = statistics.fmean(at + 1 for at, other in enumerate(sorted(series[:n])) if other == value)
        plain = [stats.norm.ppf((at + 0.5) / n) for at in range(n)]
        spread = math.sqrt(statistics.fmean(score * score for score in plain))
        wanted = stats.norm.ppf((rank - 0.5) / n) / spread if place else math.nan
        assert found[place] == pytest.approx(wanted, nan_ok=True, abs=1e-9)


def test_scores_by_rank_have_mean_0_and_standard_deviation_1() -> None:
    found = rank_scores(np.random.default_rng(4).standard_cauchy(size=(20_000, 10)))[:, 1:]
    assert np.abs(found.mean(axis=0)).max() < 0.03
    assert np.abs(found.std(axis=0) - 1).max() < 0.03


@given(st.lists(st.floats(-5, 5), min_size=2, max_size=30))
def test_ranks_do_not_see_a_monotone_transform(series: list[float]) -> None:
    whole = np.round(np.array(series), 3)
    np.testing.assert_array_equal(rank_scores(whole), rank_scores(np.exp(whole)))


def test_what_is_missing_has_no_rank_and_takes_none() -> None:
    with_gap = rank_scores(np.array([[1.0, np.nan, 3.0, 2.0], [5.0, 4.0, np.nan, 6.0]]))
    assert np.isnan(with_gap[0, 1])
    assert with_gap[0, [0, 2, 3]].tolist() == pytest.approx(
        rank_scores(np.array([1.0, 3.0, 2.0])).tolist(), nan_ok=True
    )
    assert with_gap[1, [0, 1, 3]].tolist() == pytest.approx(
        rank_scores(np.array([5.0, 4.0, 6.0])).tolist(), nan_ok=True
    )


def test_long_series_have_ranks() -> None:
    found = rank_scores(np.random.default_rng(5).normal(size=3000))
    assert float(np.std(found[1:])) == pytest.approx(1, abs=0.05)
