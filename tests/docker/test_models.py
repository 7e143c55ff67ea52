"""Models in the image: scored in a whole cage beside the gate, which keeps its secrets, labels and files."""

import json
import subprocess
from pathlib import Path

import duckdb
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from tests.docker.job import Job
from tests.hostile_models import SECRET, at_load, at_predict

CONTRACT = """
version: 1
name: models
datasets: {holdout: {path: holdout.parquet, key: id, target: y}}
models: {candidate: {path: model.pkl}}
validations:
  - {type: performance, metrics: {accuracy: 0.7, roc_auc: 0.8}}
"""
READ = ("/github/workspace/holdout.parquet", "/github/workspace/mlval.yml", "/github/workflow/event.json")
WRITE = ("/github/workspace/owned", "/github/file_commands/github_output_1", "/opt/mlval/owned")


@pytest.fixture
def labelled(job: Job) -> Job:
    """Return a job whose workspace has a contract, labelled rows and a good model."""
    rng = np.random.default_rng(1)
    values = rng.normal(size=(2_000, 3))
    truth = (values @ [1, 2, -1] + rng.normal(size=len(values)) > 0).astype(int)
    joblib.dump(LogisticRegression().fit(values, truth), job.workspace / "model.pkl")
    engine = duckdb.connect()
    columns = {name: values[:, place] for place, name in enumerate("abc")}
    engine.register("given", {"id": np.arange(len(values)), **columns, "y": truth})
    engine.execute(f"COPY (SELECT * FROM given) TO '{job.workspace / 'holdout.parquet'}' (FORMAT parquet)")
    (job.workspace / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    job.environ["MLVAL_SECRET"] = SECRET
    job.give_away()
    return job


def test_a_model_is_scored_in_a_whole_cage(labelled: Job, measured: list[str]) -> None:
    ran = labelled.step()
    measured.append(f"a scikit-learn model as a step: {ran.seconds:.2f} s")
    assert ran.code == 0, ran.log
    assert "degraded" not in ran.log
    result = json.loads((labelled.workspace / "mlval-report" / "result.json").read_text("utf-8"))
    assert "cautions" not in result
    assert [one["kind"] for one in result["inputs"]] == ["dataset", "model"]


def test_the_attack_works_without_the_cage(labelled: Job) -> None:
    hostile = at_predict(READ, WRITE, features=3)
    (labelled.workspace / "model.pkl").write_bytes(hostile)
    labelled.give_away()
    code = "import pickle, numpy; pickle.load(open('/w/model.pkl', 'rb')).predict(numpy.zeros((1, 3)))"
    mounts = (f"{labelled.workspace}:{place}" for place in ("/w", "/github/workspace"))
    done = subprocess.run(
        [
            *("docker", "run", "--rm", "-e", f"MLVAL_SECRET={SECRET}"),
            *(word for mount in mounts for word in ("-v", mount)),
            *("--entrypoint", "/opt/mlval/venv/bin/python", labelled.image, "-I", "-c", code),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    got = {line for line in done.stdout.splitlines() if line.startswith("GOT")}
    assert {"GOT the secret", "GOT a socket", f"GOT to read {READ[0]}", f"GOT to write {WRITE[0]}"} <= got


@pytest.mark.parametrize("hostile", [at_load(READ, WRITE), at_predict(READ, WRITE, features=3)])
def test_an_attack_gets_nothing(labelled: Job, hostile: bytes) -> None:
    (labelled.workspace / "model.pkl").write_bytes(hostile)
    ran = labelled.step()
    assert not (labelled.workspace / "owned").exists()
    assert "owned" not in "".join(ran.outputs.values())
    left = [path for path in Path(labelled.root).rglob("*") if path.is_file() and path.name != "model.pkl"]
    told = ran.log + ran.summary + "".join(path.read_text("utf-8", "replace") for path in left)
    assert "GOT" not in told
    assert SECRET not in told.replace(f"::add-mask::{SECRET}\n", "")
    assert not any(
        line.startswith(("::set-output", "::add-path", "##[error]")) for line in ran.log.splitlines()
    )
    assert ran.code == 1


def test_a_model_that_attacks_while_it_predicts_is_judged_by_its_predictions(labelled: Job) -> None:
    right = "numpy.stack([1 - (X @ [1, 2, -1] > 0), X @ [1, 2, -1] > 0], axis=1) * 0.8 + 0.1"
    (labelled.workspace / "model.pkl").write_bytes(at_predict(READ, WRITE, features=3, body=right))
    assert labelled.step().code == 0


@pytest.mark.parametrize(
    "body, cause",
    [
        ("numpy.full((len(X), 2), numpy.nan)", "not finite numbers"),
        ("numpy.full((len(X), 2), 3.0)", "probabilities"),
        ("numpy.zeros((len(X) + 1, 2))", "rows"),
        ("[['yes'] * 2] * len(X)", "model 'candidate'"),
        ("[print('x' * 100000) for _ in iter(int, 1)]", "time limit"),
    ],
)
def test_predictions_that_cannot_be_such_are_errored(labelled: Job, body: str, cause: str) -> None:
    (labelled.workspace / "model.pkl").write_bytes(at_predict(features=3, body=body))
    ran = labelled.step(model_timeout="10")
    assert ran.code == 1, ran.log
    assert ran.outputs["errored"] == "1"
    result = json.loads((labelled.workspace / "mlval-report" / "result.json").read_text("utf-8"))
    assert cause in result["results"][0]["reason"]
