"""The numbers of system calls, against those of libseccomp."""

import ctypes
import ctypes.util
from types import ModuleType
from typing import Final

import pytest

from mlval.scoring.cage import syscalls_aarch64, syscalls_x86_64

TABLES: Final = {0xC000003E: syscalls_x86_64, 0xC00000B7: syscalls_aarch64}
UNKNOWN: Final = -1


def known(architecture: int, name: str) -> int:
    """Return libseccomp's number; below zero where it knows none."""
    library = ctypes.CDLL(ctypes.util.find_library("seccomp"))
    return int(library.seccomp_syscall_resolve_name_arch(ctypes.c_uint32(architecture), name.encode()))


@pytest.mark.parametrize("architecture,table", TABLES.items(), ids=["x86-64", "arm64"])
def test_they_are_libseccomps(architecture: int, table: ModuleType) -> None:
    assert architecture == table.AUDIT_ARCH
    found = {name: known(architecture, name) for name in table.NUMBERS}
    older = {name for name, number in found.items() if number != UNKNOWN}
    assert all(found[name] == table.NUMBERS[name] for name in older)
    # What the library is too old for came after all processors got the same numbers.
    assert min((table.NUMBERS[name] for name in found.keys() - older), default=999) > 448


def test_what_arm_lacks_exists_on_x86_alone() -> None:
    lacking = syscalls_x86_64.NUMBERS.keys() - syscalls_aarch64.NUMBERS.keys()
    assert all(known(0xC00000B7, name) < 0 for name in lacking)
    assert syscalls_aarch64.NUMBERS.keys() <= syscalls_x86_64.NUMBERS.keys()
