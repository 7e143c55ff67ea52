"""How much a caged program and everything that it started use, from what the kernel shows in `/proc`."""

import os
from contextlib import suppress


def used(keeper: int) -> "tuple[int, int, list[int]]":
    """Return bytes of memory, threads, and process numbers of all descendants of a process.

    Memory is what is resident and stands in no file. A page that a child shares with its parent counts for
    both: whoever may not look into them cannot tell. A keeper adopts orphans, so nothing leaves.
    """
    parents: dict[int, tuple[int, int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib takes time to load
        if name.isdecimal():
            with suppress(OSError, ValueError):
                parents[int(name)] = _stat(_read(f"/proc/{name}/stat"))
    inside = {keeper}
    while found := {pid for pid, (parent, _) in parents.items() if parent in inside} - inside:
        inside |= found
    inside.discard(keeper)
    memory = 0
    for pid in inside:
        with suppress(OSError):
            memory += _resident(_read(f"/proc/{pid}/status"))
    return memory, sum(parents[pid][1] for pid in inside), sorted(inside)


def threads_of(uid: int) -> int:
    """Return how many threads a user has now."""
    count = 0
    for name in os.listdir("/proc"):  # noqa: PTH208 - pathlib takes time to load
        with suppress(OSError, ValueError):
            if name.isdecimal() and os.stat(f"/proc/{name}").st_uid == uid:  # noqa: PTH116 - as above
                count += _stat(_read(f"/proc/{name}/stat"))[1]
    return count


def _stat(line: bytes) -> "tuple[int, int]":
    """Return parent and threads; the name, which a program chooses, ends at the last bracket."""
    fields = line[line.rindex(b")") + 2 :].split()
    return int(fields[1]), int(fields[17])


def _resident(status: bytes) -> int:
    """Return the bytes that are in memory and in no file; the name stands on a line of its own, escaped."""
    total = 0
    for line in status.splitlines():
        if line.startswith((b"RssAnon:", b"RssShmem:")):
            total += int(line.split()[1]) * 1024
    return total


def _read(path: str) -> bytes:
    opened = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        return os.read(opened, 4096)
    finally:
        os.close(opened)
