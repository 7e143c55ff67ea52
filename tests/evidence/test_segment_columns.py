"""Columns as cells of segments: which rows fall where, and what a segment is called."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.evidence.segment_columns import SegmentColumn, kept, named, numbers, texts, wrong
from mlval.stats.segment_search import Condition, members

VALUES = st.lists(
    st.one_of(st.floats(-1e6, 1e6), st.just(float("nan")), st.sampled_from([0.0, 1.0])), min_size=1
)
NOTHING: frozenset[str] = frozenset()


def masked(values: Sequence[str | None]) -> "np.ma.MaskedArray[tuple[int], np.dtype[np.object_]]":
    return np.ma.array(np.array(values, dtype=object), mask=[value is None for value in values])


def called(column: SegmentColumn, first: int, last: int, told: str = "", *, hidden: str = "") -> str:
    return named(
        [column], (Condition(0, first, last),), vocabulary=frozenset({told}), hidden=frozenset({hidden})
    )


@given(VALUES)
@settings(max_examples=60)
def test_the_cells_of_numbers_are_what_their_names_say(values: list[float]) -> None:
    column = numbers("x", np.array(values))
    for cell in range(column.feature.cells - 1):
        low = -np.inf if cell == 0 else column.edges[cell - 1]
        high = np.inf if cell == len(column.edges) else column.edges[cell]
        inside = members([column.feature], (Condition(0, cell, cell),))
        assert inside.tolist() == [low <= value < high for value in values]
    last = column.feature.cells - 1
    missing = members([column.feature], (Condition(0, last, last),))
    assert missing.tolist() == [bool(np.isnan(value)) for value in values]


def test_ranges_are_named_by_rounded_edges() -> None:
    column = numbers("x", np.linspace(0, 99.99999, 1_000))
    assert called(column, 0, 1) == "x < 20.02"
    assert called(column, 2, 3) == "x 20.02 to < 40.04"
    assert called(column, 9, 9) == "x >= 90.09"
    assert called(column, 10, 10) == "x=(null)"
    assert called(column, 2, 3, hidden="x") == "x in tenths 3 to 4"


def test_rare_levels_are_one_cell() -> None:
    column = texts("g", masked([*"aaaaabbbbcd", None]), min_rows=3)
    counts = np.bincount(column.feature.codes, minlength=column.feature.cells).tolist()
    assert counts == [5, 4, 2, 1]
    told = [called(column, cell, cell, "b") for cell in range(4)]
    assert told == ["g=level 1", "g=b", "g=rare levels", "g=(null)"]
    assert called(column, 1, 1, "b", hidden="g") == "g=level 2"


@pytest.mark.parametrize("values", [[None, None], ["a", "a"]])
def test_what_is_the_same_everywhere_is_left_out(values: list[str | None]) -> None:
    assert kept({"g": texts("g", masked(values), min_rows=1)}) == ()


def test_a_prediction_that_is_missing_is_wrong_and_a_truth_is_not_known() -> None:
    lost = wrong(masked(["1", "1", "1", None]), masked(["1", "0", None, "1"]))
    assert lost[:3].tolist() == [0, 1, 1]
    assert np.isnan(lost[3])
