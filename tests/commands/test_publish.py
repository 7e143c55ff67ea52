"""`mlval publish` against the stand-in: what a run of a fork has left becomes its comment and its status."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode, UsageError
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome
from tests.commands.handed_over import BRANCH, FAILED, FORK, HERE, PASSED, Gate, finished_run, report
from tests.github.faults import Fault
from tests.github.past_runs import pull_request
from tests.github.world import HEAD, NEWER, OLDER, PULL


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with finished_run(tmp_path) as found:
        yield found


def test_a_report_of_a_fork_becomes_a_comment_and_a_status(gate: Gate) -> None:
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    (comment,) = gate.comments
    assert "mlval passed" in comment
    assert "These numbers come from the pull request&#39;s own job" in comment.replace("'", "&#39;")
    assert gate.statuses == [(HEAD, "mlval/churn", "success", "passed")]


def test_it_links_to_the_run_that_judged(gate: Gate) -> None:
    gate.leave_report(report(PASSED))
    gate.publish()
    ((_, status),) = gate.github.forge.statuses
    assert status["target_url"].endswith("/octo/churn/actions/runs/55/attempts/1")


def test_a_report_that_blocks_is_published_and_leaves_the_job_green(gate: Gate) -> None:
    gate.run["conclusion"] = "failure"
    gate.leave_report(report(FAILED))
    assert gate.publish() is ExitCode.PASSED
    assert "Blocks the merge" in gate.comments[0]
    assert gate.statuses[0][2:] == ("failure", "blocked: 1 failed")


def test_a_run_that_did_not_end_well_gets_no_green_status(gate: Gate) -> None:
    gate.run["conclusion"] = "failure"
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2:] == ("failure", "the run ended with failure, although its report says passed")


def test_what_is_deferred_keeps_the_status_pending(gate: Gate) -> None:
    later = replace(
        PASSED,
        outcome=Outcome.SKIPPED,
        deferred=True,
        measurement=Measurement(subject="live", metric="rows", absent="it needs a token"),
    )
    gate.leave_report(report(PASSED, later))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2:] == ("pending", "1 not judged yet: data; passed, 1 deferred")


@pytest.mark.parametrize(
    "path", [".github/workflows/mlval.yml", ".github/CODEOWNERS", "mlval.yml", "data/holdout.csv", "data"]
)
def test_a_change_of_the_gate_itself_needs_review(gate: Gate, path: str) -> None:
    gate.github.forge.past.files[PULL] = ("train.py", path)
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert "edits its own gate and needs review" in gate.comments[0].split("passed")[1]
    assert gate.statuses[0][2:] == ("pending", "edits its own gate, needs review; passed")


def test_a_change_of_more_files_than_are_listed_needs_review(gate: Gate) -> None:
    gate.github.forge.past.files[PULL] = tuple(f"notes/{number}.txt" for number in range(3_000))
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "pending"
    assert "not all of its files could be listed" in gate.comments[0]


def test_a_run_of_dependabot_is_published_as_well(gate: Gate) -> None:
    gate.run["head_repository"] = {"id": HERE, "full_name": "octo/churn", "owner": {"login": "octo"}}
    past = gate.github.forge.past
    past.pulls["octo:better"] = [pull_request(PULL, head=(HEAD, HERE), base=(OLDER, HERE))]
    gate.run["actor"] = {"login": "dependabot[bot]"}
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "success"


@pytest.mark.parametrize(
    "pulls, said",
    [
        ([], "The pull request is not open any more"),
        ([pull_request(PULL, head=(NEWER, FORK), base=(OLDER, HERE))], "has a newer commit than this run"),
    ],
    ids=["closed", "superseded by a push"],
)
def test_a_pull_request_that_has_moved_on_is_left_alone(
    gate: Gate, pulls: list[dict[str, object]], said: str
) -> None:
    gate.github.forge.past.pulls[BRANCH] = pulls
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert said in gate.said
    assert (gate.comments, gate.statuses) == ([], [])


def test_a_push_while_it_publishes_leaves_everything_alone(gate: Gate) -> None:
    gate.github.forge.heads[PULL] = NEWER
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert (gate.comments, gate.statuses) == ([], [])


def test_a_later_attempt_is_told_from_an_earlier_one(gate: Gate) -> None:
    gate.leave_report(report(FAILED))
    gate.run["run_started_at"] = "2026-04-01T13:00:00Z"
    gate.run["run_attempt"] = 2
    assert gate.publish() is ExitCode.UNPUBLISHED
    gate.github.forge.past.artifacts[55][0]["created_at"] = "2026-04-01T13:00:01Z"
    assert gate.publish() is ExitCode.PASSED


@pytest.mark.parametrize("operation", ["pulls/list", "actions/download-artifact", "issues/create-comment"])
def test_what_github_does_not_do_ends_with_5(gate: Gate, operation: str) -> None:
    gate.github.faults.append(Fault(operation, 403, body={"message": "Resource not accessible"}))
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.UNPUBLISHED
    assert "::warning" in gate.said


@pytest.mark.parametrize("name", ["pull_request", "pull_request_target", "push", "issue_comment", ""])
def test_another_event_is_a_wrong_call(gate: Gate, name: str) -> None:
    with pytest.raises(UsageError, match="starts under `workflow_run` only"):
        gate.publish(GITHUB_EVENT_NAME=name)


def test_without_a_token_it_is_a_wrong_call(gate: Gate) -> None:
    with pytest.raises(UsageError, match="GITHUB_TOKEN is not set"):
        gate.publish(GITHUB_TOKEN="")


@pytest.mark.parametrize("bases, published", [((), False), (("release", "main"), False), (("old",), True)])
def test_a_pull_request_to_another_branch_is_published_where_that_is_wanted(
    gate: Gate, bases: tuple[str, ...], *, published: bool
) -> None:
    gate.github.forge.past.pulls[BRANCH][0]["base"]["ref"] = "old"
    gate.bases = bases
    gate.leave_report(report(PASSED))
    assert gate.publish() is ExitCode.PASSED
    assert bool(gate.statuses) is published
    assert ("Pull requests to old are not published" in gate.said) is not published
