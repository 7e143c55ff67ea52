"""The calls to the kernel that Python has no name for."""

import ctypes
import os
import struct

PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PR_SET_NO_NEW_PRIVS = 38
PR_GET_NO_NEW_PRIVS = 39

_CAPSET = {"x86_64": 126, "aarch64": 91}
_CAPABILITY_VERSION_3 = 0x20080522

_libc = ctypes.CDLL(None, use_errno=True)


def prctl(option: int, first: object = 0, second: object = 0) -> int:
    """Change or ask a property of this process.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    return _checked(_libc.prctl(ctypes.c_int(option), _word(first), _word(second), _word(0), _word(0)))


def syscall(number: int, *arguments: object) -> int:
    """Make a system call; numbers become machine words, buffers their addresses.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    _libc.syscall.restype = ctypes.c_long
    return _checked(_libc.syscall(_word(number), *map(_word, arguments)))


def drop_capabilities(machine: str) -> None:
    """Give up every capability of this process; what it starts without new privileges gets none back.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    header = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0)
    syscall(_CAPSET[machine], ctypes.create_string_buffer(header), ctypes.create_string_buffer(24))


def hide_from_same_user() -> None:
    """Close this process's memory, environment and open files to other processes of its user.

    Raises
    ------
    OSError
        If the kernel refuses.
    """
    prctl(PR_SET_DUMPABLE, 0)


def _word(value: object) -> object:
    return ctypes.c_ulong(value) if isinstance(value, int) else value


def _checked(result: int) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result
