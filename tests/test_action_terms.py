"""The Action beside the result of a base branch: which terms hold, what is new, what was decided before."""

import io
import json
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import pytest

from mlval.domain.errors import ExitCode
from tests.github import world
from tests.github.description import example
from tests.github.forge import Holder
from tests.github.past_runs import artifact
from tests.github.repository_files import Kept
from tests.github.stand_in import StandIn, serving
from tests.github.storage import Storage, storing
from tests.github.world import BOT, HEAD, NEWER, OLDER, PULL
from tests.test_action import Job, Ran, job
from tests.test_action_publishing import Runner

__all__ = ["job"]

READS = "ghs_reads"
RIGHTS = {"actions": "read", "contents": "read", "pull_requests": "read", "metadata": "read"}
HERE = 1
CONTRACT = """version: 1
name: sales
datasets:
  sales: {path: sales.csv}
validations:
  - {type: data, id: sales, columns: {amount: {max: 5}}}
"""
OWNERS = b"/mlval.yml @mona\n"
NEW = CONTRACT + "fail_on: new\n"
WAIVER = CONTRACT + "waivers: [{rule: sales/amount/max, reason: refunds, owner: ana, until: 2026-12-31}]\n"


def sales(*amounts: int) -> str:
    return "\n".join(["amount", *map(str, amounts), ""])


BROKEN = sales(1, 2, 9)


@dataclass
class Change:
    """A pull request, the files of its base branch, and what runs of that branch have left."""

    runner: Runner
    storage: Storage
    base: dict[str, Kept] = field(default_factory=dict)

    @property
    def github(self) -> StandIn:
        return self.runner.github

    def step(self, contract: str, data: str = BROKEN, *, token: str = READS) -> Ran:
        self.runner.job.write("mlval.yml", contract)
        self.runner.job.write("sales.csv", data)
        self.base.setdefault("sales.csv", data.encode())
        self.github.forge.files.commits[OLDER] = self.base
        return self.runner.step(token=token, guard="true", now="2026-06-15T12:00:00Z")

    def result(self) -> dict[str, Any]:
        """Return the result that the last step has written."""
        path = self.runner.job.workspace / "mlval-report" / "result.json"
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return read

    def keep(
        self, number: int, *, text: str | None = None, changes: Mapping[str, object] = MappingProxyType({})
    ) -> None:
        """Let a run of the base branch have left the last result; `changes` are of the run."""
        content = json.dumps(self.result(), indent=2) + "\n" if text is None else text
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("result.json", content)
            archive.writestr("report.md", "# words\n")
        run: dict[str, Any] = {
            "event": "push",
            "head_branch": "main",
            "head_sha": OLDER,
            "status": "completed",
            "repository": HERE,
            "head_repository": HERE,
            **changes,
        }
        past = self.github.forge.past
        owners = {
            key: example("minimal-repository", id=run[key]) for key in ("repository", "head_repository")
        }
        past.runs[number] = example("workflow-run", id=number, **{**run, **owners})
        past.storage[number] = self.storage.keep(f"/artifact/{number}", stream.getvalue())
        known = {
            "id": number,
            "head_branch": run["head_branch"],
            "head_sha": OLDER,
            "repository_id": run["repository"],
            "head_repository_id": run["head_repository"],
        }
        created = f"2026-06-{number:02d}T00:00:00Z"
        past.artifacts[number] = [
            artifact(number, "mlval-report", created_at=created, workflow_run=known, expired=False)
        ]


@pytest.fixture
def change(job: Job) -> Iterator[Change]:
    forge = world.forge()
    forge.holders[READS] = Holder(BOT, RIGHTS)
    forge.files.authors[PULL] = "mallory"
    with storing() as storage, serving(StandIn(forge=forge)) as github:
        base: dict[str, Kept] = {"mlval.yml": CONTRACT.encode(), "CODEOWNERS": OWNERS}
        yield Change(Runner(job, github), storage, base)
        assert not github.violations
    assert storage.tokens == []


