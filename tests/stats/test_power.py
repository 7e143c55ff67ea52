"""The smallest detectable change: simulated tests find it about as often as was asked."""

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.bins import count, edges
from mlval.stats.errors import Undefined
from mlval.stats.power import ks_detectable, levels_detectable, proportions_detectable
from mlval.stats.two_sample import chi_square, ks_distance, ks_p_value, two_proportions

ALPHA = 0.02
rows = st.integers(1, 10**8)


def _shifted_uniform(change: float) -> float:
    return change


def _shifted_normal(change: float) -> float:
    return 2 * float(stats.norm.ppf(0.5 + change / 2))


def _shifted_laplace(change: float) -> float:
    return -2 * math.log(1 - change)


def _found(n: int, m: int, moved: Callable[[np.random.Generator, int, float], np.ndarray]) -> float:
    """Return how often the test finds a change of the detectable size among numbers from `moved`."""
    draw = np.random.default_rng(12)
    change = ks_detectable(n, m, alpha=ALPHA)
    found = 0
    for _ in range(400):
        reference = np.sort(moved(draw, n, 0.0))
        on = edges(reference, 1000)
        distance = ks_distance(count(reference, on), count(np.sort(moved(draw, m, change)), on))
        found += ks_p_value(distance, n=n, m=m) <= ALPHA
    return found / 400


@pytest.mark.parametrize("n, m", [(1000, 1000), (5000, 300)])
@pytest.mark.parametrize("kind, shift", [("normal", _shifted_normal), ("uniform", _shifted_uniform)])
def test_a_shift_of_a_number_is_found(n: int, m: int, kind: str, shift: Callable[[float], float]) -> None:
    found = _found(n, m, lambda draw, rows, change: getattr(draw, kind)(size=rows) + shift(change))
    assert found >= 0.85


@pytest.mark.parametrize("n, m", [(1000, 1000), (5000, 300)])
def test_the_least_favourable_shift_of_a_number_is_found(n: int, m: int) -> None:
    found = _found(n, m, lambda draw, rows, change: draw.laplace(size=rows) + _shifted_laplace(change))
    assert 0.77 <= found <= 0.9


@pytest.mark.parametrize("n, m", [(1000, 1000), (5000, 300)])
def test_a_change_in_a_narrow_band_is_found_a_little_less_often(n: int, m: int) -> None:
    def moved(draw: np.random.Generator, rows: int, change: float) -> np.ndarray:
        values = draw.uniform(size=rows)
        values[(values > 0.5 - change) & (values <= 0.5)] += change
        return values

    assert 0.62 <= _found(n, m, moved) <= 0.82


