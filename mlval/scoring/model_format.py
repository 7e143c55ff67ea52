"""The format of a model that is a single file: told by its bytes, whatever it is called."""

from pathlib import Path

from mlval.domain.errors import SourceBroken
from mlval.domain.model_description import Format, ModelDescription
from mlval.domain.model_files import ModelFiles
from mlval.domain.text import shown
from mlval.scoring.findings_pickle import is_joblib, is_pickled
from mlval.scoring.findings_skops import is_skops
from mlval.scoring.packed import head_of, is_pickle, packing

_OLD_PICKLES = (".pkl", ".pickle", ".p", ".joblib")
_XGBOOST = (".json", ".ubj", ".xgb", ".model")
_KNOWN = "Known are pickles and joblib files of scikit-learn, skops, ONNX, and XGBoost's and LightGBM's own."


def describe_file(files: ModelFiles) -> ModelDescription:
    """Describe a model of one file, of which nothing is known but its bytes.

    Raises
    ------
    SourceBroken
        The file is of no format that is known.
    """
    (file,) = files.files
    chosen = _format(Path(files.root), file.path.lower())
    if chosen is None:
        raise SourceBroken(f"`{shown(file.path)}` is no model of a known format.", remedy=_KNOWN)
    return ModelDescription(chosen, file.path)


def _format(file: Path, name: str) -> Format | None:
    head = head_of(file)
    if is_skops(file, head):
        return "skops"
    if is_pickle(head) or packing(head):
        return "sklearn-joblib" if is_joblib(file) else "sklearn-pickle"
    if head.startswith((b"tree\n", b"tree\r\n")):
        return "lightgbm"
    if head.lstrip()[:1] == b"{" and name.endswith(_XGBOOST):
        return "xgboost"
    if name.endswith(".onnx"):
        return "onnx"
    return "sklearn-pickle" if name.endswith(_OLD_PICKLES) and is_pickled(file) else None