def approve(change: Change) -> None:
    change.github.forge.files.review(PULL, "mona", "APPROVED", HEAD)
    change.github.forge.files.rights["mona"] = "write"


def test_a_waiver_of_the_base_holds(change: Change) -> None:
    change.base["mlval.yml"] = WAIVER.encode()
    ran = change.step(WAIVER)
    assert ran.code == 0, ran.log
    assert "waived until 2026-12-31 by ana: refunds" in ran.log


def test_a_new_waiver_lets_nothing_pass_and_is_a_weakening(change: Change) -> None:
    ran = change.step(WAIVER)
    assert ran.code == ExitCode.BLOCKED
    assert "waivers" in ran.log
    assert "waived until" not in ran.log


def test_a_new_waiver_that_an_owner_accepted_holds(change: Change) -> None:
    approve(change)
    ran = change.step(WAIVER)
    assert ran.code == 0, ran.log
    assert "accepted by @mona" in ran.log


def test_a_waiver_of_a_first_contract_holds(change: Change) -> None:
    del change.base["mlval.yml"]
    assert change.step(WAIVER).code == 0


@pytest.mark.parametrize("now, code", [("2026-12-31", 0), ("2027-01-01", 1)])
def test_a_waiver_ends_with_its_day(change: Change, now: str, code: int) -> None:
    change.base["mlval.yml"] = WAIVER.encode()
    change.runner.job.write("mlval.yml", WAIVER)
    change.runner.job.write("sales.csv", BROKEN)
    change.base["sales.csv"] = BROKEN.encode()
    change.github.forge.files.commits[OLDER] = change.base
    ran = change.runner.step(token=READS, guard="true", now=f"{now}T23:00:00Z")
    assert ran.code == code, ran.log
    assert ("expired on 2026-12-31" if code else "expires today") in ran.log


def test_only_new_failures_block_where_base_and_head_say_so(change: Change) -> None:
    change.base["mlval.yml"] = NEW.encode()
    assert change.step(NEW).code == ExitCode.BLOCKED
    change.keep(10)
    ran = change.step(NEW)
    assert ran.code == 0, ran.log
    assert "no worse than at the base branch" in ran.log
    (record,) = (one for one in change.result()["inputs"] if one["name"] == "base")
    assert record["uri"] == f"run 10 at {OLDER[:12]}"
    worse = change.step(NEW, sales(1, 8, 9))
    assert worse.code == ExitCode.BLOCKED


def test_that_only_new_failures_block_is_not_for_the_change_to_say(change: Change) -> None:
    change.step(CONTRACT)
    change.keep(10)
    assert change.step(NEW).code == ExitCode.BLOCKED


def test_without_a_result_of_the_base_every_failure_is_new_and_the_report_says_so(change: Change) -> None:
    change.base["mlval.yml"] = NEW.encode()
    ran = change.step(NEW)
    assert ran.code == ExitCode.BLOCKED
    assert "no run of main has left one" in ran.log


def test_results_of_pull_requests_do_not_hide_that_of_the_base(change: Change) -> None:
    change.base["mlval.yml"] = NEW.encode()
    change.step(NEW)
    other = {"id": 1, "head_branch": "other", "head_sha": HEAD, "repository_id": 1, "head_repository_id": 2}
    change.github.forge.past.artifacts[5] = [
        artifact(number, "mlval-report", workflow_run=other, expired=False) for number in range(100, 350)
    ]
    change.keep(10)
    assert change.step(NEW).code == 0


def test_without_the_permission_every_failure_is_new_and_the_report_says_so(change: Change) -> None:
    change.base["mlval.yml"] = NEW.encode()
    change.step(NEW)
    change.keep(10)
    rights = {name: level for name, level in RIGHTS.items() if name != "actions"}
    change.github.forge.holders["ghs_few"] = Holder(BOT, rights)
    ran = change.step(NEW, token="ghs_few")
    assert ran.code == ExitCode.BLOCKED
    assert "GitHub answered 403" in ran.log


