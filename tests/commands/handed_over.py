"""A finished run of a fork on the stand-in, and the trusted half that publishes it."""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import requests

from mlval.commands._github import World
from mlval.commands.publish import main
from mlval.domain.bound import Bound
from mlval.domain.errors import ExitCode
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result
from mlval.flows.handover import Handover, Judging
from mlval.flows.publishing import Wanted
from mlval.github.client import Client
from mlval.github.event import Event
from mlval.judge.verdict import verdict
from mlval.report.result_json import render
from tests.github import world
from tests.github.forge import REPOSITORY, Holder
from tests.github.past_runs import artifact, pull_request
from tests.github.stand_in import StandIn, serving
from tests.github.storage import Storage, storing
from tests.github.world import BOT, HEAD, OLDER, PULL, Timeline

TOKEN = "ghs_publish"
WORKFLOW = ".github/workflows/mlval.yml"
BRANCH = "mona:better"
HERE, FORK = 1, 2
RUN = 55
CONTRACT = b"""version: 1
name: churn
datasets:
  holdout: {path: data/holdout.csv}
validations:
  - type: data
    dataset: holdout
    rows: {min: 1}
"""
PASSED = Result(
    validation="data",
    type="data",
    outcome=Outcome.PASSED,
    severity=Severity.BLOCK,
    measurement=Measurement(subject="holdout", metric="rows", limit=Bound(min=1, unit="rows"), value=3, of=3),
)
FAILED = replace(
    PASSED, outcome=Outcome.FAILED, blocks=True, measurement=replace(PASSED.measurement, value=0)
)


def report(*results: Result) -> Report:
    """Return the report of a run with these results."""
    return Report(
        tool_version="0.1.0",
        contract_name="churn",
        contract_path="mlval.yml",
        contract_sha256="0" * 64,
        now="2026-04-01T12:00:00Z",
        verdict=verdict(results),
    )


def zipped(members: dict[str, bytes]) -> bytes:
    """Return an archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return stream.getvalue()


@dataclass
class Gate:
    """A repository with a pull request of a fork whose run has ended."""

    github: StandIn
    storage: Storage
    folder: Path
    event: dict[str, Any] = field(default_factory=dict)
    environ: dict[str, str] = field(default_factory=dict)
    bases: tuple[str, ...] = ()
    judging: Judging | None = None
    log: list[str] = field(default_factory=list)

    @property
    def run(self) -> dict[str, Any]:
        """The run in the event file."""
        found: dict[str, Any] = self.event["workflow_run"]
        return found

    def leave(self, content: bytes, *, name: str = "mlval-report", **known: object) -> None:
        """Add an artifact to the run."""
        past = self.github.forge.past
        number = 900 + len(past.storage)
        url = self.storage.keep(f"/artifact/{number}", content)
        run = {"id": RUN, "head_sha": HEAD}
        usual = {"size_in_bytes": len(content), "created_at": "2026-04-01T12:05:00Z", "workflow_run": run}
        past.artifacts.setdefault(RUN, []).append(artifact(number, name, **{**usual, **known}))
        past.storage[number] = url

    def leave_report(self, told: Report) -> None:
        """Add the artifact of a report."""
        self.leave(zipped({"result.json": render(told).encode()}))

    def publish(self, **changes: str) -> ExitCode:
        """Run the command as the runner does."""
        path = self.folder / "event.json"
        path.write_text(json.dumps(self.event), encoding="utf-8")
        environ = {
            "GITHUB_EVENT_NAME": "workflow_run",
            "GITHUB_EVENT_PATH": str(path),
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_API_URL": self.github.url,
            "GITHUB_GRAPHQL_URL": f"{self.github.url}/graphql",
            "GITHUB_SERVER_URL": "https://github.com",
            "GITHUB_RUN_ID": "77",
            "GITHUB_TOKEN": TOKEN,
            **self.environ,
            **changes,
        }
        outside = World(environ=environ, write=self.log.append, word=lambda: "0" * 32, connect=self._connect)
        wish = Handover(contracts=("mlval.yml",), artifact="mlval-report", wanted=Wanted(True, True))
        return main(outside, WORKFLOW, replace(wish, bases=self.bases, judging=self.judging))

    @property
    def comments(self) -> list[str]:
        """The comments of the pull request."""
        return [str(one["body"]) for one in self.github.forge.on(PULL)]

    @property
    def statuses(self) -> list[tuple[str, str, str, str]]:
        """Commit, context, state and description of every status."""
        return [
            (sha, str(one["context"]), str(one["state"]), str(one["description"]))
            for sha, one in self.github.forge.statuses
        ]

    @property
    def said(self) -> str:
        """The log."""
        return "".join(self.log)

    def _connect(self, found: Event, token: str) -> Client:
        session = requests.Session()
        session.trust_env = False
        return Client(session, found, token=token, clock=Timeline().clock())


@contextmanager
def finished_run(folder: Path) -> Iterator[Gate]:
    """Give a gate whose run has ended with success, and has left nothing yet."""
    forge = world.forge()
    rights = {"pull_requests": "write", "statuses": "write", "actions": "read", "contents": "read"}
    forge.holders[TOKEN] = Holder(BOT, rights)
    forge.past.pulls[BRANCH] = [pull_request(PULL, head=(HEAD, FORK), base=(OLDER, HERE))]
    forge.past.files[PULL] = ("train.py",)
    forge.files.commits[OLDER] = {"mlval.yml": CONTRACT}
    here = {"id": HERE, "full_name": REPOSITORY, "default_branch": "main"}
    event = {
        "action": "completed",
        "repository": here,
        "workflow_run": {
            "id": RUN,
            "run_attempt": 1,
            "event": "pull_request",
            "path": WORKFLOW,
            "head_sha": HEAD,
            "head_branch": "better",
            "head_repository": {"id": FORK, "full_name": "mona/churn", "owner": {"login": "mona"}},
            "repository": here,
            "actor": {"login": "mona"},
            "conclusion": "success",
            "run_started_at": "2026-04-01T12:00:00Z",
            "pull_requests": [],
        },
    }
    with serving(StandIn(forge=forge)) as github, storing() as storage:
        yield Gate(github, storage, folder, event)
    assert github.violations == []
    assert storage.tokens == []
