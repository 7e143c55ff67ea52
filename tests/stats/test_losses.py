"""Log loss is scikit-learn's, and the order of the rows never shows."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats.errors import Undefined
from mlval.stats.losses import log_loss, log_loss_of_classes, log_loss_rows, log_loss_rows_of_classes

rows = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=40)


@given(rows)
def test_binary_is_scikit_learns(pairs: list[tuple[bool, float]]) -> None:
    truth, score = np.array([t for t, _ in pairs]), np.array([s for _, s in pairs])
    expected = metrics.log_loss(truth, np.column_stack((1 - score, score)), labels=[False, True])
    assert log_loss(truth, score).value == pytest.approx(expected, rel=1e-12, abs=1e-15)


@given(st.integers(0, 2**32), st.integers(2, 5))
def test_several_classes_are_scikit_learns(seed: int, classes: int) -> None:
    draw = np.random.default_rng(seed)
    probabilities = draw.dirichlet(np.full(classes, 0.3), size=30)
    truth = draw.integers(classes, size=30)
    expected = metrics.log_loss(truth, probabilities, labels=list(range(classes)))
    assert log_loss_of_classes(truth, probabilities).value == pytest.approx(expected, rel=1e-12)


def test_two_classes_agree_with_binary() -> None:
    truth, score = np.array([True, False, True]), np.array([0.9, 0.2, 0.4])
    both = log_loss_rows_of_classes(truth.astype(np.int64), np.column_stack((1 - score, score)))
    assert both == pytest.approx(log_loss_rows(truth, score))


def test_order_does_not_matter_in_any_bit() -> None:
    draw = np.random.default_rng(4)
    truth, score = draw.uniform(size=10_001) < 0.3, draw.uniform(size=10_001)
    order = draw.permutation(score.size)
    assert log_loss(truth, score) == log_loss(truth[order], score[order])


def test_certain_and_wrong_costs_much_but_not_everything() -> None:
    assert log_loss(np.array([True]), np.array([0.0])).value == pytest.approx(36.04, abs=0.01)


def test_certain_and_right_costs_next_to_nothing() -> None:
    assert 0 <= log_loss(np.array([True, False]), np.array([1.0, 0.0])).value < 1e-15


@pytest.mark.parametrize("score", [-0.1, 1.1, math.nan, math.inf])
def test_scores_must_be_probabilities(score: float) -> None:
    with pytest.raises(Undefined):
        log_loss(np.array([True, False]), np.array([0.5, score]))


def test_rows_must_add_up_to_one() -> None:
    with pytest.raises(Undefined, match="1 of 2 rows do not add up to 1"):
        log_loss_of_classes(np.array([0, 1]), np.array([[0.5, 0.5], [0.5, 0.4]]))


@pytest.mark.parametrize("truth", [[0, 2], [-1, 0], [0], [0.0, 1.0]])
def test_true_classes_must_have_a_column(truth: list[float]) -> None:
    with pytest.raises(ValueError, match="true class"):
        log_loss_of_classes(np.array(truth), np.full((2, 2), 0.5))


def test_no_rows_are_undefined() -> None:
    with pytest.raises(Undefined, match="no rows"):
        log_loss(np.array([], dtype=bool), np.array([]))
    with pytest.raises(Undefined, match="no rows"):
        log_loss_of_classes(np.array([], dtype=np.int64), np.empty((0, 2)))


def test_inputs_are_left_alone() -> None:
    score = np.array([0.0, 1.0])
    log_loss(np.array([True, True]), score)
    assert score.tolist() == [0.0, 1.0]
