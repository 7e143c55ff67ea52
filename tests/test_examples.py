"""The examples end as they promise, wherever they are copied to; their data is the same at every run."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LATER_SHA256 = "343a42d95497"

pytestmark = pytest.mark.process


def checkout(folder: Path) -> Path:
    """Return a checkout that holds the examples only, without their data."""
    (folder / ".git").mkdir()
    ignored = shutil.ignore_patterns("data", "__pycache__")
    shutil.copytree(ROOT / "examples", folder / "examples", ignore=ignored)
    return folder


def demo(copy: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, copy / "examples" / "demo.py"], capture_output=True, text=True, check=False
    )


def test_the_demo_shows_one_contract_that_passes_and_one_that_blocks(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    ended = demo(copy)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    passing, blocked = ended.stdout.split("run examples/blocked/mlval.yml", maxsplit=1)
    assert "mlval passed (churn)" in passing
    assert "Exit code 0" in passing
    assert "mlval blocked: 4 failed (churn)" in blocked
    for cause in ("monthly_spend nulls", "plan drift", "monthly_spend drift", "region=west roc_auc"):
        assert f"failed     {cause}" in blocked
    assert "Exit code 1" in blocked
    later = (copy / "examples" / "data" / "later.csv").read_bytes()
    assert hashlib.sha256(later).hexdigest().startswith(LATER_SHA256)


def test_the_demo_fails_where_an_example_does_not_end_as_it_should(tmp_path: Path) -> None:
    copy = checkout(tmp_path)
    shutil.copy(copy / "examples" / "passing" / "mlval.yml", copy / "examples" / "blocked" / "mlval.yml")
    assert demo(copy).returncode == 1
