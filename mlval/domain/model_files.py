"""The bytes of a model: its files on this machine, and the one digest that names them all."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mlval.domain.errors import SourceBroken

REGISTRY_NOTE = "registered_model_meta"
"""A file that a registry adds to what it hands out; no part of the model."""

Source = Literal["file", "folder", "mlflow"]


@dataclass(frozen=True, slots=True, order=True)
class ModelFile:
    """One file of a model: its path below the root with `/`, its size in bytes, the sha256 of its bytes."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class ModelFiles:
    """A resolved model, in a private copy that nobody else writes.

    Attributes
    ----------
    name : what the contract calls it
    kind : where it came from
    uri : the reference as shown, with an alias resolved to its version
    root : the absolute path of the file, or of the folder with all files
    files : sorted by path, at least one
    digest : sha256 of a single file, else of the manifest
    links : paths that were links inside the model where it came from; their targets were copied
    """

    name: str
    kind: Source
    uri: str
    root: str
    files: tuple[ModelFile, ...]
    digest: str
    links: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """The bytes of all files together."""
        return sum(file.size for file in self.files)


def manifest_digest(files: Iterable[ModelFile]) -> str:
    """Return one digest for the files of a folder: sha256 of a line of JSON a file, sorted by path.

    What a registry adds to the folder does not count. No path can pass for two.

    >>> one, two = ModelFile("a", 1, "00"), ModelFile("b", 2, "11")
    >>> manifest_digest([one, two]) == manifest_digest([two, one])
    True
    """
    lines = (
        json.dumps([file.path, file.size, file.sha256])
        for file in sorted(files)
        if file.path != REGISTRY_NOTE
    )
    return hashlib.sha256("".join(f"{line}\n" for line in lines).encode("ascii")).hexdigest()


def check_pinned(files: ModelFiles, expected: str) -> None:
    """Compare the digest of a model with the one that the contract pins (`sha256:`).

    Raises
    ------
    SourceBroken
        The bytes are others.
    """
    if files.digest != expected:
        raise SourceBroken(
            f"the model's bytes are not those that the contract pins: their sha256 is {files.digest}.",
            remedy="Find out who changed them; then pin the new digest with `sha256:`.",
        )
