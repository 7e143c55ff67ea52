"""What the options of a command say of the change under review."""

import os
from pathlib import Path

from mlval.domain.errors import UsageError
from mlval.flows.many import Change


def change_of(around: Path, since: str | None, listed: str | None) -> Change:
    """Return the change that `--changed-since` or `--changed-files` names; without either it is not known.

    Parameters
    ----------
    around : the work tree

    Raises
    ------
    UsageError
        If both are given, or git or the file does not tell.
    """
    root = Path(os.path.realpath(around))
    if since is None and listed is None:
        return Change(root)
    if since is not None and listed is not None:
        message = "--changed-since and --changed-files are two ways to say one thing"
        raise UsageError(message, remedy="give one of them")
    from mlval.flows import changed_files

    if since is not None:
        return Change(root, changed_files.since(since, root))
    return Change(root, changed_files.listed(Path(listed or "")))
