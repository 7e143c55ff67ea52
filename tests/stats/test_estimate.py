"""An estimate is finite or it is not made."""

import math

import numpy as np
import pytest

from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate, mean_estimate
from mlval.stats.intervals import mean_interval


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_value_that_is_not_finite_is_undefined(value: float) -> None:
    with pytest.raises(Undefined):
        Estimate(value=value, n=3)
    with pytest.raises(Undefined):
        Estimate(value=0.5, n=3, interval=(0.0, value))


def test_a_mean_carries_its_interval() -> None:
    values = np.array([1.0, 2.0, 6.0, 3.0])
    expected = Estimate(value=3.0, n=4, interval=mean_interval(values, 0.8))
    assert mean_estimate(values, confidence=0.8) == expected


def test_a_loss_is_not_below_zero() -> None:
    low, _ = mean_estimate(np.array([0.0, 0.0, 1.0]), confidence=0.95).interval or (None, None)
    assert low == 0


@pytest.mark.parametrize("values", [[0.5], [0.25, 0.25]])
def test_without_spread_the_value_stands_alone(values: list[float]) -> None:
    estimate = mean_estimate(np.array(values), confidence=0.95)
    assert estimate.value == values[0]
    assert estimate.interval is None


def test_undefined_is_a_value_error() -> None:
    assert issubclass(Undefined, ValueError)
