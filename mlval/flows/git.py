"""Asking git about a work tree, without starting anything that the repository's own settings could name."""

import subprocess
from pathlib import Path

_SECONDS = 120


def git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[bytes] | None:
    """Run git in a folder and return how it ended; None where it could not be run, or took too long.

    No argument may come from outside if it could be an option: that is for the caller to refuse.
    """
    try:
        return subprocess.run(  # noqa: S603 - no shell
            ["git", "-c", "core.fsmonitor=false", "-C", str(folder), *arguments],  # noqa: S607 - the user's git
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
