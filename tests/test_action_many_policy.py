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

    def stepped(
        *,
        gone: str = CONTRACT,
        here: str = CONTRACT,
        churn: str = CONTRACT,
        sales: str = DATA,
        **inputs: str,
    ) -> tuple[int, str]:
        change.base = {
            "models/churn/mlval.yml": churn.encode(),
            "models/churn/sales.csv": DATA.encode(),
            "models/fraud/mlval.yml": gone.encode(),
            "models/late/mlval.yml": gone.encode(),
            "CODEOWNERS": b"* @mona\n",
        }
        change.github.forge.files.commits[OLDER] = change.base
        job.write("models/churn/mlval.yml", here)
        job.write("models/churn/sales.csv", sales)
        wanted = {"guard": "true", "contract": EVERY} | inputs
        ran = change.runner.step(token=READS, **wanted)  # type: ignore[arg-type] # inputs of the Action
        return ran.code, ran.summary + told(ran)

    return stepped


def test_a_contract_that_is_taken_away_is_told(step: Step) -> None:
    code, said = step()
    assert code == 0
    assert "| `fraud` | passed, 1 warning | `models/fraud/mlval.yml` |" in said
    assert "| `late` | passed, 1 warning | `models/late/mlval.yml` |" in said
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


def test_a_file_that_the_legs_bind_is_compared_where_they_are_joined(step: Step, job: Job) -> None:
    bound = CONTRACT.replace("path: sales.csv", "from: input")
    job.write("models/churn/mlval.yml", bound)
    job.write("models/churn/sales.csv", "amount\n2\n")
    data = "sales=models/churn/sales.csv"
    leg = {"contract": "models/churn/mlval.yml", "data": data}
    assert job.step(**leg, output="legs/a").code == 0
    joining = {"gone": bound, "here": bound, "churn": bound, "sales": "amount\n2\n", **leg}
    code, said = step(**joining, merge="legs/*/result.json")
    assert code == 0
    assert "models/churn/sales.csv" in said
    assert "gate input" in said


@pytest.fixture
def moved(change: Change, job: Job) -> Callable[[str], tuple[int, str]]:
    """Return a function that runs all gates of a folder, of which the base has one other."""
    named = f"name: churn\n{CONTRACT}"

    def stepped(here: str, waivers: str = "") -> tuple[int, str]:
        change.base = {"gates/old.yml": named.encode(), "gates/sales.csv": DATA.encode()}
        change.github.forge.files.commits[OLDER] = change.base
        job.write(here, f"{named.replace('max: 5', 'max: 9')}{waivers}")
        job.write("gates/sales.csv", "amount\n1\n99\n" if waivers else DATA)
        ran = change.runner.step(token=READS, guard="true", contract="gates/*.yml")
        return ran.code, ran.summary + told(ran)

    return stepped


def test_a_contract_that_moves_under_its_name_is_compared(moved: Callable[..., tuple[int, str]]) -> None:
    code, said = moved("gates/new.yml")
    assert code == 0
    assert "moved contract" in said
    assert "was 5, is 9" in said


def test_a_moved_contract_brings_no_waivers(moved: Callable[..., tuple[int, str]]) -> None:
    waiver = "waivers: [{rule: data, reason: r, owner: mona, until: 2999-01-01}]\n"
    assert moved("gates/new.yml", waiver)[0] == 1


def test_a_contract_that_became_a_link_to_another_is_told(step: Step, job: Job) -> None:
    (job.workspace / "models").mkdir(exist_ok=True)
    (job.workspace / "models/fraud").symlink_to("churn")
    code, said = step()
    assert code == 0
    assert "`models/fraud/mlval.yml`" in said
    assert "the contract is removed" in said


def test_a_link_of_the_name_of_a_contract_that_is_gone_is_not_written_through(step: Step, job: Job) -> None:
    outside = job.workspace / "outside"
    outside.mkdir()
    (job.workspace / "mlval-report").mkdir()
    (job.workspace / "mlval-report/fraud").symlink_to("../outside")
    assert step()[0] == 2
    assert list(outside.iterdir()) == []


def test_a_contract_without_the_chosen_validations_is_guarded(step: Step, job: Job) -> None:
    named = CONTRACT.replace("type: data", "id: sales, type: data")
    other = named.replace("id: sales", "id: other")
    job.write("models/fraud/mlval.yml", other)
    code, said = step(gone=other, here=named, only="sales")
    assert code == 0
    assert "none of the validations that were asked for" in said
    job.write("models/fraud/mlval.yml", other.replace("max: 5", "max: 9"))
    code, said = step(gone=f"{named}policy: {{weakening: block}}\n", here=named, only="sales")
    assert code == 1
    assert "`validations.sales` removed" in said
