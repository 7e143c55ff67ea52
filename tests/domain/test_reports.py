"""Exit codes of several contracts: the worst wins, and an error is never a pass."""

from dataclasses import replace
from itertools import permutations

import pytest

from mlval.domain.errors import ContractError, ExitCode, SourceUnavailable, UsageError
from mlval.domain.outcome import State
from mlval.domain.reports import NotAffected, NotJudged, Part, Reports, worst
from mlval.domain.verdict import Report, Verdict

PASSED = Report(
    tool_version="1",
    contract_name="churn",
    contract_path="churn/mlval.yml",
    contract_sha256="0" * 64,
    now="2026-01-31T12:00:00+00:00",
    verdict=Verdict(state=State.PASSED, exit_code=ExitCode.PASSED, reason="nothing blocks"),
)
BLOCKED = replace(
    PASSED, verdict=Verdict(state=State.BLOCKED, exit_code=ExitCode.BLOCKED, reason="1 of 1 results block")
)
UNTOUCHED = NotAffected("fraud", "fraud/mlval.yml", "untouched")


def unjudged(error: Exception) -> NotJudged:
    return NotJudged("risk", "risk/mlval.yml", error)


def test_the_order_of_exit_codes() -> None:
    order = [70, 2, 1, 4, 3, 0]
    for length in range(1, len(order) + 1):
        for codes in permutations(order[-length:], min(length, 2)):
            assert worst(map(ExitCode, codes)) == min(codes, key=order.index)


def test_a_code_of_no_verdict_is_still_worse_than_none() -> None:
    assert worst([ExitCode.PASSED, ExitCode.UNPUBLISHED]) is ExitCode.UNPUBLISHED


@pytest.mark.parametrize(
    "parts, code",
    [
        ((PASSED,), ExitCode.PASSED),
        ((UNTOUCHED,), ExitCode.PASSED),
        ((PASSED, UNTOUCHED), ExitCode.PASSED),
        ((PASSED, BLOCKED), ExitCode.BLOCKED),
        ((BLOCKED, unjudged(SourceUnavailable("gone"))), ExitCode.BLOCKED),
        ((PASSED, unjudged(SourceUnavailable("gone"))), ExitCode.UNAVAILABLE),
        ((BLOCKED, unjudged(UsageError("no"))), ExitCode.USAGE),
        ((BLOCKED, unjudged(ContractError("a.yml", ())), unjudged(ValueError("bug"))), ExitCode.BUG),
        ((), ExitCode.BLOCKED),
    ],
)
def test_the_code_of_a_call(parts: tuple[Part, ...], code: ExitCode) -> None:
    assert Reports("mlval", parts).exit_code is code


def test_one_report_is_alone_and_nothing_else_is() -> None:
    assert Reports("churn", (PASSED,)).alone is PASSED
    assert Reports("churn", (UNTOUCHED,)).alone is None
    assert Reports("mlval", (PASSED, UNTOUCHED)).alone is None
