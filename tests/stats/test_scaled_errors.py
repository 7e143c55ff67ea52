"""Errors of predicted numbers are scikit-learn's, and undefined where it divides by next to nothing."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats import scaled_errors as ours
from mlval.stats.errors import Undefined
from mlval.stats.last_values import last_values
from mlval.stats.row_mean import row_mean

NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))
ROWS = st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=40)
PAIRS: list[tuple[Callable[..., Any], Callable[..., Any]]] = [
    (ours.mse, metrics.mean_squared_error),
    (ours.median_absolute_error, metrics.median_absolute_error),
    (ours.max_error, metrics.max_error),
]


@pytest.mark.parametrize("metric, oracle", PAIRS)
@given(rows=ROWS)
def test_errors_are_scikit_learns(metric: Any, oracle: Any, rows: list[tuple[float, float]]) -> None:  # noqa: ANN401
    truth, prediction = np.array(rows).T
    found = metric(truth, prediction)
    assert found.value == pytest.approx(oracle(truth, prediction), rel=1e-9, abs=1e-12)
    if found.interval:
        assert found.interval[0] <= found.value <= found.interval[1]


@given(ROWS)
def test_relative_errors_are_scikit_learns_or_undefined(rows: list[tuple[float, float]]) -> None:
    truth, prediction = np.array(rows).T
    if (truth == 0).any():
        with pytest.raises(Undefined, match="are zero"):
            ours.mape(truth, prediction)
        return
    expected = metrics.mean_absolute_percentage_error(truth, prediction)
    assert ours.mape(truth, prediction).value == pytest.approx(expected, rel=1e-9)


@given(ROWS)
def test_explained_variance_is_scikit_learns_or_undefined(rows: list[tuple[float, float]]) -> None:
    truth, prediction = np.array(rows).T
    if truth.min() == truth.max():
        with pytest.raises(Undefined, match="constant"):
            ours.explained_variance(truth, prediction)
        return
    expected = metrics.explained_variance_score(truth, prediction)
    assert ours.explained_variance(truth, prediction).value == pytest.approx(expected, rel=1e-6, abs=1e-9)


@given(ROWS, st.sampled_from([0.05, 0.5, 0.9]))
def test_pinball_is_scikit_learns(rows: list[tuple[float, float]], quantile: float) -> None:
    truth, prediction = np.array(rows).T
    expected = metrics.mean_pinball_loss(truth, prediction, alpha=quantile)
    assert ours.pinball(truth, prediction, quantile=quantile).value == pytest.approx(
        expected, rel=1e-9, abs=1e-12
    )


@given(st.lists(st.tuples(st.floats(-0.9, 1e6), st.floats(-0.9, 1e6)), min_size=1, max_size=40))
def test_logarithmic_errors_are_scikit_learns(rows: list[tuple[float, float]]) -> None:
    truth, prediction = np.array(rows).T
    expected = metrics.mean_squared_log_error(truth, prediction)
    assert ours.msle(truth, prediction).value == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_there_is_no_logarithm_at_minus_one() -> None:
    with pytest.raises(Undefined, match="1 of 2 predictions are −1 or below"):
        ours.msle(np.array([1.0, 2.0]), np.array([1.0, -1.0]))


def test_squares_beyond_all_floats_are_undefined() -> None:
    with pytest.raises(Undefined, match="too large"):
        ours.mse(np.array([1e200]), np.array([0.0]))


def test_a_row_without_a_value_is_undefined() -> None:
    with pytest.raises(Undefined, match="1 of 2 rows have no value"):
        row_mean(np.array([1.0, np.nan]))


@given(st.lists(st.tuples(NUMBERS, st.integers(0, 4), st.integers(0, 2)), min_size=1, max_size=30))
def test_the_last_value_is_the_mean_at_the_latest_earlier_time(rows: list[tuple[float, int, int]]) -> None:
    values, times, groups = (np.array(column, dtype=np.float64) for column in zip(*rows, strict=True))
    found = last_values(values, times, groups)
    for index, (_, time, group) in enumerate(rows):
        earlier = [(one, value) for value, one, other in rows if other == group and one < time]
        if not earlier:
            assert np.isnan(found[index])
            continue
        latest = max(one for one, _ in earlier)
        expected = np.mean([value for one, value in earlier if one == latest])
        assert found[index] == pytest.approx(expected, rel=1e-9, abs=1e-9)
