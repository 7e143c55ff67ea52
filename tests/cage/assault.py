"""Carries out every attack without the cage and in it, and prints what each got, as JSON.

`python assault.py PYTHON NAME...`: PYTHON runs the attacks. It needs the package and the standard library
alone, so that it runs as any user, and in a container.
"""

import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from select import select
from typing import Any, Final

if __name__ == "__main__" and len(sys.argv) > 1:
    sys.path.append(str(Path(__file__).parents[2]))

from mlval.scoring.cage import scratch
from mlval.scoring.cage.room import MIB, Limits, Room
from mlval.scoring.cage.start import Caged, start

ATTACKS: Final = Path(__file__).with_name("attacks.py")
LIMITS: Final = Limits(seconds=20, memory=400 * MIB, processes=40, file_bytes=4 * MIB, output_tail=4096)


@dataclass(frozen=True, slots=True)
class Got:
    """What an attack got: something or a refusal; how it ended, how much it printed, how much it left."""

    got: object
    refusal: str
    ending: str
    printed: int
    left: int
    seconds: float


@contextmanager
def surroundings() -> Iterator[dict[str, Any]]:
    """Make everything that is worth attacking, as a job on a runner has it; yield the aims."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mlval-attacked-")))
        folder.chmod(0o755)
        secret = secrets.token_hex(12)
        os.environ["ACTIONS_RUNTIME_TOKEN"] = secret
        for name in ("workspace/.git", "workspace/model", "commands", "open"):
            (folder / name).mkdir(parents=True)
        for name in ("labels.csv", "mlval.yml", ".git/config", "model/weights"):
            (folder / "workspace" / name).write_text(f"{name}\n{secret}\n", encoding="utf-8")
        (folder / "commands" / "output").touch()
        (folder / "commands" / "output").chmod(0o666)
        (folder / "open").chmod(0o777)
        # An open file without a name: where labels may lie while they are read.
        held = stack.enter_context(tempfile.TemporaryFile())
        held.write(secret.encode())
        held.flush()
        os.set_inheritable(held.fileno(), True)
        listening = [
            _listening(stack, socket.AF_INET, ("127.0.0.1", 0)),
            _listening(stack, socket.AF_UNIX, str(folder / "docker.sock")),
            _listening(stack, socket.AF_UNIX, f"\0{secret}"),
        ]
        datagram = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        datagram.bind(str(folder / "datagram"))
        for path in (folder / "docker.sock", folder / "datagram"):
            path.chmod(0o666)
        victim = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", "import time; time.sleep(600)"], close_fds=False
        )
        stack.callback(_ended, victim)
        yield {
            "secret": secret,
            "victim": victim.pid,
            "workspace": str(folder / "workspace"),
            "model": str(folder / "workspace" / "model"),
            "output": str(folder / "commands" / "output"),
            "open": str(folder / "open"),
            "port": listening[0].getsockname()[1],
            "socket": str(folder / "docker.sock"),
            "abstract": secret,
            "datagram": str(folder / "datagram"),
        }


def _listening(stack: ExitStack, family: int, address: object) -> socket.socket:
    one = stack.enter_context(socket.socket(family))
    one.bind(address)  # type: ignore[arg-type]  # tuple or text, as the family wants
    one.listen(16)
    return one


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def uncaged(python: str, name: str, aims: dict[str, Any]) -> Got:
    """Carry out an attack as a program that an ordinary gate would start: same user, same environment."""
    folder = tempfile.mkdtemp(prefix="mlval-uncaged-")
    reader, writer = os.pipe()
    os.set_inheritable(writer, True)
    begun = time.monotonic()
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            _command(python, writer, name, aims),
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            close_fds=False,
        )
        os.close(writer)
        # What a daemon inherits stays open, so the answer is read as it is written, not to the pipe's end.
        answer = os.read(reader, 65_536)
        code = process.wait()
        printed = output.tell()
        left = len(_left(aims["mark"])) + (not select([reader], [], [], 0.1)[0])
        os.close(reader)
    for _ in range(1000):
        if not (found := _left(aims["mark"])):
            break
        for one in found:
            with suppress(ProcessLookupError):
                os.kill(one, signal.SIGKILL)
        time.sleep(0.01)
    scratch.remove(folder)
    return _got(answer, f"exit status {code}", (printed, left, begun))


def caged(python: str, name: str, aims: dict[str, Any], *, degraded: bool) -> Got:
    """Carry out an attack in the cage, with the model's folder as what it may read."""
    limits = replace(LIMITS, seconds=1) if name == "endless_loop" else LIMITS
    begun = time.monotonic()
    # Inherited on purpose by whoever does not close what it does not know.
    with start(_command(python, 4, name, aims), room(python, aims, limits), allow_degraded=degraded) as cage:
        answer = cage.from_child.read(65_536)
        ending = cage.ending(30) or "runs"
    left = _left(aims["mark"])
    return _got(answer, ending, (len(cage.tail()), len(left) + Path(cage.scratch).exists(), begun))


