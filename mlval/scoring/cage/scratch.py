"""The only folder that a caged program can write to: made, measured and removed, following nothing in it."""

import os
from contextlib import suppress

MOST_ENTRIES = 4_000
LONGEST_PATH = 1_000
RESERVE = 64 << 20
"""Bytes that must stay free on the disk; files that have no name any more are not found otherwise."""


def make(folder: str, uid: "int | None") -> None:
    """Make the folder for a user; its parent must exist.

    Raises
    ------
    OSError
        If it exists, or cannot be made.
    """
    os.mkdir(folder, 0o700)  # noqa: PTH102 - pathlib takes time to load
    if uid is not None:
        os.chown(folder, uid, uid, follow_symlinks=False)


def size(folder: str) -> "int | None":
    """Return the bytes that files below the folder take, or None where they are too many or too deep."""
    total, entries, waiting = 0, 0, [folder]
    while waiting:
        current = waiting.pop()
        if len(current) > LONGEST_PATH:
            return None
        # A folder may be gone or closed by the time it is looked into.
        with suppress(FileNotFoundError, PermissionError), os.scandir(current) as found:
            for entry in found:
                entries += 1
                if entries > MOST_ENTRIES:
                    return None
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                with suppress(FileNotFoundError):
                    total += entry.stat(follow_symlinks=False).st_blocks * 512
    return total


def free(folder: str) -> int:
    """Return the free bytes of the disk that holds the folder."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def remove(folder: str) -> None:
    """Remove the folder, however deep what lies in it: a folder's folders are moved up before it is removed.

    Nothing runs any more that could change it meanwhile.
    """
    count = 0
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        # What cannot be removed is left; it is no reason to fail after the work is done.
        with suppress(OSError):
            os.chmod(current, 0o700)  # noqa: PTH101 - pathlib takes time to load
            with os.scandir(current) as found:
                entries = list(found)
            for entry in entries:
                if not entry.is_dir(follow_symlinks=False):
                    os.unlink(entry.path)  # noqa: PTH108 - as above
                elif current == folder:
                    waiting.append(entry.path)
                else:
                    count += 1
                    waiting.append(f"{folder}/.moved-{count}")
                    os.rename(entry.path, waiting[-1])  # noqa: PTH104 - as above
            if current != folder:
                os.rmdir(current)  # noqa: PTH106 - as above
    with suppress(OSError):
        os.rmdir(folder)  # noqa: PTH106 - as above
