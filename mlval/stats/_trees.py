"""One tree of fixed depth on binned features: how it is grown from sums over bins, and how rows walk it.

Nodes are numbered as in a heap: the children of node i are 2i + 1 and 2i + 2. A node that is not split sends
every row to its left child, which keeps its value, so that all rows walk the same number of steps.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from mlval.stats.arrays import BoolArray, FloatArray, IntArray

Codes = NDArray[np.uint8]

BINS = 64
"""Codes are below this."""

EXACT = 2.0**30
"""Slopes are multiples of 1 / EXACT, so that sums of up to 8 million of them are exact in any order."""

LEVEL_SMOOTHING = 10.0
"""What is added to the curvature of a level where levels are put in order, so that rare ones stay neutral."""


class Slopes(NamedTuple):
    """First derivative (residual) and second derivative (curvature, above 0) of the loss, one a row."""

    residual: FloatArray
    curvature: FloatArray


class Growth(NamedTuple):
    """How a tree is grown.

    Attributes
    ----------
    depth : splits from the root to a leaf, at least 1
    rate : what a leaf's Newton step is multiplied by, above 0
    penalty : what is added to the curvature of a node, from 0
    smallest : curvature that a child has at least; four balanced rows have a curvature of 1
    """

    depth: int
    rate: float
    penalty: float
    smallest: float


class Tree(NamedTuple):
    """Inner nodes: the feature, its codes that go left, the gain of the split; all nodes: the value."""

    feature: IntArray
    left: BoolArray
    gain: FloatArray
    value: FloatArray


class _Split(NamedTuple):
    feature: IntArray
    left: BoolArray
    gain: FloatArray


def slopes(margin: FloatArray, truth: BoolArray) -> Slopes:
    """Return the derivatives of the logistic loss at log-odds, as multiples of 1 / EXACT."""
    share = 1 / (1 + np.exp(-margin))
    return Slopes(
        np.rint((truth - share) * EXACT) / EXACT,
        np.maximum(1.0, np.rint(share * (1 - share) * EXACT)) / EXACT,
    )


def grow(codes: Codes, given: Slopes, *, levels: BoolArray, growth: Growth) -> Tree:
    """Grow a tree level by level, each node by the split with the largest gain.

    Parameters
    ----------
    codes : shape (features, rows), below BINS
    given : one a row
    levels : shape (features,), True where codes have no order; they are ordered anew in each node by the mean
        residual, for which the best split in two is one of an order (Fisher 1958)
    growth : see there
    """
    inner, columns = 2**growth.depth - 1, np.arange(codes.shape[1])
    tree = Tree(
        feature=np.zeros(inner, dtype=np.int64),
        left=np.ones((inner, BINS), dtype=np.bool_),
        gain=np.zeros(inner),
        value=np.zeros(2 * inner + 1),
    )
    node = np.zeros(codes.shape[1], dtype=np.int64)
    for depth in range(growth.depth):
        nodes = slice(2**depth - 1, 2 ** (depth + 1) - 1)
        residual, curvature = _sums(codes, node - nodes.start, given=given, nodes=2**depth)
        tree.value[nodes] = _value(residual[0].sum(axis=1), curvature[0].sum(axis=1), growth)
        split = _best(residual, curvature, levels=levels, growth=growth)
        tree.feature[nodes], tree.left[nodes], tree.gain[nodes] = split
        node = _step(tree, node, codes=codes, columns=columns)
    leaves, place = inner + 1, node - inner
    tree.value[inner:] = _value(
        np.bincount(place, weights=given.residual, minlength=leaves).astype(np.float64, copy=False),
        np.bincount(place, weights=given.curvature, minlength=leaves).astype(np.float64, copy=False),
        growth,
    )
    return tree


def walk(tree: Tree, codes: Codes) -> IntArray:
    """Return the nodes that rows pass, from the root to a leaf; shape (depth + 1, rows)."""
    columns = np.arange(codes.shape[1])
    passed = [np.zeros(codes.shape[1], dtype=np.int64)]
    while int(passed[-1].max(initial=0)) < tree.feature.size:
        passed.append(_step(tree, passed[-1], codes=codes, columns=columns))
    return np.stack(passed)


def _step(tree: Tree, node: IntArray, *, codes: Codes, columns: IntArray) -> IntArray:
    goes_left = tree.left[node, codes[tree.feature[node], columns]]
    children: IntArray = 2 * node + 2 - goes_left
    return children


def _sums(codes: Codes, place: IntArray, *, given: Slopes, nodes: int) -> tuple[FloatArray, FloatArray]:
    """Return sums of both slopes; shape (features, nodes, BINS)."""
    shape = (codes.shape[0], nodes * BINS)
    residual, curvature = np.empty(shape), np.empty(shape)
    first, cell = place * BINS, np.empty_like(place)
    for feature, column in enumerate(codes):
        np.add(first, column, out=cell)
        residual[feature] = np.bincount(cell, weights=given.residual, minlength=nodes * BINS)
        curvature[feature] = np.bincount(cell, weights=given.curvature, minlength=nodes * BINS)
    return residual.reshape(-1, nodes, BINS), curvature.reshape(-1, nodes, BINS)


def _best(residual: FloatArray, curvature: FloatArray, *, levels: BoolArray, growth: Growth) -> _Split:
    """Return the split of each node with the largest gain; of equal ones the first feature, the first bin."""
    features, nodes, _ = residual.shape
    rank = np.broadcast_to(np.arange(BINS), residual.shape)
    if levels.any():
        rank = rank.copy()
        mean = residual[levels] / (curvature[levels] + LEVEL_SMOOTHING)
        order = np.argsort(mean, axis=-1, kind="stable")
        rank[levels] = np.argsort(order, axis=-1, kind="stable")
        residual, curvature = residual.copy(), curvature.copy()
        residual[levels] = np.take_along_axis(residual[levels], order, axis=-1)
        curvature[levels] = np.take_along_axis(curvature[levels], order, axis=-1)
    low, low_weight = residual.cumsum(axis=-1), curvature.cumsum(axis=-1)
    whole, weight = low[..., -1:], low_weight[..., -1:]
    high, high_weight = whole - low, weight - low_weight
    extra = np.maximum(growth.penalty, 1 / EXACT) + levels[:, None, None] * LEVEL_SMOOTHING
    gain = low**2 / (low_weight + extra) + high**2 / (high_weight + extra)
    gain -= whole**2 / (weight + max(growth.penalty, 1 / EXACT))
    gain[np.minimum(low_weight, high_weight) < growth.smallest] = 0.0
    flat = gain.transpose(1, 0, 2).reshape(nodes, features * BINS)
    place = flat.argmax(axis=1)
    best = np.maximum(0.0, flat[np.arange(nodes), place])
    feature, cut = np.divmod(place, BINS)
    left = rank[feature, np.arange(nodes)] <= cut[:, None]
    left[best == 0] = True
    return _Split(feature, left, best)


def _value(residual: FloatArray, curvature: FloatArray, growth: Growth) -> FloatArray:
    steps: FloatArray = np.zeros_like(residual)
    np.divide(residual * growth.rate, curvature + growth.penalty, out=steps, where=curvature > 0)
    return steps
