"""Reports that contradict themselves, and those that do not."""

from dataclasses import replace

import pytest

from mlval.domain.contract import Contract
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result
from mlval.flows.claims import objection
from mlval.flows.policy_findings import findings
from mlval.judge.verdict import verdict

CONTRACT = Contract("churn", "mlval.yml", "0" * 64, Inputs(), ())


def said(result: Result) -> str:
    return objection(
        Report(
            tool_version="0.1.0",
            contract_name="churn",
            contract_path="mlval.yml",
            contract_sha256="0" * 64,
            now="2026-01-31T12:00:00+00:00",
            verdict=verdict([result]),
        )
    )


def clean() -> Result:
    (result,) = findings((), CONTRACT, severity=Severity.BLOCK)
    return result


def test_that_the_guard_found_nothing_is_no_contradiction() -> None:
    assert said(clean()) == ""


@pytest.mark.parametrize("other", [replace(clean(), type="data"), replace(clean(), validation="data")])
def test_nobody_else_passes_without_a_value(other: Result) -> None:
    assert said(other).endswith("passed without a value")


def test_what_was_judged_is_not_deferred() -> None:
    judged = replace(
        clean(), measurement=Measurement(subject="sales", metric="rows", value=1.0), deferred=True
    )
    assert judged.outcome is Outcome.PASSED
    assert said(judged).endswith("is deferred although it was judged")
