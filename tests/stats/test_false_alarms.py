"""Rates of false alarms agree with plain simulations by another generator, and with exact probabilities."""

import math
import random
import time
from collections.abc import Callable
from itertools import pairwise
from typing import get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlval.stats import false_alarms
from mlval.stats._null_draws import Statistic
from mlval.stats.anderson_darling import anderson_darling
from mlval.stats.distances import cramers_v, hellinger, jensen_shannon, kl, l_infinity, psi
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import false_alarm_rate, threshold_at
from mlval.stats.ordered_distances import mean_shift, wasserstein
from mlval.stats.rank_tests import cramer_von_mises
from mlval.stats.two_sample import ks_distance, total_variation

VALUES = [-3.0, 0.5, 1.0, 7.0, 20.0]
POOLED = [60, 30, 8, 40, 12]

SINGLE: dict[Statistic, Callable[[list[int], list[int]], float]] = {
    "psi": psi,
    "kl": kl,
    "js": jensen_shannon,
    "hellinger": hellinger,
    "total_variation": total_variation,
    "l_infinity": lambda a, b: l_infinity(a, b).distance,
    "cramers_v": cramers_v,
    "ks": ks_distance,
    "cvm": lambda a, b: cramer_von_mises(a, b).statistic,
    "anderson_darling": lambda a, b: anderson_darling(a, b).statistic,
    "wasserstein": lambda a, b: wasserstein(VALUES, a, b).distance,
    "mean_shift": lambda a, b: abs(mean_shift(VALUES, a, b).shift),
}
STATISTICS: tuple[Statistic, ...] = get_args(Statistic)


def drawn_by_hand(statistic: Statistic, *, n: int, m: int, draws: int) -> list[float]:
    """Draw row by row with Python's own generator and compute the statistic of each pair alone."""
    rng = random.Random(11)
    found = []
    for _ in range(draws):
        samples = [rng.choices(range(len(POOLED)), POOLED, k=size) for size in (n, m)]
        found.append(
            SINGLE[statistic](*([sample.count(cell) for cell in range(len(POOLED))] for sample in samples))
        )
    return sorted(found)


def test_every_statistic_is_checked() -> None:
    assert set(SINGLE) == set(STATISTICS)


@pytest.mark.parametrize("statistic", STATISTICS)
def test_rates_are_those_of_a_plain_simulation(statistic: Statistic) -> None:
    draws = 1500
    drawn = drawn_by_hand(statistic, n=90, m=40, draws=draws)
    for share in (0.5, 0.1, 0.02):
        threshold = drawn[-round(share * draws)] or 1e-6  # Cramér's V is often 0
        expected = sum(value >= threshold * (1 - 1e-9) for value in drawn) / draws
        found = false_alarm_rate(statistic, POOLED, n=90, m=40, threshold=threshold, seed=3, values=VALUES)
        noise = math.sqrt(expected * (1 - expected) * (1 / draws + 1 / found.draws))
        assert abs(found.rate - expected) < 4.5 * noise + 1e-3
        assert found.low <= found.rate <= found.high


@pytest.mark.parametrize("statistic", STATISTICS)
def test_a_threshold_keeps_its_rate(statistic: Statistic) -> None:
    chosen = threshold_at(statistic, POOLED, n=90, m=40, rate=0.05, seed=3, values=VALUES)
    assert 0.01 < chosen.rate <= 0.05
    found = false_alarm_rate(statistic, POOLED, n=90, m=40, threshold=chosen.value, seed=4, values=VALUES)
    assert found.low <= chosen.rate + 0.01
    assert found.high >= chosen.rate - 0.01


@pytest.mark.parametrize("statistic", STATISTICS)
def test_the_same_arguments_give_the_same_rate(statistic: Statistic) -> None:
    first, again = (
        false_alarm_rate(statistic, POOLED, n=90, m=40, threshold=0.1, seed=5, values=VALUES)
        for _ in range(2)
    )
    assert first == again


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 10))
@settings(max_examples=15, deadline=None)
def test_two_levels_have_the_rate_of_binomials(n: int, m: int, seed: int) -> None:
    shares = stats.binom(n, 0.3).pmf(np.arange(n + 1)), stats.binom(m, 0.3).pmf(np.arange(m + 1))
    far = np.abs(np.arange(n + 1)[:, None] / n - np.arange(m + 1)[None, :] / m) >= 0.25 - 1e-12
    expected = float((shares[0][:, None] * shares[1][None, :] * far).sum())
    found = false_alarm_rate("total_variation", [30, 70], n=n, m=m, threshold=0.25, seed=seed)
    assert found.rate == pytest.approx(expected, abs=5 * math.sqrt(0.25 / 2000))


