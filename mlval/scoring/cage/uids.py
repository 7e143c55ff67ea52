"""A user of its own for each caged program: a number that nobody has, and that no process runs under."""

import os
import secrets
from pathlib import Path

RANGE = (1_900_000_000, 2_000_000_000)
"""Numbers that neither users, services nor containers are given, where all numbers exist."""

_NEEDED = {"CHOWN": 0, "KILL": 5, "SETGID": 6, "SETUID": 7}
_NOBODY = 65_534


class NoUser(Exception):
    """There can be no own user here; the message says why."""


def fresh() -> int:
    """Return a number for a user of its own, chosen by chance so that two runs at once do not meet.

    Raises
    ------
    NoUser
        If this process may not become another user.
    """
    if os.geteuid() != 0:
        raise NoUser("only root can start a program as another user")
    lacking = [name for name, bit in _NEEDED.items() if not _capabilities() >> bit & 1]
    if lacking:
        raise NoUser(f"root lacks the capabilities {', '.join(lacking)} here")
    first, last = candidates(Path("/proc/self/uid_map").read_text("ascii"))
    taken = _in_use()
    for _ in range(1000):
        uid = first + secrets.randbelow(last - first)
        if uid not in taken and uid != _NOBODY:
            return uid
    raise NoUser("every user of the range is in use")


def candidates(mapped: str) -> tuple[int, int]:
    """Return a range of numbers to choose from, the end excluded, given the text of a `uid_map`.

    Where a container knows a few users only, they are the last quarter of its widest range.

    Raises
    ------
    NoUser
        If it knows too few.
    """
    ranges = [(int(line[0]), int(line[2])) for line in map(str.split, mapped.splitlines()) if len(line) == 3]
    if any(first <= RANGE[0] and first + count >= RANGE[1] for first, count in ranges):
        return RANGE
    first, count = max(ranges, key=lambda one: one[1], default=(0, 0))
    if count < 10_000:
        raise NoUser("this container knows too few users")
    return first + count - count // 4, first + count


def unreachable(path: Path) -> Path | None:
    """Return the first folder on the way to a path, or the path, that other users cannot enter or read."""
    real = path.resolve()
    for folder in reversed(real.parents):
        if not folder.stat().st_mode & 0o001:
            return folder
    mode = real.stat().st_mode
    return real if not mode & 0o004 or (real.is_dir() and not mode & 0o001) else None


def _capabilities() -> int:
    for line in Path("/proc/self/status").read_text("ascii", errors="replace").splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def _in_use() -> set[int]:
    found = set()
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                found.add(process.stat().st_uid)
            except FileNotFoundError:
                continue
    return found
