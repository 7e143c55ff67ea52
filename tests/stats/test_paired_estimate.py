"""Paired differences against scipy and against plain sums."""

import math

import numpy as np
import pytest
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import of_mean, of_r2, of_root_mean_square, paired

RNG = np.random.default_rng(3)
FIRST = RNG.gamma(2.0, size=80)
SECOND = FIRST + RNG.normal(0.1, 0.3, 80)


def test_means_have_students_paired_interval() -> None:
    found = paired(of_mean(FIRST), of_mean(SECOND), confidence=0.9)
    expected = stats.ttest_rel(SECOND, FIRST).confidence_interval(0.9)
    assert found.interval == pytest.approx((expected.low, expected.high))
    assert found.difference == pytest.approx(SECOND.mean() - FIRST.mean())


def test_a_weight_takes_the_error_of_the_first_into_account() -> None:
    found = paired(of_mean(FIRST), of_mean(SECOND), confidence=0.9, weight=0.8)
    contrast = stats.ttest_1samp(SECOND - 0.8 * FIRST, 0).confidence_interval(0.9)
    moved = 0.2 * FIRST.mean()
    assert found.interval == pytest.approx((contrast.low - moved, contrast.high - moved))


def test_whole_groups_are_the_independent_units() -> None:
    groups = np.arange(80) // 4
    found = paired(of_mean(FIRST), of_mean(SECOND), confidence=0.9, groups=groups)
    moved = SECOND - FIRST
    totals = [sum(moved[groups == one] - moved.mean()) for one in range(20)]
    expected = math.sqrt(sum(total**2 for total in totals) * 20 / 19) / 80
    assert found.error == pytest.approx(expected, rel=1e-2)
    assert found.units == 20


@pytest.mark.parametrize("groups", [None, np.zeros(80, dtype=np.int64)])
def test_one_unit_is_refused(groups: np.ndarray[tuple[int], np.dtype[np.int64]] | None) -> None:
    values = FIRST if groups is not None else FIRST[:1]
    with pytest.raises(Undefined, match="at least two"):
        paired(of_mean(values), of_mean(values), confidence=0.9, groups=groups)


def test_the_same_on_every_row_is_not_certain() -> None:
    found = paired(of_mean(FIRST), of_mean(FIRST), confidence=0.9)
    low, high = found.interval or (0.0, 0.0)
    assert low == -high
    assert high == pytest.approx(FIRST.mean() * (1 - 0.05 ** (1 / 80)))


def test_influences_are_slopes() -> None:
    """An influence is by how much the statistic moves when a row weighs a little more."""
    truth, prediction = FIRST, SECOND

    def weighted(bump: int, step: float) -> tuple[float, float]:
        weights = np.ones(80)
        weights[bump] += step
        squares = np.average(np.square(truth - prediction), weights=weights)
        spread = np.average(np.square(truth - np.average(truth, weights=weights)), weights=weights)
        return math.sqrt(squares), 1 - squares / spread

    found = of_root_mean_square(truth - prediction), of_r2(truth, prediction)
    for bump in (0, 7, 79):
        before, after = weighted(bump, -1e-6), weighted(bump, 1e-6)
        for place, influence in enumerate(found):
            slope = (after[place] - before[place]) / 2e-6 * 80
            assert influence.rows[bump] == pytest.approx(slope * math.sqrt(80 / 79), abs=1e-6)


def test_what_is_not_finite_or_constant_is_refused() -> None:
    with pytest.raises(Undefined):
        of_mean(np.array([1.0, np.nan]))
    with pytest.raises(Undefined, match="constant"):
        of_r2(np.ones(5), FIRST[:5])
    with pytest.raises(Undefined):
        paired(of_mean(np.array([1e308, 0.0])), of_mean(np.array([-1e308, 1.0])), confidence=0.9)