@pytest.mark.parametrize("statistic", ["psi", "kl", "js", "hellinger", "cramers_v"])
@pytest.mark.parametrize("n, m", [(7000, 7000), (7000, 70_000)])
def test_the_limit_is_what_draws_show(
    statistic: Statistic, n: int, m: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    pooled = [10, 20, 30, 40, 5, 15, 25, 7]
    limits = {
        rate: threshold_at(statistic, pooled, n=n, m=m, rate=rate, seed=1) for rate in (0.2, 0.05, 0.01)
    }
    assert {limit.draws for limit in limits.values()} == {0}
    monkeypatch.setattr(false_alarms, "LARGE", math.inf)
    monkeypatch.setattr(false_alarms, "DRAWS", 20_000)
    for rate, limit in limits.items():
        found = false_alarm_rate(statistic, pooled, n=n, m=m, threshold=limit.value, seed=1)
        assert found.draws == 20_000
        assert found.rate == pytest.approx(rate, rel=0.1, abs=3 * math.sqrt(rate / 20_000))


@pytest.mark.parametrize("statistic", ["psi", "kl", "js", "hellinger", "cramers_v"])
@pytest.mark.parametrize("rate", [0.3, 0.01, 1e-6])
def test_the_limit_s_threshold_has_the_rate_wanted(statistic: Statistic, rate: float) -> None:
    pooled = [10**5] * 9
    chosen = threshold_at(statistic, pooled, n=10**5, m=10**4, rate=rate, seed=1)
    found = false_alarm_rate(statistic, pooled, n=10**5, m=10**4, threshold=chosen.value, seed=1)
    assert (found.low, found.high, found.draws) == (found.rate, found.rate, 0)
    assert found.rate == pytest.approx(rate, rel=1e-6)


def test_index_thresholds_are_those_of_chi_square() -> None:
    found = threshold_at("psi", [1000] * 10, n=5000, m=20_000, rate=0.01, seed=1)
    assert found.value == pytest.approx((1 / 5000 + 1 / 20_000) * stats.chi2(9).isf(0.01), rel=1e-9)


def test_a_threshold_that_suits_large_samples_cries_wolf_on_small_ones() -> None:
    rates = [
        false_alarm_rate("psi", [10] * 10, n=5000, m=m, threshold=0.1, seed=1).rate
        for m in (50, 100, 200, 500)
    ]
    assert rates[0] > 0.7
    assert rates[-1] < 0.001
    assert all(before >= after for before, after in pairwise(rates))


@pytest.mark.parametrize("statistic", STATISTICS)
def test_higher_thresholds_alarm_less(statistic: Statistic) -> None:
    rates = [
        false_alarm_rate(statistic, POOLED, n=60, m=60, threshold=threshold, seed=9, values=VALUES).rate
        for threshold in (-1, 0, 0.01, 0.1, 0.3, 1, 50, 1e300, math.inf)
    ]
    assert rates[0] == rates[1] == 1
    assert rates[-3:] == [0, 0, 0]
    assert all(before >= after for before, after in pairwise(rates))


def test_huge_thresholds_do_not_overflow_the_limit() -> None:
    assert false_alarm_rate("js", [10**6] * 3, n=10**5, m=10**5, threshold=1e300, seed=1).rate == 0


@pytest.mark.parametrize("statistic", ["psi", "total_variation", "js"])
def test_cells_that_nobody_has_do_not_count(statistic: Statistic) -> None:
    found = false_alarm_rate(statistic, POOLED, n=60, m=60, threshold=0.1, seed=9)
    assert false_alarm_rate(statistic, [0, *POOLED, 0], n=60, m=60, threshold=0.1, seed=9) == found


@pytest.mark.parametrize("unit", [1e-300, 1e-3, 1e300])
def test_the_unit_of_the_values_does_not_matter(unit: float) -> None:
    for statistic in ("wasserstein", "mean_shift"):
        rates = {
            false_alarm_rate(statistic, POOLED, n=60, m=60, threshold=0.2, seed=9, values=values).rate
            for values in (VALUES, [value * unit for value in VALUES])
        }
        assert max(rates) - min(rates) < 2e-3


def test_one_cell_does_not_vary() -> None:
    assert false_alarm_rate("psi", [0, 50], n=10, m=10, threshold=0.1, seed=1).rate == 0
    assert false_alarm_rate("psi", [0, 50], n=10, m=10, threshold=0, seed=1).rate == 1
    with pytest.raises(Undefined, match="one value"):
        threshold_at("psi", [0, 50], n=10, m=10, rate=0.05, seed=1)


def test_too_few_rows_for_so_small_a_rate() -> None:
    with pytest.raises(Undefined, match="too few values"):
        threshold_at("ks", [50, 50], n=1, m=1, rate=0.01, seed=1)
    with pytest.raises(Undefined, match="too small to be drawn"):
        threshold_at("ks", [50, 50], n=100, m=100, rate=1e-6, seed=1)


def test_a_threshold_above_zero_is_found_where_the_limit_is_zero() -> None:
    found = threshold_at("cramers_v", [10**4, 10**4], n=10**4, m=10**4, rate=0.5, seed=1)
    assert found.value > 0
    assert found.rate <= 0.5


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(Undefined, match="no rows"):
        false_alarm_rate("psi", POOLED, n=0, m=10, threshold=0.1, seed=1)
    with pytest.raises(Undefined, match="no rows"):
        false_alarm_rate("psi", [0, 0], n=10, m=10, threshold=0.1, seed=1)
    with pytest.raises(Undefined, match="one row"):
        false_alarm_rate("mean_shift", POOLED, n=1, m=10, threshold=0.1, seed=1, values=VALUES)
    with pytest.raises(ValueError, match="not a number"):
        false_alarm_rate("psi", POOLED, n=10, m=10, threshold=math.nan, seed=1)
    with pytest.raises(ValueError, match="needs the values"):
        false_alarm_rate("wasserstein", POOLED, n=10, m=10, threshold=0.1, seed=1)
    with pytest.raises(ValueError, match="no statistic"):
        false_alarm_rate("chi", POOLED, n=10, m=10, threshold=0.1, seed=1)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="rate must be"):
        threshold_at("psi", POOLED, n=10, m=10, rate=1, seed=1)


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("cells, seconds", [(20, 0.1), (1000, 0.5)])
def test_it_is_quick(statistic: Statistic, cells: int, seconds: float) -> None:
    """Three times what was promised, for a loaded machine."""
    values = [float(value) for value in range(cells)]
    started = time.process_time()
    false_alarm_rate(statistic, [5] * cells, n=3 * cells, m=3 * cells, threshold=0.1, seed=1, values=values)
    assert time.process_time() - started < 3 * seconds
