"""The Action beside a base branch: what a pull request does to its own gate is found and weighed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.github import world
from tests.github.faults import Fault
from tests.github.forge import Holder
from tests.github.repository_files import Kept
from tests.github.stand_in import StandIn, serving
from tests.github.world import BOT, HEAD, NEWER, OLDER, PULL
from tests.test_action import CONTRACT, Job, Ran, job
from tests.test_action_publishing import Runner

__all__ = ["job"]

READS, MEMBERS = "ghs_reads", "ghs_members"
RIGHTS = {"contents": "read", "pull_requests": "read", "metadata": "read"}
DATA = "id,amount,plan\n1,5,free\n2,7,pro\n3,0,free\n"
LOOSER = CONTRACT.replace("nulls: 10%", "nulls: 20%")
BLOCKING = CONTRACT + "policy: {weakening: block}\n"


@dataclass
class Change:
    """A pull request: the files of the base branch, and those of the work tree."""

    runner: Runner
    base: dict[str, Kept] = field(default_factory=dict)

    @property
    def github(self) -> StandIn:
        return self.runner.github

    def step(self, contract: str, *, token: str = READS, guard: str = "true") -> Ran:
        self.runner.job.write("mlval.yml", contract)
        self.github.forge.files.commits[OLDER] = self.base
        return self.runner.step(token=token, guard=guard)

    def approve(self, login: str, *, right: str = "write", commit: str = HEAD) -> None:
        self.github.forge.files.review(PULL, login, "APPROVED", commit)
        self.github.forge.files.rights[login] = right


@pytest.fixture
def change(job: Job) -> Iterator[Change]:
    forge = world.forge()
    forge.holders |= {READS: Holder(BOT, RIGHTS), MEMBERS: Holder(BOT, {**RIGHTS, "members": "read"})}
    forge.files.authors[PULL] = "mallory"
    with serving(StandIn(forge=forge)) as github:
        base: dict[str, Kept] = {
            "mlval.yml": CONTRACT.encode(),
            "sales.csv": DATA.encode(),
            "CODEOWNERS": b"* @mallory\n/mlval.yml @mona @octo/owners # who decides\n",
        }
        yield Change(Runner(job, github), base)
        assert not github.violations


def told(ran: Ran) -> str:
    return " ".join(
        f"{properties} {data}" for name in ("error", "warning") for properties, data in ran.of(name)
    )


def test_a_pull_request_that_edits_nothing_passes(change: Change) -> None:
    ran = change.step(CONTRACT)
    assert ran.code == 0, ran.log
    assert "policy" not in told(ran)
    assert "nothing was loosened" in ran.summary


def test_a_loosened_bound_warns_at_its_line(change: Change) -> None:
    ran = change.step(LOOSER)
    assert ran.code == 0
    (properties, data), *_ = (one for one in ran.of("warning") if "policy" in one[0])
    assert "line=8" in properties
    assert "was at most 10%25, is at most 20%25" in data


def test_the_base_decides_that_a_weakening_blocks(change: Change) -> None:
    change.base["mlval.yml"] = BLOCKING.encode()
    ran = change.step(LOOSER)
    assert ran.code == 1
    assert "policy.weakening" in ran.log
    assert "was block, is warn" in ran.log


def test_a_tightening_is_no_weakening(change: Change) -> None:
    change.base["mlval.yml"] = BLOCKING.encode()
    assert change.step(BLOCKING.replace("nulls: 10%", "nulls: 5%")).code == 0


ACCEPTED: dict[str, tuple[Callable[[Change], None], str, bool]] = {
    "an owner": (lambda change: change.approve("mona"), READS, True),
    "letters of another case": (lambda change: change.approve("Mona"), READS, True),
    "the author": (lambda change: change.approve("mallory"), READS, False),
    "somebody who is no owner": (lambda change: change.approve("eve"), READS, False),
    "an owner who may not write": (lambda change: change.approve("mona", right="read"), READS, False),
    "an owner on an older commit": (lambda change: change.approve("mona", commit=NEWER), READS, False),
    "a member of a team": (lambda change: join(change, "ann"), MEMBERS, True),
    "a member whom the token cannot see": (lambda change: join(change, "ann"), READS, False),
    "an owner who took it back": (lambda change: take_back(change, "DISMISSED"), READS, False),
    "an owner who asked for changes since": (
        lambda change: take_back(change, "CHANGES_REQUESTED"),
        READS,
        False,
    ),
    "an owner who only commented since": (lambda change: take_back(change, "COMMENTED"), READS, True),
}


def join(change: Change, login: str) -> None:
    change.approve(login)
    change.github.forge.files.teams["octo/owners"] = {login}


def take_back(change: Change, state: str) -> None:
    change.approve("mona")
    change.github.forge.files.review(PULL, "mona", state, HEAD)


@pytest.mark.parametrize("case", ACCEPTED)
def test_who_may_accept_a_weakening(change: Change, case: str) -> None:
    act, token, accepts = ACCEPTED[case]
    change.base["mlval.yml"] = BLOCKING.encode()
    act(change)
    ran = change.step(BLOCKING.replace("nulls: 10%", "nulls: 20%"), token=token)
    assert ran.code == (0 if accepts else 1), ran.log
    assert ("accepted by @" in ran.log) == accepts


def test_the_owners_are_those_of_the_base(change: Change) -> None:
    change.base["mlval.yml"] = BLOCKING.encode()
    change.runner.job.write("CODEOWNERS", "* @eve\n")
    change.approve("eve")
    assert change.step(BLOCKING.replace("nulls: 10%", "nulls: 20%")).code == 1


@pytest.mark.parametrize("operation", ["git/get-tree", "git/get-blob"])
@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_a_base_that_cannot_be_read_never_passes(change: Change, operation: str, status: int) -> None:
    change.github.faults.append(Fault(operation, status, left=99))
    ran = change.step(CONTRACT)
    assert ran.code == 4
    assert "the base branch could not be read" in ran.log


def test_without_a_token_nothing_passes(change: Change) -> None:
    assert change.step(CONTRACT, token="").code == 4


def test_without_an_event_file_nothing_passes(change: Change) -> None:
    change.runner.environ["GITHUB_EVENT_PATH"] = "nowhere"
    assert change.step(CONTRACT).code == 4


def test_reviews_that_cannot_be_read_accept_nothing(change: Change) -> None:
    change.base["mlval.yml"] = BLOCKING.encode()
    change.approve("mona")
    change.github.faults.append(Fault("pulls/list-reviews", 403, left=99))
    assert change.step(BLOCKING.replace("nulls: 10%", "nulls: 20%")).code == 1


def test_a_first_contract_passes(change: Change) -> None:
    del change.base["mlval.yml"]
    assert change.step(CONTRACT).code == 0


def test_a_moved_contract_is_compared_with_the_one_that_is_gone(change: Change) -> None:
    change.base["gates/mlval.yml"] = BLOCKING.encode()
    del change.base["mlval.yml"]
    ran = change.step(LOOSER)
    assert ran.code == 1
    assert "gates/mlval.yml is gone, and this one is new" in ran.log


def test_a_changed_holdout_is_a_weakening(change: Change) -> None:
    change.runner.job.write("sales.csv", "id,amount,plan\n1,5,free\n")
    ran = change.step(CONTRACT)
    assert ran.code == 0
    assert "sales.csv gate input" in ran.log


def test_an_old_branch_is_told_to_be_updated(change: Change) -> None:
    change.base["mlval.yml"] = CONTRACT.replace("nulls: 10%", "nulls: 5%").encode()
    change.github.forge.files.commits[NEWER] = {"mlval.yml": CONTRACT.encode()}
    change.github.forge.comparisons[f"{OLDER}...{HEAD}"] = {
        "status": "diverged",
        "files": [],
        "merge_base": NEWER,
    }
    ran = change.step(CONTRACT)
    assert "update the branch" in ran.log
    assert "update the branch" not in change.step(LOOSER).log


def test_a_contract_that_the_base_cannot_read_needs_an_owner(change: Change) -> None:
    change.base["mlval.yml"] = b"version: 7\n"
    assert change.step(CONTRACT).code == 1
    change.approve("mona")
    assert change.step(CONTRACT).code == 0


def test_the_guard_can_be_turned_off_by_the_workflow_only(change: Change) -> None:
    change.base["mlval.yml"] = BLOCKING.encode()
    assert change.step(LOOSER, guard="false").code == 0


QUEUE_HEAD = "d" * 40
QUEUED = "refs/heads/gh-readonly-queue/main/pr-7-" + QUEUE_HEAD


@pytest.mark.parametrize("approves, code", [(True, 0), (False, 1)])
def test_in_a_merge_queue_the_approval_of_the_pull_request_counts(
    change: Change, approves: bool, code: int
) -> None:
    """The commit of the queue is another one than the one that was approved."""
    change.base["mlval.yml"] = BLOCKING.encode()
    change.github.forge.commits.add(QUEUE_HEAD)
    if approves:
        change.approve("mona")
    change.runner.payload = {
        "action": "checks_requested",
        "merge_group": {
            "head_sha": QUEUE_HEAD,
            "head_ref": QUEUED,
            "base_sha": OLDER,
            "base_ref": "refs/heads/main",
        },
    }
    change.runner.environ = {"GITHUB_EVENT_NAME": "merge_group"}
    ran = change.step(BLOCKING.replace("nulls: 10%", "nulls: 20%"))
    assert ran.code == code, ran.log
    assert ("accepted by @mona" in ran.log) is approves


def test_a_pull_request_that_is_retargeted_is_compared_with_its_new_base(change: Change) -> None:
    """The same commit passes beside a lax branch, and not beside a strict one."""
    change.github.forge.files.commits[NEWER] = {"mlval.yml": LOOSER.encode(), "sales.csv": DATA.encode()}
    change.base["mlval.yml"] = BLOCKING.encode()
    change.runner.base = NEWER
    assert change.step(LOOSER).code == 0
    change.runner.base = OLDER
    ran = change.step(LOOSER)
    assert ran.code == 1
    assert "was at most 10%, is at most 20%" in ran.log


def test_a_contract_that_a_link_leads_to_reads_other_files(change: Change) -> None:
    change.runner.job.write("elsewhere/mlval.yml", CONTRACT)
    change.runner.job.write("elsewhere/sales.csv", DATA)
    (change.runner.job.workspace / "mlval.yml").unlink(missing_ok=True)
    (change.runner.job.workspace / "mlval.yml").symlink_to("elsewhere/mlval.yml")
    ran = change.step(CONTRACT)
    assert (change.runner.job.workspace / "mlval.yml").is_symlink()
    assert ran.code == 1
    assert "a link leads to it" in ran.log
