"""Which fold a row is in: by a hash of its key, or by a seeded shuffle."""

import numpy as np
from numpy.typing import NDArray

from mlval.stats.arrays import IntArray

FOLDS = 5


def folds_by_hash(hashes: NDArray[np.uint64], *, folds: int = FOLDS) -> IntArray:
    """Put rows into folds by a hash of their key: whatever their order, and rows of one key together.

    The bits are mixed once more (the finaliser of Steele, Lea and Flood 2014), as the rows may have been
    chosen by the same hash.

    Parameters
    ----------
    hashes : shape (rows,)
    folds : at least 2

    Raises
    ------
    ValueError
        If these are not a flat row of uint64, or there are fewer than two folds.

    Examples
    --------
    >>> folds_by_hash(np.array([7, 8, 7], dtype=np.uint64)).tolist()
    [4, 0, 4]
    """
    if hashes.dtype != np.uint64 or hashes.ndim != 1:
        raise ValueError(f"a flat row of uint64 is needed, not {hashes.dtype} of shape {hashes.shape}")
    _require(folds)
    mixed = hashes ^ (hashes >> np.uint64(30))
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(27)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(31)
    return (mixed % np.uint64(folds)).astype(np.int64)


def folds_by_permutation(rows: int, *, seed: int, folds: int = FOLDS) -> IntArray:
    """Put rows into folds of equal size by a seeded shuffle, which depends on their order.

    >>> folds_by_permutation(6, seed=1, folds=3).tolist()
    [1, 0, 2, 1, 2, 0]
    """
    _require(folds)
    return np.random.default_rng(seed).permutation(rows) % folds


def _require(folds: int) -> None:
    if folds < 2:
        raise ValueError(f"at least two folds, not {folds}")
