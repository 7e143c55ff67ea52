"""Landlock: which files the process may open, and how; everything that is not named is closed.

Numbers and structures are those of `linux/landlock.h`. What a rule lets in holds for a whole folder. By a
version (ABI) the kernel says which rights it knows: 1 files, 2 moves between folders, 3 cutting files, 4 TCP,
5 commands to devices, 6 abstract sockets and signals.
"""

import ctypes
import os
import stat
import struct
from collections.abc import Sequence
from contextlib import suppress

from mlval.scoring.cage import kernel

_CREATE, _ADD, _RESTRICT = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
REMOVE_DIR, REMOVE_FILE, MAKE_DIR, MAKE_REGULAR = 1 << 4, 1 << 5, 1 << 7, 1 << 8
TRUNCATE = 1 << 14
_ALL_FILES = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 5: (1 << 16) - 1}
_BIND_AND_CONNECT_TCP = 3
_ABSTRACT_SOCKETS_AND_SIGNALS = 3

READ = EXECUTE | READ_FILE | READ_DIR
# Links, sockets, pipes and devices cannot be made: whoever looks into the folder finds files and folders.
WRITE = WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REGULAR | TRUNCATE
USE = WRITE_FILE | READ_FILE
_RIGHTS_OF_A_FILE = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE


def abi() -> int:
    """Return the version of Landlock that the kernel has; 0 where it has none or does not use it."""
    with suppress(OSError):
        return kernel.syscall(_CREATE, 0, 0, _ASK_VERSION)
    return 0


def scopes_signals(version: int) -> bool:
    """Say whether signals stay inside the cage."""
    return version >= 6


def restrict(rules: Sequence[tuple[str, int]]) -> None:
    """Close all files to this process but those named; `no_new_privs` must be set.

    Parameters
    ----------
    rules : path and rights (`READ`, `WRITE`, `USE`); a path that does not exist is left out

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    version = abi()
    handled = _ALL_FILES[max(known for known in _ALL_FILES if known <= version)] if version else 0
    attributes = struct.pack("=Q", handled)
    if version >= 4:
        attributes += struct.pack("=Q", _BIND_AND_CONNECT_TCP)
    if version >= 6:
        attributes += struct.pack("=Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    ruleset = kernel.syscall(_CREATE, ctypes.create_string_buffer(attributes), len(attributes), 0)
    try:
        for path, rights in rules:
            with suppress(FileNotFoundError):
                _add(ruleset, path, rights & handled)
        kernel.syscall(_RESTRICT, ruleset, 0)
    finally:
        os.close(ruleset)


def _add(ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= _RIGHTS_OF_A_FILE
        beneath = struct.pack("=Qi", rights, opened)
        kernel.syscall(_ADD, ruleset, _PATH_BENEATH, ctypes.create_string_buffer(beneath), 0)
    finally:
        os.close(opened)
