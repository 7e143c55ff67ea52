"""The filter of system calls, assembled here as classic BPF, and its installation in the calling process.

What a filter sees is the kernel's `struct seccomp_data` (`linux/seccomp.h`): number of the call at 0,
processor at 4, arguments of 64 bits from 16 on. It judges the process and all its children.
"""

import ctypes
import errno
import struct
from collections.abc import Iterable
from types import ModuleType

from mlval.scoring.cage import denied, kernel, syscalls_aarch64, syscalls_x86_64

TABLES: "dict[str, ModuleType]" = {"x86_64": syscalls_x86_64, "aarch64": syscalls_aarch64}
"""The processors that the cage knows, by the name that `uname` gives them."""

NEWEST = 469
"""The highest number that was judged (Linux 6.18); what came later does not exist inside the cage."""

X32 = 0x40000000
"""The bit that marks a call of x86-64 as one with pointers of 32 bits."""

NAMESPACES = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID and NEWNET together."""

KILL = 0x80000000
ALLOW = 0x7FFF0000
_ERRNO = 0x00050000

_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x06
_NUMBER, _PROCESSOR, _FIRST_ARGUMENT = 0, 4, 16

_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER = 22, 2

Instruction = tuple[int, int, int, int]


def program(machine: str, *, shared_user: bool, signals: bool) -> bytes:
    """Return the filter for a processor, as an array of `struct sock_filter`.

    Parameters
    ----------
    machine : a key of `TABLES`
    shared_user : whether the program runs as the user who started it
    signals : whether something else keeps its signals inside the cage
    """
    table = TABLES[machine]
    names = denied.ALWAYS | (denied.OWNED_FILES if shared_user else frozenset())
    if shared_user and not signals:
        names |= denied.SIGNALS
    numbers: dict[str, int] = table.NUMBERS
    lines: list[Instruction] = [
        (_LOAD, 0, 0, _PROCESSOR),
        (_EQUAL, 1, 0, table.AUDIT_ARCH),
        _returned(KILL),
        (_LOAD, 0, 0, _NUMBER),
    ]
    if machine == "x86_64":
        lines += [(_ANY_BIT, 0, 1, X32), _returned(KILL)]
    lines += [(_ABOVE, 0, 1, NEWEST), _refused(errno.ENOSYS)]
    # The flags of clone3 lie in memory, where no filter can read them; libraries then fall back on clone.
    lines += _when(numbers["clone3"], [_refused(errno.ENOSYS)])
    lines += _when(numbers["clone"], _judged_by_flags())
    # Limits of its own it may change; those of another process of the same user it may not.
    lines += _when(numbers["prlimit64"], _judged_by_process())
    for number in sorted(numbers[name] for name in names if name in numbers):
        lines += _when(number, [_refused(errno.EPERM)])
    lines.append(_returned(ALLOW))
    return b"".join(struct.pack("<HBBI", *line) for line in lines)


def install(filtered: bytes) -> None:
    """Put this process, and whatever it starts, under a filter; `no_new_privs` must be set.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    kernel.prctl(_PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, _pointer(filtered))


def _pointer(filtered: bytes) -> ctypes.Array[ctypes.c_char]:
    """Return a `struct sock_fprog`, which keeps the instructions that it points to alive."""
    lines = ctypes.create_string_buffer(filtered, len(filtered))
    header = struct.pack("@HP", len(filtered) // 8, ctypes.addressof(lines))
    found = ctypes.create_string_buffer(header, len(header))
    found.lines = lines  # type: ignore[attr-defined]  # a reference, no field
    return found


def _when(number: int, then: "Iterable[Instruction]") -> "list[Instruction]":
    lines = list(then)
    return [(_EQUAL, 0, len(lines), number), *lines]


def _judged_by_flags() -> "list[Instruction]":
    return [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_ANY_BIT, 0, 1, NAMESPACES),
        _refused(errno.EPERM),
        _returned(ALLOW),
    ]


def _judged_by_process() -> "list[Instruction]":
    return [
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_EQUAL, 1, 0, 0),
        _refused(errno.EPERM),
        _returned(ALLOW),
    ]


def _refused(number: int) -> Instruction:
    return _returned(_ERRNO | number)


def _returned(value: int) -> Instruction:
    return (_RETURN, 0, 0, value)
