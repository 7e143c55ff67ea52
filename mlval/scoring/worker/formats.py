"""What a model file is, told by its content and never by its name; and the loader of each format."""

from __future__ import annotations

import zipfile
from importlib import import_module
from typing import TYPE_CHECKING

from mlval.scoring.worker.model import Model
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from pathlib import Path

_LOADERS = {
    "sklearn-pickle": "sklearn_model",
    "sklearn-joblib": "sklearn_model",
    "skops": "skops_model",
    "onnx": "onnx_model",
    "xgboost": "xgboost_model",
    "lightgbm": "lightgbm_model",
    "mlflow": "mlflow_model",
}
_PACKED = (
    b"\x1f\x8b",
    b"BZh",
    b"\xfd7zXZ\x00",
    b"\x5d\x00\x00",
    b"\x78\x01",
    b"\x78\x5e",
    b"\x78\x9c",
    b"\x78\xda",
)
_HEAD = 4096


def load(path: Path, form: str | None) -> Model:
    """Return the model at `path`; without a `form` its content decides.

    Raises
    ------
    Refused
        If there is no loader for it, or the loader refuses.
    """
    form = form or format_of(path)
    if form not in _LOADERS:
        raise Refused("unsupported", f"there is no loader for models of the format {form}")
    model: Model = import_module(f"mlval.scoring.worker.{_LOADERS[form]}").load(path)
    return model


def format_of(path: Path) -> str:
    """Return one of the formats that `load` knows; `sklearn-pickle` stands for joblib's files too.

    Raises
    ------
    Refused
        If it is none of these.
    """
    if path.is_dir():
        if (path / "MLmodel").is_file():
            return "mlflow"
        raise Refused("unsupported", "the folder has no MLmodel file")
    with path.open("rb") as file:
        head = file.read(_HEAD)
    found = _by_head(head)
    if found is None and _is_skops(path):
        return "skops"
    if found is None:
        raise Refused("unsupported", "the file is in no format of a model that is known here")
    return found


def _by_head(head: bytes) -> str | None:
    if head.startswith((b"tree\n", b"tree\r\n")):
        return "lightgbm"
    if head.lstrip()[:1] == b"{" and (b'"learner"' in head or b'"version"' in head):
        return "xgboost"
    # Universal binary JSON: an object whose first key has a length of type L (int64).
    if head.startswith(b"{L\x00\x00\x00\x00\x00\x00\x00") and b"learner" in head:
        return "xgboost"
    if (head[:1] == b"\x80" and head[1:2] in {b"\x02", b"\x03", b"\x04", b"\x05"}) or head.startswith(
        _PACKED
    ):
        return "sklearn-pickle"
    # A protocol buffer that begins with ir_version (field 1, a small number), as every ONNX model does.
    if (
        head[:1] == b"\x08"
        and 0 < (head[1:2] or b"\x00")[0] < 0x40
        and head[2:3] in {b"\x12", b"\x3a", b"\x42"}
    ):
        return "onnx"
    return None


def _is_skops(path: Path) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as archive:
        return "schema.json" in archive.namelist()
