"""ROC AUC: scikit-learn's value, DeLong's variance by its definition, and honesty on few rows."""

import math
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from mlval.stats.arrays import BoolArray, FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.intervals import normal_quantile, wilson
from mlval.stats.ranking import roc_auc

Rows = list[tuple[bool, float]]
scores = st.one_of(st.sampled_from([0.0, -0.0, 0.25, 0.5, 1.0]), st.floats(-1e300, 1e300))
both_classes = st.lists(st.tuples(st.booleans(), scores), min_size=2, max_size=40).filter(
    lambda rows: len({truth for truth, _ in rows}) == 2
)


def columns(rows: Rows) -> tuple[BoolArray, FloatArray]:
    return np.array([truth for truth, _ in rows]), np.array([score for _, score in rows])


@given(both_classes)
def test_value_is_scikit_learns(rows: Rows) -> None:
    truth, score = columns(rows)
    assert roc_auc(truth, score).value == pytest.approx(roc_auc_score(truth, score), abs=1e-12)


@given(both_classes)
def test_value_and_interval_are_ordered_and_bounded(rows: Rows) -> None:
    estimate = roc_auc(*columns(rows))
    low, high = estimate.interval or (math.nan, math.nan)
    assert 0 <= low <= estimate.value <= high <= 1
    assert low < high


@given(both_classes, st.randoms())
def test_order_does_not_matter(rows: Rows, random: Random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    assert roc_auc(*columns(rows)) == roc_auc(*columns(shuffled))


@given(both_classes)
def test_swapping_the_classes_mirrors(rows: Rows) -> None:
    truth, score = columns(rows)
    first, second = roc_auc(truth, score), roc_auc(~truth, score)
    assert second.value == pytest.approx(1 - first.value, abs=1e-12)
    assert second.interval == pytest.approx(
        tuple(1 - end for end in reversed(first.interval or ())), abs=1e-9
    )


@given(both_classes)
def test_only_the_ranks_matter(rows: Rows) -> None:
    truth, score = columns(rows)
    ranks = np.unique(score, return_inverse=True)[1].astype(np.float64)
    assert roc_auc(truth, score) == roc_auc(truth, ranks)


def test_interval_is_delongs_on_the_logit_scale() -> None:
    draw = np.random.default_rng(1)
    truth = draw.uniform(size=900) < 0.4
    score = np.round(draw.normal(size=900) + truth, 1)
    wins = np.sign(score[truth][:, None] - score[~truth][None, :]) / 2 + 0.5
    area = wins.mean()
    variance = sum(np.var(wins.mean(axis=axis), ddof=1) / wins.shape[1 - axis] for axis in (0, 1))
    half = normal_quantile(0.9) * math.sqrt(variance) / (area * (1 - area))
    centre = math.log(area / (1 - area))
    expected = tuple(1 / (1 + math.exp(-end)) for end in (centre - half, centre + half))
    assert roc_auc(truth, score, confidence=0.9).interval == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("score", [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [0.5] * 7])
def test_perfect_separation_and_constant_scores_are_not_certain(score: list[float]) -> None:
    truth = np.array([False] * 4 + [True] * 3)
    estimate = roc_auc(truth, np.array(score))
    assert estimate.interval is not None
    if estimate.value == 1:
        assert estimate.interval == wilson(3, 3, confidence=0.95)
    else:
        assert estimate.interval[1] - estimate.interval[0] > 0.5


@pytest.mark.parametrize("positives", [10, 50])
def test_few_positives_are_covered_as_often_as_said(positives: int) -> None:
    draw = np.random.default_rng(2)
    area = 0.5 * (1 + math.erf(1.5))
    truth = np.arange(1000) < positives
    ends = [roc_auc(truth, draw.normal(size=1000) + 3 * truth).interval for _ in range(300)]
    assert np.mean([low <= area <= high for low, high in filter(None, ends)]) >= 0.93


@pytest.mark.parametrize("truth", [[True, True], [False, False]])
def test_one_class_is_undefined(truth: list[bool]) -> None:
    with pytest.raises(Undefined, match="one class only: ROC AUC needs both"):
        roc_auc(np.array(truth), np.array([0.1, 0.2]))


@pytest.mark.parametrize("score", [math.nan, math.inf, -math.inf])
def test_scores_must_be_finite(score: float) -> None:
    with pytest.raises(Undefined, match="1 of 2 scores"):
        roc_auc(np.array([True, False]), np.array([0.1, score]))


def test_no_rows_are_undefined() -> None:
    with pytest.raises(Undefined, match="no rows"):
        roc_auc(np.array([], dtype=bool), np.array([]))


def test_inputs_are_left_alone() -> None:
    truth, score = np.array([True, False, True]), np.array([0.3, 0.2, 0.1])
    roc_auc(truth, score)
    assert score.tolist() == [0.3, 0.2, 0.1]
