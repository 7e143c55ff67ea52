"""Every month is read whole: rows and nulls are those that Python's own reader finds."""

import csv
from collections import Counter
from pathlib import Path

import pytest

from tests.taxi.conftest import Judge, month

MONTHS = ("2019-01", "2019-02", "2019-06", "2020-01", "2020-04")
CONTRACT = """
version: 1
datasets: {reference: {from: input}, current: {from: input}}
validations:
  - {type: data, id: counted, dataset: current, columns: {COLUMNS}}
  - {type: data, id: opened, dataset: reference, rows: {min: 1}}
"""


def nulls_by_csv(key: str) -> tuple[int, Counter[str]]:
    """Return the number of rows, and how many fields of each column are empty."""
    empty: Counter[str] = Counter()
    with month(key).open(newline="", encoding="utf-8") as stream:
        reader = csv.DictReader(stream)
        rows = 0
        for row in reader:
            rows += 1
            empty.update({column: value == "" for column, value in row.items()})
    return rows, empty


@pytest.mark.parametrize("key", MONTHS)
def test_a_month_is_read_whole(judge: Judge, tmp_path: Path, key: str) -> None:
    rows, empty = nulls_by_csv(key)
    assert rows == 10_000
    assert len(empty) == 18
    columns = ", ".join(f"{column}: {{nulls: 100%}}" for column in empty)
    contract = tmp_path / "mlval.yml"
    contract.write_text(CONTRACT.replace("COLUMNS", columns), encoding="utf-8")
    judged = judge(key, key, contract)
    assert [record["rows"] for record in judged.result["inputs"]] == [rows, rows]
    counted = {
        one["subject"]: (one["n"], one["of"]) for one in judged.result["results"] if one["metric"] == "nulls"
    }
    assert counted == {column: (count, rows) for column, count in empty.items()}


@pytest.mark.parametrize("key", ["2019-01", "2019-02"])
def test_the_line_ends_are_mixed_indeed(key: str) -> None:
    text = month(key).read_bytes()
    assert 0 < text.count(b"\r\n") < text.count(b"\n")
