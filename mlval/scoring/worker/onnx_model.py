"""Models in ONNX, run by onnxruntime on the processor."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.class_names import class_names, codes
from mlval.scoring.worker.libraries import library
from mlval.scoring.worker.model import Model, classifier, numbered, regressor
from mlval.scoring.worker.onnx_file import class_labels
from mlval.scoring.worker.predictions import numeric
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from mlval.scoring.worker.frame import Frame

_TYPES = {
    "tensor(float)": np.float32,
    "tensor(double)": np.float64,
    "tensor(float16)": np.float16,
    "tensor(int64)": np.int64,
    "tensor(int32)": np.int32,
    "tensor(bool)": np.bool_,
    "tensor(string)": np.object_,
}
_LABELS = ("tensor(int64)", "tensor(int32)", "tensor(string)")


def load(path: Path) -> Model:
    """Return the model of an ONNX file: one input a feature, or one input with all of them.

    Raises
    ------
    Refused
        If its inputs or outputs are not those of a model on tables.
    """
    onnxruntime = library("onnxruntime")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = int(os.environ.get("OMP_NUM_THREADS", "1"))  # noqa: TID251 - the cage's word
    options.inter_op_num_threads = 1
    options.use_deterministic_compute = True
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if any(given.type not in _TYPES for given in inputs):
        raise Refused("unsupported", "an input of the model is no tensor of numbers or texts")
    whole = len(inputs) == 1 and not _is_one_wide(inputs[0])
    features = None if whole else tuple(str(given.name) for given in inputs)
    width = _last(inputs[0]) if whole else len(inputs)
    label = next((found.name for found in outputs if found.type in _LABELS), None)

    def run(frame: Frame, names: list[str]) -> list[Any]:
        found: list[Any] = session.run(names, _fed(frame, inputs, whole=whole))
        return found

    if label is None:
        first = outputs[0].name
        count = _last(outputs[0]) if len(outputs[0].shape) == 2 else 1
        names = None if count is None else numbered(count)
        return regressor(
            names,
            features=features,
            width=width,
            predict=lambda frame: numeric(run(frame, [first])[0], frame.rows),
        )
    soft = next((found for found in outputs if found.name != label), None)
    known = _classes(path, label=next(o for o in outputs if o.name == label), scores=soft)
    wanted = [label] if soft is None else [label, soft.name]
    return classifier(
        class_names(known.tolist()),
        probabilities=soft is not None,
        features=features,
        width=width,
        predict=lambda frame: _classified(run(frame, wanted), frame.rows, known),
    )


def _is_one_wide(given: Any) -> bool:  # noqa: ANN401 - carries no types
    return len(given.shape) == 1 or given.shape[-1] == 1


def _last(given: Any) -> int | None:  # noqa: ANN401 - carries no types
    size = given.shape[-1] if given.shape else None
    return size if isinstance(size, int) else None


def _fed(frame: Frame, inputs: Any, *, whole: bool) -> dict[str, NDArray[np.generic]]:  # noqa: ANN401
    if whole:
        return {inputs[0].name: frame.matrix().astype(_TYPES[inputs[0].type], copy=False)}
    if len(inputs) != len(frame.columns):
        raise Refused(
            "features", f"the model has {len(inputs)} inputs, and {len(frame.columns)} features came"
        )
    fed: dict[str, NDArray[np.generic]] = {}
    for given, column in zip(inputs, frame.columns, strict=True):
        values: NDArray[np.generic] = column.filled().astype(_TYPES[given.type], copy=False)
        fed[given.name] = values if len(given.shape) == 1 else values.reshape(-1, 1)
    return fed


def _classes(path: Path, *, label: Any, scores: Any) -> NDArray[np.generic]:  # noqa: ANN401 - carries no types
    """Return the classes that the graph names; numbers from 0 where it names none and counts them."""
    named = class_labels(path.read_bytes())
    if named:
        return np.asarray(named, dtype=object if isinstance(named[0], str) else np.int64)
    count = None if scores is None or not scores.type.startswith("tensor") else _last(scores)
    if count is None or label.type == "tensor(string)":
        raise Refused("unsupported", "the graph of the model does not name its classes")
    return np.arange(count)


def _classified(found: list[Any], rows: int, known: NDArray[np.generic]) -> NDArray[np.float64]:
    labels = codes(found[0], known)[:, None]
    if len(found) == 1:
        return labels
    scores = found[1]
    if isinstance(scores, list):
        order = known.tolist()
        scores = [[row[name] for name in order] for row in scores]
    return np.hstack([labels, numeric(scores, rows)])
