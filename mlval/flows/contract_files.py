"""The contracts that a call names: files, and patterns that are spread out here, whatever the shell did."""

import os
from collections.abc import Sequence
from pathlib import Path

from mlval.domain.errors import SourceUnavailable, UsageError
from mlval.domain.text import shown
from mlval.sources.confine import Boundary, resolve
from mlval.sources.spelling import has_wildcard

MOST = 200
"""Contracts that one call judges."""


def contract_files(
    references: Sequence[str], boundary: Boundary, start: Path
) -> tuple[tuple[str, Path], ...]:
    """Return every contract once, with its path as reports show it; what a pattern matches is sorted.

    Parameters
    ----------
    references : as they were typed by whoever runs the gate, relative to `start`
    boundary : where links may lead

    Raises
    ------
    UsageError
        If a pattern matches nothing, or there are too many.
    """
    found: dict[str, tuple[str, Path]] = {}
    for reference in references:
        for path, file in (
            _spread(reference, boundary, start)
            if has_wildcard(reference)
            else [(reference, start / reference)]
        ):
            found.setdefault(os.path.realpath(file), (path, file))
    if len(found) > MOST:
        message = f"{len(found):,} contracts; one call judges at most {MOST:,}"
        raise UsageError(message, remedy="spread them over several jobs, and join their results: mlval merge")
    return tuple(found.values())


def _spread(pattern: str, boundary: Boundary, start: Path) -> list[tuple[str, Path]]:
    try:
        hits = resolve(boundary, pattern, base=start, trusted=True)
    except SourceUnavailable as error:
        message = f"no contract matches {shown(pattern)}"
        raise UsageError(message, remedy="`*` stands for one folder, `**` for any number of them") from error
    return [(Path(os.path.relpath(one.hit, os.path.realpath(start))).as_posix(), one.hit) for one in hits]
