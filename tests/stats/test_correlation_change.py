"""Correlation change: ranks as scipy has them, the planted pair, a null that holds, what is not tested."""

import math

import numpy as np
import pytest
from scipy.stats import rankdata

from mlval.stats._comoments import central_moments
from mlval.stats._trees import Codes
from mlval.stats.arrays import FloatArray
from mlval.stats.correlation_change import correlation_change
from mlval.stats.errors import Undefined


def normals(seed: int, rows: int, *, columns: int = 5, rho: float = 0.0) -> Codes:
    """Return 20 bins of normals; the last two columns correlate."""
    draw = np.random.default_rng(seed).normal(size=(rows, columns))
    draw[:, -1] = rho * draw[:, -2] + math.sqrt(1 - rho**2) * draw[:, -1]
    return np.searchsorted(np.linspace(-2, 2, 19), draw).astype(np.uint8)


def pearson(x: FloatArray, y: FloatArray) -> float:
    first, second = x - x.mean(), y - y.mean()
    return float(first @ second / np.sqrt(first @ first * (second @ second)))


def test_the_planted_pair_is_named_with_its_rank_correlations() -> None:
    here, there = normals(1, 900, rho=0.1), normals(2, 600, rho=0.5)
    found = correlation_change(here, there)
    assert (found.first, found.second, found.pairs, found.of) == (3, 4, 10, 10)
    assert found.p_value < 1e-6
    ranks = rankdata(np.concatenate((here, there)), axis=0)
    assert found.reference == pytest.approx(pearson(ranks[:900, 3], ranks[:900, 4]), abs=1e-12)
    assert found.current == pytest.approx(pearson(ranks[900:, 3], ranks[900:, 4]), abs=1e-12)


def test_rows_without_a_value_do_not_count_for_their_pair() -> None:
    here, there = normals(1, 900) + np.uint8(1), normals(2, 600, rho=0.7) + np.uint8(1)
    here[::3, 3] = 0
    there[:200, 4] = 0
    found = correlation_change(here, there, null=0)
    assert (found.first, found.second) == (3, 4)
    values = np.concatenate((here, there))
    ranks = np.stack(
        [rankdata(np.where(column, column, np.nan), nan_policy="omit") for column in values.T.astype(float)]
    )
    whole = ~np.isnan(ranks[[3, 4]]).any(axis=0)
    before, after = whole & (np.arange(1500) < 900), whole & (np.arange(1500) >= 900)
    assert found.reference == pytest.approx(pearson(ranks[3, before], ranks[4, before]), abs=1e-12)
    assert found.current == pytest.approx(pearson(ranks[3, after], ranks[4, after]), abs=1e-12)


@pytest.mark.parametrize("rho", [0.0, 0.8])
def test_the_null_holds(rho: float) -> None:
    seeds = range(0, 240, 2)
    p_values = [
        correlation_change(normals(seed, 150, rho=rho), normals(seed + 1, 100, rho=rho)).p_value
        for seed in seeds
    ]
    assert np.mean(np.array(p_values) <= 0.1) <= 0.17
    assert np.mean(np.array(p_values) <= 0.02) <= 0.06


def test_the_null_holds_where_columns_share_their_scale() -> None:
    p_values = []
    for seed in range(100):
        draw = np.random.default_rng(seed)
        values = draw.normal(size=(400, 5)) / np.sqrt(draw.gamma(1, 1, size=(400, 1)))
        codes = np.searchsorted(np.linspace(-3, 3, 30), values).astype(np.uint8)
        p_values.append(correlation_change(codes[:200], codes[200:]).p_value)
    assert np.mean(np.array(p_values) <= 0.1) <= 0.18


def test_what_is_detectable_is_detected() -> None:
    limit = correlation_change(normals(1, 400), normals(2, 400)).detectable
    rho = 2 * math.sin(math.pi / 6 * limit)  # the normal correlation of this rank correlation
    found = [correlation_change(normals(s, 400), normals(s + 1, 400, rho=rho)) for s in range(0, 120, 2)]
    assert 0.65 <= np.mean([result.p_value <= 0.02 for result in found]) <= 0.95


def test_of_significant_pairs_the_one_that_changed_most_is_returned() -> None:
    here, there = normals(1, 4000), normals(2, 4000)
    here[:, 1] = here[:, 0]
    there[:, 1] = np.where(np.arange(4000) % 50 == 0, there[:, 1], there[:, 0])
    there[:2000, 3] = there[:2000, 2]
    assert correlation_change(here[:, :2], there[:, :2]).p_value < 1e-9
    found = correlation_change(here, there)
    assert (found.first, found.second) == (2, 3)


def test_neither_order_of_rows_nor_of_sides_shows() -> None:
    here, there = normals(1, 300), normals(2, 200, rho=0.4)
    found = correlation_change(here, there)
    turned = correlation_change(there[::-1], here[::-1])
    assert (turned.first, turned.second) == (found.first, found.second)
    assert (turned.reference, turned.current) == pytest.approx((found.current, found.reference), abs=1e-12)
    assert turned.p_value == pytest.approx(found.p_value, rel=1e-9)


def test_a_perfect_correlation_that_stayed_is_no_change() -> None:
    here, there = normals(1, 300, columns=2), normals(2, 200, columns=2)
    here[:, 1], there[:, 1] = here[:, 0], there[:, 0]
    found = correlation_change(here, there)
    assert (found.reference, found.current) == pytest.approx((1, 1), abs=1e-12)
    assert found.p_value == 1


def test_pairs_with_too_little_in_them_are_left_out_and_counted() -> None:
    here, there = normals(1, 300), normals(2, 300)
    here[:, 0] = there[:, 0] = 7
    here[5:, 1] = there[5:, 1] = 3
    found = correlation_change(here, there)
    assert (found.pairs, found.of) == (3, 10)
    assert found.first >= 2


def test_few_rows_show_nothing() -> None:
    assert 0.6 < correlation_change(normals(1, 50), normals(2, 50)).detectable < 1
    assert correlation_change(normals(1, 50), normals(2, 50), alpha=1e-6).detectable > 0.8


def test_moments_are_those_of_plain_sums() -> None:
    draw = np.random.default_rng(1)
    there = (draw.random((30, 3)) < 0.8).astype(np.float64)
    values = draw.uniform(-1, 1, size=(30, 3)) * there
    rows, found = central_moments(values, there)
    for a in range(3):
        for b in range(3):
            both = (there[:, a] * there[:, b]) == 1
            x, y = values[both, a] - values[both, a].mean(), values[both, b] - values[both, b].mean()
            assert rows[a, b] == both.sum()
            for (i, j), moment in found.items():
                assert moment[a, b] == pytest.approx(np.mean(x**i * y**j), abs=1e-14)


@pytest.mark.parametrize(
    "here, there",
    [
        (normals(1, 40), normals(2, 400)),
        (normals(1, 300)[:, :1], normals(2, 300)[:, :1]),
        (normals(1, 0),) * 2,
    ],
)
def test_where_no_pair_can_be_tested_it_is_undefined(here: Codes, there: Codes) -> None:
    with pytest.raises(Undefined, match="no two columns"):
        correlation_change(here, there)


@pytest.mark.parametrize(
    "there",
    [
        normals(1, 300)[:, 0],
        normals(1, 300)[:, :4],
        normals(1, 300) + np.uint8(60),
        normals(1, 300).astype(np.int64),
    ],
)
def test_what_does_not_fit_is_refused(there: Codes) -> None:
    with pytest.raises(ValueError, match=r"must be|against"):
        correlation_change(normals(1, 300), there)
