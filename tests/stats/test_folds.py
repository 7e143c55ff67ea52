"""Folds are of about one size, keep rows of one key together, and do not depend on what they should not."""

import numpy as np
import pytest

from mlval.stats.folds import folds_by_hash, folds_by_permutation


def test_a_hash_decides_alone() -> None:
    hashes = np.random.default_rng(1).integers(0, 2**63, size=1000).astype(np.uint64)
    folds = folds_by_hash(hashes)
    assert np.array_equal(folds_by_hash(hashes[::-1])[::-1], folds)
    assert np.array_equal(folds_by_hash(np.tile(hashes, 2)), np.tile(folds, 2))


@pytest.mark.parametrize("step", [1, 5, 1000, 2**40])
def test_hashes_that_are_not_well_mixed_fill_all_folds(step: int) -> None:
    folds = folds_by_hash(np.arange(5000, dtype=np.uint64) * np.uint64(step), folds=5)
    assert np.bincount(folds) == pytest.approx(np.full(5, 1000), abs=150)


def test_a_shuffle_fills_folds_alike_and_is_the_same_for_one_seed() -> None:
    folds = folds_by_permutation(23, seed=1, folds=5)
    assert np.bincount(folds).tolist() == [5, 5, 5, 4, 4]
    assert np.array_equal(folds, folds_by_permutation(23, seed=1, folds=5))
    assert not np.array_equal(folds, folds_by_permutation(23, seed=2, folds=5))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="two folds"):
        folds_by_permutation(10, seed=1, folds=1)
    with pytest.raises(ValueError, match="two folds"):
        folds_by_hash(np.zeros(3, dtype=np.uint64), folds=0)
    with pytest.raises(ValueError, match="uint64"):
        folds_by_hash(np.zeros(3, dtype=np.int64))
