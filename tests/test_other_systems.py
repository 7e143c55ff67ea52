"""A gate on predictions needs nothing that Linux alone has; a model is refused with what to do instead."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from mlval.scoring.cage import start
from mlval.scoring.cage.room import Room
from tests.workflow_files import ROOT

ABSENT = """
import os, signal, sys
modules = "fcntl grp pwd resource syslog termios pty tty posix_ipc".split()
for name in modules:
    sys.modules[name] = None
calls = '''chown chroot fchdir fchmod fchown fork forkpty getegid geteuid getgid getgroups getpgid getuid
 initgroups killpg lchown mkfifo nice openpty posix_fadvise posix_spawn pread preadv pwrite
 sched_getaffinity setsid setuid setgid statvfs wait3 wait4 O_CLOEXEC O_DIRECTORY O_NOFOLLOW
 O_NONBLOCK O_PATH O_SYNC'''.split()
for name in calls:
    if hasattr(os, name):
        delattr(os, name)
for name in "SIGKILL SIGHUP SIGPIPE SIGXFSZ SIGALRM pthread_sigmask setitimer".split():
    delattr(signal, name)
"""
DOOR = f"{ABSENT}\nimport runpy\nrunpy.run_path({str(ROOT / 'entrypoint.py')!r}, run_name='__main__')\n"
CONTRACT = """\
version: 1
datasets:
  holdout: {path: data/holdout.csv, key: id, target: churned}
models:
  candidate: {predictions: {path: data/predictions.csv, key: id, score: p}}
  caged: {path: model.pkl}
validations:
  - {type: data, dataset: holdout, rows: {min: 10}, columns: {amount: {min: 0, nulls: 0%}}}
  - {type: performance, dataset: holdout, model: candidate, metrics: {roc_auc: 0.9}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    rows = [(n, n % 2, n % 2 * 0.6 + n / 1000) for n in range(100)]
    holdout = "".join(f"{n},{n * 3},{truth}\n" for n, truth, _ in rows)
    (tmp_path / "data" / "holdout.csv").write_text(f"id,amount,churned\n{holdout}", encoding="utf-8")
    scores = "".join(f"{n},{score}\n" for n, _, score in rows)
    (tmp_path / "data" / "predictions.csv").write_text(f"id,p\n{scores}", encoding="utf-8")
    (tmp_path / "mlval.yml").write_text(
        CONTRACT.replace("  caged: {path: model.pkl}\n", ""), encoding="utf-8"
    )
    return tmp_path


def step(workspace: Path, code: str) -> subprocess.CompletedProcess[str]:
    environ = {"GITHUB_EVENT_NAME": "push", "GITHUB_WORKSPACE": str(workspace), "INPUT_COMMENT": "false"}
    environ |= {"INPUT_STATUS": "false", "INPUT_NOW": "2026-01-31T12:00:00Z"}
    command = [sys.executable, "-I", "-c", code]
    return subprocess.run(command, env=environ, cwd=workspace, capture_output=True, text=True, check=False)


@pytest.mark.process
def test_predictions_are_judged_as_on_linux(workspace: Path) -> None:
    files = workspace / "mlval-report"
    reports = []
    for code in (DOOR, DOOR.removeprefix(ABSENT)):
        ended = step(workspace, code)
        assert (ended.returncode, ended.stderr) == (0, ""), ended.stdout
        reports.append({path.name: path.read_bytes() for path in files.iterdir()})
    assert reports[0] == reports[1]
    inputs = json.loads(reports[0]["result.json"])["inputs"]
    assert {one["uri"] for one in inputs} == {"data/holdout.csv", "data/predictions.csv"}


@pytest.mark.process
def test_files_of_a_model_are_inspected(workspace: Path) -> None:
    (workspace / "model.pkl").write_bytes(b"\x80\x04}.")
    check = "  - {type: model_files, model: caged}\n"
    (workspace / "mlval.yml").write_text(CONTRACT + check, encoding="utf-8")
    ended = step(workspace, DOOR)
    assert ended.returncode in {0, 1}, ended.stdout + ended.stderr
    results = json.loads((workspace / "mlval-report" / "result.json").read_bytes())["results"]
    assert [one["outcome"] for one in results if one["type"] == "model_files"] != ["errored"]


@pytest.mark.parametrize("system", ["darwin", "win32"])
@pytest.mark.parametrize("allow_degraded", [False, True])
def test_a_model_is_refused_elsewhere(
    monkeypatch: pytest.MonkeyPatch, system: str, *, allow_degraded: bool
) -> None:
    monkeypatch.setattr(start.sys, "platform", system)  # type: ignore[attr-defined] # as the module sees it
    with pytest.raises(start.SandboxMissing, match="on Linux only") as refused:
        start.start(["python"], Room(()), allow_degraded=allow_degraded)
    assert "`predictions:`" in refused.value.remedy
    assert not any(layer.holds for layer in start.tried())
