"""Findings as results: what a weakening weighs, and what was decided at the base and is not any more."""

import pytest

from mlval.domain.contract import Contract
from mlval.domain.inputs import Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result
from mlval.flows.policy_findings import findings, undecided_since, unreadable, with_findings
from mlval.github.reviews import Acceptance
from mlval.judge.verdict import verdict
from mlval.policy.change import Change, Direction

CONTRACT = Contract("churn", "mlval.yml", "0" * 64, Inputs(), ())
WEAKENING = Change("validations.drift.effect", "loosened", Direction.WEAKENING, "was small, is large")


def result(outcome: Outcome, *, metric: str = "auc") -> Result:
    measurement = Measurement(subject="all", metric=metric)
    return Result(
        validation="v", type="performance", outcome=outcome, severity=Severity.BLOCK, measurement=measurement
    )


def report(*results: Result) -> Report:
    return Report(
        tool_version="1",
        contract_name="churn",
        contract_path="mlval.yml",
        contract_sha256="0" * 64,
        now="2026-01-01T00:00:00+00:00",
        verdict=verdict(results),
    )


@pytest.mark.parametrize(
    "severity, by, blocks",
    [(Severity.BLOCK, "", True), (Severity.WARN, "", False), (Severity.BLOCK, "mona", False)],
)
def test_a_weakening_blocks_unless_the_base_or_an_owner_says_otherwise(
    severity: Severity, by: str, blocks: bool
) -> None:
    (found,) = findings((WEAKENING,), CONTRACT, severity=severity, acceptance=Acceptance(by=by))
    assert (found.outcome, found.blocks) == (Outcome.FAILED, blocks)
    assert found.reason.endswith("; accepted by @mona") == bool(by)


def test_nothing_loosened_is_said() -> None:
    (found,) = findings((), CONTRACT, severity=Severity.BLOCK)
    assert (found.outcome, found.blocks, found.reason) == (Outcome.PASSED, False, "nothing was loosened")


def test_a_base_that_was_not_read_blocks_the_whole() -> None:
    whole = with_findings(report(result(Outcome.PASSED)), (unreadable(CONTRACT, "no token"),))
    assert whole.verdict.exit_code == 4


@pytest.mark.parametrize("outcome", Outcome)
def test_what_was_decided_and_is_not_any_more_is_a_weakening(outcome: Outcome) -> None:
    base = report(result(outcome))
    found = undecided_since(base, (result(Outcome.INCONCLUSIVE),), severity=Severity.BLOCK)
    assert len(found) == (outcome in {Outcome.PASSED, Outcome.FAILED})
    assert all(one.blocks for one in found)


def test_a_new_measurement_may_be_undecided() -> None:
    base = report(result(Outcome.PASSED))
    assert undecided_since(base, (result(Outcome.INCONCLUSIVE, metric="f1"),), severity=Severity.BLOCK) == ()
