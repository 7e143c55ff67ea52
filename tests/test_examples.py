"""The examples end as they promise, wherever they are copied to; their data is the same at every run."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.process


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a checkout that holds the examples only, without their data."""
    (tmp_path / ".git").mkdir()
    shutil.copytree(
        ROOT / "examples", tmp_path / "examples", ignore=shutil.ignore_patterns("data", "__pycache__")
    )
    return tmp_path


def started(script: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)


def test_the_demo_shows_one_contract_that_passes_and_one_that_blocks(copy: Path) -> None:
    demo = started(copy / "examples" / "demo.py")
    assert demo.returncode == 0, demo.stdout + demo.stderr
    passing, blocked = demo.stdout.split("run examples/blocked/mlval.yml", maxsplit=1)
    assert "mlval passed (churn)" in passing
    assert "Exit code 0" in passing
    assert "mlval blocked" in blocked
    assert "Exit code 1" in blocked


@pytest.mark.parametrize("cause", ["monthly_spend nulls", "plan drift", "region=west roc_auc"])
def test_the_blocked_example_names_its_causes(copy: Path, cause: str) -> None:
    started(copy / "examples" / "make_data.py")
    mlval = Path(sys.executable).with_name("mlval")
    run = subprocess.run(
        [mlval, "run", "examples/blocked/mlval.yml"], cwd=copy, capture_output=True, text=True, check=False
    )
    assert run.returncode == 1, run.stderr
    assert cause in run.stdout


def test_the_demo_fails_where_an_example_does_not_end_as_it_should(copy: Path) -> None:
    lax = copy / "examples" / "blocked" / "mlval.yml"
    shutil.copy(copy / "examples" / "passing" / "mlval.yml", lax)
    assert started(copy / "examples" / "demo.py").returncode == 1


def test_the_data_is_the_same_bytes_on_every_machine(copy: Path) -> None:
    started(copy / "examples" / "make_data.py")
    digest = hashlib.sha256((copy / "examples" / "data" / "later.csv").read_bytes()).hexdigest()
    assert digest.startswith("343a42d95497")
