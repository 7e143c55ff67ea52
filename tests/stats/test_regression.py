"""MAE, RMSE and R2 are scikit-learn's, hold for tiny and huge numbers, and do not see the order of rows."""

import math
from collections.abc import Callable
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.regression import mae, r2, rmse

Metric = Callable[..., Estimate]
Oracle = Callable[..., float]
METRICS: list[tuple[Metric, Oracle]] = [
    (mae, metrics.mean_absolute_error),
    (rmse, metrics.root_mean_squared_error),
    (r2, metrics.r2_score),
]
ALL = [mae, rmse, r2]
Pairs = list[tuple[float, float]]
numbers = st.floats(-1e6, 1e6).map(lambda number: round(number, 3))
varied = st.lists(st.tuples(numbers, numbers), min_size=2, max_size=40).filter(
    lambda pairs: len({truth for truth, _ in pairs}) > 1
)


@pytest.mark.parametrize("ours, theirs", METRICS)
@given(pairs=varied)
def test_values_are_scikit_learns(ours: Metric, theirs: Oracle, pairs: Pairs) -> None:
    truth, prediction = np.array(pairs).T
    assert ours(truth, prediction).value == pytest.approx(theirs(truth, prediction), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("metric", ALL)
@given(pairs=varied, random=st.randoms())
def test_order_does_not_matter_in_any_bit(metric: Metric, pairs: Pairs, random: Random) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert metric(*np.array(pairs).T) == metric(*np.array(shuffled).T)


@pytest.mark.parametrize("metric", ALL)
@given(pairs=varied)
def test_the_interval_holds_the_value_and_its_range(metric: Metric, pairs: Pairs) -> None:
    estimate = metric(*np.array(pairs).T)
    if estimate.interval is None:
        return
    low, high = estimate.interval
    assert low <= estimate.value <= high
    assert high <= 1 if metric is r2 else low >= 0


@pytest.mark.parametrize("unit", [1e-300, 1e-160, 1e160, 1e300])
def test_the_unit_does_not_matter(unit: float) -> None:
    truth, prediction = np.array([1.0, 2.0, 4.0, 3.0]), np.array([1.5, 2.0, 3.0, 3.5])
    assert mae(truth * unit, prediction * unit).value == pytest.approx(0.5 * unit)
    assert rmse(truth * unit, prediction * unit).value == pytest.approx(math.sqrt(1.5 / 4) * unit)
    assert r2(truth * unit, prediction * unit).value == pytest.approx(0.7)


@pytest.mark.parametrize("truth", [[0.1, 0.1, 0.1], [2.0]])
def test_a_constant_truth_has_no_r2(truth: list[float]) -> None:
    with pytest.raises(Undefined, match="constant"):
        r2(np.array(truth), np.zeros(len(truth)))


def test_perfect_predictions_have_a_value_and_no_interval() -> None:
    truth = np.array([1.0, 2.0, 3.0])
    assert [metric(truth, truth) for metric in ALL] == [
        Estimate(value=0.0, n=3),
        Estimate(value=0.0, n=3),
        Estimate(value=1.0, n=3),
    ]


@pytest.mark.parametrize("metric", ALL)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_what_is_not_finite_is_undefined(metric: Metric, bad: float) -> None:
    good = np.array([1.0, 2.0])
    with pytest.raises(Undefined, match="1 of 2 true values"):
        metric(np.array([1.0, bad]), good)
    with pytest.raises(Undefined, match="1 of 2 predictions"):
        metric(good, np.array([1.0, bad]))


@pytest.mark.parametrize("metric", ALL)
def test_no_rows_and_errors_out_of_range_are_undefined(metric: Metric) -> None:
    with pytest.raises(Undefined, match="no rows"):
        metric(np.array([]), np.array([]))
    with pytest.raises(Undefined, match="too large"):
        metric(np.array([1.7e308, 0.0]), np.array([-1.7e308, 0.0]))


def test_an_r2_out_of_range_is_undefined() -> None:
    with pytest.raises(Undefined):
        r2(np.array([0.0, 1e-200]), np.array([1e200, 0.0]))


@pytest.mark.parametrize("metric, truth", [(mae, math.sqrt(2 / math.pi) / 2), (rmse, 0.5), (r2, 0.8)])
def test_intervals_cover_as_often_as_they_say(metric: Metric, truth: float) -> None:
    draw = np.random.default_rng(8)
    covered = 0
    for _ in range(300):
        known = draw.normal(size=400)
        interval = metric(known + draw.normal(size=400) / 2, known, confidence=0.9).interval
        assert interval is not None
        covered += interval[0] <= truth <= interval[1]
    assert 0.85 <= covered / 300 <= 0.95
