"""Whole models in MLflow: resolved once to a version, fetched through the tracking server only."""

from dataclasses import dataclass
from pathlib import Path

from mlval.domain.errors import SourceAbsent, SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.model_files import ModelFiles
from mlval.domain.text import shown
from mlval.sources.confine import Found
from mlval.sources.mlflow import Artifacts, Connection, Repository, located, translated
from mlval.sources.mlflow_uri import ArtifactReference, is_plain, parse_model
from mlval.sources.model_files import Limits, copy_folder

_DEEPEST = 32


@dataclass(frozen=True, slots=True)
class Registered:
    """A model as it was fetched, and which version the alias meant then, "" without an alias."""

    files: ModelFiles
    version: str = ""


def fetch_model(
    artifacts: Artifacts,
    reference: str,
    *,
    name: str,
    scratch: Path,
    private: Path,
    limits: Limits = Limits(),  # noqa: B008 - a frozen value
) -> Registered:
    """Fetch every file of a model, copy them into a private folder, and hash what is copied.

    Parameters
    ----------
    artifacts : the tracking server
    reference : models:/NAME/VERSION, models:/NAME@ALIAS, models:/m-ID or runs:/ID/path
    name : what the contract calls it
    scratch : an empty folder for the download
    private : as for `mlval.sources.model_files.resolve_model`
    limits : how many files and bytes it may have

    Raises
    ------
    SourceRefused
        If the reference or the artifacts' location is none that may be read, or there is too much.
    SourceUnavailable
        If there is no tracking server, it does not answer, or it has no such model.
    SourceBroken
        If there is not a single file.
    """
    wanted = parse_model(reference)
    connection = artifacts.connect()
    with translated(wanted):
        wanted, version = _without_alias(connection, wanted)
        location, base = located(connection.client, wanted)
        repository, path = connection.repository(location), wanted.path
        if wanted.run and not repository.list_artifacts(path):
            repository, path = _logged_by_run(connection, wanted), ""
        _check_listing(repository, path, limits)
        fetched = Path(repository.download_artifacts(path, str(scratch)))
    place = Found(fetched.resolve(), fetched, shown(reference))
    uri = f"{base}/{wanted.path}" if wanted.path else base
    files = copy_folder(name, place, kind="mlflow", uri=uri, private=private, limits=limits)
    return Registered(files, version)


def moved(artifacts: Artifacts, reference: str, version: str) -> str | None:
    """Ask an alias again; say in one sentence whither it moved since it meant `version`, None if it did not.

    Raises
    ------
    SourceUnavailable
        If the server does not answer: then nobody knows.
    """
    wanted = parse_model(reference)
    if not wanted.alias:
        return None
    described = f"{shown(wanted.alias)} of {shown(wanted.name)}"
    try:
        with translated(wanted):
            _, now = _without_alias(artifacts.connect(), wanted)
    except SourceUnavailable as error:
        if error.message.startswith("MLflow has no "):
            return f"{described} meant version {version}, and was removed while the gate ran"
        raise
    return None if now == version else f"{described} moved from version {version} to {now} while the gate ran"


def _without_alias(connection: Connection, wanted: ArtifactReference) -> tuple[ArtifactReference, str]:
    """Replace an alias by the version that it means now, and return that version; "" without an alias."""
    if not wanted.alias:
        return wanted, ""
    version = str(connection.client.get_model_version_by_alias(wanted.name, wanted.alias).version)
    return ArtifactReference(wanted.path, name=wanted.name, version=version), version


def _logged_by_run(connection: Connection, wanted: ArtifactReference) -> Repository:
    """Return the artifacts of the model that a run logged under a name: they lie beside its own."""
    outputs = connection.client.get_run(wanted.run).outputs
    logged = [
        connection.client.get_logged_model(output.model_id)
        for output in (outputs.model_outputs if outputs else ())
    ]
    named = [model for model in logged if model.name == wanted.path]
    if not named:
        message = f"MLflow has no {shown(repr(wanted.path))} in run {wanted.run}"
        raise SourceAbsent(message, remedy="check the name and the path")
    if len(named) > 1:
        ids = ", ".join(f"models:/{shown(model.model_id)}" for model in named)
        message = f"run {wanted.run} logged several models as {shown(repr(wanted.path))}"
        raise SourceRefused(message, remedy=f"name one of them: {shown(ids)}")
    return connection.repository(named[0].artifact_location)


def _check_listing(repository: Repository, path: str, limits: Limits) -> None:
    """Refuse, before anything is fetched, what is too much or has names that lead elsewhere."""
    files, size = 0, 0
    waiting = [path]
    while waiting:
        folder = waiting.pop()
        for one in repository.list_artifacts(folder):
            below = one.path.removeprefix(f"{folder}/") if folder else one.path
            if not is_plain(below) or "/" in below or not below or one.path.count("/") > _DEEPEST:
                message = f"{shown(repr(one.path))} is no name for a file of a model"
                raise SourceRefused(message, remedy="log the model again with plain names")
            files, size = files + 1, size + (one.file_size or 0)
            if files > limits.files or size > limits.bytes:
                message = f"the model has more than {limits.files:,} files or {limits.bytes:,} bytes"
                raise SourceRefused(message, remedy="name the folder that holds the model alone")
            if one.is_dir:
                waiting.append(one.path)
    if not files:
        raise SourceBroken("the model holds no file", remedy="name the folder that the model is in")
