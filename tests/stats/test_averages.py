"""Means over classes: their formulas agree with simulated tables, and rare classes widen them."""

import numpy as np
import pytest

from mlval.stats.arrays import IntArray
from mlval.stats.averages import average_of, correlation_of_f1, variance_of_weights
from mlval.stats.intervals import wilson
from mlval.stats.parts import Part

CELLS = np.array([[0.55, 0.03, 0.02], [0.05, 0.20, 0.01], [0.01, 0.03, 0.10]])
ROWS = 2000


def tables(number: int) -> IntArray:
    return np.random.default_rng(5).multinomial(ROWS, CELLS.ravel(), size=number).reshape(-1, 3, 3)


def test_correlation_of_f1_is_that_of_simulated_tables() -> None:
    drawn = tables(4000)
    right = np.diagonal(drawn, axis1=1, axis2=2)
    f1 = 2 * right / (drawn.sum(axis=1) + drawn.sum(axis=2))
    expected = correlation_of_f1(np.rint(CELLS * 1_000_000).astype(np.int64))
    assert np.corrcoef(f1.T) == pytest.approx(expected, abs=0.05)


def test_errors_that_two_classes_share_are_one() -> None:
    assert correlation_of_f1(np.array([[50, 0], [0, 50]])) == pytest.approx(np.ones((2, 2)))


def test_where_nothing_is_wrong_errors_are_taken_as_spread_evenly() -> None:
    correlation = correlation_of_f1(np.diag([10, 20, 30]))
    assert correlation == pytest.approx(np.full((3, 3), 0.5) + np.eye(3) / 2)


@pytest.mark.parametrize("f1", [False, True])
def test_estimated_weights_add_what_simulated_tables_show(f1: bool) -> None:
    drawn = tables(20_000)
    true, predicted = drawn.sum(axis=2), drawn.sum(axis=1)
    right = np.diagonal(drawn, axis1=1, axis2=2)
    values = 2 * right / (true + predicted) if f1 else right / predicted
    free = np.var(np.sum(values * true / ROWS, axis=1))
    fixed = np.var(np.sum(values * CELLS.sum(axis=1), axis=1))
    found = variance_of_weights(np.rint(CELLS * ROWS).astype(np.int64), f1=f1)
    assert found == pytest.approx(max(0.0, free - fixed), abs=0.1 * fixed)


def test_a_single_class_keeps_its_own_interval() -> None:
    value, interval = average_of(
        [Part(successes=7, trials=9)], np.ones(1), confidence=0.9, correlation=np.eye(1)
    )
    assert value == 7 / 9
    assert interval == pytest.approx(wilson(7, 9, confidence=0.9))


def test_a_rare_class_that_is_all_right_still_widens() -> None:
    parts = [Part(successes=9_000, trials=10_000), Part(successes=3, trials=3)]
    _, (low, _) = average_of(parts, np.full(2, 0.5), confidence=0.95, correlation=np.eye(2))
    assert low == pytest.approx((0.9 + wilson(3, 3, confidence=0.95)[0]) / 2, abs=0.01)
