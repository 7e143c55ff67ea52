"""Two million rows, one, two and eight threads: the same bytes, as processes of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import payments

ROWS = 2_000_000
NOW = "2026-01-31T12:00:00+00:00"


@pytest.mark.parametrize("extension", ["csv", "parquet"])
def test_threads_change_nothing(tmp_path: Path, extension: str) -> None:
    payments.write(tmp_path, extension=extension, rows=ROWS)
    written = [judged(tmp_path, threads) for threads in ("1", "2", "8")]
    assert b'"rows": 2000000' in written[0]["result.json"]
    assert b'"outcome": "failed"' in written[0]["result.json"]
    assert b'"outcome": "errored"' not in written[0]["result.json"]
    assert written[1] == written[0]
    assert written[2] == written[0]


def judged(folder: Path, threads: str) -> dict[str, bytes]:
    output = folder / f"report-{threads}"
    call = ["run", "mlval.yml", "--quiet", "--now", NOW, "--threads", threads, "--output", str(output)]
    ended = subprocess.run(
        [sys.executable, "-m", "mlval", *call],
        cwd=folder,
        env={"PATH": os.defpath},
        capture_output=True,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, b"")
    return {path.name: path.read_bytes() for path in output.iterdir()}
