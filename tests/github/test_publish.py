"""Publishing in its order: the comment, then the status, and for each what became of it."""

import subprocess
import sys

import pytest

from mlval.github.publish import PERMISSIONS, Ended, Line, What, publish
from mlval.github.status import State
from tests.github import world
from tests.github.stand_in import StandIn
from tests.github.world import HEAD, PULL, READER

LINE = Line(State.SUCCESS, "passed, 2 undecided")


def test_the_comment_comes_first_then_the_status(github: StandIn) -> None:
    with world.connected(github) as client:
        done = publish(client, world.event(), name="churn", texts=["report"], line=LINE)
    assert [(item.what, item.ended) for item in done] == [
        (What.COMMENT, Ended.DONE),
        (What.STATUS, Ended.DONE),
    ]
    assert github.asked == [
        "graphql",
        "issues/list-comments",
        "pulls/get",
        "issues/create-comment",
        "issues/list-comments",
        "repos/create-commit-status",
    ]


def test_what_is_not_asked_for_is_not_published(github: StandIn) -> None:
    with world.connected(github) as client:
        assert publish(client, world.event(), name="churn", texts=[], line=None) == ()
    assert github.asked == []


@pytest.mark.parametrize("name", ["push", "merge_group", "schedule", "workflow_dispatch"])
def test_without_a_pull_request_the_status_is_set_all_the_same(github: StandIn, name: str) -> None:
    about = world.event(name=name, pull_request=None)
    with world.connected(github) as client:
        publish(client, about, name="churn", texts=["report"], line=LINE)
    ((sha, status),) = github.forge.statuses
    assert (sha, status["context"], status["description"]) == (HEAD, "mlval/churn", LINE.description)
    assert github.forge.comments == {}


def test_the_trusted_phase_publishes_for_a_fork(github: StandIn) -> None:
    about = world.event(name="workflow_run", is_fork=True)
    with world.connected(github) as client:
        done = publish(client, about, name="churn", texts=["report"], line=LINE)
    assert {item.ended for item in done} == {Ended.DONE}


def test_a_report_that_is_too_long_is_shortened_with_a_link(github: StandIn) -> None:
    about = world.event()
    with world.connected(github) as client:
        publish(client, about, name="churn", texts=["x" * 70_000, "failed\n" * 20_000], line=None)
    (comment,) = github.forge.on(PULL)
    assert comment["body"].split("\n")[1] == "failed"
    assert comment["body"].endswith(f"<{about.run_url}>._\n")


def test_a_missing_scope_is_answered_with_the_block_to_paste(github: StandIn) -> None:
    with world.connected(github, token=READER) as client:
        done = publish(client, world.event(), name="churn", texts=["report"], line=LINE)
    assert all(item.remedy.endswith(PERMISSIONS) for item in done)


@pytest.mark.process
def test_the_room_loads_no_http_library_but_for_its_client() -> None:
    code = (
        "import sys, mlval.github.event, mlval.github.publish, mlval.github.runner\n"
        "sys.exit(bool({'requests', 'urllib3'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
