"""Metrics of the confusion table beyond accuracy and F1 are scikit-learn's, and say why where undefined."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats import agreement, overlap, rates
from mlval.stats.arrays import IntArray
from mlval.stats.counts import Average
from mlval.stats.errors import Undefined
from tests.stats.test_counts import LABELS, rows_of, tables

AVERAGES: tuple[Average, ...] = ("macro", "micro", "weighted")


def inside(value: float, interval: tuple[float, float] | None) -> None:
    assert interval is None or interval[0] - 1e-12 <= value <= interval[1] + 1e-12


@given(tables())
def test_balanced_accuracy_is_scikit_learns(matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns of predicted classes that are not in the truth
        expected = metrics.balanced_accuracy_score(truth, prediction)
    found = agreement.balanced_accuracy(matrix)
    assert found.value == pytest.approx(expected, abs=1e-12)
    inside(found.value, found.interval)


@given(tables())
def test_matthews_is_scikit_learns_or_undefined(matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    if len(set(truth)) == 1 or len(set(prediction)) == 1:
        with pytest.raises(Undefined, match="one class"):
            agreement.matthews(matrix)
        return
    found = agreement.matthews(matrix)
    assert found.value == pytest.approx(metrics.matthews_corrcoef(truth, prediction), abs=1e-9)
    inside(found.value, found.interval)


@given(tables())
def test_kappa_is_scikit_learns_or_undefined(matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    if len({*truth, *prediction}) == 1:
        with pytest.raises(Undefined, match="one class"):
            agreement.kappa(matrix)
        return
    found = agreement.kappa(matrix)
    assert found.value == pytest.approx(metrics.cohen_kappa_score(truth, prediction), abs=1e-9)
    inside(found.value, found.interval)


@given(tables(), st.sampled_from(AVERAGES), st.sampled_from([0.5, 1.0, 2.0]))
def test_averages_of_overlap_are_scikit_learns(matrix: IntArray, average: Average, beta: float) -> None:
    truth, prediction = rows_of(matrix)
    labels = LABELS[: len(matrix)]
    index = overlap.jaccard(labels, matrix, average=average)
    expected = metrics.jaccard_score(truth, prediction, average=average, zero_division=0)
    assert index.value == pytest.approx(expected, abs=1e-9)
    found = overlap.fbeta(labels, matrix, beta=beta, average=average)
    expected = metrics.fbeta_score(truth, prediction, beta=beta, average=average, zero_division=0)
    assert found.value == pytest.approx(expected, abs=1e-9)
    inside(index.value, index.interval)
    inside(found.value, found.interval)


@given(tables(2).filter(lambda matrix: len(matrix) == 2), st.sampled_from([0.5, 1.0, 2.0]))
def test_overlap_of_one_class_is_scikit_learns_or_undefined(matrix: IntArray, beta: float) -> None:
    truth, prediction = rows_of(matrix)
    if "b" not in {*truth, *prediction}:
        with pytest.raises(Undefined, match="no denominator"):
            overlap.jaccard(("a", "b"), matrix, average="binary", positive="b")
        with pytest.raises(Undefined, match="no denominator"):
            overlap.fbeta(("a", "b"), matrix, beta=beta, average="binary", positive="b")
        return
    index = overlap.jaccard(("a", "b"), matrix, average="binary", positive="b")
    assert index.value == pytest.approx(metrics.jaccard_score(truth, prediction, pos_label="b"), abs=1e-9)
    found = overlap.fbeta(("a", "b"), matrix, beta=beta, average="binary", positive="b")
    expected = metrics.fbeta_score(truth, prediction, beta=beta, pos_label="b", zero_division=0)
    assert found.value == pytest.approx(expected, abs=1e-9)
    inside(index.value, index.interval)
    inside(found.value, found.interval)


@given(tables(2).filter(lambda matrix: len(matrix) == 2))
def test_cells_are_scikit_learns(matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    tn, fp, fn, tp = metrics.confusion_matrix(truth, prediction, labels=["a", "b"]).ravel().tolist()
    assert rates.cells(("a", "b"), matrix, positive="b") == rates.Cells(tp, fp, fn, tn)


def test_a_rate_without_rows_is_undefined() -> None:
    counted = rates.Cells(tp=3, fp=0, fn=1, tn=0)
    with pytest.raises(Undefined, match="nobody"):
        rates.rate(counted, ("fp",), ("fp", "tn"), none="nobody")
    assert rates.rate(counted, ("fn",), ("tp", "fn"), none="nobody").estimate(confidence=0.95).value == 0.25


def test_the_interval_of_kappa_covers() -> None:
    """Of 400 tables of 300 rows, about 95% of the intervals hold the true value."""
    draw = np.random.default_rng(8)
    shares = np.array([[0.35, 0.05, 0.05], [0.05, 0.2, 0.05], [0.02, 0.03, 0.2]])
    for metric in (agreement.kappa, agreement.matthews, agreement.balanced_accuracy):
        true = metric(np.rint(shares * 10**9).astype(np.int64)).value
        hits = 0
        for _ in range(400):
            matrix = draw.multinomial(300, shares.ravel()).reshape(3, 3).astype(np.int64)
            low, high = metric(matrix).interval or (1.0, 0.0)
            hits += low <= true <= high
        assert 0.92 <= hits / 400 <= 0.98, metric
