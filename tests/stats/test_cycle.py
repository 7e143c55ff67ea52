"""Dependence and cycles are estimated as the textbooks do."""

import math

import numpy as np
import pytest

from mlval.stats.cycle import ar1_residuals, autocorrelation, deseasonalised, phase_medians
from mlval.stats.errors import Undefined


@pytest.mark.parametrize("lag", [1, 7])
def test_autocorrelation_is_that_of_a_loop(lag: int) -> None:
    values = np.random.default_rng(1).normal(4, 2, size=50)
    mean = values.mean()
    above = sum((values[at] - mean) * (values[at - lag] - mean) for at in range(lag, 50))
    assert autocorrelation(values, lag=lag) == pytest.approx(above / sum((values - mean) ** 2))


def test_a_week_shows_at_lag_7() -> None:
    values = np.array([5.0 * (day % 7 >= 5) for day in range(140)])
    assert autocorrelation(values, lag=7) > 0.9


@pytest.mark.parametrize("factor", [1e-200, -3.0, 1e300])
def test_autocorrelation_has_no_unit(factor: float) -> None:
    values = np.random.default_rng(2).normal(size=40)
    assert autocorrelation(values * factor) == pytest.approx(autocorrelation(values))


@pytest.mark.parametrize("values", [[1.0, 2.0], [3.0] * 10, [0.0] * 10, [1.0, math.nan, 2.0], []])
def test_no_dependence_can_be_estimated(values: list[float]) -> None:
    with pytest.raises(Undefined):
        autocorrelation(np.array(values))


def test_a_lag_of_0_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        autocorrelation(np.arange(9.0), lag=0)


def test_medians_do_not_see_one_broken_value() -> None:
    values = np.array([1.0, 5.0] * 5)
    values[4] = 1e9
    assert phase_medians(values, ["mon", "sun"] * 5) == {"mon": 1.0, "sun": 5.0}


def test_without_its_cycle_a_series_is_flat() -> None:
    values = np.array([1.0, 5.0, 3.0] * 4)
    assert deseasonalised(values, [0, 1, 2] * 4).tolist() == [3.0] * 12


def test_a_change_of_level_stays_when_the_cycle_goes() -> None:
    values = np.array([1.0, 5.0] * 5 + [2.0, 6.0] * 4)
    left = deseasonalised(values, [0, 1] * 9)
    assert (left[10:].mean() - left[:10].mean()) == pytest.approx(1)


@pytest.mark.parametrize("values, phases", [([math.nan, 1.0], [1, 2]), ([1.0, 2.0], [1])])
def test_what_has_no_cycle_is_refused(values: list[float], phases: list[int]) -> None:
    with pytest.raises(ValueError, match=r"missing|phases"):
        phase_medians(np.array(values), phases)


def test_residuals_do_not_depend_on_the_one_before() -> None:
    values = np.random.default_rng(3).normal(size=2000)
    for place in range(1, 2000):
        values[place] += 0.7 * values[place - 1]
    left = ar1_residuals(values)
    assert left.shape == (1999,)
    assert abs(autocorrelation(left)) < 0.05
