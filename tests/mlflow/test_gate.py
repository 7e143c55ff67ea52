"""The whole gate against a real registry: a challenger beside the champion, both by their aliases."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

import duckdb
import mlflow
import numpy as np
import pytest
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.flows.caging import caging
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Progress, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.mlflow.conftest import Server

pytestmark = pytest.mark.filterwarnings("default")

ROWS: Final = 2_000
NAME: Final = "gated"
WRONG: Final = {
    "champion": range(300),
    "equal": range(60, 360),
    "better": range(60, 300),
    "worse": range(360),
}
"""The rows that each model gets wrong: of 2,000, the champion 15%."""
CONTRACT: Final = f"""
version: 1
name: gate
datasets: {{holdout: {{path: holdout.parquet, key: id, target: y, features: [{", ".join(WRONG)}]}}}}
models:
  candidate: {{uri: models:/{NAME}@challenger}}
  champion: {{uri: models:/{NAME}@champion}}
validations:
  - {{type: comparison, metrics: {{accuracy: 0.01}}}}
"""
Gate = Callable[..., Report]


def deciding_by(column: int) -> LogisticRegression:
    """Return a model that predicts what one column says, and so errs exactly where that column does."""
    model = LogisticRegression()
    model.classes_ = np.array([0, 1])
    model.coef_ = np.eye(len(WRONG))[[column]] * 2.0
    model.intercept_ = np.zeros(1)
    model.n_features_in_ = len(WRONG)
    return model


@pytest.fixture(scope="module")
def client(server: Server) -> MlflowClient:
    """Register a champion, three challengers and one that is no model."""
    mlflow.set_tracking_uri(server.uri)
    mlflow.set_registry_uri(server.uri)
    mlflow.set_experiment("aliases")
    client = MlflowClient(tracking_uri=server.uri, registry_uri=server.uri)
    for place, name in enumerate([*WRONG, "broken"]):
        model = deciding_by(place) if name in WRONG else LogisticRegression()
        with mlflow.start_run():
            mlflow.sklearn.log_model(
                model, name="model", serialization_format="skops", registered_model_name=NAME
            )
        client.set_registered_model_alias(NAME, name, str(place + 1))
    return client


@pytest.fixture
def gate(server: Server, tmp_path: Path) -> Gate:
    """Return a function that judges the contract."""
    truth = np.arange(ROWS) % 2
    columns = {
        name: np.where(np.isin(np.arange(ROWS), list(wrong)), 1 - truth, truth) * 2.0 - 1
        for name, wrong in WRONG.items()
    }
    engine = duckdb.connect()
    engine.register("given", {"id": np.arange(ROWS), "y": truth, **columns})
    engine.execute(f"COPY (SELECT * FROM given) TO '{tmp_path / 'holdout.parquet'}' (FORMAT parquet)")
    (tmp_path / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    scratch, private = tmp_path / "scratch", tmp_path / "private"
    scratch.mkdir()
    private.mkdir()

    def judged(progress: Progress | None = None) -> Report:
        request = Request(
            contract=read_contract(tmp_path / "mlval.yml", "mlval.yml"),
            base=tmp_path,
            start=tmp_path,
            boundary=Boundary(tmp_path),
            now="2026-01-31T12:00:00+00:00",
            resources=Resources(scratch, threads=1),
            artifacts=Artifacts({**os.environ, "MLFLOW_TRACKING_URI": server.uri}, scratch),
            caging=caging(private, {}, environments=tmp_path, allow_degraded=True),
        )
        return run(request, progress or Quiet())

    return judged


@pytest.mark.parametrize(
    "challenger, outcome",
    [("better", "passed"), ("equal", "passed"), ("worse", "failed"), ("broken", "errored")],
)
def test_a_challenger_is_judged_beside_the_champion(
    client: MlflowClient, gate: Gate, challenger: str, outcome: str
) -> None:
    version = client.get_model_version_by_alias(NAME, challenger).version
    client.set_registered_model_alias(NAME, "challenger", version)
    report = gate()
    (result,) = (
        one for one in report.verdict.results if one.measurement.metric in {"accuracy", "comparison"}
    )
    assert result.outcome == Outcome(outcome), result.reason
    uris = [one.uri for one in report.inputs if one.kind == "model"]
    assert uris == [f"models:/{NAME}/{version}", f"models:/{NAME}/1"]


def test_an_alias_that_moves_while_the_gate_runs_is_errored(client: MlflowClient, gate: Gate) -> None:
    client.set_registered_model_alias(NAME, "challenger", "3")

    def moving(event: str, *, done: int, total: int | None = None, label: str = "") -> None:
        del done, total, label
        if event == "measuring":
            client.set_registered_model_alias(NAME, "challenger", "4")

    report = gate(moving)
    assert report.verdict.exit_code == ExitCode.BLOCKED
    assert {one.outcome for one in report.verdict.results} == {Outcome.ERRORED}
    assert "moved from version 3 to 4 while the gate ran" in report.verdict.results[0].reason


REPORTED: Final = CONTRACT.replace(
    f"champion: {{uri: models:/{NAME}@champion}}", "champion: {metrics: runs:/RUN}"
)


@pytest.mark.parametrize("logged, outcome", [(0.85, "passed"), (0.99, "failed")])
def test_a_champion_may_be_what_a_run_reports(
    client: MlflowClient, gate: Gate, tmp_path: Path, logged: float, outcome: str
) -> None:
    client.set_registered_model_alias(NAME, "challenger", "3")
    with mlflow.start_run() as active:
        mlflow.log_metrics({"accuracy": logged, "of_nobody": float("nan")})
    text = REPORTED.replace("RUN", active.info.run_id)
    (tmp_path / "mlval.yml").write_text(text, encoding="utf-8")
    report = gate()
    (result,) = report.verdict.results
    assert result.outcome == Outcome(outcome), result.reason
    assert "reported, not measured" in str(result.measurement.details["remark"])
    assert f"runs:/{active.info.run_id}" in [one.uri for one in report.inputs]


def test_a_run_that_there_is_not_reports_nothing(gate: Gate, client: MlflowClient, tmp_path: Path) -> None:
    client.set_registered_model_alias(NAME, "challenger", "3")
    (tmp_path / "mlval.yml").write_text(REPORTED.replace("RUN", "0" * 32), encoding="utf-8")
    report = gate()
    assert [one.outcome for one in report.verdict.results] == [Outcome.ERRORED]
    assert "MLflow has no run" in report.verdict.results[0].reason