STRANGERS: dict[str, dict[str, object]] = {
    "a pull request": {"event": "pull_request"},
    "somebody by hand": {"event": "workflow_dispatch"},
    "another branch": {"head_branch": "mona-patch"},
    "a fork whose branch has the same name": {"head_repository": 2},
    "a run that is not over": {"status": "in_progress"},
}


@pytest.mark.parametrize("case", STRANGERS)
def test_results_of_others_are_none_of_the_base(change: Change, case: str) -> None:
    change.base["mlval.yml"] = NEW.encode()
    change.step(NEW)
    change.keep(10, changes=STRANGERS[case])
    assert change.step(NEW).code == ExitCode.BLOCKED


@pytest.mark.parametrize("status, known", [("ahead", True), ("diverged", False), ("behind", False)])
def test_a_run_counts_whose_commit_leads_to_the_base(change: Change, status: str, known: bool) -> None:
    """A tag may be called like the branch, and stand on any commit."""
    change.base["mlval.yml"] = NEW.encode()
    change.step(NEW)
    change.keep(10, changes={"head_sha": NEWER})
    change.github.forge.comparisons[f"{NEWER}...{OLDER}"] = {"status": status, "files": []}
    assert change.step(NEW).code == (0 if known else ExitCode.BLOCKED)


@pytest.mark.parametrize("text", ["", "{}", '{"schema_version": 2}', "[" * 100_000, '{"a": NaN}'])
def test_a_broken_result_is_passed_over_for_an_older_one(change: Change, text: str) -> None:
    change.base["mlval.yml"] = NEW.encode()
    change.step(NEW)
    change.keep(10)
    change.keep(11, text=text)
    ran = change.step(NEW)
    assert ran.code == 0, ran.log
    assert "run 10 at" in json.dumps(change.result()["inputs"])


def test_values_of_the_base_stand_beside_those_of_the_change(change: Change) -> None:
    change.step(CONTRACT)
    change.keep(10)
    ran = change.step(CONTRACT, sales(1, 8, 9))
    assert ran.code == ExitCode.BLOCKED
    (one,) = (one for one in change.result()["results"] if one["metric"] == "max")
    assert one["base_value"] == 1
    assert "at the base branch" in ran.log


UNDECIDED = """version: 1
name: sales
policy: {weakening: WEAKENING}
datasets:
  sales: {path: sales.csv, target: y}
models:
  candidate: {predictions: {dataset: sales, label: p}}
validations:
  - type: performance
    when_inconclusive: warn
    metrics: {accuracy: {min: 0.6, confidence: 95%}}
"""


def labelled(rows: int, wrong: int) -> str:
    return "\n".join(["y,p", *(f"{row % 2},{(row + (row < wrong)) % 2}" for row in range(rows)), ""])


@pytest.mark.parametrize("weakening, code", [("warn", 0), ("block", 1)])
def test_what_was_decided_before_and_is_not_any_more_is_a_weakening(
    change: Change, weakening: str, code: int
) -> None:
    contract = UNDECIDED.replace("WEAKENING", weakening)
    change.base["mlval.yml"] = contract.encode()
    change.base["sales.csv"] = b"y,p\n"
    assert change.step(contract, labelled(400, 100)).code in {0, code}
    change.keep(10)
    change.base["sales.csv"] = labelled(20, 5).encode()
    ran = change.step(contract, labelled(20, 5))
    assert ran.code == code, ran.log
    assert "it was decided at the base branch, and is not with these rows" in ran.log


def test_that_the_base_is_not_known_is_said_of_what_is_undecided(change: Change) -> None:
    contract = UNDECIDED.replace("WEAKENING", "warn")
    change.base["mlval.yml"] = contract.encode()
    ran = change.step(contract, labelled(20, 5))
    assert "what is undecided here is not known: no run of main has left one" in ran.log
    change.base["sales.csv"] = labelled(4000, 1000).encode()
    assert "is not known" not in change.step(contract, labelled(4000, 1000)).log
