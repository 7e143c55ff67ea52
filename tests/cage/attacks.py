"""What a hostile model tries, one function each; a script of the standard library alone.

`python attacks.py FILE NAME AIMS` carries out one attack on the aims (JSON) and writes to the open file FILE,
as JSON, what it got; nothing where it got nothing.
"""

import ctypes
import json
import mmap
import os
import platform
import resource
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

Aims = dict[str, Any]
Attack = Callable[[Aims], object]
ATTACKS: Final[dict[str, Attack]] = {}

LIBC: Final = ctypes.CDLL(None, use_errno=True)
X86: Final = platform.machine() == "x86_64"


def attack(function: Attack) -> Attack:
    """Take a function into the list."""
    ATTACKS[function.__name__] = function
    return function


def reached(number: int, *arguments: int) -> bool:
    """Make a system call; say whether the kernel went into it rather than refuse it outright."""
    LIBC.syscall.restype = ctypes.c_long
    result = LIBC.syscall(ctypes.c_long(number), *(ctypes.c_long(one) for one in arguments))
    return bool(result >= 0 or ctypes.get_errno() not in {1, 38})


# --- other processes -------------------------------------------------------------------------------------


@attack
def environment_of_the_parent(aims: Aims) -> object:
    return aims["secret"] in Path(f"/proc/{aims['victim']}/environ").read_text(encoding="utf-8")


@attack
def environment_of_anybody(aims: Aims) -> object:
    for path in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if aims["secret"] in path.read_text(errors="replace"):
                return str(path)
    return None


@attack
def memory_of_the_parent(aims: Aims) -> object:
    maps = Path(f"/proc/{aims['victim']}/maps").read_text(encoding="utf-8")
    start = next(int(line.split("-")[0], 16) for line in maps.splitlines() if "[stack]" in line)
    with Path(f"/proc/{aims['victim']}/mem").open("rb") as memory:
        memory.seek(start)
        return len(memory.read(64))


@attack
def open_files_of_the_parent(aims: Aims) -> object:
    for path in Path(f"/proc/{aims['victim']}/fd").iterdir():
        with suppress(OSError):
            if path.is_file() and aims["secret"] in path.read_text(errors="replace"):
                return str(path)
    return None


@attack
def ptrace_the_parent(aims: Aims) -> object:
    if LIBC.ptrace(16, aims["victim"], 0, 0) != 0:
        return None
    os.waitpid(aims["victim"], 0x40000000)
    LIBC.ptrace(17, aims["victim"], 0, 0)
    return True


@attack
def process_vm_readv(aims: Aims) -> object:
    return reached(310 if X86 else 270, aims["victim"], 0, 0, 0, 0, 0)


@attack
def file_of_the_parent_through_a_pidfd(aims: Aims) -> object:
    return reached(438, os.pidfd_open(aims["victim"]), 0, 0)


@attack
def limits_of_the_parent(aims: Aims) -> object:
    resource.prlimit(aims["victim"], resource.RLIMIT_CORE, (0, 0))
    return True


@attack
def signal_to_the_parent(aims: Aims) -> object:
    os.kill(aims["victim"], signal.SIGCONT)
    return True


@attack
def signal_to_the_keeper(aims: Aims) -> object:
    del aims
    os.kill(os.getppid(), signal.SIGCONT)
    return True


@attack
def kill_another_model(aims: Aims) -> object:
    os.kill(aims["neighbour"], signal.SIGCONT)
    return True


@attack
def files_of_another_model(aims: Aims) -> object:
    return list(Path(aims["neighbour_scratch"]).iterdir()) is not None


# --- the network -----------------------------------------------------------------------------------------


@attack
def inet(aims: Aims) -> object:
    with socket.create_connection(("127.0.0.1", aims["port"]), timeout=5):
        return True


@attack
def inet_datagram(aims: Aims) -> object:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        return one.sendto(b"x", ("127.0.0.1", aims["port"]))


@attack
def inet6(aims: Aims) -> object:
    del aims
    with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as one:
        one.bind(("::", 0))
    return True


@attack
def unix_socket_like_dockers(aims: Aims) -> object:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect(aims["socket"])
    return True


@attack
def abstract_socket(aims: Aims) -> object:
    with socket.socket(socket.AF_UNIX) as one:
        one.connect("\0" + aims["abstract"])
    return True


@attack
def datagram_from_a_pair(aims: Aims) -> object:
    with socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0] as one:
        return one.sendto(b"x", aims["datagram"])


@attack
def netlink(aims: Aims) -> object:
    del aims
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0) as one:
        one.bind((0, 0))
    return True


@attack
def packet(aims: Aims) -> object:
    del aims
    socket.socket(socket.AF_PACKET, socket.SOCK_RAW).close()
    return True


# --- reading ---------------------------------------------------------------------------------------------


def read(path: str) -> str:
    """Return the text of a file."""
    return Path(path).read_text(encoding="utf-8")


@attack
def read_labels(aims: Aims) -> object:
    return read(f"{aims['workspace']}/labels.csv")


@attack
def read_contract(aims: Aims) -> object:
    return read(f"{aims['workspace']}/mlval.yml")


