"""Contracts that a pull request takes away, and legs that left the guard out: neither is a way round."""

from collections.abc import Callable

import pytest

from tests.github.faults import Fault
from tests.github.world import HEAD, OLDER, PULL
from tests.test_action import Job, job
from tests.test_action_policy import READS, Change, change, told

__all__ = ["change", "job"]

EVERY = "models/*/mlval.yml"
CONTRACT = """\
version: 1
datasets: {sales: {path: sales.csv}}
validations: [{type: data, dataset: sales, columns: {amount: {max: 5}}}]
"""
DATA = "amount\n1\n"
Step = Callable[..., tuple[int, str]]


@pytest.fixture
def step(change: Change, job: Job) -> Step:
    """Return a function that runs the gate on one of two contracts that the base has."""

    def stepped(*, gone: str = CONTRACT, here: str = CONTRACT, **inputs: str) -> tuple[int, str]:
        change.base = {
            "models/churn/mlval.yml": CONTRACT.encode(),
            "models/churn/sales.csv": DATA.encode(),
            "models/fraud/mlval.yml": gone.encode(),
            "CODEOWNERS": b"* @mona\n",
        }
        change.github.forge.files.commits[OLDER] = change.base
        job.write("models/churn/mlval.yml", here)
        job.write("models/churn/sales.csv", DATA)
        wanted = {"guard": "true", "contract": EVERY} | inputs
        ran = change.runner.step(token=READS, **wanted)  # type: ignore[arg-type] # inputs of the Action
        return ran.code, ran.summary + told(ran)

    return stepped


def test_a_contract_that_is_taken_away_is_told(step: Step) -> None:
    code, said = step()
    assert code == 0
    assert "| `fraud` | passed, 1 warning | `models/fraud/mlval.yml` |" in said
    assert "the contract is removed" in said


def test_where_the_base_says_so_it_blocks_until_an_owner_accepts(step: Step, change: Change) -> None:
    strict = f"{CONTRACT}policy: {{weakening: block}}\n"
    assert step(gone=strict)[0] == 1
    change.approve("mona", commit=HEAD)
    assert step(gone=strict)[0] == 0


def test_one_that_was_no_contract_ends_nothing(step: Step) -> None:
    assert "fraud" not in step(gone="version: 2\n")[1]


def test_a_base_that_cannot_be_read_never_passes(step: Step, change: Change) -> None:
    change.github.faults = [Fault("git/get-tree", 404, left=99)]
    assert step()[0] == 4


def test_without_a_pattern_or_a_guard_nobody_looks(step: Step) -> None:
    assert "fraud" not in step(contract="models/churn/mlval.yml")[1]
    assert "fraud" not in step(guard="false")[1]


def test_a_leg_without_the_guard_is_guarded_where_it_is_joined(step: Step, change: Change, job: Job) -> None:
    looser = CONTRACT.replace("max: 5", "max: 9")
    job.write("models/churn/mlval.yml", looser)
    job.write("models/churn/sales.csv", DATA)
    assert job.step(contract="models/churn/mlval.yml", output="legs/a").code == 0
    code, said = step(here=looser, contract="models/churn/mlval.yml", merge="legs/*/result.json")
    assert code == 0
    assert "max" in said
    assert "policy" in said
    assert len(change.runner.github.forge.on(PULL)) <= 1
