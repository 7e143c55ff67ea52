"""Squared distances of the means of two sets of vectors, as they are and with blocks of rows exchanged."""

import numpy as np
from numpy.typing import NDArray

from mlval.stats.arrays import BoolArray, FloatArray

Vectors = NDArray[np.float32] | NDArray[np.float64]

FEWEST = 20
"""Blocks of the smaller sample, at least."""

BLOCKS = 2_000
"""Blocks of both samples together; more where one sample is far smaller."""

CELLS_AT_ONCE = 4_000_000
"""Cells of one batch: 32 MB."""


def permuted(
    reference: Vectors, current: Vectors, *, origin: FloatArray, draws: int, seed: int
) -> tuple[float, FloatArray]:
    """Return the squared distance of the means of both samples, and that of random exchanges of blocks.

    A sum over a block of rows is exchangeable with others of its size where the rows are, so permuting blocks
    is as exact as permuting rows. Rows at the end that fill no block are left out of all of them.

    Parameters
    ----------
    reference, current : shape (n, d) and (m, d), finite, n and m at least 20
    origin : shape (d,), a point in the middle, so that sums keep their digits
    draws : exchanges
    seed : of the exchanges

    Returns
    -------
    what is seen, and shape (draws,)
    """
    n, m = reference.shape[0], current.shape[0]
    rows = _rows_a_block(n, m)
    blocks = np.concatenate([_blocks(side, origin, rows) for side in (reference, current)])
    small = min(n, m) // rows
    taken = np.arange(blocks.shape[0]) >= n // rows
    if m > n:
        taken = ~taken
    seen = float(_squared_distances(taken[None, :], blocks, rows)[0])
    return seen, _drawn(blocks, rows, small=small, draws=draws, seed=seed)


def _rows_a_block(n: int, m: int) -> int:
    """Return a size that gives some 2,000 blocks, and at least 20 of the smaller sample."""
    return max(1, min(-(-(n + m) // BLOCKS), min(n, m) // FEWEST))


def _blocks(side: Vectors, middle: FloatArray, rows: int) -> FloatArray:
    """Return the sums of blocks of rows around the middle; shape (blocks, d)."""
    kept = side.shape[0] // rows
    starts = np.arange(0, kept * rows, rows)
    return np.add.reduceat(side[: kept * rows], starts, axis=0, dtype=np.float64) - rows * middle


def _squared_distances(taken: BoolArray, blocks: FloatArray, rows: int) -> FloatArray:
    """Return the squared distance of the mean of the blocks taken from that of the rest, one a draw."""
    count = int(np.count_nonzero(taken[0]))
    inside = taken.astype(np.float64) @ blocks
    rest = blocks.sum(axis=0) - inside
    gap = inside / (count * rows) - rest / ((blocks.shape[0] - count) * rows)
    distances: FloatArray = np.einsum("ij,ij->i", gap, gap)
    return distances


def _drawn(blocks: FloatArray, rows: int, *, small: int, draws: int, seed: int) -> FloatArray:
    generator = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // max(blocks.shape))
    found = []
    for done in range(0, draws, at_once):
        order = generator.random((min(at_once, draws - done), blocks.shape[0]))
        taken = np.zeros(order.shape, dtype=np.bool_)
        np.put_along_axis(taken, np.argpartition(order, small, axis=1)[:, :small], values=True, axis=1)
        found.append(_squared_distances(taken, blocks, rows))
    return np.concatenate(found)
