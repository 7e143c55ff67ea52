"""What to say where nothing was found: the names that come closest."""

import difflib
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path, PurePath

from mlval.domain.errors import SourceAbsent
from mlval.domain.text import shown

_LOOKED_AT = 10_000
_SUGGESTED = 3
_TABLES = (".parquet", ".pq", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".gz", ".bz2", ".xz")
_ANYWHERE = "Check the path; those of a contract are relative to the contract."


def absent(message: str, *, wanted: Path, may_list: Callable[[Path], bool], seen_from: Path) -> SourceAbsent:
    """Return the error for a path or pattern that leads to no file.

    Parameters
    ----------
    message : what was found to be absent
    wanted : the absolute path or pattern
    may_list : tells whether the names in a folder may be told
    seen_from : the folder to which told names are relative
    """
    folder = next(parent for parent in wanted.parents if os.path.isdir(parent))  # noqa: PTH112 - Path raises where access is denied
    if not may_list(folder):
        return SourceAbsent(message, remedy=_ANYWHERE)
    if os.path.lexists(f"{wanted}.dvc"):
        return SourceAbsent(message, remedy="DVC knows it: run `dvc pull` before the gate.")
    sought = wanted.relative_to(folder).parts[0]
    told = [_told(folder / name, seen_from) for name in _closest(sought, folder)]
    if not told:
        return SourceAbsent(message, remedy=_ANYWHERE)
    return SourceAbsent(message, remedy=f"Closest: {', '.join(told)}.")


def _closest(sought: str, folder: Path) -> list[str]:
    """Return names that look alike, else the first ones that could be tables."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                entry.name for entry in islice(entries, _LOOKED_AT) if not entry.name.startswith(".")
            )
    except OSError:
        return []
    lower = {name.lower(): name for name in names}
    alike = difflib.get_close_matches(sought.lower(), lower, n=_SUGGESTED)
    return [lower[name] for name in alike] or [n for n in names if n.lower().endswith(_TABLES)][:_SUGGESTED]


def _told(path: Path, seen_from: Path) -> str:
    near = path.relative_to(seen_from) if path.is_relative_to(seen_from) else PurePath(path)
    return f"`{shown(near.as_posix())}`"
