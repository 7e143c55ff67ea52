"""The search for segments, against one that tries every segment by loops; and its two tests."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from mlval.stats.errors import Undefined
from mlval.stats.excess_loss import mean_p_value, share_p_value
from mlval.stats.segment_search import Condition, Feature, Segment, members, weakest


def conditions(place: int, feature: Feature) -> list[Condition]:
    """Return single cells, and of ordered ones runs that are not all of them."""
    last = feature.cells - 1
    runs = [(cell, cell) for cell in range(feature.cells)]
    if feature.ordered:
        runs = [(a, b) for a in range(last) for b in range(a, last) if (a, b) != (0, last - 1)]
        runs.append((last, last))
    return [Condition(place, a, b) for a, b in runs]


def naive(features: Sequence[Feature], excess: np.ndarray, least: int) -> float:
    """Return the best score of any segment."""
    every = [[(one,) for one in conditions(place, feature)] for place, feature in enumerate(features)]
    segments: list[Segment] = [one for some in every for one in some]
    segments += [(*a, *b) for one, other in combinations(every, 2) for a in one for b in other]
    scores = [0.0]
    for segment in segments:
        inside = excess[members(features, segment)]
        if len(inside) >= least:
            scores.append(inside.sum() / len(inside) ** 0.5)
    return max(scores)


@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
@settings(max_examples=60, deadline=None)
def test_no_segment_is_worse_than_the_one_found(seed: int, least: int) -> None:
    draw = np.random.default_rng(seed)
    features = [
        Feature(draw.integers(cells, size=60), cells, ordered=ordered)
        for cells, ordered in ((4, False), (5, True), (2, False), (2, True))
    ]
    excess = np.round(draw.normal(-0.2, 1, 60), 3)
    found = weakest(features, excess, min_rows=least, most=1)
    score = 0.0
    if found:
        inside = excess[members(features, found[0])]
        assert len(inside) >= least
        score = inside.sum() / len(inside) ** 0.5
    assert score == pytest.approx(naive(features, excess, least), abs=1e-6)


def test_rows_of_a_segment_do_not_make_another() -> None:
    feature = Feature(np.repeat(np.arange(4), 10), 5, ordered=False)
    excess = np.repeat([2.0, 1.0, -1.0, -1.0], 10)
    found = weakest([feature], excess, min_rows=5, most=5)
    assert found == ((Condition(0, 0, 0),), (Condition(0, 1, 1),))


def test_one_condition_is_preferred_to_two() -> None:
    same = np.repeat([0, 1], 20)
    features = [Feature(same, 3, ordered=False), Feature(same, 3, ordered=False)]
    (found,) = weakest(features, np.where(same == 0, 1.0, -1.0), min_rows=5, most=1)
    assert found == (Condition(0, 0, 0),)


def test_where_nothing_is_too_bad_nothing_is_found() -> None:
    feature = Feature(np.repeat([0, 1], 20), 3, ordered=False)
    assert weakest([feature], np.full(40, -0.1), min_rows=5, most=5) == ()


@pytest.mark.parametrize("losses, rows, allowed", [(0, 10, 0.1), (3, 40, 0.01), (90, 300, 0.25)])
def test_the_test_of_shares_is_the_binomial_one(losses: int, rows: int, allowed: float) -> None:
    expected = stats.binomtest(losses, rows, allowed, alternative="greater").pvalue
    assert share_p_value(losses, rows, allowed=allowed) == pytest.approx(expected, abs=1e-12)


def test_the_test_of_means_is_that_of_student() -> None:
    losses = np.random.default_rng(1).exponential(size=80)
    expected = stats.ttest_1samp(losses, 0.9, alternative="greater").pvalue
    assert mean_p_value(losses, allowed=0.9) == pytest.approx(expected, abs=1e-12)


def test_nothing_is_beyond_certainty() -> None:
    assert share_p_value(10, 10, allowed=1.2) == 1
    assert mean_p_value(np.ones(5), allowed=0.5) == 0
    assert mean_p_value(np.ones(5), allowed=1.0) == 1


@pytest.mark.parametrize("losses, rows, allowed", [(1, 0, 0.1), (3, 2, 0.1), (1, 2, float("nan"))])
def test_what_is_no_share_is_undefined(losses: int, rows: int, allowed: float) -> None:
    with pytest.raises(Undefined):
        share_p_value(losses, rows, allowed=allowed)


@pytest.mark.parametrize("losses", [np.array([1.0]), np.array([1.0, np.nan])])
def test_what_has_no_mean_is_undefined(losses: np.ndarray) -> None:
    with pytest.raises(Undefined):
        mean_p_value(losses, allowed=0.5)
