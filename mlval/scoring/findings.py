"""Everything that the files of a model show before it is loaded. Findings warn; the cage is what protects."""

from collections.abc import Iterator
from pathlib import Path

from mlval.domain.errors import SourceBroken
from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFiles
from mlval.domain.model_findings import Finding, Inspected
from mlval.domain.text import shown
from mlval.scoring.findings_folder import in_description, in_folder
from mlval.scoring.findings_onnx import in_onnx
from mlval.scoring.findings_pickle import in_packed, in_pickle
from mlval.scoring.findings_requirements import in_requirements
from mlval.scoring.findings_skops import in_skops, is_skops, untrusted
from mlval.scoring.packed import archive, head_of, is_pickle, packing

_PICKLE_NAMES = (".pkl", ".pickle", ".joblib", ".p", ".cloudpickle")


def inspect(files: ModelFiles, description: ModelDescription) -> Inspected:
    """Look at every file of a model.

    Raises
    ------
    SourceBroken
        The file that the model is loaded from is not among them.
    """
    paths = {file.path for file in files.files}
    if description.file and description.file not in paths:
        message = f"the model names `{shown(description.file)}` as its file, which it does not have."
        raise SourceBroken(message, remedy="Save the model again, with all of its files.")
    found = [*in_folder(files), *in_description(files, description), *in_requirements(description)]
    found += untrusted(description.skops_trusted)
    for file in files.files:
        found += _in_file(located(files, file.path), file.path, description)
    return Inspected(description.format, files.size, files.digest, tuple(sorted(set(found))))


def located(files: ModelFiles, path: str) -> Path:
    """Return where a file of a model lies on this machine."""
    return Path(files.root) if files.kind == "file" else Path(files.root, path)


def _in_file(file: Path, path: str, description: ModelDescription) -> Iterator[Finding]:
    """Yield what the content of one file shows, whatever it is called."""
    head = head_of(file)
    is_loaded = path == description.file
    if is_loaded and description.format == "onnx":
        yield from in_onnx(file, path)
    elif is_loaded and description.format in {"sklearn-pickle", "sklearn-joblib"}:
        yield from in_pickle(file, path, joblib=description.format == "sklearn-joblib")
    elif is_skops(file, head):
        yield from in_skops(file, path)
    elif is_loaded and description.format == "skops":
        yield Finding("unreadable", shown(path), "is no file of skops, as the model says")
    elif is_pickle(head) or path.lower().endswith(_PICKLE_NAMES):
        yield from in_pickle(file, path, joblib=None)
    elif packing(head):
        yield from in_packed(file, path)
    elif archive(head):
        yield Finding("archive", shown(path), f"is {archive(head)}; what it holds was not looked at")
