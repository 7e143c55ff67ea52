"""The page on parallel jobs: it shows the templates, and its commands do what it says."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from mlval.__main__ import cli
from tests.test_snippets import copies
from tests.workflow_files import ROOT

PAGE = (ROOT / "docs" / "matrices.md").read_text(encoding="utf-8")
SHELL = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
COMMANDS = [line for block in SHELL.findall(PAGE) for line in block.splitlines()]

CONTRACT = """\
version: 1
changed: [models/common/**]
datasets: {sales: {path: sales.csv}}
validations:
  - {type: data, dataset: sales, columns: {amount: {min: 0}}}
  - {type: data, id: drift, dataset: sales, rows: {min: 1}}
"""


def test_the_page_shows_both_templates() -> None:
    assert {name for name, _ in copies(PAGE)} == {"parallel-gate", "models-gate"}


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a work tree with two models and a contract at the top, and a branch `origin/main`."""
    for folder in ("models/churn", "models/fraud", "."):
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
        (tmp_path / folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
        (tmp_path / folder / "sales.csv").write_text("amount\n1\n", encoding="utf-8")
    (tmp_path / "changed.txt").write_text("models/churn/sales.csv\n", encoding="utf-8")
    names = ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL")
    environ = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), **dict.fromkeys(names, "x")}
    commands = ("init -q", "add .", "commit -qm first", "update-ref refs/remotes/origin/main HEAD")
    for words in commands:
        subprocess.run(["git", *words.split()], cwd=tmp_path, env=environ, check=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.process
def test_every_command_does_what_the_page_says(repository: Path) -> None:
    said = {}
    for line in COMMANDS:
        program, *arguments = shlex.split(line)
        assert program == "mlval"
        if "legs/*/*/result.json" in arguments:
            CliRunner().invoke(cli, ["run", "models/*/mlval.yml", "--output", "legs/models"])
        done = CliRunner().invoke(cli, arguments, standalone_mode=False)
        assert (done.exception, done.return_value) == (None, 0), (line, done.output)
        said[line] = done.output
    assert (
        "passed: 2 contracts, 2 not affected"
        in said["mlval run 'models/*/mlval.yml' --changed-since origin/main"]
    )
    assert (
        "passed: 2 contracts, 1 not affected"
        in said["mlval run 'models/*/mlval.yml' --changed-files changed.txt"]
    )
    assert (repository / "report" / "result.json").is_file()
    assert (repository / "report" / "churn" / "result.json").is_file()
