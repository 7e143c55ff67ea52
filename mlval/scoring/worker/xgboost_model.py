"""Models in XGBoost's own formats, JSON and universal binary JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.libraries import library
from mlval.scoring.worker.model import Model, classifier, numbered, regressor
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame

_KEEPS_CATEGORIES = (3, 1)


def load(path: Path) -> Model:
    """Return the model of a file that XGBoost saved."""
    booster = library("xgboost").Booster()
    booster.load_model(path)
    return wrapped(booster)


def wrapped(booster: Any) -> Model:  # noqa: ANN401 - carries no types
    """Return a booster as a model; labels are chosen as `XGBClassifier` chooses them.

    The file does not hold the names of classes: they are numbered from 0.
    """
    learner = json.loads(booster.save_config())["learner"]
    objective = str(learner["objective"]["name"])
    names = booster.feature_names
    features = None if names is None else tuple(str(name) for name in names)
    width = int(booster.num_features())

    def predicted(frame: Frame) -> NDArray[np.float32]:
        return _predicted(booster, frame, features)

    if objective in {"binary:logistic", "binary:hinge"}:
        soft = objective == "binary:logistic"
        return classifier(
            ("0", "1"),
            probabilities=soft,
            features=features,
            width=width,
            predict=lambda frame: _two_classes(predicted(frame), soft=soft),
        )
    if objective in {"multi:softprob", "multi:softmax"}:
        count = int(learner["learner_model_param"]["num_class"])
        soft = objective == "multi:softprob"
        return classifier(
            tuple(str(code) for code in range(count)),
            probabilities=soft,
            features=features,
            width=width,
            predict=lambda frame: _many_classes(predicted(frame), soft=soft),
        )
    outputs = max(1, int(learner["learner_model_param"].get("num_target", "1")))
    return regressor(
        numbered(outputs),
        features=features,
        width=width,
        predict=lambda frame: predicted(frame).reshape(frame.rows, -1).astype(np.float64),
    )


def _predicted(booster: Any, frame: Frame, features: tuple[str, ...] | None) -> NDArray[np.float32]:  # noqa: ANN401
    xgboost = library("xgboost")
    categories = "c" in (booster.feature_types or ())
    data: Any
    if categories or frame.has_text():
        version = tuple(int(part) for part in xgboost.__version__.split(".")[:2])
        data = frame.table(categories=True)
        if version < _KEEPS_CATEGORIES or data is None:
            detail = "text features need pandas and XGBoost 3.1 or newer, which keeps their categories"
            raise Refused("environment", detail)
        matrix = xgboost.DMatrix(data, enable_categorical=True)
    else:
        names = None if features is None else list(frame.names)
        matrix = xgboost.DMatrix(frame.matrix(), feature_names=names, feature_types=booster.feature_types)
    found: NDArray[np.float32] = booster.predict(matrix, iteration_range=_trees(booster))
    return found


def _trees(booster: Any) -> tuple[int, int]:  # noqa: ANN401 - carries no types
    """Return the rounds to use: up to the best one where training stopped early, as the wrapper does."""
    best = booster.attr("best_iteration")
    stopped = booster.attr("scikit_learn") is not None and best is not None
    return (0, int(best) + 1) if stopped else (0, 0)


def _two_classes(positive: NDArray[np.float32], *, soft: bool) -> NDArray[np.float64]:
    labels = (positive > 0.5).astype(np.float64)
    if not soft:
        return labels[:, None]
    # Subtracted in single precision, as `predict_proba` does.
    return np.column_stack([labels, (1.0 - positive).astype(np.float32), positive]).astype(np.float64)


def _many_classes(found: NDArray[np.float32], *, soft: bool) -> NDArray[np.float64]:
    if not soft:
        return found.astype(np.float64).reshape(-1, 1)
    return np.column_stack([np.argmax(found, axis=1), found]).astype(np.float64)
