"""The keeper: the trusted process between mlval and a caged program, which starts it, watches it and ends it.

It lives as long as the parent holds the other end of a pipe, the lifeline; when that closes, for whatever
reason, it ends everything that was started in the cage, and only then itself.
"""

import json
import os
import select
import time
from contextlib import suppress

from mlval.scoring.cage import enclosure, kernel, reap, scratch, watch
from mlval.scoring.cage.system import SYSTEM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from mlval.scoring.cage.enclosure import Layer
    from mlval.scoring.cage.settings import Begun, Ended, Settings

_TICK = 0.05
_SCRATCH_EVERY = 0.5
_MADE_ANEW = ("/proc/cpuinfo", "/proc/meminfo")
"""Files that the kernel makes anew when nobody has them open; a rule of Landlock would then be lost."""


def keep(lifeline: int) -> None:
    """Run one cage, from the settings that the lifeline brings to the last line of the report."""
    settings = _received(lifeline)
    report = settings["report"]
    os.set_inheritable(report, False)  # noqa: FBT003 - it takes no name
    kernel.prctl(kernel.PR_SET_CHILD_SUBREAPER, 1)
    kernel.hide_from_same_user()
    held = [os.open(path, os.O_PATH | os.O_CLOEXEC) for path in _MADE_ANEW if os.path.exists(path)]  # noqa: PTH110 - pathlib takes time to load
    scratch.make(settings["scratch"], settings["uid"])
    leader = 0
    ending = "not started"
    try:
        leader, begun = _started(settings)
        _write(report, begun)
        if not begun["error"] and settings["command"]:
            ending = _watched(settings, leader, lifeline)
    finally:
        if leader and not reap.end_all(leader):
            ending = "could not be ended"
        _write(report, {"ending": ending})
        scratch.remove(settings["scratch"])
    del held


def _received(lifeline: int) -> "Settings":
    text = b""
    while not text.endswith(b"\n"):
        if not (part := os.read(lifeline, 65_536)):
            raise EOFError("the settings ended early")
        text += part
    settings: Settings = json.loads(text)
    return settings


def _write(report: int, line: "Begun | Ended") -> None:
    with suppress(BrokenPipeError):
        os.write(report, json.dumps(line).encode() + b"\n")


def _started(settings: "Settings") -> "tuple[int, Begun]":
    """Start the child, let it take on its layers, and then become the program."""
    hears, told = os.pipe()
    heard, go = os.pipe()
    leader = os.fork()
    if leader == 0:
        enclosure.enter(
            settings, [path for path in SYSTEM if path not in settings["readable"]], (told, heard)
        )
    for number in (told, heard, settings["to_child"], settings["from_child"], settings["output"]):
        os.close(number)
    # The keeper's own two streams are the program's output as well, which must end with the program.
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in (1, 2):
        os.dup2(nothing, number)
    with open(hears, encoding="utf-8") as stream:  # noqa: PTH123 - a pipe has no path
        layers, error = _agreed(settings, leader, stream.readline())
        if settings["command"] and not error:
            os.write(go, b"!")
            # The other end closes by itself at the moment in which the child becomes the program.
            error = _cannot_start(stream.readline())
    os.close(go)
    return leader, {"layers": layers, "leader": leader, "error": error}


def _agreed(settings: "Settings", leader: int, line: str) -> "tuple[list[Layer], str]":
    """Return the layers that hold and that do not, and why the program may not start with them."""
    found = json.loads(line) if line else "it ended before it could say anything"
    if isinstance(found, str):
        return [], found
    layers: list[Layer] = [(name, holds, detail) for name, holds, detail in found]
    layers.append(_memory_watch(leader))
    whole = all(holds for _, holds, _ in layers)
    return layers, "" if whole or settings["degraded"] else "layers are missing"


def _cannot_start(line: str) -> str:
    return str(json.loads(line)) if line else ""


def _memory_watch(leader: int) -> "Layer":
    """Say whether the keeper sees what the child uses, and may end it."""
    name = "memory watch"
    try:
        os.kill(leader, 0)
    except PermissionError:
        return name, False, "the keeper may not end it"
    if leader not in watch.used(os.getpid())[2]:
        return name, False, "the keeper does not see it"
    return name, True, "resident memory, processes, time, files"


def _watched(settings: "Settings", leader: int, lifeline: int) -> str:
    """Wait until the program ends or has to; return why."""
    until = time.monotonic() + settings["seconds"]
    next_look = 0.0
    reserve = min(scratch.RESERVE, scratch.free(settings["scratch"]) // 2)
    poll = select.poll()
    poll.register(lifeline, select.POLLIN)
    with suppress(OSError):
        poll.register(os.pidfd_open(leader), select.POLLIN)
    tick = _TICK
    while True:
        left = until - time.monotonic()
        events = poll.poll(max(0.0, min(tick, left)) * 1000)
        if any(number == lifeline for number, _ in events):
            return "stopped"
        if ended := reap.collect(leader):
            return ended
        now = time.monotonic()
        if now >= until:
            return "time limit"
        memory, threads, _ = watch.used(os.getpid())
        if memory > settings["memory"]:
            return "killed: memory"
        if threads > settings["processes"]:
            return "killed: processes"
        if now >= next_look:
            next_look = now + _SCRATCH_EVERY
            taken = scratch.size(settings["scratch"])
            if taken is None or taken > settings["file_bytes"] or scratch.free(settings["scratch"]) < reserve:
                return "killed: files"
        # Where there are many processes a look takes longer; it may not take the program's time.
        tick = max(_TICK, 20 * (time.monotonic() - now))