def room(python: str, aims: dict[str, Any], limits: Limits = LIMITS) -> Room:
    """Return a room with an interpreter, the attacks and a model."""
    prefix = subprocess.run(
        [python, "-I", "-S", "-c", "import sys; print(sys.prefix, sys.base_prefix, sep='\\n')"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split("\n")
    # Of a system's own interpreter the program alone: its libraries are the system's.
    homes = {Path(one) for one in prefix if one and one not in {"/usr", "/usr/local"}}
    return Room((Path(python), *homes, ATTACKS, Path(aims["model"])), limits)


def _command(python: str, file: int, name: str, aims: dict[str, Any]) -> list[str]:
    # The secret is not an argument, which everybody may see: attacks that look for it know it another way.
    return [python, "-I", "-S", str(ATTACKS), str(file), name, json.dumps(aims)]


def _left(mark: str) -> list[int]:
    """Return the processes that have a mark among their arguments and run."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            state = (path / "stat").read_text(errors="replace").rpartition(") ")[2][:1]
            if state != "Z" and mark in (path / "cmdline").read_text(errors="replace"):
                found.append(int(path.name))
    return found


def _got(answer: bytes, ending: str, rest: tuple[int, int, float]) -> Got:
    nothing: dict[str, Any] = {"got": None, "refusal": "it was ended before it could say anything"}
    found = json.loads(answer) if answer else nothing
    printed, left, begun = rest
    return Got(found["got"], found["refusal"], ending, printed, left, round(time.monotonic() - begun, 3))


def neighbour(python: str, aims: dict[str, Any], *, degraded: bool) -> Caged:
    """Start another caged program, that sleeps."""
    command = [python, "-I", "-S", "-c", "import os, time; os.write(4, b'.'); time.sleep(600)"]
    found = start(
        command, replace(room(python, aims), limits=replace(LIMITS, seconds=600)), allow_degraded=degraded
    )
    found.from_child.read(1)
    return found


def main() -> None:
    """Carry out the attacks, and print layers and results."""
    python, names = sys.argv[1], sys.argv[2:]
    results = {}
    degraded = os.environ.pop("ALLOW_DEGRADED", "") == "1"
    with surroundings() as aims, neighbour(python, aims, degraded=degraded) as other:
        aims |= {
            "neighbour": other.leader,
            "neighbour_scratch": other.scratch,
            "memory": LIMITS.memory,
            "processes": LIMITS.processes,
            "file_bytes": LIMITS.file_bytes,
            "seconds": 1,
        }
        for name in names:
            free = uncaged(python, name, aims | {"mark": secrets.token_hex(12)})
            held = caged(python, name, aims | {"mark": secrets.token_hex(12)}, degraded=degraded)
            results[name] = {"uncaged": asdict(free), "caged": asdict(held)}
        layers = [asdict(layer) for layer in other.layers]
    print(json.dumps({"layers": layers, "results": results}))  # noqa: T201


if __name__ == "__main__":
    main()
