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

DATA = """
version: 1
datasets: {reference: {path: trips.csv}, trips: {path: trips.csv}}
validations:
  - {type: data, dataset: trips, columns: {fare: {min: 0, nulls: 1%}}, unique: fare}
"""
DRIFT = f"{DATA}  - {{type: drift}}"


def loaded(folder: Path, *arguments: str, contract: str = DATA) -> set[str]:
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
    assert loaded(folder, "lint").isdisjoint(NEVER | ONLY_WHERE_USED | {"numpy", "scipy", "duckdb"})
    assert loaded(folder, "lint", contract=DRIFT).isdisjoint(NEVER | ONLY_WHERE_USED | {"scipy", "duckdb"})


def test_lint_of_a_predicate_loads_the_engine_for_its_parser(folder: Path) -> None:
    found = loaded(folder, "lint", contract=DATA.replace("unique: fare", "where: fare > 1"))
    assert "duckdb" in found
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED)


def test_data_alone_loads_no_statistics(folder: Path) -> None:
    assert loaded(folder, "run").isdisjoint(NEVER | ONLY_WHERE_USED | {"numpy", "scipy"})


def test_drift_loads_the_special_functions_only(folder: Path) -> None:
    found = loaded(folder, "run", contract=DRIFT)
    assert found.isdisjoint(NEVER | ONLY_WHERE_USED)
    assert "scipy.special" in found


def test_templates_are_loaded_for_an_output_folder(folder: Path) -> None:
    found = loaded(folder, "run", "--output", "report")
    assert "jinja2" in found
    assert found.isdisjoint(NEVER | (ONLY_WHERE_USED - {"jinja2"}))
