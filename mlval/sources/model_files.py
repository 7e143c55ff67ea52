"""From the reference of a model to a private copy of its bytes: what is judged is what is loaded."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.model_files import REGISTRY_NOTE, ModelFile, ModelFiles, Source, manifest_digest
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, Found, resolve_place
from mlval.sources.handle import CHUNK, opened

MOST_FILES = 10_000
MOST_BYTES = 8 * 2**30
DEEPEST = 32
LONGEST = 1_024
_LFS = b"version https://git-lfs.github.com/spec/"
_FETCH = "Check out with `lfs: true`."
_NAMES = "Name files of a model with printable characters, `/` between folders, and no `..`."


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a model may hold: files, and bytes of all of them together."""

    files: int = MOST_FILES
    bytes: int = MOST_BYTES


@dataclass(frozen=True, slots=True)
class _Entry:
    """A regular file of a model: where it lies, with links followed, and its path in the model."""

    found: Found
    path: str
    is_link: bool


def resolve_model(
    name: str,
    reference: str,
    *,
    boundary: Boundary,
    base: Path,
    trusted: bool,
    private: Path,
    limits: Limits = Limits(),
) -> ModelFiles:
    """Copy the file or folder of a model into a private folder, and hash what is copied.

    Parameters
    ----------
    name : what the contract calls it
    reference : a path; relative to `base`
    boundary : where it may lie
    base : the folder of the contract, or the working directory of the command line
    trusted : whether it was typed by whoever runs the gate, and so may lie anywhere
    private : an empty folder that nobody else writes; it holds the copy, readable for everybody
    limits : how many files and bytes it may have

    Raises
    ------
    SourceRefused
        It leads where it may not, or holds a link out of itself, a pipe, a device; or it is too large.
    SourceUnavailable
        There is no such file, or it cannot be read now.
    SourceBroken
        The folder holds no file.
    """
    place, is_folder = resolve_place(boundary, reference, base=base, trusted=trusted)
    if is_folder:
        return copy_folder(name, place, kind="folder", uri=reference, private=private, limits=limits)
    budget = _Budget(limits)
    target = private / _checked_name(place.hit.name, place.name)
    budget.count(place.name)
    file = _copied(_Entry(place, target.name, is_link=False), target, budget)
    return ModelFiles(name, "file", shown(reference), str(target), (file,), file.sha256)


def copy_folder(
    name: str, place: Found, *, kind: Source, uri: str, private: Path, limits: Limits | None = None
) -> ModelFiles:
    """Copy a folder that was found, as `resolve_model` does."""
    budget = _Budget(limits or Limits())
    files, links = [], []
    for entry in _entries(place, place.path, "", depth=0, budget=budget):
        target = private / entry.path
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        files.append(_copied(entry, target, budget))
        if entry.is_link:
            links.append(entry.path)
    if not files:
        raise SourceBroken(f"`{place.name}` holds no file.", remedy="Name the folder that the model is in.")
    files.sort()
    return ModelFiles(
        name, kind, shown(uri), str(private), tuple(files), manifest_digest(files), tuple(sorted(links))
    )


