"""The filter, carried out by an interpreter of its few instructions."""

import errno
import struct

import pytest

from mlval.scoring.cage import denied, seccomp

EPERM = 0x00050000 | errno.EPERM
ENOSYS = 0x00050000 | errno.ENOSYS
ORDINARY_ON_BOTH = 63
X86, ARM = 0xC000003E, 0xC00000B7
MACHINES = {"x86_64": X86, "aarch64": ARM}


def answer(program: bytes, processor: int, number: int, first: int = 0) -> int:
    """Carry out a program of classic BPF on one system call."""
    seen = struct.pack("<IIQQQQQQQ", number, processor, 0, first, 0, 0, 0, 0, 0)
    lines = list(struct.iter_unpack("<HBBI", program))
    at, held = 0, 0
    while True:
        code, then, otherwise, value = lines[at]
        at += 1
        if code == 0x20:
            held = struct.unpack_from("<I", seen, value)[0]
        elif code == 0x06:
            return int(value)
        else:
            holds = {0x15: held == value, 0x25: held > value, 0x45: bool(held & value)}[code]
            at += then if holds else otherwise


def program(machine: str, *, shared_user: bool = False, signals: bool = True) -> bytes:
    return seccomp.program(machine, shared_user=shared_user, signals=signals)


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("shared_user", [False, True])
@pytest.mark.parametrize("signals", [False, True])
def test_every_number_gets_its_answer(machine: str, shared_user: bool, signals: bool) -> None:
    numbers = seccomp.TABLES[machine].NUMBERS
    names = set(denied.ALWAYS)
    names |= denied.OWNED_FILES if shared_user else set()
    names |= denied.SIGNALS if shared_user and not signals else set()
    expected = {numbers[name]: EPERM for name in names if name in numbers} | {numbers["clone3"]: ENOSYS}
    lines = program(machine, shared_user=shared_user, signals=signals)
    for number in range(seccomp.NEWEST + 1):
        assert answer(lines, MACHINES[machine], number) == expected.get(number, seccomp.ALLOW)
    assert answer(lines, MACHINES[machine], seccomp.NEWEST + 1) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("processor", [0, X86, ARM, 0x40000003, 0x40000028])
def test_calls_of_another_processor_end_the_program(machine: str, processor: int) -> None:
    expected = seccomp.ALLOW if processor == MACHINES[machine] else seccomp.KILL
    assert answer(program(machine), processor, ORDINARY_ON_BOTH) == expected


def test_calls_with_short_pointers_end_the_program() -> None:
    assert answer(program("x86_64"), X86, seccomp.X32 | 1) == seccomp.KILL


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize(
    "bit", [0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000]
)
def test_processes_may_be_started_but_not_in_namespaces(machine: str, bit: int) -> None:
    clone = seccomp.TABLES[machine].NUMBERS["clone"]
    assert answer(program(machine), MACHINES[machine], clone, 0x3D0F00) == seccomp.ALLOW
    assert answer(program(machine), MACHINES[machine], clone, bit | 17) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
def test_limits_are_for_the_program_itself(machine: str) -> None:
    number = seccomp.TABLES[machine].NUMBERS["prlimit64"]
    assert answer(program(machine), MACHINES[machine], number, 0) == seccomp.ALLOW
    assert answer(program(machine), MACHINES[machine], number, 1) == EPERM


def test_every_denied_call_has_a_number_somewhere() -> None:
    names = denied.ALL | denied.EXAMINED
    assert names == seccomp.TABLES["x86_64"].NUMBERS.keys()
    assert max(seccomp.TABLES["x86_64"].NUMBERS.values()) <= seccomp.NEWEST
