"""Which libraries a command loads: what takes long to import is loaded only where it is used."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

# Runs the command line, then names the modules that it loaded.
CALLED = """
import atexit, json, sys
before = set(sys.modules)
def told():
    with open("loaded.json", "w") as stream:
        json.dump(sorted(set(sys.modules) - before), stream)
atexit.register(told)
from mlval.__main__ import main
main()
"""
NEVER = {"pandas", "sklearn", "scipy.stats", "mlflow", "sqlglot", "pyarrow"}
ONLY_WHERE_USED = {"requests", "urllib3", "rich", "jinja2", "asyncio"}
HEAVY = {"numpy", "scipy", "duckdb", "pydantic", "yaml"}

CONTRACT = """
version: 1
datasets: {reference: {path: trips.csv}, trips: {path: trips.csv}}
models: {candidate: {predictions: {dataset: trips, label: fare}}}
validations:
  - {type: data, id: data, dataset: trips, columns: {fare: {min: 0, nulls: 1%}}, unique: fare}
  - {type: drift, id: drift}
"""


def loaded(folder: Path, *arguments: str, contract: str = CONTRACT) -> set[str]:
    """Return the modules that a call loads, with every package that they stand in."""
    (folder / "mlval.yml").write_text(contract)
    ended = subprocess.run(
        [sys.executable, "-c", CALLED, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr
    names: list[str] = json.loads((folder / "loaded.json").read_text())
    return set(names)


def test_help_loads_the_parser_of_the_command_line_only(folder: Path) -> None:
    found = loaded(folder, "--help")
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED | HEAVY)
    ours = {name for name in found if name.startswith("mlval")}
    assert ours == {
        "mlval",
        "mlval.__main__",
        "mlval.commands",
        "mlval.commands._errors",
        "mlval.domain",
        "mlval.domain.errors",
    }


def test_lint_loads_no_engine(folder: Path) -> None:
    found = loaded(folder, "lint")
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED | {"numpy", "scipy", "duckdb"})


def test_lint_of_a_predicate_loads_the_engine_for_its_parser(folder: Path) -> None:
    contract = CONTRACT.replace("unique: fare", "where: fare > 1")
    found = loaded(folder, "lint", contract=contract)
    assert "duckdb" in found
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED)


def test_data_alone_loads_no_statistics(folder: Path) -> None:
    found = loaded(folder, "run", "--only", "data")
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED | {"numpy", "scipy"})


def test_drift_loads_the_special_functions_only(folder: Path) -> None:
    found = loaded(folder, "run", "--only", "drift")
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED)
    assert "scipy.special" in found


def test_templates_are_loaded_for_an_output_folder(folder: Path) -> None:
    found = loaded(folder, "run", "--only", "data", "--output", "report")
    assert "jinja2" in found
    assert found.isdisjoint(NEVER | (ONLY_WHERE_USED - {"jinja2"}))
