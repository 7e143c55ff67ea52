"""The Action on a pull request, with comment and status, against the stand-in over real sockets."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from mlval.github.client import Client
from mlval.github.event import Event
from tests.github import world
from tests.github.faults import Fault
from tests.github.forge import REPOSITORY
from tests.github.stand_in import StandIn, serving
from tests.github.world import HEAD, JOB, NEWER, OLDER, PULL, READER, Timeline
from tests.test_action import Job, Ran, job

__all__ = ["job"]


class Runner:
    """Runs the step again and again as a runner would, each time as a new run."""

    def __init__(self, job: Job, github: StandIn) -> None:
        self.job = job
        self.github = github
        self.run_id = 20
        self.timeline = Timeline()
        self.environ: dict[str, str] = {}
        self.base = OLDER
        self.payload: dict[str, object] | None = None

    def connect(self, found: Event, token: str) -> Client:
        session = requests.Session()
        session.trust_env = False
        return Client(session, found, token=token, clock=self.timeline.clock())

    def step(self, *, head: str = HEAD, fork: bool = False, token: str = JOB, **inputs: str) -> Ran:
        repository = {"id": 2 if fork else 1, "fork": fork}
        event = {
            "number": PULL,
            "pull_request": {
                "number": PULL,
                "head": {"sha": head, "repo": repository},
                "base": {"sha": self.base, "ref": "main", "repo": {"id": 1, "fork": False}},
            },
        }
        path = self.job.root / "event.json"
        path.write_text(json.dumps(self.payload or event))
        self.run_id += 1
        self.job.environ = {
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": f"{self.github.url}/graphql",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": str(self.run_id),
            "GITHUB_RUN_ATTEMPT": "1",
            "INPUT_TOKEN": token,
            **self.environ,
        }
        return self.job.step(self.connect, comment="true", status="true", **inputs)

    @property
    def comments(self) -> list[str]:
        return [str(one["body"]) for one in self.github.forge.on(PULL)]

    @property
    def statuses(self) -> list[tuple[str, str, str]]:
        return [(sha, one["context"], one["state"]) for sha, one in self.github.forge.statuses]


@pytest.fixture
def runner(job: Job) -> Iterator[Runner]:
    with serving(StandIn(forge=world.forge())) as github:
        yield Runner(job, github)


BLOCKED = "id,amount,plan\n1,,free\n2,-7,gold\n3,0,free\n"


def test_two_runs_keep_one_comment(runner: Runner) -> None:
    assert runner.step().code == 0
    runner.job.write("sales.csv", BLOCKED)
    assert runner.step().code == 1
    (comment,) = runner.comments
    assert "mlval blocked" in comment
    assert runner.statuses == [(HEAD, "mlval/churn", "success"), (HEAD, "mlval/churn", "failure")]


def test_a_run_on_an_older_commit_writes_nothing(runner: Runner) -> None:
    runner.github.forge.heads[PULL] = NEWER
    ran = runner.step(head=HEAD)
    assert ran.code == 0
    assert runner.comments == []
    assert runner.statuses == []
    assert "newer commit" in ran.log


@pytest.mark.parametrize("data, code", [("id,amount,plan\n1,5,free\n", 0), (BLOCKED, 1)])
@pytest.mark.parametrize("operation", ["issues/create-comment", "repos/create-commit-status", "pulls/get"])
@pytest.mark.parametrize("status", [401, 403, 404, 422, 500])
def test_no_failure_of_github_changes_the_exit_code(
    runner: Runner, data: str, code: int, operation: str, status: int
) -> None:
    runner.job.write("sales.csv", data)
    runner.github.faults.append(Fault(operation, status, left=9))
    ran = runner.step()
    assert ran.code == code
    assert ran.of("warning")
    assert len(runner.comments) + len(runner.statuses) == 1


def test_a_missing_permission_is_named(runner: Runner) -> None:
    ran = runner.step(token=READER)
    assert ran.code == 0
    assert any("pull-requests: write" in data for _, data in ran.of("warning"))


def test_a_fork_is_told_why_and_keeps_its_verdict(runner: Runner) -> None:
    runner.job.write("sales.csv", BLOCKED)
    ran = runner.step(fork=True)
    assert ran.code == 1
    assert runner.comments == []
    assert runner.statuses == []
    assert any("fork" in data for _, data in ran.of("warning"))


def test_the_token_is_masked_and_never_shown(runner: Runner) -> None:
    ran = runner.step()
    assert JOB in {data for _, data in ran.of("add-mask")}
    shown = [line for line in ran.log.splitlines() if JOB in line]
    assert all(line.startswith("::add-mask::") for line in shown)
    assert not any(JOB in path.read_text() for path in Path(runner.job.root).rglob("*.*") if path.is_file())


@pytest.mark.parametrize("ref, sets", [("main", True), ("better", False)])
def test_a_run_by_hand_on_a_branch_under_review_sets_no_status(runner: Runner, ref: str, sets: bool) -> None:
    """Nothing is compared with the base there, and the commit may be that of a pull request."""
    runner.payload = {"repository": {"default_branch": "main"}}
    runner.environ = {
        "GITHUB_EVENT_NAME": "workflow_dispatch",
        "GITHUB_REF": f"refs/heads/{ref}",
        "GITHUB_SHA": HEAD,
    }
    ran = runner.step()
    assert ran.code == 0, ran.log
    assert bool(runner.statuses) is sets
    assert ("The status was left alone" in ran.log) is not sets
