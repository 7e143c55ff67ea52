"""The recipes of CONTRIBUTING.md, carried out: its files, in a copy of the package, are found and work."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^`([a-z_/]+\.py)`:\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILES = dict(BLOCK.findall((ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")))

CONTRACT = """
version: 1
name: recipes
datasets:
  reference: {path: reference.csv}
  current: {path: current.csv, key: id, target: truth}
models:
  candidate: {predictions: {dataset: current, label: guess}}
validations:
  - {type: growth, current: current, ratio: [0.5, 2]}
  - {type: data, dataset: current, columns: {plan: {lowercase: true}}}
  - {type: performance, dataset: current, metrics: {d2_absolute_error: 0.9}}
"""

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the package and of what its tests stand on, with the files of the recipes."""
    copy = tmp_path_factory.mktemp("recipes")
    shutil.copytree(ROOT / "mlval", copy / "mlval", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "tests/conftest.py", "tests/by_hand.py"):
        (copy / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    for name, text in FILES.items():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_text(text, encoding="utf-8")
    (copy / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    (copy / "reference.csv").write_text("id\n1\n2\n3\n4\n5\n", encoding="utf-8")
    (copy / "current.csv").write_text("id,plan,truth,guess\n1,free,5,6\n2,Pro,3,1\n", encoding="utf-8")
    return copy


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_there_is_a_recipe_for_each_kind() -> None:
    assert [path.split("/")[:2] for path in FILES] == [
        [top, kind] for kind in ("rules", "metrics", "checks") for top in ("mlval", "tests")
    ]


def test_what_was_added_is_listed_and_explained(copy: Path) -> None:
    listed = python(copy, "-m", "mlval", "checks").stdout
    explained = python(copy, "-m", "mlval", "checks", "growth").stdout
    assert all(f"  {name} " in listed for name in ("growth", "lowercase", "d2_absolute_error"))
    assert "An export that lost half of its rows" in explained


def test_what_was_added_is_in_the_schema(copy: Path) -> None:
    schema = json.loads(python(copy, "-m", "mlval", "schema").stdout)
    assert {"Growth", "Lowercase", "D2AbsoluteError"} <= set(schema["$defs"])
    assert "lowercase" in schema["$defs"]["RuleSet"]["properties"]


def test_what_was_added_works_in_a_run(copy: Path) -> None:
    ran = python(copy, "-m", "mlval", "run", "--output", "report")
    assert ran.returncode == 1, ran.stderr
    results = json.loads((copy / "report" / "result.json").read_text(encoding="utf-8"))["results"]
    found = {result["metric"]: (result["outcome"], result["value"]) for result in results}
    assert found["growth"] == ("failed", 0.4)
    assert found["lowercase"] == ("failed", 1)
    assert found["d2_absolute_error"] == ("failed", -0.5)


def test_the_tests_of_the_recipes_pass(copy: Path) -> None:
    ran = python(copy, "-m", "pytest", "-q", "tests")
    assert ran.returncode == 0, ran.stdout
    assert "5 passed" in ran.stdout


def test_the_recipes_are_in_the_house_style(copy: Path) -> None:
    ruff = Path(sys.executable).with_name("ruff")
    for arguments in (["check"], ["format", "--check"]):
        checked = subprocess.run(
            [ruff, *arguments, "--no-cache", *FILES], cwd=copy, capture_output=True, text=True, check=False
        )
        assert checked.returncode == 0, checked.stdout
