"""A run of some validations only says so, and what is joined from such runs does not."""

from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import Call

CONTRACT = """version: 1
name: trips
datasets: {trips: {path: trips.csv}}
validations:
  - {type: data, id: sooner, columns: {fare: {min: 0}}}
  - {type: data, id: later, columns: {fare: {max: 100}}}
"""


@pytest.fixture
def legs(folder: Path, call: Call) -> dict[str, str]:
    """Return what each of two runs said of its half."""
    (folder / "mlval.yml").write_text(CONTRACT)
    return {one: call("run", "--only", one, "-o", f"legs/{one}").out for one in ("sooner", "later")}


def test_a_report_names_what_it_says_nothing_of(legs: dict[str, str], folder: Path, call: Call) -> None:
    assert "a part of the contract was not judged: later" in legs["sooner"]
    assert "a part of the contract was not judged: sooner" in legs["later"]
    assert "not judged: later" in (folder / "legs/sooner/report.md").read_text()
    assert "not judged" not in call("run", "--only", "data").out


@pytest.mark.usefixtures("legs")
def test_what_is_joined_is_whole_again(call: Call) -> None:
    joined = call("merge", "legs/*/result.json", "-o", "report")
    assert joined.code == ExitCode.PASSED
    assert "not judged" not in joined.out
