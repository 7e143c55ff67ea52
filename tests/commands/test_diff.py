"""`mlval diff`: two files, or two revisions of git, and exit codes that a script can use."""

import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mlval.__main__ import cli
from mlval.commands._errors import guarded

BASE = """\
version: 1
datasets: {sales: {path: sales.csv}}
validations: [{type: data, rows: {min: 10}}]
"""
LOOSER, TIGHTER = BASE.replace("10", "5"), BASE.replace("10", "20")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, text in {
        "base.yml": BASE,
        "looser.yml": LOOSER,
        "tighter.yml": TIGHTER,
        "mlval.yml": LOOSER,
    }.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def diff(*arguments: str) -> tuple[Result, int]:
    runner = CliRunner()
    codes: list[int] = []
    result = runner.invoke(cli, ["diff", *arguments], standalone_mode=False)
    codes.append(result.return_value if result.exception is None else guarded(lambda: _raise(result)))
    return result, codes[0]


def _raise(result: Result) -> None:
    assert result.exception is not None
    raise result.exception


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "head, code, said",
    [
        ("looser.yml", 1, "weakening  validations.data.rows: was at least 10, is at least 5  (line 3)"),
        ("tighter.yml", 0, "tightening validations.data.rows: was at least 10, is at least 20  (line 3)"),
        ("base.yml", 0, "nothing was loosened"),
    ],
)
def test_two_files_are_compared(head: str, code: int, said: str) -> None:
    result, exit_code = diff("base.yml", head)
    assert exit_code == code
    assert said in result.output


@pytest.mark.process
@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("arguments", [("nowhere",), ("--", "-x"), ("base.yml", "nowhere.yml"), ("",)])
def test_what_is_no_version_is_a_usage_error(arguments: tuple[str, ...]) -> None:
    assert diff(*arguments)[1] == 2


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    "contract, said", [("models/*/mlval.yml", "is a pattern"), ("gone/mlval.yml", "there is no folder gone")]
)
def test_a_contract_that_cannot_be_meant_is_named(contract: str, said: str) -> None:
    result, exit_code = diff("main", "--contract", contract)
    assert exit_code == 2
    assert said in str(result.exception)


def test_a_contract_with_mistakes_is_a_usage_error(folder: Path) -> None:
    (folder / "looser.yml").write_text("version: 1\n")
    assert diff("base.yml", "looser.yml")[1] == 2


@pytest.mark.process
def test_revisions_are_compared_with_one_another_and_with_the_work_tree(folder: Path) -> None:
    (folder / "gates").mkdir()
    contract = folder / "gates" / "churn.yml"
    contract.write_text(BASE)
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main"]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "one"], ["tag", "old"]):
        subprocess.run([*git, *command], check=True, cwd=folder)
    contract.write_text(LOOSER)
    assert diff("old", "--contract", "gates/churn.yml")[1] == 1
    assert diff("old", "HEAD", "--contract", "gates/churn.yml")[1] == 0
    assert diff("gone", "--contract", "gates/churn.yml")[1] == 2
