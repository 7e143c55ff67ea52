"""Files among MLflow's artifacts: resolved once, fetched through the tracking server only."""

from collections.abc import Callable, Iterator, MutableMapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from mlval.domain.errors import MlvalError, SourceAbsent, SourceRefused, SourceUnavailable
from mlval.domain.text import shown
from mlval.sources.mlflow_uri import ArtifactReference, approved, parse

if TYPE_CHECKING:
    from mlflow import MlflowClient

_TRACKING_URI = "MLFLOW_TRACKING_URI"
# Where the environment does not say otherwise: give up early, stay with the host we were given.
_DEFAULTS = {
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
    "MLFLOW_ALLOW_HTTP_REDIRECTS": "false",
    "MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD": "false",
    "MLFLOW_DISABLE_TELEMETRY": "true",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file on this machine, and the reference that it was resolved to: no alias, no credentials."""

    path: Path
    uri: str


class Listed(Protocol):
    """One entry of a folder of artifacts; a folder has no size."""

    path: str
    is_dir: bool
    file_size: int | None


class Repository(Protocol):
    """The artifacts at one location, as MLflow's client reads them."""

    def list_artifacts(self, path: str) -> Sequence[Listed]:
        """Return what lies in a folder; nothing for a file."""

    def download_artifacts(self, artifact_path: str, dst_path: str) -> str:
        """Fetch a file or folder, and return where it is now."""


@dataclass(frozen=True, slots=True)
class Connection:
    """MLflow's client, and how to reach the artifacts of an approved location."""

    client: "MlflowClient"
    repository: Callable[[str], Repository]


class Artifacts:
    """Fetches files from the tracking server that the environment names.

    `environ` is the process's own environment, which MLflow's client reads its credentials from.
    """

    def __init__(self, environ: MutableMapping[str, str], scratch: Path) -> None:
        """Remember where to look and where to put files; nothing is contacted before the first fetch."""
        self._environ = environ
        self._scratch = scratch
        self._fetched: dict[str, Fetched] = {}

    def fetch(self, reference: str) -> Fetched:
        """Return the file that a reference names; the same one however often it is asked for.

        Raises
        ------
        SourceRefused
            If the reference or the artifacts' location is none that may be read.
        SourceUnavailable
            If there is no tracking server, it does not answer, or it has no such file.
        """
        if reference not in self._fetched:
            self._fetched[reference] = self._download(parse(reference))
        return self._fetched[reference]

    def connect(self) -> "Connection":
        """Return the client of the tracking server; nothing is sent yet.

        Raises
        ------
        SourceUnavailable
            If the environment names no server, or MLflow is not installed.
        """
        tracking_uri = self._tracking_uri()
        for name, value in _DEFAULTS.items():
            self._environ.setdefault(name, value)
        try:
            import mlflow
            from mlflow.store.artifact.artifact_repository_registry import get_artifact_repository
        except ImportError as error:
            message = "MLflow's client is not installed"
            raise SourceUnavailable(message, remedy="install mlval[mlflow]") from error
        client = mlflow.MlflowClient(tracking_uri=tracking_uri, registry_uri=tracking_uri)
        return Connection(
            client,
            lambda location: get_artifact_repository(
                approved(location, tracking_uri), tracking_uri=tracking_uri
            ),
        )

    def _download(self, wanted: ArtifactReference) -> Fetched:
        connection = self.connect()
        folder = self._scratch / f"mlflow-{len(self._fetched)}"
        folder.mkdir()
        with translated(wanted):
            location, base = located(connection.client, wanted)
            repository = connection.repository(location)
            _refuse_folder(wanted, is_folder=bool(repository.list_artifacts(wanted.path)))
            path = Path(repository.download_artifacts(wanted.path, str(folder)))
        return Fetched(path, f"{base}/{wanted.path}")

    def _tracking_uri(self) -> str:
        uri = self._environ.get(_TRACKING_URI, "")
        if urlsplit(uri).scheme in {"http", "https"}:
            return uri
        message = f"{_TRACKING_URI} names no server" if uri else f"{_TRACKING_URI} is not set"
        raise SourceUnavailable(message, remedy=f"set {_TRACKING_URI} to the address of your tracking server")


def located(client: "MlflowClient", wanted: ArtifactReference) -> tuple[str, str]:
    """Return where the artifacts lie, and the reference without alias that they are known by."""
    if wanted.run:
        return client.get_run(wanted.run).info.artifact_uri or "", f"runs:/{wanted.run}"
    if wanted.logged:
        return client.get_logged_model(wanted.logged).artifact_location, f"models:/{wanted.logged}"
    version = wanted.version
    if wanted.alias:
        version = str(client.get_model_version_by_alias(wanted.name, wanted.alias).version)
    location = client.get_model_version_download_uri(wanted.name, version)
    resolved = f"models:/{wanted.name}/{version}"
    if location.startswith("models:/m-"):
        location = client.get_logged_model(location.removeprefix("models:/")).artifact_location
    elif location.startswith("runs:/"):
        run, _, folder = location.removeprefix("runs:/").partition("/")
        location = f"{client.get_run(run).info.artifact_uri}/{folder}"
    return location, resolved


@contextmanager
def translated(wanted: ArtifactReference) -> Iterator[None]:
    """Let errors of the client be ours.

    Raises
    ------
    SourceUnavailable
        In place of whatever the client raises.
    """
    try:
        yield
    except MlvalError:
        raise
    except Exception as error:
        raise _unavailable(error, wanted) from error


def _refuse_folder(wanted: ArtifactReference, *, is_folder: bool) -> None:
    if is_folder:
        message = f"{shown(wanted.path)!r} is a folder in MLflow"
        raise SourceRefused(message, remedy="name one file in it")


def _unavailable(error: Exception, wanted: ArtifactReference) -> SourceUnavailable:
    """Translate an error of the client into ours; its own text may hold addresses with credentials."""
    code: Any = getattr(error, "error_code", "")
    status = getattr(getattr(error, "response", None), "status_code", None)
    # An alias that there is not is a wrong parameter to the server.
    is_absent = code == "RESOURCE_DOES_NOT_EXIST" or (wanted.alias and code == "INVALID_PARAMETER_VALUE")
    if is_absent or status == 404:
        message = f"MLflow has no {shown(_described(wanted))}"
        return SourceAbsent(message, remedy="check the name and the path")
    if code in {"UNAUTHENTICATED", "PERMISSION_DENIED"} or status in {401, 403}:
        return SourceUnavailable(
            "MLflow does not accept the credentials",
            remedy="set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN",
        )
    message = f"MLflow did not answer ({type(error).__name__})"
    return SourceUnavailable(message, remedy=f"check {_TRACKING_URI} and that the server is up")


def _described(wanted: ArtifactReference) -> str:
    file = f"file {wanted.path!r} in " if wanted.path else ""
    if wanted.run:
        return f"{file}run {wanted.run}"
    if wanted.logged:
        return f"{file}model {wanted.logged}"
    return f"{file}model {wanted.name!r} {wanted.alias or wanted.version}"
