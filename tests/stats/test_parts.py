"""The share of a class and its F1 have one interval, on two scales."""

import math

import pytest

from mlval.stats.intervals import wilson
from mlval.stats.parts import Part


def test_without_trials_nothing_is_known() -> None:
    assert Part(successes=0, trials=0).value == 0
    assert Part(successes=0, trials=0, f1=True).interval(0.95) == (0, 1)


def test_a_share_has_wilsons_interval() -> None:
    part = Part(successes=3, trials=4)
    assert part.value == 0.75
    assert part.interval(0.9) == wilson(3, 4, confidence=0.9)


@pytest.mark.parametrize("right, wrong", [(0, 5), (3, 0), (30, 12)])
def test_f1_lies_within_its_interval(right: int, wrong: int) -> None:
    part = Part(successes=right, trials=right + wrong, f1=True)
    low, high = part.interval(0.95)
    assert part.value == 2 * right / (2 * right + wrong)
    assert low <= part.value <= high
    assert low < high


def test_f1_agrees_with_the_delta_method_where_rows_are_many() -> None:
    right, wrong = 60_000, 30_000
    part = Part(successes=right, trials=right + wrong, f1=True)
    share = right / (right + wrong)
    slope = 2 / (1 + share) ** 2
    half = 1.959964 * slope * math.sqrt(share * (1 - share) / (right + wrong))
    assert part.interval(0.95) == pytest.approx((part.value - half, part.value + half), abs=1e-5)
