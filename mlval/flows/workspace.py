"""The folder that the runner checked out: where the Action finds its contract and leaves its report."""

import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from mlval.domain.contract import Contract
from mlval.domain.errors import SourceUnavailable, UsageError
from mlval.domain.text import shown
from mlval.flows.contract_file import read_contract
from mlval.flows.many import Located, read_each
from mlval.sources.confine import Boundary, Found, once, resolve

Chown = Callable[[Path, int, int], None]


def workspace(path: str) -> Path:
    """Return the folder of the workspace with every link followed.

    Raises
    ------
    UsageError
        If there is no such folder.
    """
    root = Path(os.path.realpath(path))
    if not path or not root.is_dir():
        message = "GITHUB_WORKSPACE does not name a folder"
        raise UsageError(message, remedy="this is the door of the Action; on your machine use `mlval run`")
    return root


def located(boundary: Boundary, references: Sequence[str], *, default_name: str) -> tuple[Located, ...]:
    """Read the contracts of a workspace; each is a file of the checkout, which may be anything.

    Parameters
    ----------
    references : files and patterns, relative to the workspace
    default_name : of a contract at the top of the workspace

    Raises
    ------
    UsageError
        If there is no such file, it lies where none may be read, or two contracts have one name.
    ContractError
        If the only one is not valid.
    """
    found = once([one for reference in references for one in _found(boundary, reference)])

    def read(file: Path, path: str) -> Contract:
        real = Path(os.path.realpath(file))
        at_the_top = real.parent == boundary.root
        return read_contract(real, path, default_name=default_name if at_the_top else None)

    return read_each([(_shown_as(one, boundary.root), one.hit) for one in found], read)


def _found(boundary: Boundary, reference: str) -> tuple[Found, ...]:
    try:
        return resolve(boundary, reference, base=boundary.root, trusted=False)
    except SourceUnavailable as error:
        is_empty = not any(entry.is_file() for entry in boundary.root.iterdir())
        message = f"there is no contract {shown(reference)} in the workspace"
        remedy = (
            "check out first: `uses: actions/checkout`" if is_empty else "name the file: input `contract`"
        )
        raise UsageError(message, remedy=remedy) from error


def _shown_as(found: Found, root: Path) -> str:
    path = found.hit.relative_to(root) if found.hit.is_relative_to(root) else found.hit
    return path.as_posix()


def output_folder(root: Path, text: str) -> Path:
    """Return the folder that outputs go to: inside the workspace, with every link followed.

    Raises
    ------
    UsageError
        If it lies elsewhere, or in `.git`.
    """
    folder = Path(os.path.realpath(root / text))
    if not folder.is_relative_to(root):
        message = f"the output folder {shown(text)} leads out of the workspace"
        raise UsageError(message, remedy="name a folder of the workspace: input `output`")
    if any(part.casefold() == ".git" for part in folder.relative_to(root).parts):
        message = f"the output folder {shown(text)} leads into .git"
        raise UsageError(message, remedy="name another folder of the workspace: input `output`")
    return folder


def missing_folders(root: Path, folder: Path) -> tuple[Path, ...]:
    """Return the folder and those above it, inside the workspace, that do not exist yet."""
    inside = (one for one in (folder, *folder.parents) if one.is_relative_to(root))
    return tuple(one for one in inside if not one.exists())


def hand_over(root: Path, paths: Iterable[Path], *, chown: Chown) -> str:
    """Give what was written to the owner of the workspace, so that the next checkout can remove it.

    Returns
    -------
    Why that was not possible, or nothing.
    """
    owner = root.stat()
    try:
        for path in paths:
            chown(path, owner.st_uid, owner.st_gid)
    except OSError as error:
        return f"the report could not be given to the owner of the workspace: {error.strerror}"
    return ""
