"""Reading one small file of another tool: inside the walls, within a limit, with its digest."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from mlval.domain.errors import SourceRefused
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, resolve
from mlval.sources.handle import opened

LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class ForeignFile:
    """The bytes of a file, what it is called in messages, and its digest."""

    data: bytes
    name: str
    sha256: str


def read_foreign(boundary: Boundary, reference: str, *, base: Path, trusted: bool) -> ForeignFile:
    """Read the file that a reference names.

    Parameters
    ----------
    boundary : where it may lie
    reference : its path, relative to `base`
    base : the folder of the contract, or the working directory of the command line
    trusted : whether it was typed by whoever runs the command, and so may lie anywhere

    Raises
    ------
    SourceRefused
        If it lies where no file may be read, is larger than 4 MiB, or the reference names several.
    SourceUnavailable
        If there is none, or it cannot be read.
    """
    found = resolve(boundary, reference, base=base, trusted=trusted)
    if len(found) > 1:
        raise SourceRefused(f"{shown(reference)} matches {len(found)} files.", remedy="Name one of them.")
    with opened(found[0]) as handle:
        data = handle.read(LIMIT + 1)
    if len(data) > LIMIT:
        raise SourceRefused(f"`{found[0].name}` is larger than 4 MiB.", remedy="Split it.")
    return ForeignFile(data, found[0].name, hashlib.sha256(data).hexdigest())
