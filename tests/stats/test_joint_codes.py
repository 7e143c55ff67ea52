"""Codes of two samples: the order of values, nothing beyond 63, and no word of which side a row is on."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.joint_codes import MOST, NO_VALUE, Marks, codes_of_levels, codes_of_numbers

NUMBERS = st.lists(st.floats(width=32) | st.sampled_from([0.0, 1.0, -1.0]), min_size=0, max_size=150)


def marks(values: list[int | None]) -> Marks:
    mask = [value is None for value in values]
    return np.ma.array([value or 0 for value in values], mask=mask, dtype=np.uint64)


@given(NUMBERS, NUMBERS)
def test_codes_rise_with_values_and_do_not_know_the_sides(first: list[float], second: list[float]) -> None:
    before, after = codes_of_numbers(np.array(first), np.array(second))
    values, codes = np.array([*first, *second]), np.concatenate((before, after))
    assert codes.dtype == np.uint8
    assert np.array_equal(codes == NO_VALUE, np.isnan(values))
    there = ~np.isnan(values)
    order = np.argsort(values[there], kind="stable")
    assert np.all(np.diff(codes[there][order].astype(int)) >= 0)
    assert codes.max(initial=0) <= MOST
    swapped = codes_of_numbers(np.array(second), np.array(first))
    assert np.array_equal(swapped[1], before)
    assert np.array_equal(swapped[0], after)


@pytest.mark.parametrize("atoms", [0, 10, 40])
def test_bins_are_fine_and_never_too_many(atoms: int) -> None:
    draw = np.random.default_rng(1)
    values = np.concatenate((draw.normal(size=3_000), np.repeat(draw.normal(size=atoms), 400)))
    codes, _ = codes_of_numbers(values, values[:100])
    shares = np.bincount(codes, minlength=MOST + 1) / values.size
    assert shares.size == MOST + 1
    assert np.count_nonzero(shares) >= 20
    assert np.max(shares) < 0.1


@given(
    st.lists(st.none() | st.integers(0, 90), max_size=300),
    st.lists(st.none() | st.integers(0, 90), max_size=300),
)
def test_frequent_levels_have_codes_of_their_own(first: list[int | None], second: list[int | None]) -> None:
    before, after = codes_of_levels(marks(first), marks(second))
    codes = dict(zip([*first, *second], [*before.tolist(), *after.tolist()], strict=True))
    both = [value for value in (*first, *second) if value is not None]
    ranked = sorted(set(both), key=lambda value: (-both.count(value), value))
    expected: dict[int | None, int] = {value: min(rank, MOST) for rank, value in enumerate(ranked, 1)}
    if None in codes:
        expected[None] = NO_VALUE
    assert codes == expected