@attack
def read_git(aims: Aims) -> object:
    return read(f"{aims['workspace']}/.git/config")


@attack
def read_event(aims: Aims) -> object:
    return read(aims["output"]) or True


@attack
def read_passwords(aims: Aims) -> object:
    del aims
    return read("/etc/passwd")


@attack
def read_beside_the_model(aims: Aims) -> object:
    return read(f"{aims['model']}/../labels.csv")


@attack
def read_through_own_root(aims: Aims) -> object:
    return read(f"/proc/self/root{aims['workspace']}/labels.csv")


@attack
def read_through_the_parents_root(aims: Aims) -> object:
    return read(f"/proc/{aims['victim']}/root{aims['workspace']}/labels.csv")


@attack
def read_through_a_symlink(aims: Aims) -> object:
    Path("way").symlink_to(f"{aims['workspace']}/labels.csv")
    return read("way")


@attack
def read_through_a_hard_link(aims: Aims) -> object:
    Path("way").unlink(missing_ok=True)
    os.link(f"{aims['workspace']}/labels.csv", "way")
    return read("way")


@attack
def list_the_workspace(aims: Aims) -> object:
    return [path.name for path in Path(aims["workspace"]).iterdir()]


@attack
def inherited_files(aims: Aims) -> object:
    for number in range(3, 1024):
        with suppress(OSError):
            text = os.pread(number, 4096, 0)
            if aims["secret"].encode() in text:
                return number
    return None


@attack
def own_environment(aims: Aims) -> object:
    return aims["secret"] in os.environ.values()


# --- writing ---------------------------------------------------------------------------------------------


@attack
def write_a_command_file(aims: Aims) -> object:
    with Path(aims["output"]).open("a", encoding="utf-8") as file:
        return file.write("verdict=passed\n")


@attack
def write_into_the_workspace(aims: Aims) -> object:
    return Path(aims["workspace"], "new.csv").write_text("1", encoding="utf-8")


@attack
def write_into_an_open_folder(aims: Aims) -> object:
    return Path(aims["open"], "new").write_text("1", encoding="utf-8")


@attack
def write_into_shared_memory(aims: Aims) -> object:
    path = Path("/dev/shm", f"mlval-attack-{aims['secret']}")
    path.write_text("1", encoding="utf-8")
    path.unlink()
    return True


@attack
def write_into_the_model(aims: Aims) -> object:
    with Path(aims["model"], "weights").open("a", encoding="utf-8") as file:
        return file.write("x")


@attack
def cut_the_labels(aims: Aims) -> object:
    path = Path(aims["workspace"], "labels.csv")
    os.truncate(path, path.stat().st_size)
    return True


@attack
def close_the_labels(aims: Aims) -> object:
    Path(aims["workspace"], "labels.csv").chmod(0o644)
    return True


@attack
def move_the_labels(aims: Aims) -> object:
    path = Path(aims["workspace"], "labels.csv")
    path.rename(path.with_suffix(".moved"))
    path.with_suffix(".moved").rename(path)
    return True


@attack
def symlink_in_scratch(aims: Aims) -> object:
    del aims
    Path("predictions").symlink_to("/etc/passwd")
    return True


@attack
def fifo_in_scratch(aims: Aims) -> object:
    del aims
    os.mkfifo("fifo")
    return True


@attack
def device_in_scratch(aims: Aims) -> object:
    del aims
    os.mknod("null", 0o20666, os.makedev(1, 3))
    return True


@attack
def sparse_file(aims: Aims) -> object:
    with Path("sparse").open("wb") as file:
        file.truncate(aims["file_bytes"] * 64)
    Path("sparse").unlink()
    return True


@attack
def many_files(aims: Aims) -> object:
    block = b"x" * (1 << 20)
    count = aims["file_bytes"] // len(block) * 2
    for number in range(count):
        Path(f"many{number}").write_bytes(block)
    time.sleep(1.5)
    for number in range(count):
        Path(f"many{number}").unlink()
    return count


@attack
def deep_folders(aims: Aims) -> object:
    """Make a tree that a recursive removal cannot remove; what is left of it counts, not this."""
    del aims
    for _ in range(3000):
        Path("d").mkdir()
        os.chdir("d")
        Path("file").write_text("x", encoding="utf-8")
    return "made"


# --- more than its share ---------------------------------------------------------------------------------


def children(count: int, work: Callable[[], object]) -> list[int]:
    """Start children that work and then wait; return those that could be started."""
    found = []
    for _ in range(count):
        try:
            child = os.fork()
        except OSError:
            break
        if child == 0:
            with suppress(BaseException):
                work()
                time.sleep(30)
            os._exit(0)
        found.append(child)
    return found


def end(found: list[int]) -> None:
    """Kill children."""
    for child in found:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


@attack
def fork_bomb(aims: Aims) -> object:
    wanted = aims["processes"] * 3
    found = children(wanted, lambda: None)
    time.sleep(1)
    end(found)
    return len(found) == wanted


