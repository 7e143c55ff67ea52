"""What a process does to itself before it becomes the caged program: layer after layer.

It runs in a child of the keeper. No module may be loaded once the files are closed.
"""

import fcntl
import json
import os
import resource
import signal
from collections.abc import Callable
from contextlib import suppress

from mlval.scoring.cage import kernel, landlock, seccomp, watch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from mlval.scoring.cage.settings import Settings

Layer = tuple[str, bool, str]

TOLD, GO = 5, 6
"""Where the child tells the keeper, and where the keeper answers; the caged program gets neither."""

_HIGH = 64
_PR_SET_PDEATHSIG = 1
_SPARE_ADDRESSES = 16 << 30
_OPEN_FILES = 1024


def enter(settings: "Settings", system: "list[str]", pipes: "tuple[int, int]") -> "NoReturn":
    """Take on every layer, report them, wait for leave, become the program; never returns.

    Parameters
    ----------
    settings : what the cage is made of
    system : readable paths that need not exist
    pipes : the child's ends: where to tell, where to hear
    """
    try:
        _arrange_files(settings, pipes)
        layers = _layers(settings, system)
        os.write(TOLD, json.dumps(layers).encode() + b"\n")
        if os.read(GO, 1) == b"!":
            _become(settings)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the program must not run
        with suppress(OSError):
            os.write(TOLD, json.dumps(f"{type(error).__name__}: {error}").encode() + b"\n")
    os._exit(126)


def _arrange_files(settings: "Settings", pipes: "tuple[int, int]") -> None:
    """Give each open file its number, and close all others."""
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    output = settings["output"]
    order = (nothing, output, output, settings["to_child"], settings["from_child"], *pipes)
    copies = [fcntl.fcntl(number, fcntl.F_DUPFD, _HIGH) for number in order]
    for target, copy in enumerate(copies):
        os.dup2(copy, target, inheritable=target < TOLD)
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 - pathlib takes time to load
        if int(name) >= len(order):
            # One of them was the listing itself.
            with suppress(OSError):
                os.close(int(name))
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    os.umask(0o077)
    os.chdir(settings["scratch"])
    # When the machine runs out of memory, this goes first.
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as file:  # noqa: PTH123 - pathlib takes time to load
        file.write("1000")


def _layers(settings: "Settings", system: "list[str]") -> "list[Layer]":
    limits = _tried("resource limits", lambda: _limit(settings))
    user = _tried("own user", lambda: _change_user(settings))
    kernel.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    privileges = _tried("no new privileges", _renounce)
    files = _tried("landlock", lambda: _close_files(settings, system))
    signals = files[1] and landlock.scopes_signals(landlock.abi())
    calls = _tried("seccomp", lambda: _filter_calls(settings, own=user[1], signals=signals))
    return [user, privileges, files, calls, limits]


def _tried(name: str, work: "Callable[[], str]") -> Layer:
    try:
        return name, True, work()
    except (OSError, ValueError, LookupError) as error:
        return name, False, getattr(error, "strerror", None) or str(error)


def _limit(settings: "Settings") -> str:
    memory, processes = settings["memory"], settings["processes"]
    if settings["uid"] is None:
        processes += watch.threads_of(os.getuid())
    for limit, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_DATA, memory),
        (resource.RLIMIT_AS, 2 * memory + _SPARE_ADDRESSES),
        (resource.RLIMIT_FSIZE, settings["file_bytes"]),
        (resource.RLIMIT_NPROC, processes),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_RTPRIO, 0),
        (resource.RLIMIT_CPU, int(settings["seconds"] * (os.cpu_count() or 1)) + 60),
    ):
        hard = resource.getrlimit(limit)[1]
        lowered = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(limit, (lowered, lowered))
    return "memory, processes, files, processor time"


def _change_user(settings: "Settings") -> str:
    uid = settings["uid"]
    if uid is None:
        # A root that keeps its name loses its powers all the same.
        kernel.drop_capabilities(settings["machine"])
        raise ValueError(settings["why_no_uid"])
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    kernel.drop_capabilities(settings["machine"])
    if os.getresuid() != (uid, uid, uid) or os.getresgid() != (uid, uid, uid) or os.getgroups():
        raise ValueError("the user did not change")
    return f"user {uid}"


def _renounce() -> str:
    kernel.prctl(kernel.PR_SET_NO_NEW_PRIVS, 1)
    if kernel.prctl(kernel.PR_GET_NO_NEW_PRIVS) != 1:
        raise ValueError("it did not stay set")
    return "set"


def _close_files(settings: "Settings", system: "list[str]") -> str:
    version = landlock.abi()
    if version == 0:
        raise ValueError("the kernel has no Landlock, or does not use it")
    rules = [(path, landlock.READ) for path in (*settings["readable"], *system)]
    rules += [(os.devnull, landlock.USE), (settings["scratch"], landlock.WRITE)]
    landlock.restrict(rules)
    return f"ABI {version}"


def _filter_calls(settings: "Settings", *, own: bool, signals: bool) -> str:
    machine = settings["machine"]
    if machine not in seccomp.TABLES:
        raise ValueError(f"there is no table of system calls for {machine}")
    seccomp.install(seccomp.program(machine, shared_user=not own, signals=signals))
    return machine


def _become(settings: "Settings") -> None:
    os.execve(settings["command"][0], settings["command"], settings["environment"])  # noqa: S606 - no shell is wanted
