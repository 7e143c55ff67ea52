"""Opening the models of a contract: resolved once, copied, hashed and described; nothing of them runs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlval.config.model_requirements import BYTES, requirement_lines
from mlval.domain.check import Check
from mlval.domain.errors import MlvalError, SourceBroken, SourceUnavailable, UsageError
from mlval.domain.inputs import Model
from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFiles, check_pinned
from mlval.domain.text import shown
from mlval.domain.verdict import InputRecord
from mlval.flows.reading import bound
from mlval.flows.request import Progress, Request
from mlval.sources.confine import resolve_place
from mlval.sources.mlflow_uri import is_mlflow
from mlval.sources.model_files import resolve_model


@dataclass(frozen=True, slots=True)
class Opened:
    """A model on this machine, what it says of itself, and the version that its alias meant."""

    files: ModelFiles
    description: ModelDescription
    reference: str
    version: str = ""

    @property
    def record(self) -> InputRecord:
        """What the report says was read."""
        return InputRecord(self.files.name, "model", self.files.uri, self.files.digest)


Models = dict[str, Opened | MlvalError]


def wanted_models(request: Request, checks: Sequence[Check]) -> dict[str, Model]:
    """Return the models that the checks use and that have bytes, in the order of the contract."""
    inputs = request.contract.inputs
    used = {name for check in checks for name in check.uses(inputs).models}
    return {
        name: model
        for name, model in inputs.models.items()
        if name in used and model.predictions is None and model.metrics is None
    }


def open_models(request: Request, wanted: dict[str, Model], *, progress: Progress) -> Models:
    """Resolve every model, and describe it; what cannot be had is remembered with its cause.

    Raises
    ------
    UsageError
        If a name is left unbound, a reference is forbidden, or models are not loaded here.
    """
    opened: Models = {}
    if request.caging is None:
        message = f"models are not loaded here: {shown(', '.join(wanted))}"
        raise UsageError(message, remedy="give their `predictions:`")
    for done, name in enumerate(wanted):
        progress("fetching models", done=done, total=len(wanted), label=name)
        try:
            opened[name] = _open(request, name, private=_folder(request.caging.private, f"model-{done}"))
        except (SourceUnavailable, SourceBroken) as error:
            opened[name] = type(error)(f"model {shown(name)}: {error.message}", remedy=error.remedy)
    return opened


def moved(request: Request, opened: Models) -> dict[str, MlvalError]:
    """Ask every alias again, and say which of them means another version by now."""
    from mlval.sources import mlflow_model

    found: dict[str, MlvalError] = {}
    for name, one in opened.items():
        if isinstance(one, MlvalError) or not one.version:
            continue
        try:
            sentence = mlflow_model.moved(request.artifacts, one.reference, one.version)
        except SourceUnavailable as error:
            found[name] = error
            continue
        if sentence is not None:
            found[name] = SourceBroken(f"model {shown(name)}: {sentence}", remedy="run the gate again")
    return found


def _open(request: Request, name: str, *, private: Path) -> Opened:
    model, written = request.contract.inputs.models[name], reference(request, name)
    version = ""
    if is_mlflow(written):
        from mlval.sources.mlflow_model import fetch_model  # wanted by few

        scratch = _folder(request.resources.scratch, private.name)
        fetched = fetch_model(request.artifacts, written, name=name, scratch=scratch, private=private)
        files, version = fetched.files, fetched.version
    else:
        bound = model.source is not None
        files = resolve_model(
            name,
            written,
            boundary=request.boundary,
            base=request.start if bound else request.base,
            trusted=bound and request.bindings.trusted,
            private=private,
        )
    if model.sha256 is not None:
        check_pinned(files, model.sha256)
    description = described(files)
    if model.requirements is not None:
        description = replace(description, requirements=_requirements(model.requirements, request))
    return Opened(files, description, written, version)


def described(files: ModelFiles) -> ModelDescription:
    """Return what a model says of itself: a folder by its `MLmodel`, a file by its content."""
    from mlval.config import mlmodel
    from mlval.scoring.model_format import describe_file

    if files.kind == "file":
        return describe_file(files)
    named = {file.path for file in files.files}
    if mlmodel.FILE not in named:
        message = "the folder has no `MLmodel`, so it is not known how to load it"
        raise SourceBroken(message, remedy="name the model's file, or a folder that MLflow wrote")
    beside = [name for name in (mlmodel.FILE, *mlmodel.BESIDE) if name in named]
    return mlmodel.describe({name: _head(Path(files.root, name), mlmodel.BYTES + 1) for name in beside})


def _requirements(reference: str, request: Request) -> tuple[str, ...]:
    place, is_folder = resolve_place(request.boundary, reference, base=request.base, trusted=False)
    if is_folder:
        raise SourceBroken(f"`{place.name}` is a folder.", remedy="Name the file of requirements.")
    return requirement_lines(_head(place.path, BYTES + 1)) or ()


def _head(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _folder(parent: Path, name: str) -> Path:
    folder = parent / name
    folder.mkdir()
    # The user of the cage, who is somebody else, reads it.
    folder.chmod(0o755)
    return folder


def reference(request: Request, name: str) -> str:
    """Return where a model is, as the contract or whoever runs the gate writes it.

    Raises
    ------
    UsageError
        If it is left unbound.
    """
    model = request.contract.inputs.models[name]
    return model.uri or model.path or bound(request.bindings.models, name, request.bindings.spelt[1])
