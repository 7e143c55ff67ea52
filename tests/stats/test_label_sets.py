"""Metrics of sets of labels against scikit-learn, and their intervals against the bootstrap."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn import metrics as oracle

from mlval.stats import label_sets
from mlval.stats.errors import Undefined
from mlval.stats.label_sets import F1, JACCARD, PRECISION, RECALL, Average, Ratio, averaged, hamming_loss

Matrix = NDArray[np.bool_]
ORACLES = {
    PRECISION: oracle.precision_score,
    RECALL: oracle.recall_score,
    F1: oracle.f1_score,
    JACCARD: oracle.jaccard_score,
}
AVERAGES: tuple[Average, ...] = ("macro", "micro", "weighted", "samples")


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Matrix, Matrix]:
    shape = draw(st.tuples(st.integers(1, 12), st.integers(1, 5)))
    truth, prediction = (draw(arrays(np.bool_, shape)) for _ in range(2))
    return truth, prediction


def indicators(truth: Matrix, prediction: Matrix) -> list[NDArray[np.int64]]:
    """Return the labels that occur, twice: of one column the oracle takes rows for classes."""
    known = (truth | prediction).any(axis=0)
    return [np.hstack([one[:, known]] * 2).astype(np.int64) for one in (truth, prediction)]


def is_defined(ratio: Ratio, truth: Matrix, prediction: Matrix, average: Average) -> bool:
    either = truth | prediction
    if average == "samples":
        return bool(either.any(axis=1).all())
    if average == "weighted":
        return bool(truth.any())
    counted = {PRECISION: prediction, RECALL: truth}.get(ratio, either)
    return bool((counted if average == "micro" else either).any())


@given(pair=pairs(), ratio=st.sampled_from(list(ORACLES)), average=st.sampled_from(AVERAGES))
@settings(max_examples=200)
def test_as_scikit_learn_where_it_is_defined(
    pair: tuple[Matrix, Matrix], ratio: Ratio, average: Average
) -> None:
    truth, prediction = pair
    if not is_defined(ratio, truth, prediction, average):
        with pytest.raises(Undefined):
            averaged(ratio, truth, prediction, average=average)
        return
    expected = ORACLES[ratio](*indicators(truth, prediction), average=average, zero_division=0)
    found = averaged(ratio, truth, prediction, average=average)
    assert found.value == pytest.approx(expected, rel=1e-9, abs=1e-12)
    assert float(found.rows.sum()) == pytest.approx(0, abs=1e-6 * len(truth))


@given(pairs())
def test_the_shares_of_rows_and_labels(pair: tuple[Matrix, Matrix]) -> None:
    truth, prediction = pair
    right = label_sets.exact_rows(truth, prediction)
    if (truth | prediction).any():
        sides = indicators(truth, prediction)
        assert right.mean() == pytest.approx(oracle.accuracy_score(*sides))
        assert hamming_loss(truth, prediction).value == pytest.approx(oracle.hamming_loss(*sides), rel=1e-9)


def drawn(rows: int, seed: int) -> tuple[Matrix, Matrix]:
    rng = np.random.default_rng(seed)
    topic = rng.random((rows, 1))
    truth = rng.random((rows, 4)) < np.array([0.5, 0.3, 0.15, 0.6]) * (0.4 + topic)
    # Rows that are hard are wrong in several labels at once.
    prediction = np.where(rng.random((rows, 4)) < 0.05 + 0.3 * rng.random((rows, 1)), ~truth, truth)
    prediction[:, 0] |= ~(truth | prediction).any(axis=1)
    return truth, prediction


@pytest.mark.parametrize("average", AVERAGES)
@pytest.mark.parametrize("ratio", ORACLES, ids=lambda one: one.name)
def test_the_error_is_that_of_the_bootstrap(ratio: Ratio, average: Average) -> None:
    truth, prediction = drawn(400, 1)
    found = averaged(ratio, truth, prediction, average=average)
    error = float(np.sqrt(np.square(found.rows).sum())) / 400
    rng = np.random.default_rng(2)
    draws = [rng.integers(0, 400, 400) for _ in range(1_500)]
    values = [averaged(ratio, truth[of], prediction[of], average=average).value for of in draws]
    assert error == pytest.approx(np.std(values), rel=0.1)


def test_the_interval_holds_the_true_value_as_often_as_it_says() -> None:
    truth = averaged(F1, *drawn(400_000, 5), average="macro").value
    held = 0
    for seed in range(300):
        found = averaged(F1, *drawn(300, 1_000 + seed), average="macro")
        low, high = label_sets.estimate(found, confidence=0.9).interval or (1.0, 0.0)
        held += low <= truth <= high
    assert 0.85 <= held / 300 <= 0.95


def test_no_error_at_all_is_no_certainty() -> None:
    truth = np.ones((20, 2), dtype=np.bool_)
    for found in (averaged(F1, truth, truth, average="samples"), hamming_loss(truth, truth)):
        low, high = label_sets.estimate(found, confidence=0.95).interval or (0.0, 0.0)
        assert high - low == pytest.approx(1 - 0.025 ** (1 / 20))


def test_one_row_has_no_interval() -> None:
    one = np.ones((1, 2), dtype=np.bool_)
    assert label_sets.estimate(hamming_loss(one, one), confidence=0.95).interval is None


@pytest.mark.parametrize("rows, labels", [(0, 2), (3, 2), (3, 0)])
def test_nothing_to_look_at_is_undefined(rows: int, labels: int) -> None:
    nothing = np.zeros((rows, labels), dtype=np.bool_)
    with pytest.raises(Undefined):
        hamming_loss(nothing, nothing)


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="not alike"):
        hamming_loss(np.ones((2, 2), dtype=np.bool_), np.ones((2, 3), dtype=np.bool_))
