"""The steps of a release as the workflow takes them."""

from pathlib import Path

import pytest

import mlval
from tests.workflow_files import ROOT
from tools.release.__main__ import main
from tools.release.changelog import released


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    (tmp_path / "mlval").mkdir()
    for name in ("mlval/__init__.py", "CHANGELOG.md"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    text = (tmp_path / "CHANGELOG.md").read_text(encoding="utf-8")
    if f"## [{mlval.__version__}]" not in text:
        text = released(text, mlval.__version__, day="2026-03-01")
        (tmp_path / "CHANGELOG.md").write_text(text, encoding="utf-8")
    return tmp_path


def test_check_puts_out_what_the_workflow_needs(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    notes = checkout / "notes.md"
    assert main(["check", f"candidate/v{mlval.__version__}", str(notes)], root=checkout) == 0
    outputs = dict(line.split("=") for line in capsys.readouterr().out.splitlines())
    major = mlval.__version__.partition(".")[0]
    assert outputs == {
        "version": mlval.__version__,
        "tag": f"v{mlval.__version__}",
        "moving-tag": f"v{major}",
    }
    assert notes.read_text(encoding="utf-8").strip()


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "candidate/v99.0.0", "notes.md"],
        ["check", "main", "notes.md"],
        ["pin", "latest"],
        ["bill", "no", "x"],
    ],
)
def test_a_step_that_is_refused_says_why(
    checkout: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments, root=checkout) == 1
    assert capsys.readouterr().err.startswith("no release: ")
