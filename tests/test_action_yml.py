"""action.yml, the code and the pages name the same inputs and outputs; the container's door is safe."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlval.action.declared import INPUTS, OUTPUTS

ROOT = Path(__file__).parents[1]
METADATA: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
PAGE = (ROOT / "docs" / "action.md").read_text(encoding="utf-8")

HOSTILE = "raise SystemExit('a file of the workspace was imported')\n"
SHADOWS = ("yaml.py", "duckdb.py", "mlval/__init__.py", "sitecustomize.py", "usercustomize.py", "secrets.py")


def test_the_inputs_are_those_of_the_code() -> None:
    assert {name: value["default"] for name, value in METADATA["inputs"].items()} == INPUTS


def test_the_outputs_are_those_of_the_code() -> None:
    assert tuple(METADATA["outputs"]) == OUTPUTS


@pytest.mark.parametrize("section", ["inputs", "outputs"])
def test_all_of_them_are_described(section: str) -> None:
    for name, value in METADATA[section].items():
        assert value["description"].endswith("."), name
        assert f"| `{name}` |" in PAGE


def test_it_is_a_container() -> None:
    assert METADATA["runs"]["using"] == "docker"


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return a workspace whose files would run, were one of them imported or read for settings."""
    for name in SHADOWS:
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(HOSTILE, encoding="utf-8")
    (tmp_path / ".env").write_text("GITHUB_EVENT_NAME=workflow_run\n", encoding="utf-8")
    (tmp_path / "sales.csv").write_text("id\n1\n", encoding="utf-8")
    (tmp_path / "contract.yml").write_text(
        "version: 1\ndatasets: {sales: {path: sales.csv}}\n"
        "validations: [{type: data, rows: {min: 1}, expect: 'id > 0'}]\n",
        encoding="utf-8",
    )
    return tmp_path


@pytest.mark.process
def test_no_file_of_the_workspace_is_imported(workspace: Path) -> None:
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(workspace),
        "PYTHONSTARTUP": str(workspace / "yaml.py"),
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_WORKSPACE": str(workspace),
        "INPUT_CONTRACT": "contract.yml",
        "INPUT_GUARD": "false",
    }
    started = subprocess.run(
        [sys.executable, "-I", ROOT / "entrypoint.py"],
        cwd=workspace,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert started.returncode == 0, started.stdout + started.stderr
    assert "mlval passed" in started.stdout
    assert started.stderr == ""
    assert (workspace / "mlval-report" / "result.json").is_file()


@pytest.mark.process
def test_the_workspace_of_that_test_is_hostile(workspace: Path) -> None:
    """Show that the files would be imported by a door that is started as a module."""
    started = subprocess.run(
        [sys.executable, "-m", "mlval"], cwd=workspace, capture_output=True, text=True, check=False
    )
    assert "a file of the workspace was imported" in started.stderr


@pytest.mark.process
def test_the_door_answers_outside_a_runner() -> None:
    started = subprocess.run(
        [sys.executable, "-I", ROOT / "entrypoint.py"], env={}, capture_output=True, text=True, check=False
    )
    assert started.returncode == 2
    assert "on your machine use `mlval run`" in started.stdout
