"""A whole release but for publishing: on a clone, with the wheel installed where nothing else is."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import mlval
from tests.workflow_files import ROOT, load


def test_the_rehearsal_makes_all_that_a_release_is(tmp_path: Path) -> None:
    programs = ROOT / os.environ.get("MLVAL_RELEASE", ".venv-release/bin")
    command = [
        sys.executable,
        "-m",
        "tools.release.rehearsal",
        "--programs",
        str(programs),
        "--keep",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    version = mlval.__version__
    for said in (f"tag=v{version}", "### ", f"mlval-{version}-py3-none-any.whl", f"mlval, version {version}"):
        assert said in done.stdout
    assert "mlval passed (churn)" in done.stdout
    assert "mlval blocked: 4 failed (churn)" in done.stdout
    image = load(tmp_path / "clone" / "action.yml")["runs"]["image"]
    assert re.fullmatch(r"docker://ghcr\.io/mlval/mlval@sha256:[0-9a-f]{64}", image)
    tags = subprocess.run(
        ["git", "-C", tmp_path / "clone", "tag", "--points-at", "HEAD"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert tags.stdout.split() == [f"v{version}"]
    bill = json.loads((tmp_path / f"mlval-{version}.cdx.json").read_text(encoding="utf-8"))
    assert {"duckdb", "mlflow-skinny", "scikit-learn"} <= {one["name"] for one in bill["components"]}
