"""A suite used in place: judged like rules of the contract, and nothing in it lost."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mlval.domain.errors import ExitCode, SourceRefused
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result

Gate = Callable[..., Report]

CONTRACT = """
version: 1
datasets: {trips: {path: trips.csv}}
validations:
  - {type: data, suite: suite.json}
"""
TRIPS = "fare,plan,status\n5,a,paid\n-1,b,free\n7,a,paid\n,c,paid\n"


def expectation(kind: str, severity: str | None = None, **kwargs: Any) -> dict[str, Any]:  # noqa: ANN401
    one: dict[str, Any] = {"type": kind, "kwargs": kwargs}
    return one if severity is None else {**one, "severity": severity}


def suite(*expectations: dict[str, Any]) -> str:
    return json.dumps({"name": "trips", "expectations": expectations})


def judged(gate: Gate, *expectations: dict[str, Any], contract: str = CONTRACT) -> Report:
    return gate(contract, {"trips.csv": TRIPS, "suite.json": suite(*expectations)})


def result(report: Report, metric: str) -> Result:
    (found,) = (one for one in report.verdict.results if one.measurement.metric == metric)
    return found


BETWEEN = "expect_column_values_to_be_between"


@pytest.mark.parametrize(
    "mostly, outcome",
    [
        pytest.param(1, Outcome.FAILED, id="all"),
        pytest.param(0.67, Outcome.FAILED, id="more than hold"),
        pytest.param(0.66, Outcome.PASSED, id="two thirds of the values that are there"),
        pytest.param(0, Outcome.PASSED, id="none need to"),
    ],
)
def test_mostly_is_a_share_of_the_values_that_are_there(gate: Gate, mostly: float, outcome: Outcome) -> None:
    report = judged(gate, expectation(BETWEEN, column="fare", min_value=0, max_value=9, mostly=mostly))
    found = result(report, "range")
    assert (found.outcome, found.measurement.of) == (outcome, 3)


def test_a_row_condition_is_a_filter(gate: Gate) -> None:
    report = judged(
        gate,
        expectation(
            BETWEEN,
            column="fare",
            min_value=0,
            max_value=9,
            row_condition='status == "paid"',
            condition_parser="pandas",
        ),
    )
    assert result(report, "range").measurement.of == 2
    assert report.verdict.exit_code == ExitCode.PASSED


def test_a_result_says_which_expectation_it_is_about_and_what_differs(gate: Gate) -> None:
    report = judged(gate, expectation("expect_column_values_to_be_of_type", column="fare", type_="int64"))
    details = result(report, "type").measurement.details
    assert details["expectation"] == "expectations[0] expect_column_values_to_be_of_type (fare)"
    assert details["line"] == 1
    assert "not the name of the stored type" in str(details["differs"])


def test_what_cannot_be_mapped_is_an_error(gate: Gate) -> None:
    report = judged(gate, expectation("expect_column_kl_divergence_to_be_less_than", column="fare"))
    found = result(report, "suite")
    assert (found.outcome, found.blocks) == (Outcome.ERRORED, True)
    assert "type: drift" in found.reason
    assert found.measurement.problem is not None
    assert "`unmapped: warn`" in found.measurement.problem.remedy


def test_what_cannot_be_mapped_may_warn(gate: Gate) -> None:
    contract = CONTRACT.replace("suite.json", "suite.json, unmapped: warn")
    mapped = expectation("expect_table_row_count_to_equal", value=4)
    report = judged(gate, mapped, expectation("expect_the_best", column="fare"), contract=contract)
    found = result(report, "suite")
    assert (found.outcome, found.severity, found.blocks) == (Outcome.ERRORED, Severity.WARN, False)
    assert report.verdict.exit_code == ExitCode.PASSED


def test_severity_of_a_rule_of_the_table(gate: Gate) -> None:
    report = judged(
        gate,
        expectation("expect_table_row_count_to_equal", "warning", value=5),
        expectation("expect_table_column_count_to_equal", value=3),
    )
    assert result(report, "rows").severity == Severity.WARN
    assert result(report, "column_count").severity == Severity.BLOCK
    assert report.verdict.exit_code == ExitCode.PASSED


def test_rules_of_the_contract_stand_beside_those_of_the_suite(gate: Gate) -> None:
    contract = CONTRACT.replace("suite.json", "suite.json, where: \"status = 'paid'\", rows: {min: 3}")
    report = judged(gate, expectation("expect_table_row_count_to_equal", value=3), contract=contract)
    rows = [one for one in report.verdict.results if one.measurement.metric == "rows"]
    assert [(one.outcome, one.measurement.value) for one in rows] == [(Outcome.PASSED, 3)] * 2


def test_a_column_that_is_not_there_fails(gate: Gate) -> None:
    report = judged(gate, expectation("expect_column_to_exist", column="tip"))
    assert result(report, "required").outcome == Outcome.FAILED


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"expectations": 1}', '{"a": 1, "a": 2}', "NaN", '{"expectations": []}']
)
def test_a_suite_that_says_nothing_never_passes(gate: Gate, text: str) -> None:
    report = gate(CONTRACT, {"trips.csv": TRIPS, "suite.json": text})
    assert report.verdict.exit_code == ExitCode.BLOCKED
    assert {one.outcome for one in report.verdict.results} == {Outcome.ERRORED}


def test_a_suite_that_is_missing_errs_alone(gate: Gate) -> None:
    contract = CONTRACT + "  - {type: data, rows: {min: 1}}\n"
    report = gate(contract, {"trips.csv": TRIPS})
    outcomes = {one.validation: one.outcome for one in report.verdict.results}
    assert outcomes == {"data": Outcome.ERRORED, "data-2": Outcome.PASSED}


def test_a_suite_out_of_the_workspace_is_refused(gate: Gate) -> None:
    with pytest.raises(SourceRefused):
        gate(CONTRACT.replace("suite.json", "../suite.json"), {"trips.csv": TRIPS})


def test_the_suite_is_among_the_inputs(gate: Gate) -> None:
    report = judged(gate, expectation("expect_table_row_count_to_equal", value=4))
    (record,) = (one for one in report.inputs if one.kind == "suite")
    assert record.name == "suite.json"
    assert record.sha256 is not None


def test_unmapped_without_a_suite_is_a_mistake(gate: Gate) -> None:
    from mlval.domain.errors import ContractError

    with pytest.raises(ContractError) as raised:
        judged(gate, contract=CONTRACT.replace("suite: suite.json", "rows: {min: 1}, unmapped: warn"))
    assert "unmapped" in raised.value.problems[0].path
