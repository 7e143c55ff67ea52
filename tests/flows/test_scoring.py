"""Models of a contract, loaded and asked: what is judged is what the model itself predicts."""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import accuracy_score, roc_auc_score
from sklearn.neighbors import KNeighborsClassifier

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.flows.caging import caging
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Bindings, Request
from mlval.flows.run import run
from mlval.flows.scoring_session import Session
from mlval.measure.connection import Resources
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.flows.conftest import NOW

pytestmark = pytest.mark.process

ROWS = 400
Scored = Callable[..., Report]


class Told:
    """Remembers what a run told of its progress."""

    def __init__(self) -> None:
        self.events: list[tuple[str, int, int | None, str]] = []

    def __call__(self, event: str, *, done: int, total: int | None = None, label: str = "") -> None:
        self.events.append((event, done, total, label))


@pytest.fixture
def table(workspace: Path) -> dict[str, Any]:
    """Write labelled rows, and return their columns."""
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=ROWS), rng.integers(0, 9, ROWS)
    noise = rng.normal(size=ROWS)
    columns = {"id": np.arange(ROWS), "a": a, "b": b, "y": (a + b / 4 + noise > 1).astype(int), "z": a - b}
    engine = duckdb.connect()
    engine.register("given", columns)
    engine.execute(f"COPY (SELECT * FROM given) TO '{workspace / 'holdout.parquet'}' (FORMAT parquet)")
    return columns


@pytest.fixture
def judged(workspace: Path, tmp_path: Path) -> Scored:
    """Return a function that judges a contract; this machine may lack a layer of the cage."""
    (tmp_path / "private").mkdir()

    def scored(contract: str, *, models: dict[str, str] | None = None, told: Told | None = None) -> Report:
        path = workspace / "mlval.yml"
        path.write_text(contract, encoding="utf-8")
        request = Request(
            contract=read_contract(path, "mlval.yml"),
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(models=models or {}),
            now=NOW,
            resources=Resources(tmp_path, threads=1),
            artifacts=Artifacts({}, tmp_path),
            caging=caging(tmp_path / "private", {}, environments=tmp_path, allow_degraded=True),
        )
        return run(request, told or Told())

    return scored


def save(workspace: Path, model: object) -> bytes:
    """Write a model, and return its bytes."""
    held = io.BytesIO()
    joblib.dump(model, held)
    (workspace / "m.joblib").write_bytes(held.getvalue())
    return held.getvalue()


CONTRACT = """
version: 1
datasets: {holdout: {path: holdout.parquet, key: id, target: y, features: [a, b]}}
models: {m: {path: m.joblib}}
validations:
  - {type: performance, metrics: {accuracy: 0.5, roc_auc: 0.5}}
"""


def test_a_model_is_judged_by_what_it_predicts(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    features = np.column_stack([table["a"], table["b"]])
    model = LogisticRegression().fit(features, table["y"])
    save(workspace, model)
    told = Told()
    report = judged(CONTRACT + "  - {id: again, type: performance, metrics: {f1: 0.1}}\n", told=told)
    values = {one.measurement.metric: one.measurement.value for one in report.verdict.results}
    assert values["accuracy"] == pytest.approx(accuracy_score(table["y"], model.predict(features)), abs=1e-9)
    expected = roc_auc_score(table["y"], model.predict_proba(features)[:, 1])
    assert values["roc_auc"] == pytest.approx(expected, abs=1e-9)
    # However many ask, it is scored once.
    assert [event for event in told.events if event[0] == "scoring"] == [("scoring", ROWS, ROWS, "m")]
    assert [record.kind for record in report.inputs] == ["dataset", "model"]


def test_a_model_that_counts_its_threads_works_in_the_cage(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    neighbours = KNeighborsClassifier(1, algorithm="brute")
    save(workspace, neighbours.fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    report = judged(CONTRACT)
    assert report.verdict.exit_code == ExitCode.PASSED, report.verdict.results[0].reason


def test_numbers_are_judged_as_numbers(judged: Scored, workspace: Path, table: dict[str, Any]) -> None:
    save(workspace, LinearRegression().fit(np.column_stack([table["a"], table["b"]]), table["z"]))
    contract = CONTRACT.replace("target: y", "target: z")
    report = judged(contract.replace("{accuracy: 0.5, roc_auc: 0.5}", "{r2: 0.999, mae: 0.001}"))
    assert {one.outcome for one in report.verdict.results} == {Outcome.PASSED}


@pytest.mark.parametrize("column", ["y", "id"])
def test_a_model_never_sees_the_truth_or_a_key(
    judged: Scored, workspace: Path, table: dict[str, Any], column: str
) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["y"]]), table["y"]))
    results = judged(CONTRACT.replace("[a, b]", f"[a, {column}]")).verdict.results
    assert {one.outcome for one in results} == {Outcome.ERRORED}
    assert f"the model is not shown '{column}', which is the target, a key or" in results[0].reason


OTHERS = """
models:
  m: {path: m.joblib}
  other: {predictions: {dataset: holdout, label: z}}
"""


