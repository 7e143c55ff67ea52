"""Prediction limits are those of scipy, and hold on new data as often as they say."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.prediction import most, most_unseen, share_above

ROWS = st.integers(1, 3000)
ALPHAS = st.floats(1e-8, 0.4)
REPEATS = 4000


@given(ROWS, st.integers(0, 3000), st.floats(0, 1), ALPHAS, st.integers(0, 2))
def test_it_is_the_smallest_number_that_scipy_knows(
    rows: int, new: int, share: float, alpha: float, ends: int
) -> None:
    count = round(share**4 * rows)
    found = most(count, rows, new=new, alpha=alpha, ends=ends)
    a = count + max(1, ends)
    if a > rows:
        assert found == new
        return
    oracle = stats.betabinom(new, a, rows - a + 1)
    assert 0 <= found <= new
    assert oracle.sf(found) <= alpha * (1 + 1e-6)
    # Below the mean the limit is not sought, since no chance worth asking for is that large.
    assert found <= oracle.mean() or oracle.sf(found - 1) > alpha * (1 - 1e-6)


@given(st.integers(1, 500), st.integers(0, 500), st.floats(0, 1), ALPHAS)
def test_more_of_a_property_allows_more_of_it(rows: int, new: int, share: float, alpha: float) -> None:
    count = round(share * (rows - 1))
    assert most(count, rows, new=new, alpha=alpha) <= most(count + 1, rows, new=new, alpha=alpha)


def test_nothing_seen_is_the_rule_of_thirteen_at_one_in_ten_thousand() -> None:
    # In as many new rows, k or more come after none with a chance of 2 to the power of -k.
    assert most(0, 10**6, new=10**6, alpha=2.0**-13) == 13 - 1


def test_millions_of_rows_are_no_matter() -> None:
    found = most(2_000_000, 3_000_000, new=1_500_000, alpha=1e-4)
    assert found / 1_500_000 == pytest.approx(2 / 3, abs=0.003)


@pytest.mark.parametrize("share", [0.0005, 0.01, 0.3])
@pytest.mark.parametrize("alpha", [0.1, 0.01])
def test_a_share_of_new_rows_stays_within(share: float, alpha: float) -> None:
    random = np.random.default_rng(1)
    before, after = random.binomial(1000, share, (2, REPEATS))
    limits = {count: most(count, 1000, new=1000, alpha=alpha) for count in np.unique(before).tolist()}
    beyond = np.mean([now > limits[then] for then, now in zip(before.tolist(), after.tolist(), strict=True)])
    assert beyond <= alpha + 3 * np.sqrt(alpha / REPEATS)


@pytest.mark.parametrize("ends", [1, 2])
@pytest.mark.parametrize("law", ["standard_normal", "standard_cauchy", "exponential"])
def test_rows_beyond_observed_extremes_stay_within(law: str, ends: int) -> None:
    random = np.random.default_rng(2)
    before, after = (getattr(random, law)(size=(REPEATS, 200)) for _ in range(2))
    outside = after > before.max(axis=1, keepdims=True)
    if ends == 2:
        outside |= after < before.min(axis=1, keepdims=True)
    limit = most(0, 200, new=200, alpha=0.05, ends=ends)
    assert np.mean(outside.sum(axis=1) > limit) <= 0.05 + 3 * np.sqrt(0.05 / REPEATS)


@pytest.mark.parametrize("steepness", [0.0, 1.0, 2.0, 4.0])
@pytest.mark.parametrize("levels", [5, 50, 300])
@pytest.mark.parametrize("rarest", [1, 2])
def test_rows_outside_of_a_set_stay_within(levels: int, steepness: float, rarest: int) -> None:
    random = np.random.default_rng(3)
    shares = np.arange(1, levels + 1) ** -steepness
    shares /= shares.sum()
    beyond = 0
    for _ in range(1000):
        before, after = random.multinomial(500, shares, 2)
        limit = most_unseen(before[before > 0].tolist(), new=500, alpha=0.01, rarest=rarest)
        beyond += int(after[before < rarest].sum()) > limit
    assert beyond / 1000 <= 0.01 + 3 * np.sqrt(0.01 / 1000)


def test_no_rows_say_nothing() -> None:
    with pytest.raises(Undefined, match="no rows"):
        most(0, 0, new=10, alpha=0.01)


@pytest.mark.parametrize(
    "wrong", [{"count": -1}, {"count": 11}, {"new": -1}, {"ends": 3}, {"alpha": 0.0}, {"alpha": 1.0}]
)
def test_impossible_questions_are_refused(wrong: dict[str, float]) -> None:
    asked = {"count": 1, "new": 10, "alpha": 0.01, "ends": 0} | wrong
    with pytest.raises(ValueError, match=r"rows|alpha"):
        most(int(asked["count"]), 10, new=int(asked["new"]), alpha=asked["alpha"], ends=int(asked["ends"]))


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_a_share_is_rounded_up_by_less_than_a_tenth(count: int, rows: int) -> None:
    count = min(count, rows)
    rounded = share_above(count, rows)
    assert count / rows * (1 - 1e-9) <= rounded <= min(1, count / rows * 1.1 + 1e-12)
