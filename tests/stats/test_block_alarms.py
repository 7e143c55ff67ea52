"""Thresholds from whole periods: they hold where rows of a period are alike, and agree where they are not."""

import numpy as np
import pytest

from mlval.stats.arrays import IntArray
from mlval.stats.block_alarms import block_values, draws_for, rate_at, threshold_for
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import threshold_at

SHARES = np.array([0.4, 0.3, 0.2, 0.1])


def weeks(seed: int, *, count: int, rows: int, alike: float) -> IntArray:
    """Draw weeks whose shares vary around common ones: Dirichlet with `alike` as its weight."""
    draw = np.random.default_rng(seed)
    return draw.multinomial(rows, draw.dirichlet(SHARES * alike, size=count))


def test_where_rows_are_independent_it_is_the_threshold_of_independent_rows() -> None:
    periods = weeks(1, count=200, rows=500, alike=1e9)
    by_rows = threshold_at("js", periods.sum(axis=0), n=100_000, m=500, rate=0.05, seed=1).value
    by_weeks = threshold_for(block_values("js", periods, m=500, seed=1), 0.05).value
    assert by_weeks == pytest.approx(by_rows, rel=0.12)


@pytest.mark.parametrize("m", [200, 500, 2000])
def test_where_weeks_differ_new_weeks_alarm_as_often_as_wanted(m: int) -> None:
    periods = weeks(2, count=150, rows=500, alike=100.0)
    found = threshold_for(block_values("total_variation", periods, m=m, seed=2), 0.05)
    alarms = 0
    for run in range(400):
        reference = weeks(1000 + run, count=150, rows=500, alike=100.0).sum(axis=0)
        current = weeks(5000 + run, count=max(1, m // 500), rows=min(m, 500), alike=100.0).sum(axis=0)
        distance = np.abs(reference / reference.sum() - current / current.sum()).sum() / 2
        alarms += distance >= found.value
    assert 0.02 <= alarms / 400 <= 0.09


def test_as_if_independent_they_would_alarm_much_more_often() -> None:
    periods = weeks(3, count=150, rows=500, alike=100.0)
    threshold = threshold_at(
        "total_variation", periods.sum(axis=0), n=75_000, m=2000, rate=0.01, seed=3
    ).value
    assert rate_at(block_values("total_variation", periods, m=2000, seed=3), threshold) > 0.1


def test_the_order_of_periods_does_not_bias_and_the_seed_decides() -> None:
    periods = weeks(4, count=30, rows=100, alike=50.0)
    first, again = (block_values("psi", periods, m=300, draws=200, seed=5) for _ in range(2))
    assert first.tolist() == again.tolist()
    assert first.tolist() != block_values("psi", periods, m=300, draws=200, seed=6).tolist()
    assert np.all(np.diff(first) >= 0)


def test_numbers_need_the_values_of_their_cells() -> None:
    periods = weeks(5, count=30, rows=100, alike=50.0)
    found = block_values("wasserstein", periods, m=300, draws=50, seed=1, values=[1.0, 2.0, 3.0, 9.0])
    assert found.shape == (50,)
    with pytest.raises(ValueError, match="needs the values"):
        block_values("wasserstein", periods, m=300, draws=50, seed=1)


def test_few_periods_are_refused() -> None:
    with pytest.raises(Undefined, match="7 periods with rows; at least 8 are needed"):
        block_values("psi", [[5, 5]] * 7 + [[0, 0]] * 5, m=10, seed=1)


def test_a_constant_column_has_no_noise() -> None:
    with pytest.raises(Undefined, match="one value"):
        block_values("psi", [[5, 0]] * 10, m=10, seed=1)


def test_a_rate_that_the_draws_cannot_tell_is_refused() -> None:
    with pytest.raises(Undefined, match="too small for 100 draws"):
        threshold_for(np.arange(100.0), 0.05)
    with pytest.raises(Undefined, match="too few values"):
        threshold_for(np.ones(1000), 0.05)


def test_the_threshold_is_reached_at_most_so_often() -> None:
    rising = np.sort(np.random.default_rng(6).integers(0, 50, 5000).astype(float))
    found = threshold_for(rising, 0.03)
    assert found.rate <= 0.03
    assert rate_at(rising, found.value - 1) > 0.03
    assert rate_at(rising, found.value) == found.rate
    with pytest.raises(ValueError, match="not a number"):
        rate_at(rising, float("nan"))


def test_small_rates_take_more_draws() -> None:
    assert [draws_for(rate) for rate in (0.05, 0.005, 0.0001)] == [5000, 10_000, 50_000]
