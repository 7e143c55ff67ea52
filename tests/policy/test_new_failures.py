"""With `fail_on: new` what failed at the base already does not block, as long as it is no worse."""

from typing import Literal

import pytest

from mlval.domain.bound import Bound, Limit, Margin, NoDrop, TwoKeys
from mlval.domain.errors import ExitCode
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import Report, Result, Verdict
from mlval.policy.new_failures import beside_base

NAN, INF = float("nan"), float("inf")


def result(
    value: float | None,
    *,
    limit: Limit | None = None,
    outcome: Outcome = Outcome.FAILED,
    effect: float | None = None,
    subject: str = "amount",
) -> Result:
    return Result(
        validation="churn",
        type="data",
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=Measurement(
            subject=subject, metric="max", value=value, limit=limit or Bound(max=1), effect=effect
        ),
        blocks=outcome is not Outcome.PASSED,
    )


def base(*results: Result) -> Report:
    return Report(
        tool_version="1",
        contract_name="c",
        contract_path="mlval.yml",
        contract_sha256="",
        now="2026-01-01T00:00:00Z",
        verdict=Verdict(state=State.BLOCKED, exit_code=ExitCode.BLOCKED, reason="", results=results),
    )


def blocks(new: Result, *old: Result, fail_on: Literal["any", "new"] = "new") -> bool:
    return beside_base([new], base(*old), fail_on=fail_on)[0].blocks


def test_an_old_failure_does_not_block() -> None:
    (one,) = beside_base([result(3.0)], base(result(3.0)), fail_on="new")
    assert (one.blocks, one.base_value, one.reason) == (False, 3.0, "no worse than at the base branch")


def test_without_being_asked_for_every_failure_blocks_and_has_its_base_beside_it() -> None:
    (one,) = beside_base([result(3.0)], base(result(2.0)), fail_on="any")
    assert (one.blocks, one.base_value) == (True, 2.0)


def test_without_a_base_every_failure_is_new() -> None:
    assert beside_base([result(3.0)], None, fail_on="new")[0].blocks


@pytest.mark.parametrize(
    "limit, new, old, worse",
    [
        (Bound(max=1), 3.0, 2.0, True),
        (Bound(max=1), 2.0, 3.0, False),
        (Bound(min=5), 3.0, 4.0, True),
        (Bound(min=5), 4.0, 3.0, False),
        (Bound(min=5, max=6), 4.0, 7.5, False),
        (Margin(min=-0.01, confidence=0.95), -0.05, -0.04, True),
        (NoDrop(alpha=0.05, better="higher"), -0.05, -0.06, False),
        (NoDrop(alpha=0.05, better="lower"), 0.06, 0.05, True),
        (Bound(max=1), NAN, 3.0, True),
        (Bound(max=1), 3.0, NAN, True),
        (Bound(max=1), INF, INF, True),
        (Bound(max=1), None, 3.0, True),
        (None, 3.0, None, True),
    ],
)
def test_only_what_is_no_worse_is_let_pass(
    limit: Limit | None, new: float | None, old: float | None, worse: bool
) -> None:
    assert blocks(result(new, limit=limit), result(old, limit=limit)) is worse


@pytest.mark.parametrize("new, old, worse", [(0.2, 0.3, False), (0.3, 0.2, True), (0.3, None, True)])
def test_drift_is_compared_by_its_size(new: float | None, old: float | None, worse: bool) -> None:
    limit = TwoKeys(size=0.08, alpha=0.02)
    assert blocks(result(1, limit=limit, effect=new), result(1, limit=limit, effect=old)) is worse


def test_a_failure_of_something_else_is_new() -> None:
    assert blocks(result(3.0), result(3.0, subject="other"))


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.ERRORED, Outcome.SKIPPED, Outcome.INCONCLUSIVE])
def test_what_did_not_fail_at_the_base_is_new(outcome: Outcome) -> None:
    assert blocks(result(3.0), result(3.0, outcome=outcome))


@pytest.mark.parametrize("outcome", [Outcome.ERRORED, Outcome.SKIPPED])
def test_what_was_not_measured_blocks_even_where_the_base_has_it_too(outcome: Outcome) -> None:
    assert blocks(result(3.0, outcome=outcome), result(3.0, outcome=outcome))


def test_results_of_one_name_are_told_apart_by_their_limits() -> None:
    first, second = Bound(max=1), Bound(max=2)
    old = base(result(3.0, limit=first), result(9.0, limit=second))
    found = beside_base([result(9.0, limit=second), result(4.0, limit=first)], old, fail_on="new")
    assert [one.blocks for one in found] == [False, True]
    assert [one.base_value for one in found] == [9.0, 3.0]


def test_of_results_that_cannot_be_told_apart_none_may_be_worse_than_any() -> None:
    """To reorder two rules is no edit of the contract: it must not pair a new failure with an old one."""
    passed, failed = result(0.5, outcome=Outcome.PASSED), result(9.0)
    assert beside_base([failed, passed], base(passed, failed), fail_on="new")[0].blocks
    found = beside_base([result(2.0), result(9.0)], base(result(2.0), result(3.0)), fail_on="new")
    assert [one.blocks for one in found] == [False, True]
