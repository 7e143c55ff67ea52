"""Models in LightGBM's text format."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.libraries import library
from mlval.scoring.worker.model import Model, classifier, regressor
from mlval.scoring.worker.predictions import numeric
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame

_NUMBERED = re.compile(r"Column_\d+")
_OBJECTIVE = re.compile(r"^objective=(\S+)", re.MULTILINE)
_MANY = {"multiclass", "multiclassova"}


def load(path: Path) -> Model:
    """Return the model of a text file that LightGBM saved."""
    return wrapped(library("lightgbm").Booster(model_file=str(path)))


def wrapped(booster: Any) -> Model:  # noqa: ANN401 - carries no types
    """Return a booster as a model; labels are chosen as `LGBMClassifier` chooses them.

    The file does not hold the names of classes: they are numbered from 0.
    """
    head = booster.model_to_string(num_iteration=1).partition("\nTree=")[0]
    found = _OBJECTIVE.search(head)
    objective = found.group(1) if found else ""
    names = tuple(str(name) for name in booster.feature_name())
    features = None if all(_NUMBERED.fullmatch(name) for name in names) else names
    width = int(booster.num_feature())

    def predicted(frame: Frame) -> NDArray[np.float64]:
        return _predicted(booster, frame, features)

    if objective == "binary":
        return classifier(
            ("0", "1"),
            probabilities=True,
            features=features,
            width=width,
            predict=lambda f: _two_classes(predicted(f)),
        )
    if objective in _MANY:
        count = int(booster.num_model_per_iteration())
        return classifier(
            tuple(str(code) for code in range(count)),
            probabilities=objective == "multiclass",
            features=features,
            width=width,
            predict=lambda f: _many_classes(predicted(f), soft=objective == "multiclass"),
        )
    return regressor(("prediction",), features=features, width=width, predict=predicted)


def _predicted(booster: Any, frame: Frame, features: tuple[str, ...] | None) -> NDArray[np.float64]:  # noqa: ANN401
    data: Any = None
    if frame.has_text():
        data = frame.table(categories=True)
        if data is None:
            raise Refused("environment", "text features of LightGBM need pandas in the model's environment")
    elif features is not None:
        data = frame.table()
    return numeric(booster.predict(frame.matrix() if data is None else data), frame.rows)


def _two_classes(positive: NDArray[np.float64]) -> NDArray[np.float64]:
    scores = np.column_stack([1.0 - positive[:, 0], positive[:, 0]])
    return np.column_stack([np.argmax(scores, axis=1), scores])


def _many_classes(found: NDArray[np.float64], *, soft: bool) -> NDArray[np.float64]:
    labels = np.argmax(found, axis=1).astype(np.float64)[:, None]
    return np.hstack([labels, found]) if soft else labels
