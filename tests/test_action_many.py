"""The Action on parallel jobs and several contracts: one comment, one status, in whatever order."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import permutations
from pathlib import Path

import pytest

from tests.github import world
from tests.github.faults import Fault, Then
from tests.github.stand_in import StandIn, serving
from tests.github.world import HEAD, NEWER, PULL
from tests.test_action import Job, Ran, job
from tests.test_action_publishing import Runner, runner

__all__ = ["job", "runner"]

IDS = ("one", "two", "three", "four")
LEGS = """\
version: 1
name: sales
datasets: {sales: {path: sales.csv}}
validations:
  - {type: data, id: one, dataset: sales, columns: {amount: {min: 0}}}
  - {type: data, id: two, dataset: sales, columns: {plan: {in: [free, pro]}}}
  - {type: data, id: three, dataset: sales, columns: {amount: {nulls: 0}}}
  - {type: data, id: four, dataset: sales, rows: {min: 1}}
"""
MODEL = """\
version: 1
changed: ["src/NAME/**"]
datasets: {sales: {path: sales.csv}}
validations: [{type: data, dataset: sales, columns: {amount: {min: 0}}}]
"""
GOOD, BAD = "amount\n1\n2\n", "amount\n-1\n2\n"
MODELS = ("churn", "fraud", "risk")
EVERY = "models/*/mlval.yml"


def leg(job: Job, name: str) -> Ran:
    """Run one job of a matrix: it leaves its result, and publishes nothing."""
    job.environ = {}
    return job.step(only=name, output=f"legs/{name}")


@pytest.fixture
def models(job: Job) -> Job:
    for name in MODELS:
        job.write(f"models/{name}/mlval.yml", MODEL.replace("NAME", name))
        job.write(f"models/{name}/sales.csv", BAD if name == "fraud" else GOOD)
    return job


# --- legs of one contract ----------------------------------------------------------------------------------


@pytest.fixture
def legs(job: Job) -> Job:
    job.write("mlval.yml", LEGS)
    job.write("sales.csv", "amount,plan\n-1,free\n5,gold\n")
    return job


def test_four_legs_in_any_order_are_one_comment_and_one_status(runner: Runner, legs: Job) -> None:
    """Each order of the legs is a run of its own on the same commit; all leave the same words."""
    seen = set()
    for order in permutations(IDS):
        assert {leg(legs, name).code for name in order} == {0, 1}
        ran = runner.step(merge="legs/*/result.json")
        assert (ran.code, ran.outputs["blocking"]) == (1, "2")
        (comment,) = runner.comments
        seen.add(comment.partition("\n")[2])
    (text,) = seen
    assert text.startswith("## ❌ mlval blocked: 2 failed (`sales`)")
    assert set(runner.statuses) == {(HEAD, "mlval/sales", "failure")}
    assert runner.github.asked.count("issues/create-comment") == 1


def test_a_leg_that_died_is_seen(runner: Runner, legs: Job) -> None:
    for name in IDS[1:]:
        leg(legs, name)
    ran = runner.step(merge="legs/*/result.json")
    assert (ran.code, ran.outputs["errored"]) == (1, "1")
    assert "no job of the matrix reported it" in runner.comments[0]


def test_without_any_leg_the_status_is_red(runner: Runner, legs: Job) -> None:
    del legs
    assert runner.step(merge="legs/*/result.json").code == 1
    assert runner.statuses == [(HEAD, "mlval/sales", "failure")]


def test_a_leg_that_somebody_edited_passes_nothing(runner: Runner, legs: Job) -> None:
    for name in IDS:
        leg(legs, name)
    path = legs.workspace / "legs" / "one" / "result.json"
    forged = json.loads(path.read_text(encoding="utf-8"))
    forged["verdict"] |= {"state": "passed", "exit_code": 0}
    path.write_text(json.dumps(forged), encoding="utf-8")
    assert runner.step(merge="legs/*/result.json").code == 1
    path.write_text("{}", encoding="utf-8")
    ran = runner.step(merge="legs/*/result.json")
    assert (ran.code, ran.outputs["verdict"]) == (2, "error")


def test_a_leg_outside_the_workspace_is_not_read(runner: Runner, legs: Job) -> None:
    leg(legs, "one")
    (legs.workspace / "legs" / "out.json").symlink_to("/etc/hostname")
    ran = runner.step(merge="legs/*.json")
    assert ran.code == 2
    assert "out of the workspace" in ran.outputs["reason"]


@pytest.mark.parametrize("heads", [(HEAD, NEWER), (NEWER, HEAD)])
def test_of_two_commits_the_newer_wins_in_whatever_order(
    runner: Runner, legs: Job, heads: tuple[str, str]
) -> None:
    """The run of the old commit ends red, that of the new one green; each may come last."""
    runner.github.forge.heads[PULL] = NEWER
    for head in heads:
        legs.write("sales.csv", "amount,plan\n1,free\n" if head == NEWER else "amount,plan\n-1,free\n")
        for name in IDS:
            leg(legs, name)
        assert runner.step(head=head, merge="legs/*/result.json").code == (0 if head == NEWER else 1)
    (comment,) = runner.comments
    assert "## ✅ mlval passed (`sales`)" in comment
    assert runner.statuses == [(NEWER, "mlval/sales", "success")]


@pytest.fixture
def two(tmp_path: Path) -> Iterator[tuple[Runner, Runner]]:
    """Return two runs on one commit, each on a machine of its own."""
    with serving(StandIn(forge=world.forge())) as github:
        runners = []
        for number, data in enumerate((BAD, GOOD)):
            job = Job(tmp_path / str(number))
            job.write("mlval.yml", MODEL.replace("version: 1", "version: 1\nname: sales"))
            job.write("sales.csv", data)
            assert job.step(output="legs/a").code == 1 - number
            runners.append(Runner(job, github))
            runners[-1].run_id = 20 + number
        yield runners[0], runners[1]
        assert github.violations == []


@pytest.mark.parametrize("swapped", [False, True])
def test_two_runs_that_race_leave_one_comment_of_the_newer(two: tuple[Runner, Runner], swapped: bool) -> None:
    """Both are held until each has seen a pull request without any comment of ours."""
    two[0].github.faults = [Fault("issues/list-comments", then=Then.MEET, left=2)]
    order = two[::-1] if swapped else two
    with ThreadPoolExecutor(2) as pool:
        codes = list(pool.map(lambda one: one.step(merge="legs/*/result.json").code, order))
    assert codes == ([0, 1] if swapped else [1, 0])
    (comment,) = two[0].comments
    assert "## ✅ mlval passed (`sales`)" in comment


# --- several contracts -------------------------------------------------------------------------------------


def test_several_contracts_are_one_comment_and_one_status(runner: Runner, models: Job) -> None:
    ran = runner.step(contract=EVERY)
    (comment,) = runner.comments
    assert ran.code == 1
    assert "## ❌ mlval blocked: 1 of 3 contracts: fraud" in comment
    assert [f"(`{name}`)" in comment for name in MODELS] == [True, True, True]
    assert runner.statuses == [(HEAD, "mlval/mlval", "failure")]
    assert ran.outputs["result-file"].splitlines() == [f"mlval-report/{name}/result.json" for name in MODELS]
    assert (ran.outputs["verdict"], ran.outputs["failed"]) == ("blocked", "1")
    assert all((models.workspace / path).is_file() for path in ran.outputs["result-file"].splitlines())
    assert models.workspace / "mlval-report" / "churn" in models.owned


def test_a_second_run_with_a_name_of_its_own_has_its_own_comment(runner: Runner, models: Job) -> None:
    del models
    runner.step(contract=EVERY)
    runner.step(contract="models/churn/mlval.yml", name="nightly")
    assert len(runner.comments) == 2
    assert [context for _, context, _ in runner.statuses] == ["mlval/mlval", "mlval/nightly"]


def test_a_contract_that_is_not_valid_is_marked_and_the_others_are_told(runner: Runner, models: Job) -> None:
    models.write("models/churn/mlval.yml", "version: 2\n")
    ran = runner.step(contract=EVERY)
    assert ran.code == 2
    assert "file=models/churn/mlval.yml,line=1" in ran.of("error")[0][0]
    assert "blocked: 2 of 3 contracts: churn, fraud" in runner.comments[0]


def test_one_result_for_each_model_of_a_matrix_is_one_comment(runner: Runner, models: Job) -> None:
    models.environ = {}
    for name in reversed(MODELS):
        models.step(contract=f"models/{name}/mlval.yml", output=f"legs/{name}")
    ran = runner.step(contract=EVERY, merge="legs/*/result.json")
    (comment,) = runner.comments
    assert ran.code == 1
    assert "blocked: 1 of 3 contracts: fraud" in comment
    (models.workspace / "legs" / "risk" / "result.json").unlink()
    runner.step(contract=EVERY, merge="legs/*/result.json")
    assert "blocked: 2 of 3 contracts: fraud, risk" in runner.comments[0]


def test_a_link_among_the_outputs_leads_nowhere(runner: Runner, models: Job) -> None:
    elsewhere = models.root / "elsewhere"
    elsewhere.mkdir()
    (models.workspace / "mlval-report").mkdir()
    (models.workspace / "mlval-report" / "churn").symlink_to(elsewhere)
    assert runner.step(contract=EVERY).code == 2
    assert list(elsewhere.iterdir()) == []


@pytest.mark.parametrize("name", ["../x", "A", "a/b", "x" * 41])
def test_a_name_that_is_none_is_refused(runner: Runner, models: Job, name: str) -> None:
    del models
    assert runner.step(contract=EVERY, name=name).code == 2


# --- what the change touches -------------------------------------------------------------------------------


def test_contracts_that_the_pull_request_does_not_touch_are_listed(runner: Runner, models: Job) -> None:
    del models
    runner.github.forge.past.files[PULL] = ("src/churn/train.py", "README.md")
    ran = runner.step(contract=EVERY)
    assert ran.code == 0
    assert "## ✅ mlval passed: 3 contracts, 2 not affected" in runner.comments[0]
    assert runner.statuses == [(HEAD, "mlval/mlval", "success")]


def test_one_contract_that_is_not_touched_still_reports(runner: Runner, models: Job) -> None:
    del models
    runner.github.forge.past.files[PULL] = ("README.md",)
    ran = runner.step(contract="models/fraud/mlval.yml")
    assert (ran.code, ran.outputs["verdict"], ran.outputs["result-file"]) == (0, "passed", "")
    assert runner.statuses == [(HEAD, "mlval/fraud", "success")]


@pytest.mark.parametrize("operation", ["pulls/list-files", "pulls/get"])
def test_what_github_does_not_say_is_judged(runner: Runner, models: Job, operation: str) -> None:
    del models
    runner.github.forge.past.files[PULL] = ("README.md",)
    runner.github.faults = [Fault(operation, 403)]
    ran = runner.step(contract=EVERY)
    assert ran.code == 1
    assert any("every contract is judged" in text for _, text in ran.of("warning"))


def test_without_a_token_everything_is_judged(runner: Runner, models: Job) -> None:
    del models
    runner.github.forge.past.files[PULL] = ("README.md",)
    assert runner.step(contract=EVERY, token="").code == 1


def test_github_is_not_asked_where_no_contract_wants_to_know(runner: Runner) -> None:
    runner.step()
    assert "pulls/list-files" not in runner.github.asked
