"""Dependence is found where it is, not where only the level changed; its price is that of simulations."""

import math

import numpy as np
import pytest

from mlval.stats.arrays import FloatArray
from mlval.stats.cycle import autocorrelation
from mlval.stats.dependence import dependence, dependent_run_length
from mlval.stats.errors import Undefined
from mlval.stats.monitor import SLACKS


def related(by: float, *, length: int, seed: int = 3) -> FloatArray:
    values = np.random.default_rng(seed).normal(size=length)
    for place in range(1, length):
        values[place] = by * values[place - 1] + math.sqrt(1 - by * by) * values[place]
    return values


@pytest.mark.parametrize("by", [-0.4, 0.0, 0.3, 0.6])
def test_long_series_show_their_dependence(by: float) -> None:
    assert dependence(related(by, length=4000)) == pytest.approx(by, abs=0.06)


@pytest.mark.parametrize("by", [0.3, 0.6])
def test_short_series_show_it_without_bias(by: float) -> None:
    found = [dependence(related(by, length=40, seed=seed)) for seed in range(300)]
    assert np.mean(found) == pytest.approx(by, abs=0.05)


def test_of_one_stretch_it_is_the_usual_estimate_without_its_bias() -> None:
    values = related(0.4, length=50)
    raw = autocorrelation(values)
    assert dependence(values) == pytest.approx((raw + 1 / 50) / (1 - 4 / 50))
    assert dependence(values, lag=7) == pytest.approx(autocorrelation(values, lag=7))


def test_a_change_of_level_is_no_dependence_where_it_is_known() -> None:
    values = related(0.0, length=200)
    values[100:] += 5
    assert dependence(values) > 0.7
    assert dependence(values, starts=[100]) == pytest.approx(0, abs=0.15)


def test_a_cycle_is_no_dependence_where_it_is_known() -> None:
    phases = [day % 7 for day in range(140)]
    values = related(0.0, length=140) + np.array([5.0 * (phase > 4) for phase in phases])
    assert dependence(values, lag=7) > 0.7
    assert dependence(values, phases=phases) == pytest.approx(0, abs=0.25)


def test_scale_does_not_matter() -> None:
    values = related(0.5, length=60)
    for factor in (1e-300, 1e-5, 1e290):
        assert dependence(values * factor) == pytest.approx(dependence(values))


@pytest.mark.parametrize("values", [np.ones(50), np.arange(20.0), np.array([]), np.full(50, np.nan)])
def test_nothing_is_said_of_too_little(values: FloatArray) -> None:
    with pytest.raises(Undefined):
        dependence(values)


def test_misuse_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        dependence(np.arange(50.0), lag=0)
    with pytest.raises(ValueError, match="below 1"):
        dependent_run_length(100, slack=0.5, autocorrelation=1)


SIMULATED = {
    (100, 0.3): (39, 34, 36),
    (100, 0.6): (22, 21, 21),
    (500, 0.3): (119, 102, 113),
    (500, 0.6): (45, 36, 42),
}
"""`bench/trend_simulation.py`: runs until a false alarm, by ranks, cusum and page_hinkley."""


@pytest.mark.parametrize("every, by", SIMULATED)
def test_run_lengths_are_about_those_of_the_simulation(every: int, by: float) -> None:
    for slack, simulated in zip(SLACKS.values(), SIMULATED[every, by], strict=True):
        found = dependent_run_length(every, slack=slack, autocorrelation=by)
        assert found == pytest.approx(simulated, rel=0.21)


def test_the_more_dependence_the_more_false_alarms() -> None:
    lengths = [dependent_run_length(200, slack=0.25, autocorrelation=by) for by in (-0.5, 0, 0.2, 0.4, 0.6)]
    assert lengths[0] == lengths[1] == pytest.approx(200, rel=1e-4)
    assert lengths[1:] == sorted(lengths[1:], reverse=True)
