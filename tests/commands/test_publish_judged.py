"""`mlval publish --judge`: what a fork's run has deferred is judged on predictions and the base's files."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from mlval.commands._second import Reach, judge
from mlval.config.load import load
from mlval.domain.errors import ExitCode
from mlval.domain.verdict import Result
from mlval.flows.deferring import deferred
from mlval.flows.handover import Judging
from mlval.flows.request import Bindings
from mlval.flows.second_judging import open_ids, plan
from mlval.sources.confine import Found
from tests.commands.handed_over import FAILED, HERE, PASSED, Gate, finished_run, report, zipped
from tests.github.past_runs import pull_request
from tests.github.world import HEAD, OLDER, PULL

CONTRACT = """version: 1
name: churn
datasets:
  holdout: {path: data/holdout.csv}
  live: {path: 's3://bucket/live.csv', key: id, target: y}
models:
  candidate: {predictions: {path: preds.csv, label: y_hat}}
  champion: {uri: 'models:/churn@champion'}
validations:
  - {type: data, dataset: holdout, rows: {min: 1}}
  - {type: performance, dataset: live, model: candidate, metrics: {accuracy: 0.9}}
"""
LOADED = CONTRACT + (
    "  - {type: comparison, dataset: live, candidate: candidate, champion: champion, "
    "metrics: {accuracy: {max_worse: 0.1}}}\n"
)
LIVE = "id,y\n1,1\n2,0\n3,1\n4,0\n"
RIGHT, WRONG = b"id,y_hat\n1,1\n2,0\n3,1\n4,0\n", b"id,y_hat\n1,0\n2,0\n3,0\n4,0\n"


class Bucket:
    """A bucket with one object."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "live.csv"
        self.file.write_text(LIVE, encoding="utf-8")

    def fetch(self, reference: str, *, trusted: bool) -> tuple[Found, ...]:
        assert (reference, trusted) == ("s3://bucket/live.csv", False)
        return (Found(self.file, self.file, reference),)


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gate]:
    with finished_run(tmp_path) as found:
        yield found


def _set_up(gate: Gate, text: str) -> None:
    """Check the base out, and leave what the run of a fork leaves of this contract."""
    root = gate.folder / "checkout"
    root.mkdir()
    (root / "mlval.yml").write_text(text, encoding="utf-8")
    (root / "preds.csv").write_bytes(WRONG)
    gate.github.forge.files.commits[OLDER]["mlval.yml"] = text.encode()
    reach = Reach(root, buckets=Bucket(gate.folder))
    gate.judging = Judging("mlval-predictions", partial(judge, reach))
    contract = load(text.encode(), file="mlval.yml", default_name="churn")
    later = [
        one
        for some in deferred(dict(enumerate(contract.validations)), contract, Bindings()).values()
        for one in some
    ]
    gate.leave_report(report(PASSED, *later))


@pytest.mark.parametrize("predictions, state", [(RIGHT, "success"), (WRONG, "failure")])
def test_predictions_of_the_change_are_judged(gate: Gate, predictions: bytes, state: str) -> None:
    _set_up(gate, CONTRACT)
    gate.leave(zipped({"candidate.csv": predictions}), name="mlval-predictions")
    assert gate.publish() is ExitCode.PASSED
    assert [one[2] for one in gate.statuses] == [state]
    assert "but for performance: judged by this repository" in gate.comments[0]


def test_the_base_has_predictions_of_its_own_which_are_not_taken(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2:] == ("pending", "1 not judged yet: performance; passed, 1 deferred")
    assert "has left no predictions candidate.csv or candidate.parquet" in gate.comments[0]


def test_a_model_is_not_loaded(gate: Gate) -> None:
    _set_up(gate, LOADED)
    gate.leave(zipped({"candidate.csv": RIGHT}), name="mlval-predictions")
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2:] == ("pending", "1 not judged yet: comparison; passed, 1 deferred")
    assert "champion would have to be loaded" in gate.comments[0]


