"""Pickled models with the interface of scikit-learn: its own, and those of other libraries that follow it."""

from __future__ import annotations

import pickle
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.class_names import class_names, codes
from mlval.scoring.worker.libraries import library_or_none
from mlval.scoring.worker.model import Model, classifier, regressor
from mlval.scoring.worker.predictions import numeric
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame

_NAMELESS = "X does not have valid feature names"
_TABLE_WANTED = ("for dataframes", "for pandas", "only supported for")


def load(path: Path) -> Model:
    """Unpickle a file that pickle or joblib wrote, compressed or not."""
    joblib = library_or_none("joblib")
    if joblib is not None:
        return wrapped(joblib.load(path))
    with path.open("rb") as file:
        return wrapped(pickle.load(file))  # noqa: S301 - this is what the cage is for


def wrapped(estimator: Any) -> Model:  # noqa: ANN401 - whatever the file held
    """Return the estimator as a model; boosters of XGBoost and LightGBM are handed to their own files.

    Raises
    ------
    Refused
        If it is no estimator, or has classes for each of several outputs.
    """
    library = type(estimator).__module__.partition(".")[0]
    if type(estimator).__name__ == "Booster" and library == "xgboost":
        from mlval.scoring.worker import xgboost_model

        return xgboost_model.wrapped(estimator)
    if type(estimator).__name__ == "Booster" and library == "lightgbm":
        from mlval.scoring.worker import lightgbm_model

        return lightgbm_model.wrapped(estimator)
    if not hasattr(estimator, "predict"):
        name = type(estimator).__qualname__
        raise Refused("unsupported", f"the file holds a {name}, which cannot predict")
    # Trained by name, it is fed by name where pandas is here, and in that order where it is not.
    warnings.filterwarnings("ignore", message=_NAMELESS)
    names = getattr(estimator, "feature_names_in_", None)
    features = None if names is None else tuple(str(name) for name in names)
    width = _count(getattr(estimator, "n_features_in_", None))
    if not hasattr(estimator, "classes_"):
        return regressor(
            None, features=features, width=width, predict=lambda frame: _numbers(estimator, frame, features)
        )
    classes = estimator.classes_
    if isinstance(classes, list):
        raise Refused("unsupported", "the model predicts several classes a row at once")
    known = np.asarray(classes)
    return classifier(
        class_names(known.tolist()),
        probabilities=hasattr(estimator, "predict_proba"),
        features=features,
        width=width,
        predict=lambda frame: _classes(estimator, frame, features=features, known=known),
    )


def _count(value: object) -> int | None:
    return int(value) if isinstance(value, (int, np.integer)) else None


def _given(frame: Frame, features: tuple[str, ...] | None) -> Any:  # noqa: ANN401 - pandas may be absent
    table = None if features is None else frame.table()
    return frame.matrix() if table is None else table


def _numbers(estimator: Any, frame: Frame, features: tuple[str, ...] | None) -> NDArray[np.float64]:  # noqa: ANN401
    return numeric(_called(estimator.predict, frame, features), frame.rows)


def _classes(
    estimator: Any,  # noqa: ANN401 - whatever the file held
    frame: Frame,
    *,
    features: tuple[str, ...] | None,
    known: NDArray[np.generic],
) -> NDArray[np.float64]:
    labels = codes(_called(estimator.predict, frame, features), known)[:, None]
    if not hasattr(estimator, "predict_proba"):
        return labels
    scores = numeric(_called(estimator.predict_proba, frame, features), frame.rows)
    return np.hstack([labels, scores])


def _called(method: Any, frame: Frame, features: tuple[str, ...] | None) -> Any:  # noqa: ANN401
    given = _given(frame, features)
    try:
        return method(given)
    except (ValueError, TypeError, AttributeError) as error:
        if isinstance(given, np.ndarray) and any(word in str(error) for word in _TABLE_WANTED):
            detail = "the model selects columns by name, which needs pandas in its environment"
            raise Refused("environment", detail) from error
        raise
