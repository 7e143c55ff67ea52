"""The image as a step of a job on a pull request: what GitHub is told, and when it is told nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docker.job import Job, Ran
from tests.github import world
from tests.github.repository_files import Kept
from tests.github.stand_in import StandIn, serving

PASSING = "examples/passing/mlval.yml"
BLOCKED = "examples/blocked/mlval.yml"
OWN, FORK = {"id": 1, "full_name": "octo/churn"}, {"id": 2, "full_name": "mona/churn"}


@pytest.fixture
def github() -> Iterator[StandIn]:
    with serving(StandIn(forge=world.forge())) as stand_in:
        yield stand_in
    assert stand_in.violations == []


@pytest.fixture
def pull(job: Job, examples: Path, github: StandIn) -> Job:
    """Start a job on the pull request of the stand-in, for its newest commit."""
    job.check_out(root=examples)
    files: dict[str, Kept] = {
        path.relative_to(examples).as_posix(): path.read_bytes()
        for path in examples.rglob("*")
        if path.is_file()
    }
    github.forge.files.commits |= dict.fromkeys((world.OLDER, world.HEAD, world.NEWER), files)
    job.token = world.JOB
    job.environ = {
        "GITHUB_API_URL": github.url,
        "GITHUB_EVENT_NAME": "pull_request",
        "GITHUB_GRAPHQL_URL": f"{github.url}/graphql",
        "GITHUB_REF": f"refs/pull/{world.PULL}/merge",
    }
    open_pull_request(job)
    return job


def open_pull_request(job: Job, *, head: object = OWN) -> None:
    ends = {"head": {"sha": world.HEAD, "repo": head}, "base": {"sha": world.OLDER, "repo": OWN}}
    job.event({"action": "synchronize", "pull_request": {"number": world.PULL, **ends}})


def run(job: Job, contract: str, *, number: int) -> Ran:
    job.environ["GITHUB_RUN_ID"] = str(number)
    return job.step(contract=contract, now="2026-01-05T09:00:00+00:00")


def test_two_runs_keep_one_comment_and_tell_each_verdict(pull: Job, github: StandIn) -> None:
    assert run(pull, PASSING, number=20).code == 0
    (first,) = github.forge.on(world.PULL)
    assert "mlval passed" in first["body"]
    ran = run(pull, BLOCKED, number=21)
    assert ran.code == 1, ran.log
    (second,) = github.forge.on(world.PULL)
    assert second["id"] == first["id"]
    assert "mlval blocked" in second["body"]
    told = [(sha, status["context"], status["state"]) for sha, status in github.forge.statuses]
    assert told == [(world.HEAD, "mlval/churn", "success"), (world.HEAD, "mlval/churn", "failure")]
    assert "::warning title=mlval" not in ran.log


def test_the_same_again_writes_no_comment(pull: Job, github: StandIn) -> None:
    run(pull, PASSING, number=20)
    before = len(github.asked)
    run(pull, PASSING, number=20)
    assert not {"issues/create-comment", "issues/update-comment"} & set(github.asked[before:])


def test_a_run_on_an_older_commit_writes_nothing(pull: Job, github: StandIn) -> None:
    run(pull, PASSING, number=20)
    (before,) = [dict(comment) for comment in github.forge.on(world.PULL)]
    standing = list(github.forge.statuses)
    github.forge.heads[world.PULL] = world.NEWER
    ran = run(pull, BLOCKED, number=21)
    assert ran.code == 1
    assert "the pull request has a newer commit than this run" in ran.log
    assert github.forge.on(world.PULL) == [before]
    assert github.forge.statuses == standing


def test_a_token_that_may_only_read_changes_no_verdict(pull: Job, github: StandIn) -> None:
    pull.token = world.READER
    ran = run(pull, PASSING, number=20)
    assert ran.code == 0
    assert ran.outputs["verdict"] == "passed"
    assert "pull-requests: write" in ran.log
    assert (github.forge.on(world.PULL), github.forge.statuses) == ([], [])


def test_a_fork_is_judged_and_nothing_is_written(pull: Job, github: StandIn) -> None:
    open_pull_request(pull, head=FORK)
    ran = run(pull, BLOCKED, number=20)
    assert ran.code == 1
    assert "caused by a fork" in ran.log
    assert set(github.asked) <= {"git/get-tree", "git/get-blob"}
    assert (github.forge.on(world.PULL), github.forge.statuses) == ([], [])


def test_the_token_is_written_nowhere(pull: Job, github: StandIn) -> None:
    ran = run(pull, BLOCKED, number=20)
    log = ran.log.replace(f"::add-mask::{world.JOB}\n", "")
    bodies = [comment["body"] for comment in github.forge.on(world.PULL)]
    files = [path.read_text("utf-8") for path in pull.workspace.glob("mlval-report/*")]
    assert world.JOB not in "".join([log, ran.summary, *ran.outputs.values(), *bodies, *files])
