"""Metrics of the scores of several classes are scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats import class_scores
from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.errors import Undefined
from mlval.stats.losses import log_loss_of_classes


def drawn(seed: int, classes: int, rows: int = 40) -> tuple[IntArray, FloatArray]:
    """Draw probabilities with ties, and a truth in which every class occurs."""
    draw = np.random.default_rng(seed)
    scores = np.round(draw.dirichlet(np.full(classes, 0.5), size=rows), 1)
    scores[:, 0] += 1 - scores.sum(axis=1)
    scores = np.abs(scores) / np.abs(scores).sum(axis=1, keepdims=True)
    truth = np.concatenate((np.arange(classes), draw.integers(classes, size=rows - classes)))
    return truth.astype(np.int64), scores


@given(st.integers(0, 2**32), st.integers(3, 6))
def test_areas_and_brier_are_scikit_learns(seed: int, classes: int) -> None:
    truth, scores = drawn(seed, classes)
    for weighted, average in ((False, "macro"), (True, "weighted")):
        expected = metrics.roc_auc_score(truth, scores, multi_class="ovr", average=average)
        found = class_scores.roc_auc_of_classes(truth, scores, weighted=weighted)
        assert found.value == pytest.approx(expected, rel=1e-9)
        assert found.interval is not None
        assert found.interval[0] <= found.value <= found.interval[1]
    came_true = np.eye(classes)[truth]
    brier = class_scores.brier_score_of_classes(truth, scores).value
    assert brier == pytest.approx(float(np.mean(np.sum((scores - came_true) ** 2, axis=1))), rel=1e-9)
    assert brier == pytest.approx(metrics.brier_score_loss(truth, scores, scale_by_half=False), rel=1e-9)
    expected = metrics.log_loss(truth, scores, labels=list(range(classes)))
    assert log_loss_of_classes(truth, scores).value == pytest.approx(expected, rel=1e-9)


@given(st.integers(0, 2**32), st.integers(3, 6), st.integers(1, 5))
def test_top_k_is_scikit_learns_with_its_ties(seed: int, classes: int, k: int) -> None:
    truth, scores = drawn(seed, classes)
    if k >= classes:
        with pytest.raises(Undefined, match=f"{classes} classes are all among"):
            class_scores.top_k_accuracy(truth, scores, k=k)
        return
    found = class_scores.top_k_accuracy(truth, scores, k=k)
    assert found.value == pytest.approx(metrics.top_k_accuracy_score(truth, scores, k=k))


def test_a_class_without_rows_has_no_area() -> None:
    with pytest.raises(Undefined, match="1 of 3 classes have no rows"):
        class_scores.roc_auc_of_classes(np.array([0, 1]), np.full((2, 3), 1 / 3))


@pytest.mark.parametrize("row", [[0.5, 0.4, 0.0], [1.2, -0.2, 0.0], [np.nan, 0.5, 0.5]])
def test_rows_that_are_no_probabilities_are_undefined(row: list[float]) -> None:
    scores = np.array([[1.0, 0.0, 0.0], row])
    for metric in (class_scores.brier_score_of_classes, class_scores.roc_auc_of_classes):
        with pytest.raises(Undefined):
            metric(np.array([0, 1]), scores)


def test_probabilities_of_32_bits_add_up_well_enough() -> None:
    scores = np.random.default_rng(3).dirichlet(np.ones(7), size=500).astype(np.float32).astype(np.float64)
    truth = np.arange(500) % 7
    assert 0 < class_scores.brier_score_of_classes(truth, scores).value < 2
