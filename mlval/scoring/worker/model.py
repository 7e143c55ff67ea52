"""What every loaded model looks like to the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame

LABEL = "label"
"""The name of the first output of a classifier: codes into its classes."""


@dataclass(frozen=True)
class Model:
    """A loaded model.

    `predict` returns a value a row and output, float64. A classifier's outputs are `label`, then one
    probability a class or none. `outputs` is None where only predictions tell; `width` is the number of
    features, None where the model does not say.
    """

    task: str
    classes: tuple[str, ...]
    outputs: tuple[str, ...] | None
    features: tuple[str, ...] | None
    width: int | None
    predict: Callable[[Frame], NDArray[np.float64]]


def classifier(
    classes: tuple[str, ...],
    *,
    probabilities: bool,
    features: tuple[str, ...] | None,
    width: int | None,
    predict: Callable[[Frame], NDArray[np.float64]],
) -> Model:
    """Return a classifier with its outputs named."""
    outputs = (LABEL, *classes) if probabilities else (LABEL,)
    return Model("classification", classes, outputs, features, width, predict)


def regressor(
    outputs: tuple[str, ...] | None,
    *,
    features: tuple[str, ...] | None,
    width: int | None,
    predict: Callable[[Frame], NDArray[np.float64]],
) -> Model:
    """Return a model that predicts numbers."""
    return Model("regression", (), outputs, features, width, predict)


def numbered(count: int) -> tuple[str, ...]:
    """Return the names of outputs that have none: `prediction`, or `prediction 0`, `prediction 1`."""
    return ("prediction",) if count == 1 else tuple(f"prediction {i}" for i in range(count))
