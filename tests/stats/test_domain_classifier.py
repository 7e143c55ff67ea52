"""The domain classifier: scikit-learn's AUC, an exact null, and changes that no single column shows."""

import math
from itertools import combinations
from statistics import NormalDist, fmean, pstdev

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from mlval.stats.arrays import BoolArray, IntArray
from mlval.stats.boosting import fit, scored
from mlval.stats.domain_classifier import (
    Sample,
    Separation,
    detectable_auc,
    moved_share,
    null_variance,
    separation,
)
from mlval.stats.errors import Undefined
from mlval.stats.folds import folds_by_hash, folds_by_permutation

ORDERED = np.zeros(4, dtype=np.bool_)


def sample(seed: int, *, rows: int, together: bool = False, folds: int = 5, shift: int = 0) -> Sample:
    codes = np.random.default_rng(seed).integers(0, 16, size=(rows, 4)).astype(np.uint8)
    if together:
        codes[: rows // 2, 3] = codes[: rows // 2, 1]
    codes[:, 0] += np.uint8(shift)
    return Sample(codes, folds_by_permutation(rows, seed=seed + 1, folds=folds))


def test_the_auc_is_scikit_learns_of_the_fold_that_was_not_learnt_from() -> None:
    here, there = sample(1, rows=300, folds=2), sample(3, rows=200, folds=2, shift=2)
    found = separation(here, there, levels=ORDERED)
    codes = np.concatenate((here.codes, there.codes)).T
    folds = np.concatenate((here.folds, there.folds))
    truth = np.arange(500) >= 300
    first, second = folds == 0, folds == 1
    margin = scored(
        fit(codes[:, first], truth[first], levels=ORDERED), codes[:, second], truth[second]
    ).margin
    assert found.auc == pytest.approx(roc_auc_score(truth[second], margin), abs=1e-12)
    assert 0.5 < found.auc < 1


def test_columns_that_came_to_move_together_are_found_and_named() -> None:
    found = separation(sample(1, rows=2000), sample(3, rows=1000, together=True), levels=ORDERED)
    assert found.p_value < 1e-6
    assert found.auc > 0.58
    assert {feature for feature, _ in found.top[:2]} == {1, 3}
    assert sum(share for _, share in found.top) == pytest.approx(1)


def test_the_null_holds() -> None:
    scores = []
    for seed in range(0, 240, 6):
        found = separation(
            sample(seed, rows=200, folds=3), sample(seed + 3, rows=150, folds=3), levels=ORDERED
        )
        scores.append(NormalDist().inv_cdf(1 - found.p_value))
    assert fmean(scores) == pytest.approx(0, abs=0.45)
    assert pstdev(scores) == pytest.approx(1, abs=0.35)


def test_the_order_of_the_rows_cannot_show() -> None:
    def found(seed: int) -> Separation:
        order = np.random.default_rng(seed).permutation(400)
        sides = []
        for side in (5, 6):
            codes = sample(side, rows=400, shift=side - 5).codes[order]
            sides.append(Sample(codes, folds_by_hash(order.astype(np.uint64) + np.uint64(1000 * side))))
        return separation(sides[0], sides[1], levels=ORDERED)

    assert found(1) == found(2)


def test_sides_of_very_different_size_are_told_apart() -> None:
    assert separation(sample(1, rows=4000), sample(3, rows=120, shift=6), levels=ORDERED).p_value < 0.001


def test_columns_of_one_value_show_nothing() -> None:
    side = Sample(np.zeros((200, 4), dtype=np.uint8), folds_by_permutation(200, seed=1))
    found = separation(side, side, levels=ORDERED)
    assert (found.auc, found.p_value, found.top) == (0.5, 0.5, ())
    assert found.error > 0


@pytest.mark.parametrize("scores, m", [([1, 2, 2, 3, 3, 3], 2), ([1, 2, 3, 4, 5], 3), ([7, 7, 8], 1)])
def test_the_variance_is_that_of_all_labellings(scores: list[int], m: int) -> None:
    aucs = []
    for positives in combinations(range(len(scores)), m):
        truth = [index in positives for index in range(len(scores))]
        aucs.append(roc_auc_score(truth, scores))
    ties = np.unique(scores, return_counts=True)[1]
    assert null_variance(ties, m) == pytest.approx(pstdev(aucs) ** 2, abs=1e-12)


def test_an_auc_at_what_is_detectable_is_significant_with_that_power() -> None:
    auc = detectable_auc(0.02, alpha=0.02, power=0.9)
    normal = NormalDist(auc, 0.02)
    assert 1 - normal.cdf(0.5 + 0.02 * NormalDist().inv_cdf(0.98)) == pytest.approx(0.9)
    assert detectable_auc(0.2, alpha=0.001) == math.inf


@pytest.mark.parametrize("shift", [0.1, 0.5, 2.0])
def test_the_share_moved_is_the_total_variation_of_two_normals(shift: float) -> None:
    x = np.linspace(-10, 12, 20001)
    densities = [np.exp(-((x - mean) ** 2) / 2) / math.sqrt(2 * math.pi) for mean in (0, shift)]
    expected = np.abs(densities[0] - densities[1]).sum() * (x[1] - x[0]) / 2
    auc = NormalDist().cdf(shift / math.sqrt(2))
    assert moved_share(auc) == pytest.approx(expected, abs=1e-6)


def test_the_share_moved_is_bounded_and_grows() -> None:
    shares = [moved_share(auc) for auc in np.linspace(0, 1, 101).tolist()]
    assert shares == sorted(shares)
    assert shares[:51] == [0.0] * 51
    assert shares[-1] == 1


SIDE = sample(1, rows=150)


@pytest.mark.parametrize(
    "side",
    [
        Sample(SIDE.codes, SIDE.folds[:-1]),
        Sample(SIDE.codes[0], SIDE.folds),
        Sample(SIDE.codes, SIDE.folds / 2),  # type: ignore[arg-type]
        Sample(SIDE.codes[:, :3], SIDE.folds),
        Sample(SIDE.codes + np.uint8(60), SIDE.folds),
    ],
)
def test_what_does_not_fit_is_refused(side: Sample) -> None:
    with pytest.raises(ValueError, match=r"needed|features|below 64"):
        separation(SIDE, side, levels=ORDERED)


def none(rows: int) -> tuple[IntArray, BoolArray]:
    return np.zeros(rows, dtype=np.int64), ORDERED


def test_what_cannot_be_known_is_undefined() -> None:
    folds, levels = none(150)
    with pytest.raises(Undefined, match="99 rows"):
        separation(SIDE, Sample(SIDE.codes[:99], SIDE.folds[:99]), levels=levels)
    with pytest.raises(Undefined, match="two folds"):
        separation(Sample(SIDE.codes, folds), Sample(SIDE.codes, folds), levels=levels)
    with pytest.raises(Undefined, match="two folds"):
        separation(Sample(SIDE.codes, folds), Sample(SIDE.codes, folds + 1), levels=levels)
    empty = Sample(SIDE.codes[:, :0], SIDE.folds)
    with pytest.raises(Undefined, match="no columns"):
        separation(empty, empty, levels=levels[:0])


@pytest.mark.parametrize("auc", [-0.1, 1.1, math.nan])
def test_impossible_areas_are_refused(auc: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        moved_share(auc)


@pytest.mark.parametrize("error", [0.0, -1.0, math.nan])
def test_impossible_errors_are_refused(error: float) -> None:
    with pytest.raises(ValueError, match="above 0"):
        detectable_auc(error, alpha=0.02)
