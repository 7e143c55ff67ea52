"""What pages tell to type is typed here, in an empty folder; what they show is what comes of it."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from mlval.config.load import load
from mlval.domain.drift import ALIASES

ROOT: Final = Path(__file__).parents[1]
DOCS: Final = ROOT / "docs"
SHOWN: Final = re.compile(r"^```(sh|text)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CONTRACT: Final = re.compile(r"^```yaml\n(version: 1\n.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALL: Final = "pip install git+https://github.com/mlval/mlval\n"
WITH_CONTRACTS: Final = [
    page for page in sorted(DOCS.glob("*.md")) if CONTRACT.search(page.read_text(encoding="utf-8"))
]


def typed(commands: str, folder: Path) -> str:
    """Run commands in the order of a page, and return what they print; the last one may block."""
    environ = {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "HOME": str(folder),
        "COLUMNS": "100",
    }
    shell = shutil.which("bash") or "bash"
    ended = subprocess.run(
        [shell, "-c", commands],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert ended.returncode in {0, 1}, ended.stderr
    return ended.stdout + ended.stderr


@pytest.mark.process
@pytest.mark.parametrize("page", ["quickstart.md", "coming-from.md"])
def test_what_a_page_tells_to_type_prints_what_it_shows(page: str, tmp_path: Path) -> None:
    printed = ""
    for kind, text in SHOWN.findall((DOCS / page).read_text(encoding="utf-8")):
        if kind == "sh" and text != INSTALL:
            printed = typed(text, tmp_path)
        elif kind == "text":
            # A contract that was written is shown as well as what was printed.
            contract = (tmp_path / "mlval.yml").read_text(encoding="utf-8")
            assert text in printed or text in contract


@pytest.mark.process
def test_the_quickstart_ends_in_a_blocked_change_with_its_report(tmp_path: Path) -> None:
    blocks = SHOWN.findall((DOCS / "quickstart.md").read_text(encoding="utf-8"))
    commands = [text for kind, text in blocks if kind == "sh" and text != INSTALL]
    run = next(text for text in commands if "--output" in text)
    typed("".join(commands[: commands.index(run)]), tmp_path)
    assert "mlval blocked" in typed(run, tmp_path)
    assert {path.name for path in (tmp_path / "mlval-report").iterdir()} == {
        "junit.xml",
        "report.md",
        "result.json",
    }


@pytest.mark.parametrize("page", WITH_CONTRACTS, ids=lambda page: page.name)
def test_contracts_of_a_page_are_valid(page: Path) -> None:
    for contract in CONTRACT.findall(page.read_text(encoding="utf-8")):
        load(contract.encode(), file="mlval.yml", default_name="page")


def test_the_names_of_methods_elsewhere_are_understood() -> None:
    page = (DOCS / "coming-from.md").read_text(encoding="utf-8")
    listed = page.partition("Its names of methods are understood:")[2].partition(".")[0]
    assert set(re.findall(r"`(\w+)`", listed)) <= {*ALIASES, *ALIASES.values(), "hellinger", "psi"}
