"""The composite action from its first step: installed from the locks, then the examples are judged."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import mlval
from tests.composite_job import TWIN, Runner
from tests.workflow_files import ROOT


@pytest.fixture
def runner(tmp_path: Path) -> Runner:
    work = tmp_path / "work"
    (work / ".git").mkdir(parents=True)
    shutil.copytree(ROOT / "examples", work / "examples", ignore=shutil.ignore_patterns("data"))
    subprocess.run([sys.executable, "make_data.py"], cwd=work / "examples", check=True)
    # A file of the workspace that would be imported, or read for settings, were the installation careless.
    for name in ("pip.py", "uv.toml", "sitecustomize.py", "mlval.py", "pyproject.toml"):
        (work / name).write_text("raise SystemExit('a file of the workspace')\n", encoding="utf-8")
    index = {name: text for name, text in os.environ.items() if name.startswith(("PIP_", "UV_", "SSL_"))}
    environ = {
        **index,
        "HOME": str(tmp_path),
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_WORKSPACE": str(work),
        "RUNNER_TEMP": str(tmp_path / "a folder"),
    }
    (tmp_path / "a folder").mkdir()
    return Runner(tmp_path, environ)


def test_it_is_installed_once_and_judges(runner: Runner) -> None:
    runner.values = {f"inputs.{name}": one["default"] for name, one in TWIN["inputs"].items()} | {
        "github.action_path": str(ROOT / "composite"),
        "steps.python.outputs.python-path": sys.executable,
        "inputs.token": "",
        "inputs.comment": "false",
        "inputs.status": "false",
    }
    installed = runner.step("Install")
    assert installed.code == 0, installed.log
    python = Path(installed.outputs["python"])
    asked = subprocess.run(
        [python, "-I", "-c", "import mlval; print(mlval.__version__, mlval.__file__)"],
        capture_output=True,
        text=True,
        check=True,
    )
    version, file = asked.stdout.split(maxsplit=1)
    assert version == mlval.__version__
    assert Path(file.strip()).is_relative_to(python.parents[1])
    for name, code in (("passing", 0), ("blocked", 1)):
        runner.values["inputs.contract"] = f"examples/{name}/mlval.yml"
        ended = runner.step("Judge")
        assert ended.code == code, ended.log
        (runner.folder / "mlval.output").unlink()
    (runner.folder / "install.output").unlink()
    again = runner.step("Install")
    assert (again.code, again.log) == (0, "")
