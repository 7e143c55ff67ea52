"""The files that a pattern matches: sorted, never hidden, never in a circle.

`*`, `?` and `[...]` match within a name, `**` matches any number of folders. A pattern is always a
pattern, even where a file carries its very text as a name, so that a new file cannot take its place.
`**` does not follow linked folders; the other parts do, if the folder they lead to is admitted.
"""

import fnmatch
import os
import re
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources.spelling import has_wildcard

MOST_HITS = 10_000
Admit = Callable[[Path], object]


def hits(start: Path, pattern: tuple[str, ...], *, admit: Admit, most: int = MOST_HITS) -> tuple[Path, ...]:
    """Return everything below `start` that matches and is not a folder.

    Parameters
    ----------
    start : the folder where the pattern begins
    pattern : its parts, at least one
    admit : raises for a folder that may not be entered; asked for `start` and for linked folders
    most : more hits than this are refused

    Raises
    ------
    SourceRefused
        Too many hits, or a folder that is not admitted.
    SourceUnavailable
        A folder that cannot be listed.
    """
    admit(start)
    *inner, last = _collapsed(pattern)
    folders = {start} if _is_folder(start) else set()
    for part in inner:
        folders = {below for folder in folders for below in _folders(folder, part, admit=admit)}
    found: set[Path] = set()
    for folder in folders:
        found.update(_files(folder, last))
        if len(found) > most:
            raise SourceRefused(
                f"A pattern matches more than {most:,} files.",
                remedy="Narrow the pattern, or join the files.",
            )
    return tuple(sorted(found))


def _collapsed(pattern: tuple[str, ...]) -> list[str]:
    """Join runs of `**`, which mean the same as one; a last `**` stands for all files below."""
    parts = [part for key, run in groupby(pattern) for part in ([key] if key == "**" else run)]
    return [*parts, "*"] if parts[-1] == "**" else parts


def _folders(folder: Path, part: str, *, admit: Admit) -> Iterator[Path]:
    if part == "**":
        yield from _tree(folder)
    else:
        candidates = _matching(folder, part) if has_wildcard(part) else iter((folder / part,))
        for child in candidates:
            if _is_folder(child):
                if child.is_symlink():
                    admit(child)
                yield child


def _files(folder: Path, part: str) -> Iterator[Path]:
    if has_wildcard(part):
        yield from (child for child in _matching(folder, part) if not _is_folder(child))
    elif os.path.lexists(folder / part):
        yield folder / part


def _tree(folder: Path) -> Iterator[Path]:
    """Yield a folder and all that are in it, links left out."""
    waiting = [folder]
    while waiting:
        inside = waiting.pop()
        yield inside
        waiting.extend(
            inside / entry.name
            for entry in _entries(inside)
            if not _hidden(entry.name) and entry.is_dir(follow_symlinks=False)
        )


def _matching(folder: Path, part: str) -> Iterator[Path]:
    matches = re.compile(fnmatch.translate(part)).match
    for entry in _entries(folder):
        if not _hidden(entry.name) and matches(entry.name):
            yield folder / entry.name


def _is_folder(path: Path) -> bool:
    """Tell whether a path leads to a folder; one that may not be looked at does not."""
    return os.path.isdir(path)  # noqa: PTH112 - Path raises where access is denied


def _hidden(name: str) -> bool:
    return name.startswith(".")


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError as error:
        raise SourceUnavailable(
            f"A folder of the pattern cannot be listed: {error.strerror}.", remedy="Check who may read it."
        ) from error
