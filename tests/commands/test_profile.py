"""`mlval profile` as a user calls it: by the name of a dataset or the path of a file."""

import json
from pathlib import Path

import pytest

from mlval.domain.profile_text import parse
from tests.commands.conftest import Call

ROWS = "fare,plan\n" + "".join(f"{number % 37}.5,{'ab'[number % 2]}\n" for number in range(500))
CONTRACT = """
version: 1
name: trips
datasets:
  reference: {profile: trips.profile.json}
  trips: {path: trips.csv, sensitive: [plan]}
  today: {from: input}
validations:
  - {type: drift, current: today, columns: [fare]}
"""


@pytest.fixture(autouse=True)
def trips(folder: Path) -> Path:
    (folder / "trips.csv").write_text(ROWS, encoding="utf-8")
    (folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    return folder


def names(folder: Path, file: str) -> dict[str, str | None]:
    """Return the columns of a written profile, and why their values are withheld."""
    found = parse((folder / file).read_bytes(), name=file)
    return {column.name: column.withheld for column in found.columns}


def test_a_dataset_of_the_contract_is_described_as_the_contract_says(call: Call, trips: Path) -> None:
    ended = call("profile", "trips", "-o", "trips.profile.json")
    assert (ended.code, ended.out) == (0, "")
    assert "trips.profile.json: 500 rows, 2 columns" in ended.err
    assert names(trips, "trips.profile.json") == {"fare": None, "plan": "sensitive"}


def test_a_file_is_described_without_a_contract(call: Call, trips: Path) -> None:
    (trips / "mlval.yml").unlink()
    assert call("profile", "trips.csv", "--output", "new/trips.profile.json", "--quiet").err == ""
    assert names(trips, "new/trips.profile.json") == {"fare": None, "plan": None}


def test_without_a_file_it_goes_to_standard_output(call: Call) -> None:
    ended = call("profile", "trips.csv", "--quiet", "--where", "plan = 'a'", "--hash", "--rare", "3")
    whole = json.loads(ended.out)
    assert (whole["dataset"]["rows"], whole["where"]) == (250, "plan = 'a'")
    assert whole["settings"] == {"bins": 100, "hashed": True, "rare": 3}
    assert whole["dataset"]["name"] == "trips.csv"


def test_threads_do_not_change_the_bytes(call: Call) -> None:
    written = {call("profile", "trips.csv", "-q", "--threads", threads).out for threads in ("1", "2", "8")}
    assert len(written) == 1


def test_what_is_bound_when_it_runs_can_be_described(call: Call, trips: Path) -> None:
    assert call("profile", "today", "--data", "today=trips.csv", "-o", "t.json", "-q").code == 0
    assert names(trips, "t.json") == {"fare": None, "plan": None}


def test_a_run_compares_with_what_was_written(call: Call, trips: Path) -> None:
    call("profile", "trips", "-o", "trips.profile.json")
    assert call("run", "--data", "today=trips.csv").code == 0
    (trips / "other.csv").write_text("fare,plan\n" + "99.5,a\n" * 500, encoding="utf-8")
    assert call("run", "--data", "today=other.csv").code == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        (("nobody",), "no dataset nobody"),
        (("reference",), "is a profile already"),
        (("today",), "was not bound"),
        (("trips", "--contract", "gone.yml"), "no contract gone.yml"),
        (("trips", "--where", "fare >"), "predicate"),
        (("trips", "--where", "fare > 1000"), "no rows"),
        (("trips", "--bins", "2"), "--bins"),
        (("trips", "--rare", "1"), "--rare"),
        (("trips", "-o", "."), "is a folder"),
        (("trips.csv", "--memory", "much"), "--memory"),
        ((), "DATASET"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(call: Call, arguments: tuple[str, ...], message: str) -> None:
    ended = call("profile", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err


def test_a_file_that_is_not_there_is_unavailable(call: Call, trips: Path) -> None:
    ended = call("profile", "gone.csv", "-o", "p.json")
    assert ended.code == 4
    assert not (trips / "p.json").exists()
