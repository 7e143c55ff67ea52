"""The import contracts catch what they should: each violation is planted in a copy of the package."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

PLANTED = {
    "mlval/stats/planted.py": "import yaml\n",
    "mlval/domain/planted.py": "from mlval.stats import planted\n",
    "mlval/judge/planted.py": "def late() -> None:\n    import duckdb\n",
    "mlval/report/planted.py": "from mlval.github import planted\n",
    "mlval/github/planted.py": "import requests\n",
    "mlval/rules/planted.py": "from mlval.rules import planted_too\n",
    "mlval/rules/planted_too.py": "import os\n",
    "mlval/utils.py": "",
}


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return what import-linter says about a copy of the package in which every violation is planted."""
    copy = tmp_path_factory.mktemp("walls")
    shutil.copy(ROOT / "pyproject.toml", copy)
    shutil.copytree(ROOT / "mlval", copy / "mlval", ignore=shutil.ignore_patterns("__pycache__"))
    for path, text in PLANTED.items():
        (copy / path).write_text(text, encoding="utf-8")
    linter = Path(sys.executable).with_name("lint-imports")
    linted = subprocess.run(
        [linter, "--no-cache", "--no-logo"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert "Broken contracts" in linted.stdout, linted.stdout + linted.stderr
    return linted.stdout.partition("Broken contracts")[2]


@pytest.mark.parametrize(
    "violation",
    [
        pytest.param("mlval.stats.planted -> yaml", id="a library that statistics must not know"),
        pytest.param("mlval.domain.planted -> mlval.stats.planted", id="a neighbour on the lowest floor"),
        pytest.param("mlval.judge.planted -> duckdb", id="an engine inside a function"),
        pytest.param("mlval.report.planted -> mlval.github.planted", id="a room of the same floor"),
        pytest.param("mlval.github.planted -> requests", id="a library outside its door"),
        pytest.param("mlval.rules.planted -> mlval.rules.planted_too", id="a rule that uses a rule"),
        pytest.param("mlval.rules.planted_too -> os", id="the operating system in a rule"),
        pytest.param("- mlval.utils", id="a module on no floor"),
    ],
)
def test_a_planted_violation_is_named(complaints: str, violation: str) -> None:
    assert violation in complaints
