"""Model folders of MLflow: by the loader of their flavour where there is one, else as a function."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mlval.scoring.worker import onnx_model, sklearn_model, skops_model
from mlval.scoring.worker.libraries import library
from mlval.scoring.worker.model import Model, regressor
from mlval.scoring.worker.predictions import numeric
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame


def load(path: Path) -> Model:
    """Return the model of a folder; its flavours are preferred, for they tell classes and probabilities."""
    described = library("mlflow.models").Model.load(str(path))
    flavours = described.flavors
    if "sklearn" in flavours:
        return _sklearn(path, flavours["sklearn"])
    if "xgboost" in flavours:
        return sklearn_model.wrapped(library("mlflow.xgboost").load_model(str(path)))
    if "lightgbm" in flavours:
        return sklearn_model.wrapped(library("mlflow.lightgbm").load_model(str(path)))
    if "onnx" in flavours:
        return onnx_model.load(_inside(path, str(flavours["onnx"].get("data", "model.onnx"))))
    return _function(path, described)


def _sklearn(path: Path, flavour: dict[str, Any]) -> Model:
    if flavour.get("serialization_format") == "skops":
        return skops_model.load(_inside(path, str(flavour.get("pickled_model", "model.skops"))))
    return sklearn_model.wrapped(library("mlflow.sklearn").load_model(str(path)))


def _function(path: Path, described: Any) -> Model:  # noqa: ANN401 - carries no types
    function = library("mlflow.pyfunc").load_model(str(path))
    inputs = described.get_input_schema()
    names = inputs.input_names() if inputs is not None and inputs.has_input_names() else None
    features = None if names is None else tuple(str(name) for name in names)

    def predict(frame: Frame) -> NDArray[np.float64]:
        table = frame.table()
        if table is None:
            raise Refused("environment", "a model that is a Python function needs pandas in its environment")
        return numeric(function.predict(table), frame.rows)

    return regressor(None, features=features, width=None if names is None else len(names), predict=predict)


def _inside(folder: Path, name: str) -> Path:
    found = (folder / name).resolve()
    if not found.is_relative_to(folder.resolve()):
        raise Refused("unsupported", "the MLmodel file names a file outside its folder")
    return found
