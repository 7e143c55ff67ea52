"""How well a classifier tells current rows from reference rows: its AUC on unseen rows, and the p-value.

Rows are in folds. Each fold is scored by a classifier that learnt from the folds before it, and never from
those after it. Ordinary cross-validation uses each pair of folds twice, for learning and for testing; its AUC
scatters up to sqrt(2) as much as the rows suggest, and with nothing changed it calls 4 to 7 of 100 runs
significant at 0.02. Looking back alone (Dawid 1984) wastes little, and makes the null exact: whatever was
learnt, a fold's labels are a random draw for its scores where nothing changed.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from mlval.stats._trees import Codes
from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_share
from mlval.stats.boosting import fit, scored
from mlval.stats.errors import Undefined
from mlval.stats.ranking import roc_auc

FEWEST = 100
"""Rows of a sample below which the first folds are too small to learn from."""

_NORMAL = NormalDist()


class Sample(NamedTuple):
    """Rows of one side.

    Attributes
    ----------
    codes : shape (rows, features), uint8 below 64; both sides on the same bins and levels
    folds : shape (rows,), whole numbers from 0
    """

    codes: Codes
    folds: IntArray


class Separation(NamedTuple):
    """How well rows are told apart.

    Attributes
    ----------
    auc : the probability that a current row scores above a reference row of its fold, 0 to 1; ties half
    p_value : one-sided, of no difference
    error : standard deviation of the AUC where nothing changed and no scores are tied
    top : (feature, share of the gain) by falling share, of the features whose splits held on unseen rows
    """

    auc: float
    p_value: float
    error: float
    top: tuple[tuple[int, float], ...]


def separation(reference: Sample, current: Sample, *, levels: BoolArray) -> Separation:
    """Measure how well boosted trees tell current rows from reference rows.

    Folds count by the square root of the rows learnt from, as what is learnt grows with it while it is
    little, and by nm/(n + m + 1), the inverse of the variance of their AUC. That variance is Mann and
    Whitney's, with the correction for ties. Given what was learnt it is exact, so the folds' deviations from
    0.5 add up as independent ones do (they are martingale differences), and their weighted mean is compared
    with a normal.

    It misleads where rows are not exchangeable although nothing changed: repeated rows of one customer or one
    hour make clusters that a tree finds (give such rows the same fold), and ids, row numbers and dates tell
    the sides apart by themselves (leave them out). The AUC is that of what was learnt, and falls
    short of the best one: with one of 20 columns moved by 0.2 standard deviations, where 0.556 can be had,
    1,000 rows a side reach 0.53, 5,000 reach 0.53 to 0.54, and 20,000 reach 0.55. So a small AUC of few rows
    is no proof that little changed. Features that carry the same news share the gain.

    Parameters
    ----------
    reference, current : at least 100 rows each; the cost grows with rows x features
    levels : shape (features,), True where codes have no order

    Raises
    ------
    Undefined
        If a side has fewer than 100 rows, there are no features, or fewer than two folds have both sides.
    ValueError
        If shapes or types do not fit.

    Examples
    --------
    >>> from mlval.stats.folds import folds_by_permutation
    >>> rows = np.arange(400)
    >>> here = Sample((rows[:, None] % 10).astype(np.uint8), folds_by_permutation(400, seed=1))
    >>> there = Sample(here.codes + np.uint8(5), folds_by_permutation(400, seed=2))
    >>> found = separation(here, there, levels=np.array([False]))
    >>> found.auc > 0.8, found.p_value < 1e-9, found.top
    (True, True, ((0, 1.0),))
    """
    codes, truth, folds = _joined(reference, current)
    total = weight = tied = untied = 0.0
    gain = np.zeros(codes.shape[0])
    for fold in np.unique(folds)[1:].tolist():
        before, here = folds < fold, folds == fold
        m, n = int(truth[here].sum()), int((~truth[here]).sum())
        if m == 0 or n == 0 or truth[before].all() or not truth[before].any():
            continue
        model = fit(codes[:, before], truth[before], levels=levels)
        seen = scored(model, codes[:, here], truth[here])
        share = math.sqrt(np.count_nonzero(before)) * n * m / (n + m + 1)
        total += share * roc_auc(truth[here], seen.margin).value
        weight += share
        untied += share**2 * null_variance(np.ones(n + m), m)
        tied += share**2 * null_variance(np.unique(seen.margin, return_counts=True)[1], m)
        gain += seen.gain
    if weight == 0:
        raise Undefined("fewer than two folds hold rows of both sides")
    auc = total / weight
    z = (total - weight / 2) / math.sqrt(tied) if tied > 0 else 0.0
    p_value = math.erfc(z / math.sqrt(2)) / 2
    return Separation(auc, p_value, math.sqrt(untied) / weight, _top(gain))


def null_variance(ties: IntArray | FloatArray, m: int) -> float:
    """Return the variance of the AUC where labels are a random draw, given how many rows share each score.

    (N + 1 − Σ(t³ − t) / (N(N − 1))) / (12 nm) with N = n + m (Lehmann 1975, section 1.4).

    Parameters
    ----------
    ties : rows a distinct score, each at least 1, at least two rows in all
    m : rows of one class, at least 1 and below their number

    Examples
    --------
    >>> null_variance(np.array([1, 1, 1, 1]), 2) == 5 / 48
    True
    >>> null_variance(np.array([4]), 2)
    0.0
    """
    t = np.asarray(ties, dtype=np.float64)
    rows = float(t.sum())
    lost = float(np.sum(t * (t - 1) * (t + 1))) / (rows * (rows - 1))
    return max(0.0, rows + 1 - lost) / (12 * m * (rows - m))


def detectable_auc(error: float, *, alpha: float, power: float = 0.8) -> float:
    """Return the smallest AUC that the one-sided test shows with this probability, or infinity above 1.

    It is the AUC of what is learnt from these rows, not the best that any classifier could reach.

    Parameters
    ----------
    error : `Separation.error`, above 0
    alpha, power : strictly between 0 and 1

    Examples
    --------
    >>> round(detectable_auc(0.01, alpha=0.02), 4)
    0.529
    >>> detectable_auc(0.3, alpha=0.02)
    inf
    """
    require_share(alpha, "alpha")
    require_share(power, "power")
    if not error > 0:
        raise ValueError(f"the standard deviation of an AUC is above 0, not {error}")
    auc = 0.5 + (_NORMAL.inv_cdf(1 - alpha) + max(0.0, _NORMAL.inv_cdf(power))) * error
    return auc if auc <= 1 else math.inf


def moved_share(auc: float) -> float:
    """Return an AUC as the share of rows that would have to move, 0 to 1; 0 where it is at most 0.5.

    It is the total variation of two normals of one spread that have this AUC: with d their distance in
    standard deviations, AUC = Φ(d/√2) and the share is 2Φ(d/2) − 1. No noise is to be taken off: on unseen
    rows the mean of the AUC is 0.5 where nothing changed. Scores whose spread changed, not their place, have
    moved more than this says.

    Examples
    --------
    >>> [round(moved_share(auc), 3) for auc in (0.4, 0.528, 0.556, 0.638, 1.0)]
    [0.0, 0.04, 0.079, 0.197, 1.0]
    """
    if not 0 <= auc <= 1:
        raise ValueError(f"an AUC is between 0 and 1, not {auc}")
    if auc in {0.0, 1.0}:
        return auc
    return max(0.0, 2 * _NORMAL.cdf(_NORMAL.inv_cdf(auc) / math.sqrt(2)) - 1)


def _joined(reference: Sample, current: Sample) -> tuple[Codes, BoolArray, IntArray]:
    for side in (reference, current):
        shape, folds = side.codes.shape, side.folds
        if len(shape) != 2 or folds.shape != shape[:1] or folds.dtype.kind not in "iu":
            raise ValueError(
                f"codes of shape (rows, features) and a whole number a row are needed, not {shape} "
                f"and {folds.dtype} of shape {folds.shape}"
            )
        if side.codes.shape[0] < FEWEST:
            raise Undefined(f"{side.codes.shape[0]} rows: at least {FEWEST} a side are needed to learn from")
    if reference.codes.shape[1] != current.codes.shape[1]:
        raise ValueError(f"{reference.codes.shape[1]} features against {current.codes.shape[1]}")
    codes = np.ascontiguousarray(np.concatenate((reference.codes, current.codes)).T)
    truth = np.arange(codes.shape[1]) >= reference.folds.size
    return codes, truth, np.concatenate((reference.folds, current.folds))


def _top(gain: FloatArray) -> tuple[tuple[int, float], ...]:
    held = np.maximum(0.0, gain)
    order = np.argsort(-held, kind="stable")
    return tuple((int(index), float(held[index] / held.sum())) for index in order if held[index] > 0)
