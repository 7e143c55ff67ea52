"""The image as a step that reads from a real MLflow server."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.docker.job import Job
from tests.mlflow.conftest import free_port, wait_for

ROWS = "id,amount\n" + "".join(f"{number},{number * 1.5}\n" for number in range(300))
CONTRACT = """\
version: 1
name: remote
datasets:
  holdout: {mlflow: "runs:/RUN/data/holdout.csv", key: id}
  local: {path: local.csv}
validations:
  - {type: data, dataset: holdout, id: remote, rows: {min: 300}, columns: {amount: {min: 0}}}
  - {type: data, dataset: local, columns: {amount: {min: 0}}}
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start a tracking server with the program that `MLVAL_MLFLOW` names; it keeps artifacts itself."""
    folder = tmp_path_factory.mktemp("server")
    port = free_port()
    command = [
        str(Path(os.environ["MLVAL_MLFLOW"]).absolute()),
        *("server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", "sqlite:///mlflow.db", "--artifacts-destination", "artifacts"),
    ]
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | quiet, stdout=log, stderr=log, start_new_session=True
        )
    try:
        wait_for(f"http://127.0.0.1:{port}/health", process, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)


@pytest.fixture(scope="module")
def run_id(server: str) -> str:
    """Make a run with one artifact, as a training job does."""
    made = requests.post(
        f"{server}/api/2.0/mlflow/runs/create", json={"experiment_id": "0"}, timeout=30
    ).json()["run"]["info"]
    folder = made["artifact_uri"].removeprefix("mlflow-artifacts:")
    requests.put(
        f"{server}/api/2.0/mlflow-artifacts/artifacts{folder}/data/holdout.csv", data=ROWS, timeout=30
    ).raise_for_status()
    return str(made["run_id"])


def check_out(job: Job, run_id: str) -> None:
    (job.workspace / "mlval.yml").write_text(CONTRACT.replace("RUN", run_id), "utf-8")
    (job.workspace / "local.csv").write_text(ROWS, "utf-8")
    job.give_away()


def test_an_artifact_of_a_run_is_judged(job: Job, server: str, run_id: str, measured: list[str]) -> None:
    check_out(job, run_id)
    job.environ["MLFLOW_TRACKING_URI"] = server
    ran = job.step()
    measured.append(f"an artifact from MLflow as a step: {ran.seconds:.2f} s")
    assert ran.code == 0, ran.log
    assert run_id in (job.workspace / "mlval-report" / "result.json").read_text("utf-8")


def test_a_server_that_does_not_answer_is_told_apart_and_the_rest_is_judged(job: Job) -> None:
    check_out(job, "a" * 32)
    job.environ |= {
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}",
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
    }
    ran = job.step()
    assert ran.code == 4, ran.log
    assert int(ran.outputs["passed"]) > 0
    assert int(ran.outputs["errored"]) > 0
