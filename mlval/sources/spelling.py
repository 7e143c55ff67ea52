"""The text of a reference: which spellings can name a local file, and why the others cannot."""

import os
import re
from pathlib import PurePath

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+)(::|:/)")
_OBJECT_STORES = {"s3", "s3a", "s3n", "gs", "gcs", "abfs", "abfss", "az", "adl", "wasb", "wasbs", "r2", "oss"}
_WEB = {"http", "https", "ftp", "ftps"}
_MLFLOW = {"models", "runs", "mlflow-artifacts"}
_WILDCARD = re.compile(r"[*?\[]")
_LONGEST = 4096


def spelled(reference: str) -> PurePath:
    """Return a reference as a path, made of its names and nothing else.

    Raises
    ------
    SourceRefused
        For a scheme, `~`, a NUL character, or text that no file can be called. An address is
        never repeated beyond its scheme, since it may carry a credential.
    """
    if scheme := _SCHEME.match(reference):
        raise _refused_scheme(scheme[1].lower(), chained=scheme[2] == "::")
    if not reference.strip():
        raise SourceRefused("A reference is empty.", remedy="Name a file: `data/file.parquet`.")
    name = shown(reference)
    if reference.startswith("~"):
        raise SourceRefused(
            f"`{name}` starts with `~`, which is not expanded.", remedy="Write the whole path."
        )
    if "\0" in reference or len(reference) > _LONGEST or not _encodable(reference):
        raise SourceRefused(
            f"`{name}` is not the name of a file.", remedy="Name a file: `data/file.parquet`."
        )
    return PurePath(reference)


def has_wildcard(part: str) -> bool:
    """Tell whether one part of a path is a pattern."""
    return _WILDCARD.search(part) is not None


def _encodable(reference: str) -> bool:
    try:
        os.fsencode(reference)
    except UnicodeEncodeError:
        return False
    return True


def _refused_scheme(scheme: str, *, chained: bool) -> SourceRefused:
    download = "Download it in a step before the gate, and name the file."
    name = shown(scheme, 20)
    if chained:
        return SourceRefused(f"`{name}::` chains file systems, which is refused.", remedy=download)
    if scheme == "file":
        return SourceRefused(
            "`file:` is not needed.", remedy="Write the path by itself: `data/file.parquet`."
        )
    if scheme in _WEB:
        return SourceRefused(f"`{name}://` leads to the web, where no table is read.", remedy=download)
    if scheme in _OBJECT_STORES:
        return SourceRefused(
            f"`{name}://` leads to an object store, which is not read like this.",
            remedy="Tables may lie in `s3://`, `gs://` or `abfs://`, in lower case; all else is a file.",
        )
    if scheme in _MLFLOW:
        return SourceRefused(f"`{name}:/` leads to MLflow, which this version cannot read.", remedy=download)
    return SourceRefused(f"`{name}:` is no kind of reference.", remedy="Name a file: `data/file.parquet`.")
