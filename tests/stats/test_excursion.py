"""The statistic is that of the recursion, and knows where an excursion began."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.excursion import excursions

scores = st.lists(st.floats(-10, 10), min_size=1, max_size=60)


@given(scores, st.sampled_from([0.0, 0.25, 0.5]))
def test_both_sides_are_those_of_the_recursion(series: list[float], slack: float) -> None:
    found = excursions(np.array(series), slack=slack)
    up = down = 0.0
    for place, score in enumerate(series):
        up, down = max(0.0, up + score - slack), max(0.0, down - score - slack)
        assert found.up[place] == pytest.approx(up, abs=1e-9)
        assert found.down[place] == pytest.approx(down, abs=1e-9)
        assert found.larger[place] == pytest.approx(max(up, down), abs=1e-9)


@given(scores)
def test_turning_the_scores_turns_the_sides(series: list[float]) -> None:
    found, turned = (excursions(sign * np.array(series), slack=0.5) for sign in (1, -1))
    assert found.up.tolist() == turned.down.tolist()


def test_an_excursion_starts_after_the_last_zero() -> None:
    found = excursions(np.array([3.0, -9.0, 1.0, 2.0, 2.0]), slack=0.5)
    assert (found.direction(1), found.start(1)) == ("down", 1)
    assert (found.direction(4), found.start(4)) == ("up", 2)
    assert found.start(0) == 0


def test_what_is_not_known_adds_nothing() -> None:
    found = excursions(np.array([np.nan, 2.0, np.nan, np.nan, 2.0]), slack=0.5)
    assert found.up.tolist() == [0.0, 1.5, 1.5, 1.5, 3.0]


def test_many_series_are_each_on_their_own() -> None:
    rows = np.random.default_rng(1).normal(size=(4, 50))
    together = excursions(rows, slack=0.5)
    for row, up, down in zip(rows, together.up, together.down, strict=True):
        alone = excursions(row, slack=0.5)
        assert (alone.up.tolist(), alone.down.tolist()) == (up.tolist(), down.tolist())