def test_a_model_never_sees_what_another_predicted(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    contract = CONTRACT.replace("models: {m: {path: m.joblib}}", OTHERS).replace(
        "type: performance", "type: performance, model: m"
    )
    assert judged(contract.replace(", features: [a, b]", "")).verdict.exit_code == ExitCode.PASSED


def test_what_another_predicted_is_refused_as_a_feature(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["z"]]), table["y"]))
    contract = CONTRACT.replace("models: {m: {path: m.joblib}}", OTHERS).replace("[a, b]", "[a, z]")
    results = judged(contract.replace("type: performance", "type: performance, model: m")).verdict.results
    assert {one.outcome for one in results} == {Outcome.ERRORED}
    assert "the model is not shown 'z'" in results[0].reason


def test_a_crash_of_scoring_takes_nothing_else_along(
    judged: Scored, workspace: Path, table: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    del table

    def crash(*_: object) -> None:
        raise RuntimeError("something unforeseen")

    monkeypatch.setattr(Session, "score", crash)
    save(workspace, LogisticRegression())
    report = judged(CONTRACT + "  - {type: data, dataset: holdout, rows: {min: 1}}\n")
    outcomes = {one.validation: one.outcome for one in report.verdict.results}
    assert outcomes == {"performance": Outcome.ERRORED, "data": Outcome.PASSED}
    assert report.verdict.exit_code == ExitCode.BUG


@pytest.mark.parametrize("features, message", [("[a]", "features"), ("[a, nobody]", "no column 'nobody'")])
def test_wrong_features_are_named(
    judged: Scored, workspace: Path, table: dict[str, Any], features: str, message: str
) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    report = judged(CONTRACT.replace("[a, b]", features))
    assert report.verdict.exit_code == ExitCode.BLOCKED
    assert message in report.verdict.results[0].reason


def test_a_pinned_model_is_that_model(judged: Scored, workspace: Path, table: dict[str, Any]) -> None:
    content = save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    digest = hashlib.sha256(content).hexdigest()
    pinned = CONTRACT.replace("m.joblib}", f"m.joblib, sha256: {digest}}}")
    assert judged(pinned).verdict.exit_code == ExitCode.PASSED


def test_other_bytes_than_those_that_are_pinned_are_errored(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    del table
    save(workspace, LogisticRegression())
    report = judged(CONTRACT.replace("m.joblib}", f"m.joblib, sha256: {'0' * 64}}}"))
    assert report.verdict.exit_code == ExitCode.BLOCKED
    assert "bytes are not those that the contract pins" in report.verdict.results[0].reason


def test_a_model_is_bound_when_it_runs(judged: Scored, workspace: Path, table: dict[str, Any]) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    report = judged(CONTRACT.replace("path: m.joblib", "from: input"), models={"m": "m.joblib"})
    assert report.verdict.exit_code == ExitCode.PASSED


def test_a_model_that_is_not_there_is_unavailable(judged: Scored, table: dict[str, Any]) -> None:
    del table
    report = judged(CONTRACT)
    assert report.verdict.exit_code == ExitCode.UNAVAILABLE
    assert all(one.outcome is Outcome.ERRORED for one in report.verdict.results)
    assert [one.uri for one in report.inputs if one.kind == "model"] == ["m.joblib"]


def test_a_folder_is_no_file_of_requirements(judged: Scored, workspace: Path, table: dict[str, Any]) -> None:
    del table
    save(workspace, LogisticRegression())
    (workspace / "needs").mkdir()
    report = judged(CONTRACT.replace("m.joblib}", "m.joblib, environment: uv, requirements: needs}"))
    assert report.verdict.exit_code == ExitCode.BLOCKED
    assert "is a folder" in report.verdict.results[0].reason


SIGNATURE = """
flavors:
  python_function: {loader_module: mlflow.sklearn, model_path: model.pkl, python_version: 3.11.0}
  sklearn: {pickled_model: model.pkl, serialization_format: cloudpickle, sklearn_version: 1.9.1}
signature:
  inputs: '[{"type": "double", "name": "b"}, {"type": "double", "name": "a"}]'
  outputs: '[{"type": "long", "required": true}]'
"""


def test_columns_come_in_the_types_of_the_signature(
    judged: Scored, workspace: Path, table: dict[str, Any]
) -> None:
    folder = workspace / "model"
    folder.mkdir()
    (folder / "MLmodel").write_text(SIGNATURE, encoding="utf-8")
    model = LogisticRegression().fit(np.column_stack([table["b"], table["a"]]), table["y"])
    joblib.dump(model, folder / "model.pkl")
    contract = CONTRACT.replace("m.joblib", "model").replace(", features: [a, b]", "")
    report = judged(contract)
    assert report.verdict.exit_code == ExitCode.PASSED, report.verdict.results
    (record,) = (one for one in report.inputs if one.kind == "model")
    assert record.notes == ("b: long to double",)


def test_what_a_model_predicts_may_drift(judged: Scored, workspace: Path, table: dict[str, Any]) -> None:
    save(workspace, LogisticRegression().fit(np.column_stack([table["a"], table["b"]]), table["y"]))
    drift = """
version: 1
datasets:
  reference: {path: holdout.parquet, key: id, target: y, features: [a, b]}
  current: {path: holdout.parquet, key: id, target: y, features: [a, b]}
models: {m: {path: m.joblib}}
validations:
  - {type: drift, columns: [a], predictions: m}
"""
    report = judged(drift)
    assert [one.measurement.effect for one in report.verdict.results] == [0, 0, 0]
