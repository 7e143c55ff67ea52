"""Classes as text, spelt as tables spell levels, and labels as codes into them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import ArrayLike, NDArray


def class_name(value: object) -> str:
    """Return a class as text: 1, 1.0 and '1' are the same, True is 'true'.

    >>> class_name(np.True_), class_name(1.0), class_name("yes"), class_name(0.5)
    ('true', '1', 'yes', '0.5')
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def class_names(values: Iterable[object]) -> tuple[str, ...]:
    """Return the names of all classes, in the order of the model.

    Raises
    ------
    Refused
        If two classes have the same name, or there is none.
    """
    names = tuple(class_name(value) for value in values)
    if not names:
        raise Refused("unsupported", "the model has no classes")
    if len(set(names)) != len(names):
        raise Refused("unsupported", "two classes of the model have the same name")
    return names


def codes(labels: ArrayLike, classes: NDArray[np.generic]) -> NDArray[np.float64]:
    """Return the position of every label among the classes of the model.

    Raises
    ------
    Refused
        If a label is none of the classes.
    """
    found = np.asarray(labels).reshape(-1)
    if classes.dtype.kind == found.dtype.kind and classes.dtype.kind in "biufU" and _is_sorted(classes):
        places = np.minimum(np.searchsorted(classes, found), len(classes) - 1)
        if np.array_equal(classes[places], found):
            return places.astype(np.float64)
    known = {class_name(value): place for place, value in enumerate(classes.tolist())}
    try:
        return np.array([known[class_name(value)] for value in found.tolist()], dtype=np.float64)
    except KeyError as error:
        raise Refused("broken", f"the model predicts {error}, which is none of its classes") from None


def _is_sorted(classes: NDArray[np.generic]) -> bool:
    values = classes.tolist()
    return all(first < second for first, second in pairwise(values))
