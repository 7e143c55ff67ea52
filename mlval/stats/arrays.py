"""The array types of this room, and what is demanded of an input before anything is computed from it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mlval.stats.errors import Undefined

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
Counts = Sequence[int] | IntArray


def require_finite(values: FloatArray, name: str) -> None:
    """Refuse an empty array and one that holds NaN or an infinity.

    Parameters
    ----------
    values : shape (n,)
    name : what the values are, in the plural, for the message

    Raises
    ------
    Undefined
        If there are no values, or some are not finite.
    """
    if values.size == 0:
        raise Undefined("no rows")
    bad = values.size - int(np.count_nonzero(np.isfinite(values)))
    if bad:
        raise Undefined(f"{bad} of {values.size} {name} are missing, infinite or too large")


def require_aligned(first: NDArray[np.generic], second: NDArray[np.generic]) -> None:
    """Refuse two arrays that are not columns of the same rows.

    Raises
    ------
    ValueError
        If one of them is not flat, or their lengths differ.
    """
    if first.ndim != 1 or first.shape != second.shape:
        raise ValueError(f"two columns of one length are needed, not {first.shape} and {second.shape}")


def require_mask(truth: BoolArray) -> None:
    """Refuse anything but booleans: an integer array would be inverted and indexed in silence.

    Raises
    ------
    ValueError
        If the array is not of booleans.
    """
    if truth.dtype != np.bool_:
        raise ValueError(f"truth must be boolean, not {truth.dtype}")


def require_share(value: float, name: str) -> None:
    """Refuse a confidence, power or significance level that is not strictly between 0 and 1.

    Raises
    ------
    ValueError
        If it is outside, or NaN.
    """
    if not 0 < value < 1:
        raise ValueError(f"{name} must be between 0 and 1, not {value}")


def whole_numbers(counts: Counts) -> list[int]:
    """Return counts as Python integers, whose products do not overflow.

    Raises
    ------
    ValueError
        If they are not a flat row of whole numbers from 0.
    """
    array = np.asarray(counts)
    if array.size == 0:
        return []
    if array.ndim != 1 or array.dtype.kind not in "iu":
        raise ValueError(
            f"counts must be a flat row of whole numbers, not {array.dtype} of shape {array.shape}"
        )
    if array.min() < 0:
        raise ValueError("a count is below zero")
    numbers: list[int] = array.tolist()
    return numbers
