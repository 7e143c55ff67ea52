"""The areas of several classes: DeLong's for two, the bootstrap's error and the stated coverage for three."""

import numpy as np
import pytest
from numpy.typing import NDArray

from mlval.stats.class_scores import roc_auc_of_classes
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import paired
from mlval.stats.paired_ranking import of_roc_auc, of_roc_auc_of_classes

Scores = NDArray[np.float64]
Classes = NDArray[np.int64]


def drawn(rows: int, seed: int) -> tuple[Classes, Scores, Scores]:
    rng = np.random.default_rng(seed)
    truth = rng.choice(3, rows, p=[0.6, 0.25, 0.15])
    truth[:6] = [0, 0, 1, 1, 2, 2]
    common = rng.normal(size=(rows, 3)) + 1.2 * np.eye(3)[truth]
    raw = (np.exp(common + rng.normal(0, size, (rows, 3))) for size in (0.4, 0.6))
    first, second = (np.round(one / one.sum(axis=1, keepdims=True), 5) for one in raw)
    return truth, first, second


@pytest.mark.parametrize("weighted", [False, True])
def test_the_value_is_that_of_the_metric(*, weighted: bool) -> None:
    truth, first, _ = drawn(200, 1)
    found = of_roc_auc_of_classes(truth, first, weighted=weighted)
    assert found.value == pytest.approx(roc_auc_of_classes(truth, first, weighted=weighted).value, rel=1e-12)


def test_two_classes_are_delongs() -> None:
    truth, score = np.array([0, 1] * 40), np.random.default_rng(2).random(80)
    both = of_roc_auc_of_classes(truth, np.column_stack([1 - score, score]))
    one = of_roc_auc(truth == 1, score)
    assert both.value == pytest.approx(one.value)
    assert both.rows == pytest.approx(one.rows)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_error_is_that_of_the_bootstrap(*, weighted: bool) -> None:
    truth, first, second = drawn(400, 3)

    def apart(of: Classes) -> float:
        a, b = (of_roc_auc_of_classes(truth[of], one[of], weighted=weighted).value for one in (first, second))
        return b - a

    sides = [of_roc_auc_of_classes(truth, one, weighted=weighted) for one in (first, second)]
    rng = np.random.default_rng(4)
    values = [apart(rng.integers(0, 400, 400)) for _ in range(800)]
    assert paired(*sides, confidence=0.9).error == pytest.approx(np.std(values), rel=0.1)


def test_the_interval_holds_the_true_difference_as_often_as_it_says() -> None:
    truth, *sides = drawn(200_000, 5)
    areas = [of_roc_auc_of_classes(truth, one).value for one in sides]
    held = 0
    for seed in range(300):
        few, *scores = drawn(300, 1_000 + seed)
        found = paired(*(of_roc_auc_of_classes(few, one) for one in scores), confidence=0.9)
        low, high = found.interval or (1.0, 0.0)
        held += low <= areas[1] - areas[0] <= high
    assert 0.85 <= held / 300 <= 0.95


def test_a_class_of_one_row_has_no_variance() -> None:
    with pytest.raises(Undefined, match="one row of a class"):
        of_roc_auc_of_classes(np.array([0, 0, 1, 1, 2]), np.full((5, 3), 1 / 3))
