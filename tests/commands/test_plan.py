"""`mlval plan` as a user calls it."""

from pathlib import Path

from tests.commands.conftest import Call

CONTRACT = """
version: 1
datasets: {h: {path: nowhere.csv, target: y, key: id}}
models:
  champion: {predictions: {path: old.csv, label: guess}}
  candidate: {predictions: {from: input, label: guess}}
validations:
  - {type: comparison, metrics: {accuracy: 0.01}}
"""


def test_it_reads_no_data(folder: Path, call: Call) -> None:
    (folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    found = call("plan")
    assert (found.code, found.err) == (0, "")
    assert "6% of rows differ          3,710 rows" in found.out


def test_a_contract_without_comparisons_has_nothing_to_plan(folder: Path, call: Call) -> None:
    del folder
    assert call("plan").out == "no comparison with a margin: nothing to plan\n"
