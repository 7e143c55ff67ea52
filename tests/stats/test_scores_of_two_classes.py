"""Metrics of scores are scikit-learn's, whatever is tied, and say why where they are undefined."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import calibration, metrics

from mlval.stats import probabilities, ranking, top_rows
from mlval.stats.arrays import BoolArray, FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.score_counts import ScoreCounts, score_counts

ROWS = st.lists(
    st.tuples(st.booleans(), st.one_of(st.sampled_from([0.0, 0.1, 0.5, 1.0]), st.floats(0, 1))),
    min_size=1,
    max_size=60,
)
BOTH = ROWS.filter(lambda rows: len({truth for truth, _ in rows}) == 2)


def columns(rows: list[tuple[bool, float]]) -> tuple[BoolArray, FloatArray]:
    return np.array([truth for truth, _ in rows]), np.array([score for _, score in rows])


def counted(truth: Any, score: Any) -> ScoreCounts:  # noqa: ANN401 - lists of test rows
    return score_counts(np.array(truth, dtype=np.bool_), np.array(score, dtype=np.float64))


@given(ROWS)
def test_rows_are_counted_by_score(rows: list[tuple[bool, float]]) -> None:
    found = score_counts(*columns(rows))
    expected = {
        score: (
            sum(truth for truth, one in rows if one == score),
            sum(not truth for truth, one in rows if one == score),
        )
        for score in sorted({score for _, score in rows})
    }
    told = zip(found.score.tolist(), found.positives.tolist(), found.negatives.tolist(), strict=True)
    assert {score: (yes, no) for score, yes, no in told} == expected


@given(BOTH)
def test_losses_and_rankings_are_scikit_learns(rows: list[tuple[bool, float]]) -> None:
    truth, score = columns(rows)
    counts = score_counts(truth, score)
    assert probabilities.log_loss_of(counts).value == pytest.approx(
        metrics.log_loss(truth, score), rel=1e-9, abs=1e-12
    )
    assert probabilities.brier_score_of(counts).value == pytest.approx(
        metrics.brier_score_loss(truth, score), rel=1e-9, abs=1e-12
    )
    assert ranking.roc_auc_of(counts).value == pytest.approx(
        metrics.roc_auc_score(truth, score), rel=1e-9, abs=1e-12
    )
    assert top_rows.average_precision(counts).value == pytest.approx(
        metrics.average_precision_score(truth, score), rel=1e-9, abs=1e-12
    )


@given(BOTH, st.integers(1, 12), st.sampled_from(["uniform", "quantile"]))
def test_calibration_is_that_of_scikit_learns_bins(
    rows: list[tuple[bool, float]],
    bins: int,
    strategy: Any,  # noqa: ANN401 - one of two
) -> None:
    truth, score = columns(rows)
    if strategy == "quantile":
        edges = np.percentile(score, np.linspace(0, 1, bins + 1) * 100)
    else:
        edges = np.linspace(0, 1, bins + 1)
    place = np.searchsorted(edges[1:-1], score)
    gaps = [
        (np.mean(place == one), truth[place == one].mean(), score[place == one].mean())
        for one in range(bins)
        if (place == one).any()
    ]
    shares, means = calibration.calibration_curve(truth, score, n_bins=bins, strategy=strategy)
    assert [share for _, share, _ in gaps] == pytest.approx(shares.tolist())
    assert [mean for _, _, mean in gaps] == pytest.approx(means.tolist())
    counts = score_counts(truth, score)
    found = probabilities.expected_calibration_error(counts, bins=bins, strategy=strategy)
    assert found.value == pytest.approx(sum(w * abs(share - mean) for w, share, mean in gaps), abs=1e-9)
    reliability, resolution = probabilities.brier_parts(counts, bins=bins, strategy=strategy)
    assert reliability == pytest.approx(sum(w * (share - mean) ** 2 for w, share, mean in gaps), abs=1e-9)
    base = truth.mean()
    assert resolution == pytest.approx(sum(w * (share - base) ** 2 for w, share, _ in gaps), abs=1e-9)


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.4, 0.8])), min_size=2, max_size=60))
def test_the_parts_make_up_briers_score_where_a_bin_has_one_score(rows: list[tuple[bool, float]]) -> None:
    counts = score_counts(*columns(rows))
    reliability, resolution = probabilities.brier_parts(counts, bins=10, strategy="uniform")
    base = counts.positives.sum() / counts.rows.sum()
    whole = probabilities.brier_score_of(counts).value
    assert reliability - resolution + base * (1 - base) == pytest.approx(whole, abs=1e-12)


@given(BOTH, st.floats(0.01, 1))
def test_lift_is_the_mean_over_orders_of_ties(rows: list[tuple[bool, float]], share: float) -> None:
    truth, score = columns(rows)
    top = max(1, math.ceil(round(share * len(rows), 9)))
    order = np.argsort(-score, kind="stable")
    edge = score[order][top - 1]
    above, level = truth[score > edge], truth[score == edge]
    hits = above.sum() + level.mean() * (top - above.size)
    found = top_rows.lift(score_counts(truth, score), share=share)
    assert found.value == pytest.approx(hits / top / truth.mean())
    assert found.n == top
    low, high = found.interval or (1.0, 0.0)
    assert low <= found.value + 1e-9
    assert found.value - 1e-9 <= high


@given(BOTH, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_in_any_bit(rows: list[tuple[bool, float]], shuffled: Any) -> None:  # noqa: ANN401
    other = list(rows)
    shuffled.shuffle(other)
    for metric in (
        probabilities.log_loss_of,
        probabilities.brier_score_of,
        ranking.roc_auc_of,
        top_rows.average_precision,
    ):
        assert metric(score_counts(*columns(rows))) == metric(score_counts(*columns(other)))


@pytest.mark.parametrize(
    "truth, score, reason",
    [
        ([], [], "no rows"),
        ([1, 0], [0.5, 1.5], "1 of 2 are not within 0 and 1"),
        ([1, 0], [-0.1, 0.5], "not probabilities"),
        ([1, 0], [0.5, math.inf], "1 of 2 scores are missing, infinite"),
    ],
)
def test_what_are_no_probabilities_is_undefined(truth: list[int], score: list[float], reason: str) -> None:
    for metric in (probabilities.log_loss_of, probabilities.brier_score_of):
        with pytest.raises(Undefined, match=reason):
            metric(counted(truth, score))
    with pytest.raises(Undefined, match=reason):
        probabilities.expected_calibration_error(counted(truth, score), bins=5, strategy="uniform")


def test_nan_is_refused_before_it_is_counted() -> None:
    with pytest.raises(Undefined, match="1 of 2 scores are missing"):
        counted([1, 0], [0.5, math.nan])


@pytest.mark.parametrize("truth", [[0, 0], [1, 1]])
def test_one_class_cannot_be_ranked(truth: list[int]) -> None:
    counts = counted(truth, [0.2, 0.7])
    with pytest.raises(Undefined, match="one class only"):
        ranking.roc_auc_of(counts)
    with pytest.raises(Undefined, match="one class only"):
        top_rows.lift(counts, share=0.5)
    # scikit-learn says 0 and warns
    if not any(truth):
        with pytest.raises(Undefined, match="no row is truly positive"):
            top_rows.average_precision(counts)


def test_a_perfect_model_is_not_certain_on_few_rows() -> None:
    counts = counted([1, 1, 0, 0], [0.9, 0.8, 0.2, 0.1])
    for found in (top_rows.average_precision(counts), ranking.roc_auc_of(counts)):
        assert found.value == 1
        assert found.interval is not None
        assert found.interval[0] < 0.7
