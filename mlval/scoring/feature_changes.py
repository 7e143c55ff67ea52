"""Changing what a model is shown: some rows of features in, changed features out, the same every time.

What is random is a hash of the position of the row, the column and the seed: neither the blocks in which the
rows were read nor other columns show in it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import Change
from mlval.domain.errors import Unmeasurable
from mlval.domain.feature_change import (
    Again,
    BatchSize,
    ColumnOrder,
    ExtraColumn,
    Jitter,
    Missing,
    Permuted,
    RowOrder,
    Swap,
)
from mlval.domain.features import Feature
from mlval.domain.text import shown
from mlval.scoring.feature_rows import Places, hashes, taken

EXTRA = "mlval_extra"
_NUMBERS, _CATEGORIES = frozenset({"float", "int"}), frozenset({"text", "bool"})
_NORMAL = 12
"""Uniform numbers whose sum, less half of them, is nearly normal with a variance of 1: no logarithm, which
differs between machines in its last digit."""
_WIDEST = 2.0**62


@dataclass(frozen=True, slots=True)
class Showing:
    """Features as they are shown, and the position of each row.

    `batch` is how many rows go at a time, None where it does not matter. With `as_given` the columns are not
    put into the model's own order.
    """

    places: Places
    features: tuple[Feature, ...]
    batch: int | None = None
    as_given: bool = False


def changed(places: Places, features: tuple[Feature, ...], change: Change | None) -> Showing:
    """Return what a model is shown.

    Raises
    ------
    Unmeasurable
        If a column is named that the model is not shown, or nothing is changed: there is no such column, too
        few rows, nothing but one value.
    """
    match change:
        case None | Again():
            return Showing(places, features)
        case ColumnOrder():
            if len(features) < 2:
                raise Unmeasurable("one column has no order")
            return Showing(places, features[::-1], as_given=True)
        case ExtraColumn():
            if any(feature.name == EXTRA for feature in features):
                message = f"the model is shown a column {EXTRA!r} already"
                raise Unmeasurable(message)
            extra = Feature(EXTRA, "float", _uniform(places, "extra"))
            return Showing(places, (*features, extra), as_given=True)
        case BatchSize() | RowOrder():
            return _in_other_batches(places, features, change)
        case Permuted(columns, seed):
            _named(features, columns)
            order = np.argsort(hashes(places, _salt("permuted", seed, *columns)), kind="stable")
            moved = (taken(one, order) if one.name in columns else one for one in features)
            return Showing(places, tuple(moved))
        case Jitter() | Missing() | Swap():
            return Showing(places, _disturbed(places, features, change))
    message = f"nobody changes features by {type(change).__name__}"
    raise TypeError(message)


def _in_other_batches(places: Places, features: tuple[Feature, ...], change: BatchSize | RowOrder) -> Showing:
    if len(places) < 2:
        raise Unmeasurable("it takes two rows to put them in another order or in batches")
    if isinstance(change, BatchSize):
        return Showing(places, features, batch=max(1, min(change.rows, len(places) // 2)))
    order = np.argsort(hashes(places, _salt("rows", change.seed)), kind="stable")
    return Showing(places[order], tuple(taken(feature, order) for feature in features))


def _disturbed(
    places: Places, features: tuple[Feature, ...], change: Jitter | Missing | Swap
) -> tuple[Feature, ...]:
    _named(features, change.columns)
    meant = set(change.columns) or {one.name for one in features if one.kind in _usual(change)}
    found = tuple(_one(places, one, change) if one.name in meant else one for one in features)
    if all(map(_is_same, features, found)):
        what = type(change).__name__.lower()
        message = f"{what} changes none of the values that the model is shown"
        raise Unmeasurable(message, remedy="leave this test out, or make the change larger")
    return found


def _usual(change: Jitter | Missing | Swap) -> frozenset[str]:
    match change:
        case Jitter():
            return _NUMBERS
        case Swap():
            return _CATEGORIES
        case Missing():
            return frozenset({"float", "int", "bool", "text", "time"})


def _one(places: Places, feature: Feature, change: Jitter | Missing | Swap) -> Feature:
    match change:
        case Jitter(size, _, seed):
            return _jittered(places, feature, size=size, seed=seed)
        case Missing(share, _, seed):
            return _without(feature, _uniform(places, "missing", seed, feature.name) < share)
        case Swap(share, _, seed):
            own = np.arange(len(places))
            donors = (_uniform(places, "donor", seed, feature.name) * len(places)).astype(np.intp)
            return taken(feature, np.where(_uniform(places, "swap", seed, feature.name) < share, donors, own))


def _jittered(places: Places, feature: Feature, *, size: float, seed: int) -> Feature:
    if feature.kind not in _NUMBERS:
        message = f"the column {shown(feature.name, 60)!r} holds no numbers that could be moved a little"
        raise Unmeasurable(message)
    values = feature.values.astype(np.float64)
    known = np.isfinite(values) if feature.nulls is None else np.isfinite(values) & ~feature.nulls
    if known.sum() < 2:
        return feature
    low, high = float(values[known].min()), float(values[known].max())
    if max(-low, high) >= _WIDEST:
        message = f"the column {shown(feature.name, 60)!r} holds numbers too large to be moved"
        raise Unmeasurable(message)
    draws = sum(_uniform(places, "jitter", seed, feature.name, draw) for draw in range(_NORMAL))
    noise = (draws - _NORMAL / 2) * (size * float(np.std(values[known])))
    if feature.kind == "float":
        moved = np.where(known, np.clip(values + noise, low, high), values)
        return replace(feature, values=moved.astype(feature.values.dtype))
    whole = feature.values.astype(np.int64)
    steps = np.clip(np.rint(noise), -_WIDEST, _WIDEST).astype(np.int64)
    smallest, largest = whole[known].min(), whole[known].max()
    return replace(feature, values=np.where(known, np.clip(whole + steps, smallest, largest), whole))


def _without(feature: Feature, gone: NDArray[np.bool_]) -> Feature:
    nulls = gone if feature.nulls is None else feature.nulls | gone
    if not nulls.any():
        return feature
    empty: dict[str, float | np.datetime64] = {"float": np.nan, "text": -1, "time": np.datetime64("NaT")}
    values = feature.values.copy()
    values[gone] = empty.get(feature.kind, 0)
    return replace(feature, values=values, nulls=nulls)


def _uniform(places: Places, *salt: object) -> NDArray[np.float64]:
    """Return a number in [0, 1) for each row."""
    high: NDArray[np.float64] = (hashes(places, _salt(*salt)) >> np.uint64(11)).astype(np.float64)
    return high * 2.0**-53


def _salt(*parts: object) -> int:
    digest = hashlib.blake2b(repr(parts).encode("utf-8", "backslashreplace"), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _named(features: Sequence[Feature], columns: tuple[str, ...]) -> None:
    known = {feature.name for feature in features}
    for column in columns:
        if column not in known:
            message = f"the model is not shown the column {shown(column, 60)!r}"
            raise Unmeasurable(message, remedy=f"it is shown: {shown(', '.join(sorted(known)))}")


def _is_same(before: Feature, after: Feature) -> bool:
    if before is after:
        return True
    equal_nan = before.kind in {"float", "time"}
    same = np.array_equal(before.values, after.values, equal_nan=equal_nan)
    return same and np.array_equal(_nulls(before), _nulls(after))


def _nulls(feature: Feature) -> NDArray[np.bool_]:
    return np.zeros(len(feature.values), dtype=np.bool_) if feature.nulls is None else feature.nulls