def hold(size: int) -> bytearray:
    """Take memory and touch it."""
    held = bytearray(size)
    held[:: mmap.PAGESIZE] = b"x" * len(range(0, size, mmap.PAGESIZE))
    return held


@attack
def memory_bomb(aims: Aims) -> object:
    return len(hold(aims["memory"] * 2))


@attack
def memory_bomb_of_many_children(aims: Aims) -> object:
    held = []
    found = children(8, lambda: held.append(hold(aims["memory"] // 4)))
    time.sleep(2)
    end(found)
    return len(found) == 8


@attack
def shared_memory_bomb(aims: Aims) -> object:
    held = mmap.mmap(-1, aims["memory"] * 2)
    held[:: mmap.PAGESIZE] = b"x" * len(range(0, len(held), mmap.PAGESIZE))
    time.sleep(1)
    return True


@attack
def endless_loop(aims: Aims) -> object:
    until = time.monotonic() + aims["seconds"] * 2
    while time.monotonic() < until:
        pass
    return True


@attack
def endless_output(aims: Aims) -> object:
    """Print without an end to both streams; what is kept of it counts, not this."""
    del aims
    for _ in range(200):
        os.write(1, b"::error::x" * 6500)
        os.write(2, b"::set-env name=A::b\n" * 3000)
    return "printed"


# --- outliving it ----------------------------------------------------------------------------------------


def daemon(aims: Aims, *, session: bool) -> object:
    """Leave a process behind that nobody is the parent of."""
    if os.fork() == 0:
        if session:
            os.setsid()
        if os.fork() == 0:
            os.execv(
                sys.executable,
                [sys.executable, "-I", "-S", "-c", "import time; time.sleep(20)", aims["mark"]],
            )
        os._exit(0)
    os.wait()
    time.sleep(0.5)
    return "left"


@attack
def daemon_with_a_session(aims: Aims) -> object:
    return daemon(aims, session=True)


@attack
def daemon_without_a_session(aims: Aims) -> object:
    return daemon(aims, session=False)


@attack
def hopping_daemon(aims: Aims) -> object:
    """Leave a process behind that is another one at every look."""
    if os.fork() == 0:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            if os.fork():
                os._exit(0)
        os._exit(0)
    time.sleep(0.2)
    return aims["mark"]


# --- the kernel ------------------------------------------------------------------------------------------


@attack
def become_root(aims: Aims) -> object:
    del aims
    os.setresuid(0, 0, 0)
    return os.geteuid() == 0


@attack
def run_a_shell(aims: Aims) -> object:
    del aims
    return os.system("true") == 0


@attack
def run_from_memory(aims: Aims) -> object:
    del aims
    opened = os.memfd_create("program")
    os.write(opened, b"#!/bin/true\n")
    return True


@attack
def old_calls(aims: Aims) -> object:
    """Ask for a process number through the 32-bit gate of x86; other processors have none."""
    del aims
    if not X86:
        return None
    # mov eax, 20; int 0x80; ret
    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"
    page = mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_int)(address)() == os.getpid()


@attack
def namespaces(aims: Aims) -> object:
    del aims
    return LIBC.unshare(0x10000000) == 0


@attack
def namespace_by_clone(aims: Aims) -> object:
    del aims
    LIBC.syscall.restype = ctypes.c_long
    child = LIBC.syscall(
        ctypes.c_long(56 if X86 else 220), ctypes.c_long(0x10000000 | 17), *(ctypes.c_long(0),) * 4
    )
    if child == 0:
        os._exit(0)
    return child > 0 and os.waitpid(child, 0)[0] == child


@attack
def clone3(aims: Aims) -> object:
    del aims
    return reached(435, 0, 0)


@attack
def io_uring(aims: Aims) -> object:
    del aims
    return reached(425, 1, 0)


@attack
def bpf(aims: Aims) -> object:
    del aims
    return reached(321 if X86 else 280, 0, 0, 0)


@attack
def perf_events(aims: Aims) -> object:
    del aims
    return reached(298 if X86 else 241, 0, 0, -1, -1, 0)


@attack
def keys(aims: Aims) -> object:
    del aims
    return reached(250 if X86 else 219, 0, -3, 0)


@attack
def shared_segments(aims: Aims) -> object:
    del aims
    return reached(29 if X86 else 194, 0, 4096, 0o600)


@attack
def mounts(aims: Aims) -> object:
    del aims
    return reached(165 if X86 else 40, 0, 0, 0, 0, 0)


@attack
def file_handles(aims: Aims) -> object:
    del aims
    return reached(304 if X86 else 265, -1, 0, 0)


def main() -> None:
    """Carry out one attack."""
    file, name, aims = int(sys.argv[1]), sys.argv[2], json.loads(sys.argv[3])
    own = os.getpid()
    try:
        got = ATTACKS[name](aims)
    except BaseException as error:  # noqa: BLE001 - that it was refused is the result
        answer: dict[str, object] = {"got": None, "refusal": f"{type(error).__name__}: {error}"}
    else:
        answer = {"got": got or None, "refusal": ""}
    if os.getpid() == own:
        os.write(file, json.dumps(answer).encode())


if __name__ == "__main__":
    main()
