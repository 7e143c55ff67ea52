"""What a report makes of the issue of its contract: the whole table of decisions, and the words."""

from dataclasses import replace
from typing import Final

import pytest

from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result
from mlval.flows.watch import BUDGET, decide, refuse_false
from mlval.github.budget import COMMENT_LIMIT, characters
from mlval.github.issue_marker import IssueMarker, key
from mlval.github.issues import Keeping, Standing, Wish
from mlval.github.values import Issue
from mlval.judge.verdict import verdict
from mlval.report.result_json import render
from mlval.report.result_reading import read_report
from mlval.report.strict_json import ReportRefused

LINK: Final = "https://github.com/octo/churn/actions/runs/20"
NOW: Final = "2026-04-02T06:00:00Z"
BEGUN: Final = "2026-04-01T06:00:00Z"


def result(outcome: Outcome, column: str = "amount", *, blocks: bool | None = None) -> Result:
    """Return a result of the drift of a column."""
    return Result(
        validation="drift",
        type="drift",
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=Measurement(subject=column, metric="tvd", value=0.3, n=10),
        blocks=outcome is Outcome.FAILED if blocks is None else blocks,
    )


def report(*results: Result) -> Report:
    """Return the report of a run."""
    return Report(
        tool_version="0.1.0",
        contract_name="churn",
        contract_path="mlval.yml",
        contract_sha256="0" * 64,
        now=NOW,
        verdict=verdict(results),
    )


def standing(*failed: Result, is_open: bool = True) -> Standing:
    """Return the issue that an earlier run has left."""
    mark = IssueMarker("churn", 10, 1, BEGUN, tuple(key(one.name) for one in failed))
    return Standing(Issue(8, "github-actions[bot]", "A title", "", is_open, False, ()), mark)


def decided(about: Report, there: Standing | None) -> Wish | None:
    return decide(about, there, title="Drift of churn", link=LINK)


FAILS, PASSES = result(Outcome.FAILED), result(Outcome.PASSED)
WARNS = result(Outcome.FAILED, blocks=False)
OPEN, CLOSED = standing(FAILS), standing(FAILS, is_open=False)


@pytest.mark.parametrize(
    "results, there, is_open",
    [
        ((FAILS,), None, True),
        ((FAILS,), OPEN, True),
        ((FAILS,), CLOSED, True),
        ((PASSES,), None, None),
        ((PASSES,), OPEN, False),
        ((PASSES,), CLOSED, None),
        ((WARNS,), None, None),
        ((WARNS,), OPEN, False),
        ((), None, True),
        ((), OPEN, True),
        ((result(Outcome.INCONCLUSIVE),), None, None),
        ((result(Outcome.INCONCLUSIVE),), CLOSED, None),
        ((result(Outcome.INCONCLUSIVE),), OPEN, True),
        ((result(Outcome.SKIPPED),), OPEN, True),
        ((result(Outcome.ERRORED),), OPEN, True),
        ((PASSES, result(Outcome.INCONCLUSIVE, "plan")), OPEN, False),
        ((PASSES, result(Outcome.INCONCLUSIVE, blocks=True)), None, True),
    ],
)
def test_what_becomes_of_the_issue(
    results: tuple[Result, ...], there: Standing | None, is_open: bool | None
) -> None:
    wish = decided(report(*results), there)
    assert (None if wish is None else wish.is_open) is is_open


def test_where_too_many_failed_to_be_named_everything_must_be_decided() -> None:
    there = replace(OPEN, mark=replace(OPEN.mark, failed=None))
    wish = decided(report(PASSES, result(Outcome.INCONCLUSIVE, "plan")), there)
    assert wish is not None
    assert wish.is_open


def test_what_failed_once_is_remembered_until_it_has_passed() -> None:
    undecided = result(Outcome.INCONCLUSIVE)
    fails = result(Outcome.FAILED, "plan")
    wish = decided(report(undecided, fails), OPEN)
    assert wish is not None
    assert wish.failed is not None
    assert set(wish.failed) == {key(undecided.name), key(fails.name)}
    wish = decided(report(PASSES, fails), OPEN)
    assert wish is not None
    assert wish.failed == (key(fails.name),)


@pytest.mark.parametrize("there, since", [(None, NOW), (OPEN, BEGUN), (CLOSED, NOW)])
def test_it_says_since_when_it_fails(there: Standing | None, since: str) -> None:
    wish = decided(report(FAILS), there)
    assert wish is not None
    assert wish.since == since
    assert since in wish.text.splitlines()[0].replace("\u200b", "")


def test_the_last_remark_says_since_when_it_passes() -> None:
    wish = decided(report(PASSES), OPEN)
    assert wish is not None
    said = wish.remark.replace("\u200b", "")
    assert NOW in said
    assert BEGUN in said
    assert LINK in said


def test_a_first_failure_has_no_remark() -> None:
    wish = decided(report(FAILS), None)
    assert wish is not None
    assert wish.remark == ""
    assert wish.title == "Drift of churn"


def test_the_text_fits_however_much_failed() -> None:
    results = [result(Outcome.FAILED, f"column {number} " + "é|`<@" * 40) for number in range(2_000)]
    wish = decided(report(*results), None)
    assert wish is not None
    assert characters(wish.text) <= BUDGET
    assert characters(Keeping("churn", "drift", 20, 1).body(wish)) <= COMMENT_LIMIT


def test_names_of_columns_are_inert() -> None:
    wish = decided(report(result(Outcome.FAILED, "@octo/team #1 <script> --> [x](y)")), None)
    assert wish is not None
    assert "@octo" not in wish.text
    assert "<script>" not in wish.text
    assert "-->" not in wish.text


def test_the_same_report_gives_the_same_text() -> None:
    assert decided(report(FAILS), OPEN) == decided(report(FAILS), OPEN)


def test_a_verdict_that_does_not_follow_is_refused() -> None:
    passed = report(PASSES).verdict
    forged = replace(report(FAILS), verdict=replace(passed, results=(FAILS,)))
    with pytest.raises(ReportRefused, match="not what its results give"):
        refuse_false(forged)


def test_a_report_without_a_time_is_refused() -> None:
    with pytest.raises(ReportRefused, match="no time"):
        refuse_false(replace(report(PASSES), now="now --> @octo"))


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_true_report_is_taken_after_it_went_through_a_file(outcome: Outcome) -> None:
    measured = replace(result(outcome, blocks=True), reason="a reason")
    refuse_false(read_report(render(report(measured, PASSES)).encode()))
