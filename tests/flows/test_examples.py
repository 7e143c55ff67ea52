"""Rows that show a failure: which, where they are told, and what of them is masked."""

import json

import pytest

from mlval.report import markdown, result_json, terminal
from tests.flows.conftest import Gate

FILES = {"trips.csv": "id,fare,who\n3,-7.5,anna\n1,-2.5,bert\n2,4.5,carl\n4,,dora\n"}
FARE = [{"id": "3", "fare": "-7.5"}, {"id": "1", "fare": "-2.5"}]


def contract(where: str, *, sensitive: str = "") -> str:
    return f"""
version: 1
datasets: {{trips: {{path: trips.csv, key: id{sensitive}}}}}
validations:
  - type: data
    examples: {where}
    columns: {{fare: {{min: 0}}, who: {{not_in: [anna]}}}}
"""


@pytest.mark.parametrize(
    "where, allowed, kept, told",
    [
        ("off", True, False, False),
        ("artifact", True, True, False),
        ("comment", True, True, True),
        ("comment", False, True, False),
    ],
)
def test_rows_are_told_only_where_both_sides_agree(
    gate: Gate, where: str, *, allowed: bool, kept: bool, told: bool
) -> None:
    report = gate(contract(where), FILES, allow_examples=allowed)
    fare = next(one for one in report.verdict.results if one.measurement.subject == "fare")
    assert list(fare.examples) == (FARE if kept else [])
    assert ("-7.5" in result_json.render(report)) is kept
    for text in (markdown.render(report), terminal.render(report, color=False, width=100)):
        assert ("-7.5" in text) is told


def test_a_sensitive_column_is_masked_everywhere(gate: Gate) -> None:
    report = gate(contract("comment", sensitive=", sensitive: [who, id]"), FILES, allow_examples=True)
    found = json.loads(result_json.render(report))
    rows = [row for result in found["results"] for row in result.get("examples", [])]
    assert {"id": "(masked)", "fare": "-7.5"} in rows
    assert {"id": "(masked)", "who": "(masked)"} in rows
    assert "(masked)" in markdown.render(report)
    assert "bert" not in markdown.render(report) + result_json.render(report)


def test_a_repeat_is_looked_for_among_the_rows_of_the_rule_alone(gate: Gate) -> None:
    text = "id,g,x\n1,a,7\n2,a,8\n3,b,7\n4,b,7\n5,c,8\n"
    report = gate(
        """
version: 1
datasets: {trips: {path: trips.csv, key: id}}
validations:
  - {type: data, examples: artifact, where: "g <> 'c'", per: g, unique: x}
""",
        {"trips.csv": text},
    )
    found = [one.examples for one in report.verdict.results if one.examples]
    assert found == [({"id": "3", "x": "7"}, {"id": "4", "x": "7"})]
