"""Both phases in a row: the run of a fork judges without a token, the trusted one publishes what it left."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from tests.commands.handed_over import Gate, finished_run, zipped
from tests.github.world import HEAD, OLDER, PULL
from tests.test_action import CONTRACT, Job, Ran, job

__all__ = ["job"]

FAR = CONTRACT.replace("sales: {path: sales.csv, key: id}", "sales: {path: 's3://bucket/sales.csv', key: id}")
BOTH = (
    CONTRACT.replace("datasets:\n", "datasets:\n  live: {path: 's3://bucket/live.csv'}\n")
    + "  - {type: data, id: live, dataset: live, rows: {min: 1}}\n"
)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with finished_run(tmp_path) as found:
        yield found


def _first_phase(job: Job, gate: Gate, contract: str) -> Ran:
    """Judge as the run of a fork does, and leave its result."""
    job.write("mlval.yml", contract)
    gate.github.forge.files.commits[OLDER]["mlval.yml"] = contract.encode()
    event = {
        "number": PULL,
        "pull_request": {
            "number": PULL,
            "head": {"sha": HEAD, "repo": {"id": 2}},
            "base": {"sha": OLDER, "repo": {"id": 1}},
        },
    }
    path = job.root / "pull_request.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    job.environ = {
        "GITHUB_EVENT_PATH": str(path),
        "GITHUB_REPOSITORY": "octo/churn",
        "GITHUB_RUN_ID": "55",
    }
    ran = job.step()
    result = (job.workspace / "mlval-report" / "result.json").read_bytes()
    gate.leave(zipped({"result.json": result}))
    gate.run["conclusion"] = "success" if ran.code == 0 else "failure"
    return ran


def test_a_verdict_reaches_the_pull_request(job: Job, gate: Gate) -> None:
    assert _first_phase(job, gate, CONTRACT).code == 0
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses == [(HEAD, "mlval/churn", "success", "passed")]


def test_a_failure_reaches_the_pull_request(job: Job, gate: Gate) -> None:
    job.write("sales.csv", "id,amount,plan\n1,,free\n2,-7,gold\n3,0,free\n")
    assert _first_phase(job, gate, CONTRACT).code == 1
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "failure"
    assert "Blocks the merge" in gate.comments[0]


@pytest.mark.parametrize("contract", [FAR, BOTH], ids=["all", "some"])
def test_what_needs_credentials_is_deferred_and_pending(job: Job, gate: Gate, contract: str) -> None:
    ran = _first_phase(job, gate, contract)
    assert (ran.code, ran.outputs["verdict"]) == (0, "passed")
    assert gate.publish() is ExitCode.PASSED
    ((_, _, state, description),) = gate.statuses
    assert state == "pending"
    assert description.startswith("1 not judged yet: ")
    assert "needs credentials for dataset" in gate.comments[0]


def test_what_is_here_is_judged_beside_what_is_deferred(job: Job, gate: Gate) -> None:
    job.write("sales.csv", "id,amount,plan\n1,,free\n2,-7,gold\n3,0,free\n")
    assert _first_phase(job, gate, BOTH).code == 1
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "failure"