class _Budget:
    """What is left of the limits while a model is copied."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._files = limits.files
        self._bytes = limits.bytes

    def count(self, name: str) -> None:
        """Take one file."""
        self._files -= 1
        if self._files < 0:
            raise SourceRefused(
                f"`{name}` is one of more than {self._limits.files:,} files, too many for a model.",
                remedy="Name the folder that holds the model alone.",
            )

    def take(self, size: int, name: str) -> None:
        """Take some bytes."""
        self._bytes -= size
        if self._bytes < 0:
            raise SourceRefused(
                f"`{name}` leads beyond the {self._limits.bytes:,} bytes that a model may have.",
                remedy="Name the folder that holds the model alone.",
            )


def _entries(place: Found, folder: Path, prefix: str, *, depth: int, budget: _Budget) -> Iterator[_Entry]:
    """Yield the regular files of a folder and those below it, in the order of their names."""
    if depth > DEEPEST:
        raise SourceRefused(f"`{place.name}` is nested more than {DEEPEST} folders deep.", remedy=_NAMES)
    try:
        with os.scandir(folder) as scanned:
            # Only so many can be listed at once: the names of a folder take memory too.
            entries = [entry for entry, _ in zip(scanned, range(MOST_FILES + 1), strict=False)]
    except OSError as error:
        raise SourceUnavailable(
            f"`{place.name}` cannot be listed: {error.strerror}.", remedy="Check who may read it."
        ) from error
    for entry in sorted(entries, key=lambda one: one.name):
        path = f"{prefix}{entry.name}"
        name = shown(f"{place.name}/{path}")
        _checked_name(entry.name, name)
        if len(path) > LONGEST:
            raise SourceRefused(f"`{name}` is a longer path than a model may have.", remedy=_NAMES)
        if entry.name.casefold() == ".git":
            raise SourceRefused(f"`{name}` leads into .git, which is never read.", remedy=_NAMES)
        if entry.is_symlink():
            budget.count(name)
            yield _Entry(_linked(place, Path(entry.path), name), path, is_link=True)
        elif entry.is_dir(follow_symlinks=False):
            budget.count(name)
            yield from _entries(place, Path(entry.path), f"{path}/", depth=depth + 1, budget=budget)
        elif not entry.is_file(follow_symlinks=False):
            raise SourceRefused(f"`{name}` is not a file.", remedy="A model is made of files.")
        elif path != REGISTRY_NOTE:
            budget.count(name)
            yield _Entry(Found(Path(entry.path), Path(entry.path), name), path, is_link=False)


def _linked(place: Found, link: Path, name: str) -> Found:
    """Follow a link, which may lead to a file of the same model only: the copy is shown to the model."""
    real = Path(os.path.realpath(link))
    inside = real.is_relative_to(place.path)
    if not inside or any(part.casefold() == ".git" for part in real.relative_to(place.path).parts):
        raise SourceRefused(
            f"`{name}` is a link that leads out of the model.", remedy="Put the file itself there."
        )
    try:
        mode = real.stat().st_mode
    except OSError as error:
        raise SourceUnavailable(
            f"`{name}` is a link to nothing.", remedy="Fetch what it leads to before the gate runs."
        ) from error
    if not stat.S_ISREG(mode):
        raise SourceRefused(f"`{name}` is a link to something else than a file.", remedy="Put files there.")
    return Found(real, link, name)


def _checked_name(name: str, told: str) -> str:
    """Refuse a file name that would read otherwise elsewhere: not text, hidden characters, a backslash."""
    if not name.isprintable() or "\\" in name or name in {".", ".."}:
        raise SourceRefused(f"`{told}` is no name for a file of a model.", remedy=_NAMES)
    return name


def _copied(entry: _Entry, target: Path, budget: _Budget) -> ModelFile:
    """Copy one file while it is hashed, and return what was written."""
    digest, size, head = hashlib.sha256(), 0, b""
    try:
        with opened(entry.found) as source, _created(target) as copy:
            while chunk := source.read(CHUNK):
                budget.take(len(chunk), entry.found.name)
                head = head or chunk[: len(_LFS)]
                digest.update(chunk)
                size += copy.write(chunk)
    except OSError as error:
        raise SourceUnavailable(f"`{entry.found.name}` cannot be copied: {error.strerror}.") from error
    if head == _LFS:
        raise SourceUnavailable(f"`{entry.found.name}` is a Git LFS pointer, not the file.", remedy=_FETCH)
    return ModelFile(entry.path, size, digest.hexdigest())


def _created(target: Path) -> BinaryIO:
    """Create a file that everybody may read and nobody may run."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(target, flags, 0o644)
    # Whatever the mask of this process: whoever loads the model is another user. Windows has no such mask.
    if hasattr(os, "fchmod"):
        os.fchmod(descriptor, 0o644)
    return os.fdopen(descriptor, "wb")