@pytest.mark.parametrize("levels, n, m", [(4, 1000, 1000), (50, 2000, 2000), (20, 20_000, 400)])
def test_the_least_favourable_change_of_levels_is_found(levels: int, n: int, m: int) -> None:
    draw = np.random.default_rng(13)
    change = levels_detectable(n, m, df=levels - 1, alpha=ALPHA)
    sides = np.repeat([1, -1], levels // 2) * change / levels
    pooled = np.full(levels, 1 / levels)
    before, after = pooled - 2 * sides * m / (n + m), pooled + 2 * sides * n / (n + m)
    found = [
        chi_square(draw.multinomial(n, before), draw.multinomial(m, after)).p_value <= ALPHA
        for _ in range(600)
    ]
    assert 0.74 <= np.mean(found) <= 0.86


@pytest.mark.parametrize("p", [0, 0.01, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("n, m", [(1000, 1000), (100_000, 200), (200, 100_000)])
def test_the_change_of_a_share_is_found(p: float, n: int, m: int) -> None:
    draw = np.random.default_rng(14)
    change = proportions_detectable(p, n=n, m=m, alpha=ALPHA)
    after = p + change if p <= 0.5 else p - change

    @cache
    def significant(k1: int, k2: int) -> bool:
        return two_proportions(k1, n, k2=k2, n2=m).p_value <= ALPHA

    seen = zip(draw.binomial(n, p, 600).tolist(), draw.binomial(m, after, 600).tolist(), strict=True)
    assert np.mean([significant(k1, k2) for k1, k2 in seen]) >= 0.75


@given(rows, rows, st.integers(1, 10_000), st.floats(1e-9, 0.5))
def test_levels_reach_the_power_in_scipys_distribution(n: int, m: int, df: int, alpha: float) -> None:
    change = levels_detectable(n, m, df=df, alpha=alpha)
    if math.isinf(change):
        return
    noncentrality = 4 * change**2 / (1 / n + 1 / m)
    power = stats.ncx2.sf(stats.chi2.isf(alpha, df), df, noncentrality)
    assert power == pytest.approx(0.8, abs=1e-6)


@given(rows, rows, st.floats(1e-6, 0.5))
def test_a_change_is_a_share_or_cannot_be_seen(n: int, m: int, alpha: float) -> None:
    for change in (
        ks_detectable(n, m, alpha=alpha),
        levels_detectable(n, m, df=3, alpha=alpha),
        proportions_detectable(0.2, n=n, m=m, alpha=alpha),
    ):
        assert 0 < change <= 1 or math.isinf(change)


SEEN_AT: list[Callable[[int], float]] = [
    lambda n: ks_detectable(n, n, alpha=ALPHA),
    lambda n: levels_detectable(n, n, df=4, alpha=ALPHA),
    lambda n: proportions_detectable(0.1, n=n, m=n, alpha=ALPHA),
]


@pytest.mark.parametrize("seen_at", SEEN_AT, ids=["number", "levels", "share"])
def test_more_rows_see_smaller_changes(seen_at: Callable[[int], float]) -> None:
    seen = [seen_at(n) for n in (2, 50, 500, 5000, 50_000)]
    assert seen[0] == math.inf
    assert seen == sorted(seen, reverse=True)
    assert seen[-1] < 0.02


@given(st.floats(0, 1), st.integers(1, 10**5), st.integers(1, 10**5))
def test_a_share_and_its_complement_are_seen_alike(p: float, n: int, m: int) -> None:
    first = proportions_detectable(p, n=n, m=m, alpha=ALPHA)
    assert proportions_detectable(1 - p, n=n, m=m, alpha=ALPHA) == pytest.approx(first, rel=1e-6)


def test_two_levels_are_seen_like_a_share_at_one_half() -> None:
    levels = levels_detectable(10_000, 10_000, df=1, alpha=ALPHA)
    assert levels == pytest.approx(proportions_detectable(0.5, n=10_000, m=10_000, alpha=ALPHA), rel=0.01)


def test_no_degrees_of_freedom_show_nothing() -> None:
    assert levels_detectable(10**6, 10**6, df=0, alpha=ALPHA) == math.inf


@pytest.mark.parametrize("alpha, power", [(0, 0.8), (1, 0.8), (0.05, 0), (0.05, 1), (math.nan, 0.8)])
def test_impossible_levels_are_refused(alpha: float, power: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        ks_detectable(10, 10, alpha=alpha, power=power)
    with pytest.raises(ValueError, match="between 0 and 1"):
        levels_detectable(10, 10, df=2, alpha=alpha, power=power)
    with pytest.raises(ValueError, match="between 0 and 1"):
        proportions_detectable(0.5, n=10, m=10, alpha=alpha, power=power)


@pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
def test_impossible_shares_are_refused(p: float) -> None:
    with pytest.raises(ValueError, match="share"):
        proportions_detectable(p, n=10, m=10, alpha=ALPHA)


def test_samples_without_rows_are_undefined() -> None:
    with pytest.raises(Undefined, match="no rows"):
        ks_detectable(0, 10, alpha=ALPHA)
    with pytest.raises(Undefined, match="no rows"):
        levels_detectable(10, 0, df=1, alpha=ALPHA)
    with pytest.raises(Undefined, match="no rows"):
        proportions_detectable(0.5, n=0, m=10, alpha=ALPHA)
