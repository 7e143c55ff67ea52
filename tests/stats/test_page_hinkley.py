"""Page-Hinkley is the textbook's loop, in units of the standard deviation."""

import math

import numpy as np
import pytest

from mlval.stats.deviations import deviations
from mlval.stats.excursion import excursions
from mlval.stats.page_hinkley import DELTA, page_hinkley_scores


def test_the_statistic_is_that_of_a_loop() -> None:
    values = np.random.default_rng(1).normal(10, 3, size=80)
    found = excursions(page_hinkley_scores(deviations(values)), slack=DELTA)
    up = lowest = down = highest = 0.0
    for place in range(2, 80):
        before = values[:place]
        scale = before.std(ddof=1) * math.sqrt((place + 1) / place)
        distance = (values[place] - before.mean()) / scale
        up, down = up + distance - DELTA, down + distance + DELTA
        lowest, highest = min(lowest, up), max(highest, down)
        assert found.up[place] == pytest.approx(up - lowest, abs=1e-9)
        assert found.down[place] == pytest.approx(highest - down, abs=1e-9)


def test_equal_values_score_nothing() -> None:
    found = page_hinkley_scores(deviations(np.full(10, 0.25)))
    assert found[2:].tolist() == [0.0] * 8


def test_after_equal_values_another_is_the_largest_of_all() -> None:
    found = page_hinkley_scores(deviations(np.array([0.9] * 20 + [1.8])))
    assert found[-1] == pytest.approx(1.98, abs=0.01)


def test_scores_are_bounded() -> None:
    found = page_hinkley_scores(deviations(np.array([1.0, 1.0 + 1e-9, 1.0, 1e100])))
    assert found[-1] == 1e6