@pytest.mark.parametrize("predictions, state", [(RIGHT, "success"), (WRONG, "failure")])
def test_a_claim_about_what_is_judged_here_does_not_count(gate: Gate, predictions: bytes, state: str) -> None:
    _set_up(gate, CONTRACT)
    gate.github.forge.past.artifacts.clear()
    gate.leave_report(report(PASSED, replace(PASSED, validation="performance", type="performance")))
    gate.leave(zipped({"candidate.csv": predictions}), name="mlval-predictions")
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == state


def test_a_claimed_failure_of_what_is_judged_here_does_not_count_either(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    gate.github.forge.past.artifacts.clear()
    gate.leave_report(report(PASSED, replace(FAILED, validation="performance", type="performance")))
    gate.leave(zipped({"candidate.csv": RIGHT}), name="mlval-predictions")
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "success"


def test_a_claim_to_have_judged_what_needs_credentials_leaves_it_open(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    gate.judging = None
    gate.github.forge.past.artifacts.clear()
    gate.leave_report(report(PASSED, replace(PASSED, validation="performance", type="performance")))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "pending"


def test_a_run_of_the_repository_itself_has_judged_everything(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    past = gate.github.forge.past
    past.artifacts.clear()
    gate.run["head_repository"] = {"id": HERE, "full_name": "octo/churn", "owner": {"login": "octo"}}
    past.pulls["octo:better"] = [pull_request(PULL, head=(HEAD, HERE), base=(OLDER, HERE))]
    gate.leave_report(report(PASSED, replace(PASSED, validation="performance", type="performance")))
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "success"


@pytest.mark.parametrize(
    "name, data",
    [
        ("champion.csv", RIGHT),
        ("../candidate.csv", RIGHT),
        ("candidate.joblib", b"x"),
        ("model/candidate.csv", RIGHT),
    ],
)
def test_another_file_than_predictions_of_a_known_model_is_refused(
    gate: Gate, name: str, data: bytes
) -> None:
    _set_up(gate, CONTRACT)
    gate.leave(zipped({name: data}), name="mlval-predictions")
    assert gate.publish() is ExitCode.UNPUBLISHED
    assert f"The artifact holds {name}" in gate.said
    assert gate.statuses == []


def test_two_files_of_one_model_are_refused(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    both = {"candidate.csv": RIGHT, "candidate.parquet": b"PAR1"}
    gate.leave(zipped(both), name="mlval-predictions")
    assert gate.publish() is ExitCode.UNPUBLISHED
    assert "predictions of one model twice" in gate.said


def test_predictions_that_are_none_block(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    gate.leave(zipped({"candidate.parquet": b"PAR1 no PAR1"}), name="mlval-predictions")
    assert gate.publish() is ExitCode.PASSED
    assert gate.statuses[0][2] == "failure"


def test_another_checkout_than_that_of_the_base_is_refused(gate: Gate) -> None:
    _set_up(gate, CONTRACT)
    (gate.folder / "checkout" / "mlval.yml").write_text(CONTRACT.replace("0.9", "0.1"), encoding="utf-8")
    gate.leave(zipped({"candidate.csv": RIGHT}), name="mlval-predictions")
    assert gate.publish() is ExitCode.UNPUBLISHED
    assert "the checkout has another mlval.yml than the base" in gate.said


@pytest.mark.parametrize("told", [(PASSED,), ()], ids=["the deferred left out", "everything left out"])
def test_what_a_report_leaves_out_stays_open(told: tuple[Result, ...]) -> None:
    contract = load(CONTRACT.encode(), file="mlval.yml", default_name="churn")
    left = open_ids(report(*told), contract, (), stranger=False)
    assert left == (("performance",) if told else ("data", "performance"))


def test_places_stay_those_of_the_file() -> None:
    contract = load(CONTRACT.encode(), file="mlval.yml", default_name="churn")
    second = plan(contract, ["candidate"])
    assert second.contract is not None
    assert second.contract.place(("validations", 0)) == contract.place(("validations", 1))
