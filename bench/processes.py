"""Whole processes, measured by the operating system: wall time, processor time, peak memory."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Command = Sequence[str]


@dataclass(frozen=True, slots=True)
class Cost:
    """What one process took: seconds, seconds of all cores, bytes at the peak."""

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Medians of several runs, and the quickest of them."""

    wall: float
    best: float
    cpu: float
    memory: float


def environment(cache: Path) -> dict[str, str]:
    """Return the environment for what is measured.

    Modules are compiled once into a folder of our own and loaded from there, as those of an installed
    package are, whatever this shell says about bytecode.
    """
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return ours | {"PYTHONPYCACHEPREFIX": str(cache)}


def once(command: Command, variables: Mapping[str, str]) -> tuple[Cost, str, int]:
    """Run a command; return what it took, what it printed, and its exit code."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        begun = time.perf_counter()
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, env=variables)
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.perf_counter() - begun
        started.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if complaint := err.read().decode(errors="replace"):
            print(f"{Path(command[1]).name}: {complaint}", file=sys.stderr)
        # Linux counts the peak in kibibytes, macOS in bytes.
        memory = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        cost = Cost(wall, usage.ru_utime + usage.ru_stime, memory)
        return cost, out.read().decode(), started.returncode


def in_turns(
    commands: Mapping[str, Command], variables: Mapping[str, str], *, runs: int
) -> dict[str, Summary]:
    """Run all commands once, then all again, so that a busy moment does not fall on one of them alone."""
    costs: dict[str, list[Cost]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            costs[name].append(once(command, variables)[0])
    return {name: _summary(found) for name, found in costs.items()}


def _summary(costs: Sequence[Cost]) -> Summary:
    return Summary(
        wall=statistics.median(cost.wall for cost in costs),
        best=min(cost.wall for cost in costs),
        cpu=statistics.median(cost.cpu for cost in costs),
        memory=statistics.median(cost.memory for cost in costs),
    )
