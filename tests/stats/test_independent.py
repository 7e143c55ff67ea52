"""Differences and ratios of independent estimates: by definition, by worked numbers, by coverage."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.errors import Undefined
from mlval.stats.independent import Interval, difference, ratio

value = st.floats(0.01, 100)
share = st.floats(0.01, 0.99)
stretch = st.floats(1.01, 4)


def root(low: float, high: float, *, first: tuple[float, float], second: tuple[float, float]) -> float:
    """Bisect for the c at which first − c·second, given by value and end, ends at zero."""

    def end(c: float) -> float:
        return (
            (first[0] - c * second[0]) ** 2 - (first[0] - first[1]) ** 2 - (c * (second[1] - second[0])) ** 2
        )

    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if end(low) * end(middle) > 0 else (low, middle)
    return (low + high) / 2


@given(w=value, b=value, down=share, up=stretch, other_down=share, other_up=stretch)
def test_the_ends_of_a_ratio_are_where_the_difference_ends_at_zero(
    w: float, b: float, down: float, up: float, other_down: float, other_up: float
) -> None:
    found = ratio(w, b, intervals=((w * down, w * up), (b * other_down, b * other_up)))
    assert found.value == pytest.approx(w / b)
    assert found.interval is not None
    low, high = found.interval
    assert low == pytest.approx(root(0, w / b, first=(w, w * down), second=(b, b * other_up)), rel=1e-6)
    far = 10 * up * w / (b * other_down)
    assert high == pytest.approx(root(w / b, far, first=(w, w * up), second=(b, b * other_down)), rel=1e-6)


def test_newcombes_difference_of_proportions() -> None:
    """Newcombe (1998), table II, method 10: 56/70 − 48/80 has the interval 0.0524 to 0.3339."""
    wilson = (0.6918, 0.8768), (0.4904, 0.7003)
    found = difference(56 / 70, 48 / 80, intervals=wilson)
    assert found.interval == pytest.approx((0.0524, 0.3339), abs=2e-3)


def test_a_sure_reference_only_scales() -> None:
    assert ratio(3.0, 2.0, intervals=((2.0, 5.0), (2.0, 2.0))).interval == pytest.approx((1.0, 2.5))
    assert difference(3.0, 2.0, intervals=((2.0, 5.0), (2.0, 2.0))).interval == pytest.approx((0.0, 3.0))


def test_a_ratio_of_what_may_be_nothing_has_no_upper_end() -> None:
    assert ratio(1.0, 1.0, intervals=((0.5, 1.5), (0.0, 2.0))).interval is None
    assert ratio(0.0, 1.0, intervals=((0.0, 0.5), (0.5, 2.0))).interval == pytest.approx(
        (0.0, 2 / 3), rel=0.6
    )


@pytest.mark.parametrize("intervals", [(None, (1.0, 3.0)), ((1.0, 3.0), None), (None, None)])
def test_without_both_intervals_there_is_none(
    intervals: tuple[Interval | None, Interval | None],
) -> None:
    assert difference(2.0, 2.0, intervals=intervals).interval is None
    assert ratio(2.0, 2.0, intervals=intervals).interval is None


@pytest.mark.parametrize("first, second", [(math.nan, 1.0), (1.0, math.inf)])
def test_what_is_not_finite_is_refused(first: float, second: float) -> None:
    for compare in (difference, ratio):
        with pytest.raises(Undefined):
            compare(first, second, intervals=(None, None))


@pytest.mark.parametrize("first, second", [(1.0, 0.0), (1.0, -1.0), (-1.0, 1.0), (1e300, 1e-300)])
def test_a_ratio_needs_something_to_compare_with(first: float, second: float) -> None:
    with pytest.raises(Undefined):
        ratio(first, second, intervals=(None, None))


def test_intervals_hold_the_truth_as_often_as_promised() -> None:
    random, inside = np.random.default_rng(5), np.zeros(2)
    for _ in range(2000):
        means = []
        for scale, n in ((1.5, 200), (1.0, 800)):
            drawn = random.exponential(scale, n)
            reach = 1.96 * drawn.std() / math.sqrt(n)
            means.append((drawn.mean(), (drawn.mean() - reach, drawn.mean() + reach)))
        (first, own), (second, other) = means
        for place, (compare, truth) in enumerate(((difference, 0.5), (ratio, 1.5))):
            low, high = compare(first, second, intervals=(own, other)).interval or (math.nan, math.nan)
            inside[place] += low <= truth <= high
    assert inside / 2000 == pytest.approx([0.95, 0.95], abs=0.02)
