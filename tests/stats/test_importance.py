"""Shares, ranks and moved mass of importances, against scipy's and by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import spearmanr

from mlval.stats.errors import Undefined
from mlval.stats.importance import moved_mass, rank_correlation, shares

PAIRS = st.lists(st.tuples(st.integers(-3, 9), st.integers(-3, 9)), min_size=2, max_size=30)


@given(PAIRS)
def test_rank_correlation_is_scipys(pairs: list[tuple[int, int]]) -> None:
    first, second = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    if len(set(first)) == 1 or len(set(second)) == 1:
        with pytest.raises(Undefined):
            rank_correlation(first, second)
        return
    assert rank_correlation(first, second) == pytest.approx(spearmanr(first, second).statistic, abs=1e-9)


@given(st.lists(st.floats(-1, 1), min_size=1, max_size=20))
def test_shares_are_of_one(values: list[float]) -> None:
    if max(values) <= 0:
        with pytest.raises(Undefined):
            shares(np.array(values))
        return
    found = shares(np.array(values))
    assert found.sum() == pytest.approx(1)
    assert (found >= 0).all()


@pytest.mark.parametrize("values", [[], [np.nan, 1.0], [np.inf, 1.0], [0.0, -1.0]])
def test_what_has_no_shares(values: list[float]) -> None:
    with pytest.raises(Undefined):
        shares(np.array(values))


def test_two_top_features_that_change_places_move_what_they_differ_by() -> None:
    first = np.array([0.4, 0.3, 0.15, 0.1, 0.05])
    assert moved_mass(first, first[[1, 0, 2, 3, 4]]) == pytest.approx(0.1)
    assert moved_mass(first, first) == 0
