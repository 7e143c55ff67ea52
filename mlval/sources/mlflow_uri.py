"""Which MLflow references are read, and which artifact locations get our credentials."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown

SCHEMES = ("runs:/", "models:/")

_RUN = re.compile(r"runs:/(?P<run>[0-9a-f]{32})/(?P<path>.+)")
_LOGGED = re.compile(r"models:/(?P<logged>m-[0-9a-f]{32})/(?P<path>.+)")
_VERSION = re.compile(r"models:/(?P<name>[^/@\x00-\x1f\x7f]+)/(?P<version>[1-9][0-9]{0,9})/(?P<path>.+)")
_ALIAS = re.compile(r"models:/(?P<name>[^/@\x00-\x1f\x7f]+)@(?P<alias>[A-Za-z0-9_-]{1,255})/(?P<path>.+)")
_WHOLE_LOGGED = re.compile(r"models:/(?P<logged>m-[0-9a-f]{32})")
_WHOLE_VERSION = re.compile(r"models:/(?P<name>[^/@\x00-\x1f\x7f]+)/(?P<version>[1-9][0-9]{0,9})")
_WHOLE_ALIAS = re.compile(r"models:/(?P<name>[^/@\x00-\x1f\x7f]+)@(?P<alias>[A-Za-z0-9_-]{1,255})")
_SEGMENT = re.compile(r"(?!\.{1,2}$)[^\x00-\x1f\x7f\\%?#:*]+")


@dataclass(frozen=True, slots=True)
class ArtifactReference:
    """A file among the artifacts of a run, a logged model, or a version of a registered model."""

    path: str
    run: str = ""
    logged: str = ""
    name: str = ""
    version: str = ""
    alias: str = ""


def is_mlflow(reference: str) -> bool:
    """Say whether a reference is to be resolved by MLflow."""
    return reference.startswith(SCHEMES)


def parse(reference: str) -> ArtifactReference:
    """Read a reference.

    Raises
    ------
    SourceRefused
        If it is none of the four forms, or its path is not plainly below the artifacts.
    """
    for form in (_RUN, _LOGGED, _VERSION, _ALIAS):
        match = form.fullmatch(reference)
        if match and is_plain(match["path"]):
            return ArtifactReference(**match.groupdict())
    message = f"{shown(reference)!r} does not name a file in MLflow"
    raise SourceRefused(
        message,
        remedy="write runs:/ID/path, models:/NAME/VERSION/path, models:/NAME@ALIAS/path or models:/m-ID/path",
    )


def parse_model(reference: str) -> ArtifactReference:
    """Read a reference to a whole model; the path is that of its folder, "" for the root of the artifacts.

    Raises
    ------
    SourceRefused
        If it is none of the four forms. Stages and `latest` move without notice, and are none.
    """
    for form in (_WHOLE_LOGGED, _WHOLE_VERSION, _WHOLE_ALIAS, _RUN):
        match = form.fullmatch(reference)
        if match and is_plain(match.groupdict().get("path") or ""):
            return ArtifactReference(**{"path": "", **match.groupdict()})
    message = f"{shown(reference)!r} does not name a model in MLflow"
    raise SourceRefused(
        message, remedy="write models:/NAME/VERSION, models:/NAME@ALIAS, models:/m-ID or runs:/ID/path"
    )


def is_plain(path: str) -> bool:
    """Say whether a path, or "", stays below the artifacts and means the same to every reader."""
    return not path or all(_SEGMENT.fullmatch(segment) for segment in path.split("/"))


def approved(location: str, tracking_uri: str) -> str:
    """Return an artifact location if it is served by the tracking host itself, behind its proxy.

    Whoever creates an experiment chooses its location. One that names another host would be sent
    our credentials, one that names a file would be read from this machine.

    Raises
    ------
    SourceRefused
        For every other location.
    """
    host = urlsplit(tracking_uri)
    try:
        parts = urlsplit(location)
        port, own_port = parts.port, host.port
    except ValueError:
        parts, port, own_port = urlsplit(""), None, None
    proxied = parts.scheme == "mlflow-artifacts"
    same_host = (parts.hostname, port) == (host.hostname, own_port) and not parts.username
    plain = not (parts.query or parts.fragment) and ".." not in parts.path.split("/")
    if proxied and plain and (not parts.netloc or same_host):
        return location
    place = shown(_without_secrets(location))
    message = f"the artifacts lie elsewhere than behind the tracking server: {place!r}"
    raise SourceRefused(
        message, remedy="serve the artifacts through the tracking server (mlflow server --serve-artifacts)"
    )


def _without_secrets(location: str) -> str:
    """Cut a location down to scheme and host; anything more may carry credentials."""
    scheme, _, rest = location.partition(":")
    host = rest.removeprefix("//").partition("/")[0].rpartition("@")[2] if rest.startswith("//") else ""
    return f"{scheme}://{host}" if host else f"{scheme}:"
