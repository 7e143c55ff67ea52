"""Adjusted p-values: scipy's Benjamini-Hochberg, Holm by its definition."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.multiplicity import benjamini_hochberg, holm

p_values = st.lists(st.floats(0, 1), min_size=1, max_size=30)


@given(p_values)
def test_benjamini_hochberg_is_scipys(p: list[float]) -> None:
    assert benjamini_hochberg(p) == pytest.approx(stats.false_discovery_control(p).tolist(), rel=1e-12)


@given(p_values, st.floats(0, 1))
def test_holm_rejects_what_stepping_down_rejects(p: list[float], alpha: float) -> None:
    adjusted = holm(p)
    rejected = True
    for place, index in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        level = p[index] * (len(p) - place)
        rejected = rejected and level <= alpha
        assert (adjusted[index] <= alpha) == (rejected or alpha >= 1)


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
@given(p=p_values)
def test_adjusted_values_are_bounded_below_by_their_own(adjust: type, p: list[float]) -> None:
    assert all(own <= adjusted <= 1 for own, adjusted in zip(p, adjust(p), strict=True))


@given(p_values)
def test_holm_is_never_below_benjamini_hochberg(p: list[float]) -> None:
    assert all(bh <= h * (1 + 1e-12) for bh, h in zip(benjamini_hochberg(p), holm(p), strict=True))


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
@pytest.mark.parametrize("bad", [math.nan, -0.01, 1.01, math.inf])
def test_what_is_no_p_value_is_refused(adjust: type, bad: float) -> None:
    with pytest.raises(Undefined, match="p-value"):
        adjust([0.5, bad])


@pytest.mark.parametrize("adjust", [benjamini_hochberg, holm])
def test_one_test_needs_no_adjustment_and_none_gives_none(adjust: type) -> None:
    assert adjust([0.03]) == (0.03,)
    assert adjust([]) == ()


def test_false_alarms_stay_below_the_level() -> None:
    drawn = np.random.default_rng(15).uniform(size=(2000, 20))
    for adjust in (benjamini_hochberg, holm):
        alarms = np.mean([min(adjust(row.tolist())) <= 0.05 for row in drawn])
        assert 0.035 <= alarms <= 0.065
