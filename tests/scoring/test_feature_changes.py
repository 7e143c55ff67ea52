"""Changed features: what is changed, what is left alone, and that blocks do not show."""

from typing import Any

import numpy as np
import pytest

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
from mlval.scoring.feature_changes import EXTRA, Showing, changed

ROWS = 4_000
PLACES = np.arange(ROWS)
FLOATS = Feature("x", "float", np.random.default_rng(1).normal(10, 2, ROWS))
INTS = Feature("n", "int", np.random.default_rng(2).integers(0, 100, ROWS))
CODES = np.random.default_rng(3).integers(0, 3, ROWS, dtype=np.int32)
TEXTS = Feature("t", "text", CODES, levels=("a", "b", "c"))
TIMES = Feature("at", "time", np.datetime64("2026-01-01T00:00:00.000000") + np.arange(ROWS))
FLAGS = Feature("f", "bool", np.random.default_rng(4).random(ROWS) < 0.5)
ALL = (FLOATS, INTS, TEXTS, TIMES, FLAGS)


def shown(change: Change | None, features: tuple[Feature, ...] = ALL) -> Showing:
    return changed(PLACES[: len(features[0].values)], features, change)


def by_name(change: Change, features: tuple[Feature, ...] = ALL) -> dict[str, Any]:
    return {one.name: one for one in shown(change, features).features}


@pytest.mark.parametrize("change", [None, Again()])
def test_nothing_is_changed(change: Change | None) -> None:
    assert shown(change).features == ALL


def test_jitter_has_the_size_that_is_asked_for_and_keeps_the_range() -> None:
    found = by_name(Jitter(0.1))
    moved = found["x"].values - FLOATS.values
    assert moved.std() == pytest.approx(0.1 * FLOATS.values.std(), rel=0.05)
    assert moved.mean() == pytest.approx(0, abs=0.02)
    assert found["x"].values.min() >= FLOATS.values.min()
    assert found["x"].values.max() <= FLOATS.values.max()
    assert found["n"].values.dtype == np.int64
    assert (found["n"].values != INTS.values).mean() > 0.5
    assert found["t"] is TEXTS
    assert found["f"] is FLAGS


def test_what_is_missing_or_infinite_is_not_jittered() -> None:
    values = FLOATS.values.copy()
    values[:3] = np.nan, np.inf, -np.inf
    moved = by_name(Jitter(0.1), (Feature("x", "float", values),))["x"].values
    assert np.array_equal(moved[:3], values[:3], equal_nan=True)
    assert (moved[3:] != values[3:]).mean() > 0.99


def test_missing_takes_the_share_from_every_column() -> None:
    found = by_name(Missing(0.1))
    for one in found.values():
        assert one.nulls.mean() == pytest.approx(0.1, abs=0.02)
    assert np.array_equal(np.isnan(found["x"].values), found["x"].nulls)
    assert np.array_equal(found["t"].values < 0, found["t"].nulls)
    assert np.array_equal(np.isnat(found["at"].values), found["at"].nulls)
    # Each column by itself: rows without two values are as rare as chance has it.
    assert (found["x"].nulls & found["n"].nulls).mean() == pytest.approx(0.01, abs=0.006)


def test_swap_gives_categories_those_of_other_rows() -> None:
    found = by_name(Swap(0.3))
    assert (found["t"].values != TEXTS.values).mean() == pytest.approx(0.2, abs=0.03)
    assert set(found["t"].values) == {0, 1, 2}
    assert found["x"] is FLOATS


def test_permuted_columns_stay_together_and_keep_their_values() -> None:
    found = by_name(Permuted(("x", "n")))
    assert np.array_equal(np.sort(found["x"].values), np.sort(FLOATS.values))
    before = set(zip(FLOATS.values, INTS.values, strict=True))
    assert set(zip(found["x"].values, found["n"].values, strict=True)) == before
    assert abs(np.corrcoef(found["x"].values, FLOATS.values)[0, 1]) < 0.05
    first, second = (by_name(Permuted(("x",), seed))["x"].values for seed in (1, 2))
    assert not np.array_equal(first, second)


def test_columns_come_in_another_order_or_one_too_many() -> None:
    assert [one.name for one in shown(ColumnOrder()).features] == ["f", "at", "t", "n", "x"]
    extra = shown(ExtraColumn())
    assert [one.name for one in extra.features] == ["x", "n", "t", "at", "f", EXTRA]
    assert extra.as_given


def test_rows_come_in_another_order_and_are_known_by_their_places() -> None:
    found = shown(RowOrder())
    assert not np.array_equal(found.places, PLACES)
    assert np.array_equal(found.features[0].values, FLOATS.values[found.places])


@pytest.mark.parametrize("rows, batch", [(4_000, 10), (6, 3), (3, 1), (2, 1)])
def test_batches_are_never_all_rows(rows: int, batch: int) -> None:
    few = tuple(Feature(one.name, one.kind, one.values[:rows]) for one in (FLOATS, INTS))
    assert shown(BatchSize(10), few).batch == batch


@pytest.mark.parametrize(
    "change, features",
    [
        (Jitter(0.1), (TEXTS,)),
        (Jitter(0.1), (Feature("one", "float", np.ones(9)),)),
        (Jitter(0.1, ("nobody",)), ALL),
        (Jitter(0.1, ("t",)), ALL),
        (Jitter(0.1), (Feature("big", "int", np.array([2**62 + 9, -(2**62) - 9, 3])),)),
        (Missing(0.5), (Feature("none", "float", np.full(9, np.nan), nulls=np.ones(9, dtype=bool)),)),
        (Swap(0.5), (FLOATS,)),
        (Swap(0.5), (Feature("t", "text", np.zeros(9, np.int32), levels=("a",)),)),
        (Permuted(("nobody",)), ALL),
        (ColumnOrder(), (FLOATS,)),
        (ExtraColumn(), (Feature(EXTRA, "float", np.ones(9)),)),
        (RowOrder(), (Feature("x", "float", np.ones(1)),)),
        (BatchSize(10), (Feature("x", "float", np.ones(1)),)),
    ],
)
def test_a_change_that_changes_nothing_is_no_test(change: Change, features: tuple[Feature, ...]) -> None:
    with pytest.raises(Unmeasurable):
        shown(change, features)


@pytest.mark.parametrize("change", [Jitter(0.1, seed=3), Missing(0.1, seed=3)])
def test_random_changes_are_those_of_the_position(change: Change) -> None:
    whole = {one.name: one for one in shown(change, (INTS,)).features}["n"]
    assert np.array_equal(whole.values, by_name(change, (INTS, TEXTS))["n"].values)
    other = by_name(type(change)(0.1, seed=4), (INTS,))["n"]  # type: ignore[call-arg] # both take these
    assert not np.array_equal(whole.values, other.values)
