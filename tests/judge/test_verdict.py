"""Outcomes folded: one that blocks is enough, and the exit code names the worst cause."""

from itertools import combinations

import pytest

from mlval.domain.errors import (
    Crashed,
    ExitCode,
    MlvalError,
    SourceBroken,
    SourceRefused,
    SourceUnavailable,
    Unmeasurable,
)
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import Result
from mlval.judge.verdict import verdict


def result(
    outcome: Outcome, problem: MlvalError | None = None, *, blocks: bool = True, validation: str = "v"
) -> Result:
    measurement = Measurement(subject="s", metric="m", problem=problem)
    severity = Severity.BLOCK if blocks else Severity.WARN
    return Result(
        validation=validation,
        type="t",
        outcome=outcome,
        severity=severity,
        measurement=measurement,
        blocks=blocks,
    )


PASSED = result(Outcome.PASSED, blocks=False)
WORST_FIRST = {
    "a bug": (result(Outcome.ERRORED, Crashed("oops")), ExitCode.BUG),
    "a forbidden source": (result(Outcome.ERRORED, SourceRefused("no")), ExitCode.USAGE),
    "a failure": (result(Outcome.FAILED), ExitCode.BLOCKED),
    "an absent source": (result(Outcome.ERRORED, SourceUnavailable("gone")), ExitCode.UNAVAILABLE),
    "too little data": (result(Outcome.INCONCLUSIVE), ExitCode.INCONCLUSIVE),
}


@pytest.mark.parametrize("name", WORST_FIRST)
def test_a_blocking_result_blocks(name: str) -> None:
    one, code = WORST_FIRST[name]
    folded = verdict([PASSED, one, PASSED])
    assert (folded.state, folded.exit_code) == (State.BLOCKED, code)


@pytest.mark.parametrize("worse, better", list(combinations(WORST_FIRST, 2)))
def test_the_worst_cause_gives_the_exit_code(worse: str, better: str) -> None:
    code = WORST_FIRST[worse][1]
    assert verdict([WORST_FIRST[better][0], WORST_FIRST[worse][0]]).exit_code == code
    assert verdict([WORST_FIRST[worse][0], WORST_FIRST[better][0]]).exit_code == code


@pytest.mark.parametrize(
    "one, code",
    [
        (result(Outcome.ERRORED, Unmeasurable("no")), ExitCode.BLOCKED),
        (result(Outcome.ERRORED, SourceBroken("no")), ExitCode.BLOCKED),
        (result(Outcome.ERRORED, MlvalError("no")), ExitCode.BUG),
        (result(Outcome.SKIPPED), ExitCode.BLOCKED),
        (result(Outcome.ERRORED), ExitCode.BLOCKED),
    ],
)
def test_other_causes(one: Result, code: ExitCode) -> None:
    assert verdict([one]).exit_code == code


def test_what_only_warns_passes_except_a_bug() -> None:
    for outcome in Outcome:
        assert verdict([result(outcome, blocks=False)]).exit_code == ExitCode.PASSED
    absent = result(Outcome.ERRORED, SourceUnavailable("gone"), blocks=False)
    assert verdict([absent]).exit_code == ExitCode.PASSED
    crashed = verdict([PASSED, result(Outcome.ERRORED, Crashed("oops"), blocks=False)])
    assert (crashed.state, crashed.exit_code) == (State.BLOCKED, ExitCode.BUG)
    assert "crashed" in crashed.reason


def test_nothing_that_was_judged_is_no_pass() -> None:
    assert (verdict([]).state, verdict([]).exit_code, verdict([]).reason) == (
        State.BLOCKED,
        ExitCode.BLOCKED,
        "nothing was judged",
    )


def test_the_state_and_the_exit_code_agree() -> None:
    results = [PASSED, *(one for one, _ in WORST_FIRST.values()), *(result(o, blocks=False) for o in Outcome)]
    for some in [*combinations(results, 1), *combinations(results, 2)]:
        folded = verdict(some)
        assert (folded.state == State.PASSED) == (folded.exit_code == ExitCode.PASSED)


def test_outcomes_are_counted_and_what_blocks_is_named() -> None:
    results = [result(Outcome.FAILED, validation=name) for name in "abcda"]
    folded = verdict([*results, PASSED, result(Outcome.INCONCLUSIVE, blocks=False)])
    assert folded.counts == {
        "passed": 1,
        "failed": 5,
        "inconclusive": 1,
        "skipped": 0,
        "errored": 0,
        "blocking": 5,
    }
    assert folded.reason == "5 of 7 results block, in a, b, c, …"
    assert (
        verdict([PASSED, result(Outcome.INCONCLUSIVE, blocks=False)]).reason == "nothing blocks; 1 undecided"
    )
    assert verdict([PASSED]).reason == "nothing blocks"


def test_a_cause_that_nobody_ranked_blocks_all_the_same() -> None:
    class Strange(MlvalError):
        exit_code = ExitCode.UNPUBLISHED

    assert verdict([result(Outcome.ERRORED, Strange("?"))]).exit_code == ExitCode.BLOCKED
