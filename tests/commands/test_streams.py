"""The command line as a process: exit codes, what goes to which stream, pipes, colours, and signals."""

import os
import pty
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import CONTRACT, NOW, OUTPUTS, Call

pytestmark = pytest.mark.process

MLVAL = [sys.executable, "-m", "mlval"]
BLOCKED = CONTRACT.replace("min: 0", "min: 2")
MOVED = """
version: 1
datasets: {reference: {path: reference.csv}, current: {path: current.csv}}
validations: [{type: drift}]
"""
ESCAPE = "\x1b"


def read_all(terminal: int) -> str:
    """Read what was written to a terminal until nobody holds it open any more."""
    parts: list[bytes] = []
    while True:
        try:
            part = os.read(terminal, 4096)
        except OSError:
            part = b""
        if not part:
            os.close(terminal)
            return b"".join(parts).decode()
        parts.append(part)


def on_a_terminal(folder: Path, **environment: str) -> str:
    """Run with a terminal as standard output and return what it showed."""
    ours, theirs = pty.openpty()
    started = subprocess.Popen(
        [*MLVAL, "run"],
        cwd=folder,
        env={"PATH": os.defpath, "TERM": "xterm", **environment},
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    shown = read_all(ours)
    started.wait()
    return shown


def test_the_report_goes_to_standard_output_and_the_exit_code_tells(process: Call, folder: Path) -> None:
    passed = process("run", "--now", NOW)
    assert (passed.code, passed.err) == (ExitCode.PASSED, "")
    assert passed.out.startswith("mlval passed")
    (folder / "mlval.yml").write_text(BLOCKED)
    blocked = process("run", "--now", NOW)
    assert (blocked.code, blocked.err) == (ExitCode.BLOCKED, "")
    assert "fare min" in blocked.out
    assert ESCAPE not in passed.out + blocked.out


def test_errors_go_to_standard_error(call: Call) -> None:
    ended = call("run", "nothing.yml")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert ended.err.startswith("error: there is no contract nothing.yml\n  try: ")


def test_quiet_says_nothing_but_errors(call: Call) -> None:
    ended = call("run", "--quiet")
    assert (ended.code, ended.out, ended.err) == (ExitCode.PASSED, "", "")
    assert call("run", "--quiet", "nothing.yml").err


def test_colours_are_for_terminals_and_only_where_wanted(folder: Path) -> None:
    (folder / "mlval.yml").write_text(BLOCKED)
    assert ESCAPE in on_a_terminal(folder)
    assert ESCAPE not in on_a_terminal(folder, NO_COLOR="1")


def test_a_terminal_that_knows_ascii_only(process: Call, folder: Path) -> None:
    (folder / "mlval.yml").write_text(MOVED)
    (folder / "reference.csv").write_text("x\n" + "".join(f"{row}.5\n" for row in range(400)))
    (folder / "current.csv").write_text("x\n" + "".join(f"{row}.5\n" for row in range(200)) * 2)
    ended = process("run", PYTHONIOENCODING="ascii")
    assert (ended.code, ended.err) == (ExitCode.BLOCKED, "")
    assert ended.out.isascii()


def test_that_nobody_reads_on_changes_nothing(folder: Path) -> None:
    started = subprocess.Popen(
        [*MLVAL, "run"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    started.stdout.close()
    started.stdout = None
    said = started.communicate()[1]
    assert (started.returncode, said) == (ExitCode.PASSED, "")


def test_standard_output_without_room_is_an_error(folder: Path) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        ended = subprocess.run(
            [*MLVAL, "run"], cwd=folder, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ended.returncode == ExitCode.USAGE
    assert ended.stderr.startswith("error: cannot write to standard output: No space")


def test_streams_that_are_closed_change_nothing(folder: Path) -> None:
    command = f'"{sys.executable}" -m mlval run >&- 2>&-'
    assert subprocess.run(["sh", "-c", command], cwd=folder, check=False).returncode == ExitCode.PASSED


def test_a_disk_that_fills_up_leaves_no_half_of_a_report(folder: Path) -> None:
    ended = subprocess.run(
        [*MLVAL, "run", "--output", "report"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        # No file may grow beyond this; nothing that is read needs to be written.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200)),
    )
    assert (ended.returncode, ended.stdout) == (ExitCode.USAGE, "")
    assert ended.stderr.startswith("error: cannot write to the output folder report: File too large")
    assert list((folder / "report").iterdir()) == []


def test_an_interrupt_ends_it_at_once_and_leaves_nothing(folder: Path) -> None:
    rows = "".join(f"{row}.5,a\n" for row in range(400_000))
    (folder / "trips.csv").write_text("fare,plan\n" + rows)
    ours, theirs = pty.openpty()
    (folder / "scratch").mkdir()
    started = subprocess.Popen(
        [*MLVAL, "run", "--output", "report"],
        cwd=folder,
        env={"PATH": os.defpath, "TMPDIR": str(folder / "scratch")},
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
    )
    os.close(theirs)
    assert b"reading" in os.read(ours, 4096)
    started.send_signal(signal.SIGINT)
    said = read_all(ours)
    assert started.communicate()[0] == ""
    assert started.returncode == 128 + signal.SIGINT
    assert said.rstrip().endswith("interrupted")
    assert list((folder / "scratch").iterdir()) == []
    assert list((folder / "report").iterdir()) == []


def test_outputs_are_three_files_and_readable_by_others(call: Call, folder: Path) -> None:
    assert call("run", "--output", "report", "--quiet").code == ExitCode.PASSED
    written = {path.name: path.stat().st_mode & 0o777 for path in (folder / "report").iterdir()}
    assert written == dict.fromkeys(OUTPUTS, 0o644)
