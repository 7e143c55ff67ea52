"""What is demanded of inputs, and how it is said."""

import math
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from mlval.stats.arrays import FloatArray, require_aligned, require_finite, require_mask, whole_numbers
from mlval.stats.errors import Undefined


def test_the_number_of_bad_values_is_said() -> None:
    with pytest.raises(Undefined, match="2 of 3 scores are missing, infinite or too large"):
        require_finite(np.array([1.0, math.nan, math.inf]), "scores")


def test_no_rows_are_said() -> None:
    with pytest.raises(Undefined, match="no rows"):
        require_finite(np.array([]), "scores")


@pytest.mark.parametrize("second", [np.ones(2), np.ones((3, 1))])
def test_columns_must_be_aligned(second: FloatArray) -> None:
    with pytest.raises(ValueError, match="one length"):
        require_aligned(np.ones(3), second)


@pytest.mark.parametrize("truth", [np.array([0, 1]), np.array([0.0, 1.0])])
def test_truth_must_be_boolean(truth: NDArray[Any]) -> None:
    with pytest.raises(ValueError, match="boolean"):
        require_mask(truth)


@pytest.mark.parametrize("counts", [[1, -1], [0.5, 1.0], [[1, 2]], [True, False]])
def test_counts_must_be_whole_numbers(counts: list[int]) -> None:
    with pytest.raises(ValueError, match="count"):
        whole_numbers(counts)


@pytest.mark.parametrize("counts", [[3, 0, 2**40], (3, 0, 2**40), np.array([3, 0, 2**40])])
def test_counts_become_python_integers(counts: list[int]) -> None:
    numbers = whole_numbers(counts)
    assert numbers == [3, 0, 2**40]
    assert all(type(number) is int for number in numbers)
