"""Some rows of features: chosen by a hash of their positions, put together from blocks."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from mlval.domain.features import Feature

Places = NDArray[np.int64]
Block = tuple[Places, tuple[Feature, ...]]

_STEP: Final = np.uint64(0x9E3779B97F4A7C15)
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)


def hashes(places: Places, salt: int = 0) -> NDArray[np.uint64]:
    """Return a hash of each position: the finaliser of SplitMix64 (Steele, Lea and Flood 2014), twice.

    Parameters
    ----------
    places : shape (rows,), from 0
    salt : from 0 to 2⁶⁴ − 1
    """
    with np.errstate(over="ignore"):
        # The salt once more than a position, else the two would stand for one another.
        salted = _mixed(_mixed(np.full(1, salt, dtype=np.uint64)))
        return _mixed(_mixed(places.astype(np.uint64)) ^ salted)


def chosen(blocks: Iterable[Block], most: int) -> Block:
    """Return at most `most` rows of all blocks, those with the smallest hashes, in the order of the table."""
    kept = [_smallest(block, most) for block in blocks]
    if not kept:
        return np.empty(0, dtype=np.int64), ()
    places = np.concatenate([block[0] for block in kept])
    columns = zip(*(features for _, features in kept), strict=True)
    return _smallest((places, tuple(_joined(parts) for parts in columns)), most)


def taken(feature: Feature, rows: "NDArray[np.intp] | slice") -> Feature:
    """Return some rows of a feature, in the order of `rows`."""
    nulls = None if feature.nulls is None else feature.nulls[rows]
    return Feature(feature.name, feature.kind, feature.values[rows], nulls=nulls, levels=feature.levels)


def _smallest(block: Block, most: int) -> Block:
    places, features = block
    if len(places) <= most:
        return block
    # Different positions have different hashes: nothing is left to the order of rows.
    rows = np.sort(np.argpartition(hashes(places), most)[:most])
    return places[rows], tuple(taken(feature, rows) for feature in features)


def _joined(parts: Sequence[Feature]) -> Feature:
    if len(parts) == 1:
        return parts[0]
    first = parts[0]
    nulls = None
    if any(part.nulls is not None for part in parts):
        nulls = np.concatenate(
            [np.zeros(len(one.values), dtype=np.bool_) if one.nulls is None else one.nulls for one in parts]
        )
    if first.levels is None:
        values = np.concatenate([part.values for part in parts])
        return Feature(first.name, first.kind, values, nulls=nulls)
    levels = tuple(sorted({level for part in parts for level in part.levels or ()}))
    place = {level: code for code, level in enumerate(levels)}
    # The code of what is null, -1, finds the last entry.
    coded = [_codes(part.levels or (), place)[part.values.astype(np.intp)] for part in parts]
    return Feature(first.name, first.kind, np.concatenate(coded), nulls=nulls, levels=levels)


def _codes(levels: Sequence[str], place: Mapping[str, int]) -> NDArray[np.int32]:
    return np.array([*(place[level] for level in levels), -1], dtype=np.int32)


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    mixed = values + _STEP
    mixed = (mixed ^ (mixed >> np.uint64(30))) * _FIRST
    mixed = (mixed ^ (mixed >> np.uint64(27))) * _SECOND
    return mixed ^ (mixed >> np.uint64(31))
