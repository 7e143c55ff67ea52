"""Starting a program in the cage: two pipes to talk through, the end of what it prints, and why it ended."""

import json
import os
import platform
import secrets
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from select import select
from types import TracebackType
from typing import BinaryIO, Self

import mlval
from mlval.domain.errors import ExitCode, MlvalError
from mlval.domain.text import shown
from mlval.scoring.cage import uids
from mlval.scoring.cage.layer import NAMES, Layer
from mlval.scoring.cage.room import Room, variables
from mlval.scoring.cage.settings import Begun, Settings

_PATIENCE = 60.0
_PIPE = 1 << 20


class SandboxMissing(MlvalError):
    """The machine cannot give what a caged program is to run in; `layers` says what it gives."""

    exit_code = ExitCode.UNAVAILABLE

    def __init__(self, message: str, *, remedy: str = "", layers: tuple[Layer, ...] = ()) -> None:
        """Keep the layers beside the sentence."""
        super().__init__(message, remedy=remedy)
        self.layers = layers


@dataclass(frozen=True, slots=True)
class _Ends:
    """The parent's ends of the five pipes."""

    lifeline: int
    report: int
    to_child: int
    from_child: int
    output: int


class Caged:
    """A program that runs in the cage; leaving it as a context kills and reaps all its processes.

    Attributes
    ----------
    to_child : what is written here, the program reads from its file 3
    from_child : what the program writes to its file 4
    layers : what was achieved; all of it holds unless less was allowed
    leader : the program's process number, which is its group's as well
    scratch : the folder that it can write to; gone after leaving
    """

    def __init__(self, keeper: subprocess.Popen[bytes], ends: _Ends, *, tail: int) -> None:
        """Take over the pipes, and begin to read what the program prints."""
        self._keeper = keeper
        self._lifeline = ends.lifeline
        self._report = ends.report
        self._unread = b""
        self._ending: str | None = None
        self.leader = 0
        self.scratch = ""
        self._tail = bytearray()
        self._limit = tail
        self._locked = threading.Lock()
        self.layers: tuple[Layer, ...] = ()
        self.to_child: BinaryIO = os.fdopen(ends.to_child, "wb")
        self.from_child: BinaryIO = os.fdopen(ends.from_child, "rb")
        self._reader = threading.Thread(target=self._read_output, args=(ends.output,), daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Kill everything in the cage."""
        self.close()

    def tail(self) -> str:
        """Return the end of what the program printed to both streams; escape it before it is shown."""
        with self._locked:
            return bytes(self._tail).decode("utf-8", "replace")

    def ending(self, wait: float = 0.0) -> str | None:
        """Return why the program ended, or None while it runs; wait some seconds for it at most.

        `exit status 1`, `signal 9`, `time limit`, `killed: memory`, `killed: processes`, `killed: files`,
        `stopped` (by leaving), `could not be ended`, or `the keeper is gone`.
        """
        if self._ending is None and (line := self._line(wait)) is not None:
            self._ending = str(json.loads(line)["ending"]) if line else "the keeper is gone"
        return self._ending

    def close(self) -> None:
        """Kill every process of the cage, and wait until none is left; nothing happens the second time."""
        if self._lifeline < 0:
            return
        os.close(self._lifeline)
        self._lifeline = -1
        self.ending(_PATIENCE)
        with suppress(subprocess.TimeoutExpired):
            self._keeper.wait(_PATIENCE)
        if self._keeper.returncode != 0:
            self._end_without_keeper()
        with suppress(OSError):
            self.to_child.close()
        self.from_child.close()
        self._reader.join(_PATIENCE)
        os.close(self._report)

    def begin(self, settings: Settings) -> str:
        """Send the settings; return why the program was not started, or nothing."""
        with suppress(BrokenPipeError):
            _write_all(self._lifeline, json.dumps(settings).encode() + b"\n")
        line = self._line(_PATIENCE)
        if not line:
            return f"its keeper did not start: {shown(self.tail()[-200:])}"
        begun: Begun = json.loads(line)
        self.leader = begun["leader"]
        self.scratch = settings["scratch"]
        self.layers = tuple(Layer(name, holds, detail) for name, holds, detail in begun["layers"])
        return begun["error"]

    def _end_without_keeper(self) -> None:
        """Do what can be done where the keeper was killed: its program may still run."""
        self._keeper.kill()
        self._keeper.wait()
        if self.leader:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self.leader, 9)

    def _line(self, wait: float) -> bytes | None:
        """Return the next line of the report, nothing at its end, None if it did not come in time."""
        while b"\n" not in self._unread:
            if not select([self._report], [], [], wait)[0]:
                return None
            if not (part := os.read(self._report, 65_536)):
                return b""
            self._unread += part
        line, _, self._unread = self._unread.partition(b"\n")
        return line

    def _read_output(self, output: int) -> None:
        """Read both streams to their end, however much comes, and keep the last bytes."""
        with os.fdopen(output, "rb", buffering=0) as stream:
            while part := stream.read(65_536):
                with self._locked:
                    self._tail += part
                    del self._tail[: -self._limit]


def start(command: Sequence[str], room: Room, *, allow_degraded: bool = False) -> Caged:
    """Start a program in the cage.

    Parameters
    ----------
    command : absolute path of the program, and its arguments, which anybody on the machine can see
    room : what it is given
    allow_degraded : whether it may run where a layer is missing; for a trusted origin alone to say

    Raises
    ------
    SandboxMissing
        If a layer is missing, or the program cannot be started.
    """
    caged, error = _started(command, room, allow_degraded=allow_degraded)
    if not error:
        return caged
    caged.close()
    missing = [layer for layer in caged.layers if not layer.holds]
    if missing and not allow_degraded:
        named = "; ".join(f"{layer.name} ({shown(layer.detail)})" for layer in missing)
        raise SandboxMissing(
            f"the model was not started, for this machine cannot cage it: {named}",
            remedy="mlval doctor says what each layer needs",
            layers=caged.layers,
        )
    raise SandboxMissing(f"the cage could not be started: {shown(error)}", layers=caged.layers)


def need_linux() -> None:
    """Raise `SandboxMissing` on a system that has nothing of what a cage is made of."""
    if sys.platform != "linux":
        raise SandboxMissing(
            "models can be caged on Linux only",
            remedy="judge predictions that an earlier step made (`predictions:`), or run the gate on Linux",
        )


def tried() -> tuple[Layer, ...]:
    """Return the layers that a child took on which then started nothing."""
    try:
        caged, error = _started((), Room((Path(sys.prefix), Path(sys.base_prefix))), allow_degraded=True)
    except SandboxMissing as missing:
        return tuple(Layer(name, holds=False, detail=missing.message) for name in NAMES)
    with caged:
        return caged.layers or tuple(Layer(name, holds=False, detail=error) for name in NAMES)


def _started(command: Sequence[str], room: Room, *, allow_degraded: bool) -> tuple[Caged, str]:
    need_linux()
    readable = [path.resolve() for path in room.readable]
    absent = [path for path in readable if not path.exists()]
    if absent:
        raise SandboxMissing(f"the cage was to show {shown(absent[0])}, which does not exist")
    uid, why = _own_user(readable)
    if uid is None:
        from mlval.scoring.cage import kernel

        # A child of the same user could read what this process holds in memory.
        kernel.hide_from_same_user()
    scratch = str(Path(tempfile.gettempdir()).resolve() / f"mlval-cage-{secrets.token_hex(8)}")
    inner, ends = _pipes()
    settings: Settings = {
        "command": list(command),
        "environment": variables(room, scratch),
        "readable": [str(path) for path in readable],
        "uid": uid,
        "why_no_uid": why,
        "machine": platform.machine(),
        "seconds": room.limits.seconds,
        "memory": room.limits.memory,
        "processes": room.limits.processes,
        "file_bytes": room.limits.file_bytes,
        "scratch": scratch,
        "degraded": allow_degraded,
        "to_child": inner.to_child,
        "from_child": inner.from_child,
        "output": inner.output,
        "report": inner.report,
    }
    package = Path(mlval.__file__).parent
    keeper = subprocess.Popen(  # noqa: S603 - our own file, in the interpreter that runs us
        [
            sys.executable,
            *("-I", "-S", str(package / "scoring" / "cage" / "launch.py")),
            *(str(inner.lifeline), str(package.parent)),
        ],
        stdin=subprocess.DEVNULL,
        stdout=inner.output,
        stderr=inner.output,
        pass_fds=(inner.lifeline, inner.report, inner.to_child, inner.from_child, inner.output),
        env={},
        cwd="/",
        start_new_session=True,
    )
    for number in (inner.lifeline, inner.report, inner.to_child, inner.from_child, inner.output):
        os.close(number)
    caged = Caged(keeper, ends, tail=room.limits.output_tail)
    return caged, caged.begin(settings)


def _own_user(readable: Sequence[Path]) -> tuple[int | None, str]:
    """Return a user of its own, or None and the reason."""
    try:
        uid = uids.fresh()
    except uids.NoUser as reason:
        return None, str(reason)
    for path in (*readable, Path(tempfile.gettempdir())):
        if closed := uids.unreachable(path):
            return None, f"no other user may read {shown(closed)}"
    return uid, ""


def _pipes() -> tuple[_Ends, _Ends]:
    """Return the keeper's ends and the parent's ends of five pipes; the parent writes to two of them."""
    lifeline, report, to_child, from_child, output = (os.pipe() for _ in range(5))
    for pipe in (to_child, from_child):
        _widen(pipe[0])
    keepers = _Ends(lifeline[0], report[1], to_child[0], from_child[1], output[1])
    return keepers, _Ends(lifeline[1], report[0], to_child[1], from_child[0], output[0])


def _widen(pipe: int) -> None:
    import fcntl

    with suppress(OSError, AttributeError):
        fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


def _write_all(number: int, text: bytes) -> None:
    while text:
        text = text[os.write(number, text) :]
