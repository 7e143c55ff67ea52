"""A caged program: what it is given, how its end is told, and that it ends with whoever started it."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path
from typing import Final

import pytest

from mlval.domain.errors import ExitCode
from mlval.scoring.cage.layers import NAMES, REMEDIES, layers
from mlval.scoring.cage.room import MIB, Limits, Room
from mlval.scoring.cage.start import Caged, SandboxMissing, start
from tests.cage.conftest import ORDINARY, interpreter
from tests.workflow_files import ROOT

PYTHON: Final = interpreter()


def caged(code: str, room: Room | None = None) -> Caged:
    return start([PYTHON, "-I", "-S", "-c", code], room or Room((Path(PYTHON),)))


def test_it_talks_through_two_pipes_and_hears_nothing_else() -> None:
    with caged("import os, sys; os.write(4, os.read(3, 9)[::-1] + sys.stdin.read().encode())") as cage:
        cage.to_child.write(b"abc")
        cage.to_child.flush()
        assert cage.from_child.read() == b"cba"
        assert cage.ending(10) == "exit status 0"


def test_its_environment_is_what_it_was_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLVAL_SECRET", "secret")
    room = Room((Path(PYTHON),), environment={"OMP_NUM_THREADS": "3"})
    with caged("import json, os; os.write(4, json.dumps(dict(os.environ)).encode())", room) as cage:
        text = cage.from_child.read().decode()
    assert "secret" not in text
    assert '"OMP_NUM_THREADS": "3"' in text
    assert '"HOME": "' + cage.scratch in text
    assert not Path(cage.scratch).exists()


@pytest.mark.parametrize(
    "code,ending",
    [
        ("raise SystemExit(3)", "exit status 3"),
        ("import os; os.kill(os.getpid(), 9)", "signal 9"),
        ("import time; time.sleep(60)", "time limit"),
    ],
)
def test_the_end_is_told(code: str, ending: str) -> None:
    with caged(code, Room((Path(PYTHON),), Limits(seconds=0.5))) as cage:
        assert cage.from_child.read() == b""
        assert cage.ending(10) == ending


def test_it_runs_until_it_is_left() -> None:
    with caged("import time; time.sleep(60)") as cage:
        assert cage.ending() is None
    assert cage.ending() == "stopped"
    with pytest.raises(ProcessLookupError):
        os.kill(cage.leader, 0)
    cage.close()


def test_of_its_output_the_end_is_kept() -> None:
    room = Room((Path(PYTHON),), Limits(output_tail=100))
    with caged("import sys; print('x' * 1000, '::error::y'); sys.exit('z')", room) as cage:
        assert cage.ending(10) == "exit status 1"
    assert cage.tail().endswith("x ::error::y\n")
    assert len(cage.tail()) == 100


def test_a_model_is_readable_and_nothing_beside_it() -> None:
    code = "import os; os.write(4, open('/etc/hostname', 'rb').read())"
    with caged(code) as cage:
        assert cage.from_child.read() == b""
        cage.ending(10)
    with caged(code, Room((Path(PYTHON), Path("/etc/hostname")))) as cage:
        assert cage.from_child.read() != b""


@pytest.mark.parametrize("command", ["/bin/does-not-exist", "/etc/hostname"])
def test_a_program_that_cannot_start_is_an_error(command: str) -> None:
    with pytest.raises(SandboxMissing, match="could not be started"):
        start([command], Room((Path(PYTHON),)))


def test_a_path_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(SandboxMissing, match="does not exist"):
        start([PYTHON], Room((Path("/does/not/exist"),)))


def test_memory_of_one_process_is_bounded_by_the_kernel() -> None:
    room = Room((Path(PYTHON),), Limits(memory=100 * MIB))
    with caged("bytearray(200_000_000)", room) as cage:
        assert cage.ending(10) == "exit status 1"
    assert "MemoryError" in cage.tail()


def test_it_ends_with_whoever_started_it() -> None:
    """Kill the parent outright: nothing of it can clean up."""
    code = textwrap.dedent(f"""
        import sys, time
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from mlval.scoring.cage.room import Room
        from mlval.scoring.cage.start import start
        cage = start([{PYTHON!r}, "-I", "-S", "-c", "import time; time.sleep(60)"], Room((Path({PYTHON!r}),)))
        print(cage.leader, cage.scratch, flush=True)
        time.sleep(60)
    """)
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    leader, scratch = parent.stdout.readline().split()
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    until = time.monotonic() + 10
    while (Path(f"/proc/{leader}").exists() or Path(scratch).exists()) and time.monotonic() < until:
        time.sleep(0.01)
    assert not Path(f"/proc/{leader}").exists()
    assert not Path(scratch).exists()


def test_without_a_layer_it_does_not_start() -> None:
    code = textwrap.dedent(f"""
        import sys
        sys.path.insert(0, {str(ROOT)!r})
        from pathlib import Path
        from mlval.scoring.cage.room import Room
        from mlval.scoring.cage.start import start, SandboxMissing
        try:
            start([{PYTHON!r}, "-c", ""], Room((Path({PYTHON!r}),)))
        except SandboxMissing as missing:
            print(missing.message, int(missing.exit_code))
    """)
    command = [PYTHON, "-I", "-B", "-c", code]
    done = subprocess.run(command, user=ORDINARY, group=ORDINARY, capture_output=True, text=True, check=True)
    assert "own user (only root" in done.stdout
    assert done.stdout.endswith(f"{int(ExitCode.UNAVAILABLE)}\n")


def test_every_layer_has_a_remedy() -> None:
    assert [layer.name for layer in layers()] == list(NAMES)
    assert REMEDIES.keys() == set(NAMES)
