"""A small classifier of two classes: gradient boosted trees on binned features.

It is there to tell two samples apart by what columns show together, not to win a contest: some 30 trees of
depth 3, no early stopping, nothing random. Sums over bins are exact, so the order of the rows cannot show.
"""

import math
from typing import NamedTuple

import numpy as np

from mlval.stats._trees import BINS, Codes, Growth, Tree, grow, slopes, walk
from mlval.stats.arrays import BoolArray, FloatArray, require_mask
from mlval.stats.errors import Undefined

TREES = 30
SHALLOW = Growth(depth=3, rate=0.15, penalty=10.0, smallest=10.0)


class Boosted(NamedTuple):
    """A fitted classifier: the log-odds that it starts from, and its trees, whose values add to them."""

    features: int
    start: float
    trees: tuple[Tree, ...]


class Scored(NamedTuple):
    """Log-odds of rows that the classifier has not seen, and what each feature was worth there.

    Attributes
    ----------
    margin : shape (rows,), finite; larger means more likely True
    gain : shape (features,), the drop of the loss of these rows by the splits on a feature; below 0 where
        splits fitted noise
    """

    margin: FloatArray
    gain: FloatArray


def fit(
    codes: Codes, truth: BoolArray, *, levels: BoolArray, trees: int = TREES, growth: Growth = SHALLOW
) -> Boosted:
    """Fit trees to the residuals of the logistic loss, one after the other, by Newton steps.

    Friedman (2001) with the second-order gain and leaf values of Chen and Guestrin (2016), on histograms.
    Codes without an order are put in one by their mean residual, anew in each node. A row without a value is
    to have a code of its own at one end of the order, so that a split can take such rows apart. Codes that
    the fitted rows do not have go with their neighbours, levels among the neutral ones.

    It misleads where only three or more columns together tell the classes apart and no two of them do: each
    split is chosen for what it shows at once.

    Parameters
    ----------
    codes : shape (features, rows), below 64; exact for up to 8 million rows
    truth : shape (rows,)
    levels : shape (features,), True where the codes of a feature have no order
    trees : at least 1
    growth : depth, learning rate, penalty, smallest child

    Raises
    ------
    Undefined
        If there are no features, or only one class.
    ValueError
        If shapes or types do not fit, or a code is 64 or above.

    Examples
    --------
    >>> codes = np.repeat(np.array([[0, 1, 2, 3]], dtype=np.uint8), 50, axis=1)
    >>> model = fit(codes, codes[0] >= 2, levels=np.array([False]))
    >>> bool(np.all((scored(model, codes, codes[0] >= 2).margin > 0) == (codes[0] >= 2)))
    True
    """
    _require(codes, truth)
    if levels.dtype != np.bool_ or levels.shape != codes.shape[:1]:
        raise ValueError(f"one boolean a feature is needed, not {levels.dtype} of shape {levels.shape}")
    if trees < 1:
        raise ValueError(f"at least one tree, not {trees}")
    positives = int(np.count_nonzero(truth))
    if codes.shape[0] == 0:
        raise Undefined("no columns to tell rows apart by")
    if positives in {0, truth.size}:
        raise Undefined("one class only: there is nothing to tell apart")
    start = math.log(positives / (truth.size - positives))
    margin, grown = np.full(truth.size, start), list[Tree]()
    for _ in range(trees):
        tree = grow(codes, slopes(margin, truth), levels=levels, growth=growth)
        margin += tree.value[walk(tree, codes)[-1]]
        grown.append(tree)
    return Boosted(codes.shape[0], start, tuple(grown))


def scored(model: Boosted, codes: Codes, truth: BoolArray) -> Scored:
    """Return the log-odds of rows, and the gain of each feature on them.

    The gain of a split is how far it lowers the second-order loss of these rows, with the values that the
    fitted rows gave its nodes. On rows that were not fitted its mean is at most 0 for a feature that tells
    nothing, whereas the gain on the fitted rows favours features with many bins (Zhou and Hooker 2021).

    Parameters
    ----------
    codes : shape (features, rows), below 64
    truth : shape (rows,), used for the gain alone

    Raises
    ------
    ValueError
        If shapes or types do not fit.
    """
    _require(codes, truth)
    if codes.shape[0] != model.features:
        raise ValueError(f"{codes.shape[0]} features, fitted on {model.features}")
    margin, gain = np.full(truth.size, model.start), np.zeros(model.features)
    for tree in model.trees:
        passed = walk(tree, codes)
        given = slopes(margin, truth)
        place, depth = passed.ravel(), passed.shape[0]
        residual, curvature = (
            np.bincount(place, weights=np.tile(slope, depth), minlength=tree.value.size) for slope in given
        )
        drop = residual * tree.value - curvature * tree.value**2 / 2
        children = drop[1::2] + drop[2::2]
        np.add.at(gain, tree.feature, np.where(tree.gain > 0, children - drop[: tree.feature.size], 0.0))
        margin += tree.value[passed[-1]]
    return Scored(margin, gain)


def _require(codes: Codes, truth: BoolArray) -> None:
    require_mask(truth)
    if codes.dtype != np.uint8 or codes.ndim != 2 or codes.shape[1:] != truth.shape:
        raise ValueError(
            f"codes must be uint8 of shape (features, {truth.size}), not {codes.dtype}{codes.shape}"
        )
    if codes.size and int(codes.max()) >= BINS:
        raise ValueError(f"codes must be below {BINS}, not {codes.max()}")
