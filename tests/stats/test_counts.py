"""Counting metrics are scikit-learn's, and say why where they are undefined."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from mlval.stats.arrays import IntArray
from mlval.stats.counts import Average, accuracy, f1, precision, recall
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import wilson

Metric = Callable[..., Estimate]
Oracle = Callable[..., float]
METRICS: list[tuple[Metric, Oracle]] = [
    (precision, metrics.precision_score),
    (recall, metrics.recall_score),
    (f1, metrics.f1_score),
]
LABELS = ("a", "b", "c", "d")


def ends(estimate: Estimate) -> tuple[float, float]:
    assert estimate.interval is not None
    return estimate.interval


def tables(most: int = 4) -> st.SearchStrategy[IntArray]:
    sizes = st.integers(1, most)
    cells = sizes.flatmap(lambda k: st.lists(st.integers(0, 6), min_size=k * k, max_size=k * k))
    return cells.map(lambda flat: np.array(flat).reshape(round(len(flat) ** 0.5), -1)).filter(
        lambda m: m.any()
    )


def rows_of(matrix: IntArray) -> tuple[list[str], list[str]]:
    truth, prediction = np.indices(matrix.shape)
    times = matrix.ravel()
    names = np.array(LABELS)
    return names[np.repeat(truth.ravel(), times)].tolist(), names[
        np.repeat(prediction.ravel(), times)
    ].tolist()


@given(tables())
def test_accuracy_is_scikit_learns(matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    estimate = accuracy(LABELS[: len(matrix)], matrix)
    assert estimate.value == pytest.approx(metrics.accuracy_score(truth, prediction))
    assert (estimate.successes, estimate.n) == (int(np.trace(matrix)), int(matrix.sum()))


@pytest.mark.parametrize("ours, theirs", METRICS)
@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
@given(matrix=tables())
def test_averages_are_scikit_learns(ours: Metric, theirs: Oracle, average: Average, matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    estimate = ours(LABELS[: len(matrix)], matrix, average=average)
    expected = theirs(truth, prediction, average=average, zero_division=0)
    assert estimate.value == pytest.approx(expected, abs=1e-12)
    low, high = ends(estimate)
    assert 0 <= low <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= high <= 1
    assert low < high


@pytest.mark.parametrize("ours, theirs", METRICS)
@given(matrix=tables(2).filter(lambda matrix: len(matrix) == 2))
def test_one_class_is_scikit_learns_or_undefined(ours: Metric, theirs: Oracle, matrix: IntArray) -> None:
    truth, prediction = rows_of(matrix)
    expected = theirs(truth, prediction, pos_label="b", average="binary", zero_division=np.nan)
    if np.isnan(expected):
        with pytest.raises(Undefined, match="denominator"):
            ours(("a", "b"), matrix, average="binary", positive="b")
        return
    estimate = ours(("a", "b"), matrix, average="binary", positive="b")
    assert estimate.value == pytest.approx(expected, abs=1e-12)
    low, high = ends(estimate)
    assert low <= estimate.value <= high


@given(tables(), st.permutations(range(4)))
def test_the_order_of_labels_does_not_matter(matrix: IntArray, order: list[int]) -> None:
    chosen = [index for index in order if index < len(matrix)]
    labels = tuple(LABELS[index] for index in chosen)
    for metric in (precision, recall, f1):
        first = metric(LABELS[: len(matrix)], matrix, average="macro")
        second = metric(labels, matrix[np.ix_(chosen, chosen)], average="macro")
        assert first.value == pytest.approx(second.value, rel=1e-12)
        assert first.interval == pytest.approx(second.interval, rel=1e-9)


def test_shares_say_their_counts_and_have_wilsons_interval() -> None:
    estimate = recall(("no", "yes"), np.array([[90, 2], [3, 5]]), average="binary", positive="yes")
    assert (estimate.successes, estimate.n) == (5, 8)
    assert estimate.interval == wilson(5, 8, confidence=0.95)


def test_f1_is_not_a_share_of_rows() -> None:
    estimate = f1(("no", "yes"), np.array([[90, 2], [3, 5]]), average="binary", positive="yes")
    assert (estimate.successes, estimate.n) == (None, 10)


def test_all_right_on_few_rows_is_not_certain() -> None:
    matrix = np.diag([3, 3])
    for average in ("binary", "macro", "weighted"):
        for metric in (precision, recall, f1):
            low, _ = ends(metric(("no", "yes"), matrix, average=average, positive="yes"))
            assert low < 0.8


@pytest.mark.parametrize(
    "labels, matrix, positive, reason",
    [
        (("a", "b"), [[0, 0], [0, 0]], "b", "no rows"),
        (("a", "b"), [[5, 0], [0, 0]], "b", "denominator"),
        (("a", "b"), [[5, 1], [0, 3]], None, "which class is positive"),
        (("a", "b"), [[5, 1], [0, 3]], "z", "neither in truth nor"),
        (("a", "b", "c"), [[1, 0, 0], [0, 1, 0], [0, 0, 1]], "a", "3 classes"),
    ],
)
def test_one_class_says_why_it_is_undefined(
    labels: tuple[str, ...], matrix: list[list[int]], positive: str | None, reason: str
) -> None:
    with pytest.raises(Undefined, match=reason):
        f1(labels, np.array(matrix), average="binary", positive=positive)


@pytest.mark.parametrize(
    "labels, matrix",
    [(("a",), [[1, 2], [3, 4]]), (("a", "a"), [[1, 2], [3, 4]]), (("a",), [[-1]]), (("a",), [[0.5]])],
)
def test_what_is_no_table_is_refused(labels: tuple[str, ...], matrix: list[list[float]]) -> None:
    with pytest.raises(ValueError, match="table"):
        accuracy(labels, np.array(matrix))


@pytest.mark.parametrize("metric", [precision, recall, f1])
@pytest.mark.parametrize("average", ["macro", "weighted"])
def test_averages_are_covered_as_often_as_they_say(metric: Metric, average: Average) -> None:
    cells = np.array([[0.60, 0.03, 0.02], [0.03, 0.20, 0.02], [0.01, 0.01, 0.08]])
    labels = LABELS[:3]
    truth = metric(labels, np.rint(cells * 10**6).astype(np.int64), average=average).value
    drawn = np.random.default_rng(11).multinomial(500, cells.ravel(), size=400).reshape(-1, 3, 3)
    found = [ends(metric(labels, matrix, average=average, confidence=0.9)) for matrix in drawn]
    assert 0.86 <= np.mean([low <= truth <= high for low, high in found]) <= 0.95
