"""`mlval import` and `mlval export`, from file to file."""

from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.conftest import Call
from tests.commands.test_bad_input import is_one_screen

SUITE = """{"name": "trips", "expectations": [
  {"type": "expect_column_values_to_be_between", "kwargs": {"column": "fare", "min_value": 0}},
  {"type": "expect_the_best", "kwargs": {"column": "fare"}}]}"""
ODCS = """
apiVersion: v3.1.0
kind: DataContract
id: trips
version: 1.0.0
status: active
schema: [{name: trips, properties: [{name: fare, required: true}]}]
"""
DBT = "version: 2\nmodels: [{name: trips, columns: [{name: fare, tests: [not_null]}]}]\n"
FILES = {"suite.json": SUITE, "trips.odcs.yaml": ODCS, "schema.yml": DBT}


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
def test_what_is_imported_is_a_contract(call: Call, folder: Path, name: str) -> None:
    ended = call("import", name, "-o", "imported.yml")
    assert (ended.code, ended.out) == (ExitCode.PASSED, "")
    assert "mapped" in ended.err
    assert call("lint", "imported.yml").code == ExitCode.PASSED
    assert call("run", "imported.yml", "--data", "trips=trips.csv").code in {
        ExitCode.PASSED,
        ExitCode.BLOCKED,
    }
    assert (folder / "imported.yml").read_text(encoding="utf-8").startswith(f"# from {name}, ")


def test_the_coverage_stands_on_top_and_on_standard_error(call: Call) -> None:
    ended = call("import", "suite.json")
    told = "line 3: expectations[1] expect_the_best (fare): not mapped: "
    assert told in ended.err
    assert f"# {told}" in ended.out


def test_there_and_back(call: Call) -> None:
    assert call("export", "--to", "odcs", "-o", "exported.yaml").code == ExitCode.PASSED
    assert call("import", "exported.yaml", "-o", "back.yml").code == ExitCode.PASSED
    assert call("lint", "back.yml").code == ExitCode.PASSED
    assert call("run", "back.yml").code == call("run").code


BAD = {
    "missing": ("nothing.json", None, "does not exist"),
    "no suite": ("suite.json", "{}", "no suite"),
    "no JSON": ("suite.json", "{", "suite.json:1:2"),
    "nothing that maps": ("suite.json", '{"expectations": []}', "no valid contract"),
    "YAML of no tool": ("schema.yml", "a: 1", "is none of"),
    "YAML with an anchor": ("schema.yml", "models: &a [1]", "schema.yml:1"),
    "YAML that ends early": ("schema.yml", "models: [", "schema.yml:"),
    "not UTF-8": ("schema.yml", b"models: \xff", "UTF-8"),
    "an older standard": ("trips.odcs.yaml", ODCS.replace("v3.1.0", "v2.2.2"), "3.x"),
    "a pipe of nothing": ("schema.yml", "", "is none of"),
}


@pytest.mark.parametrize("name", BAD)
def test_what_cannot_be_imported(call: Call, folder: Path, name: str) -> None:
    file, content, told = BAD[name]
    if content is not None:
        (folder / file).write_bytes(content if isinstance(content, bytes) else content.encode())
    ended = call("import", file)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert told in " ".join(ended.err.split())
    assert is_one_screen(ended.err)


def test_a_format_that_was_named_is_not_guessed(call: Call) -> None:
    ended = call("import", "schema.yml", "--from", "odcs")
    assert ended.code == ExitCode.USAGE
    assert "no Open Data Contract" in ended.err


def test_a_contract_that_is_not_valid_is_not_exported(call: Call, folder: Path) -> None:
    (folder / "mlval.yml").write_text("version: 1\n", encoding="utf-8")
    ended = call("export", "--to", "odcs")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
