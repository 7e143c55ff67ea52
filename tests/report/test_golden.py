"""Every output of every hand-built report, byte by byte.

After an intended change run `MLVAL_UPDATE_GOLDEN=1 pytest tests/report/test_golden.py`, and read the
difference as a reviewer would.
"""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from mlval.domain.verdict import Report
from mlval.report import junit, markdown, result_json, terminal

GOLDEN = Path(__file__).parent / "golden"
NAMES = ("passed", "undecided", "blocked", "drifted", "inconclusive", "unavailable", "crashed", "hostile")
OUTPUTS: Mapping[str, Callable[[Report], str]] = {
    "md": markdown.render,
    "failures.md": lambda report: markdown.render(report, level="failures"),
    "json": result_json.render,
    "xml": junit.render,
    "txt": lambda report: terminal.render(report, color=False, width=100),
    "ansi": lambda report: terminal.render(report, color=True, width=100),
}


@pytest.mark.parametrize("ending", OUTPUTS)
@pytest.mark.parametrize("name", NAMES)
def test_golden(reports: Mapping[str, Report], name: str, ending: str) -> None:
    path = GOLDEN / f"{name}.{ending}"
    written = OUTPUTS[ending](reports[name]).encode()
    if os.environ.get("MLVAL_UPDATE_GOLDEN"):
        path.write_bytes(written)
    assert path.read_bytes() == written


def test_no_golden_file_is_left_over(reports: Mapping[str, Report]) -> None:
    assert set(NAMES) == set(reports)
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{name}.{ending}" for name in NAMES for ending in OUTPUTS
    }
