"""Datasets and predictions that lie in MLflow, judged by the real command against a real server."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from mlflow import MlflowClient

from tests.mlflow.conftest import Server, free_port

pytestmark = pytest.mark.filterwarnings("default")

ROWS = "id,amount,churned,score\n" + "".join(
    f"{n},{n * 1.5},{int(n % 3 == 0)},{0.9 if n % 3 == 0 else 0.1}\n" for n in range(300)
)

CONTRACT = """\
version: 1
name: remote
datasets:
  holdout: {mlflow: "REFERENCE", key: id, target: churned}
  local: {path: local.csv}
models:
  candidate: {predictions: {dataset: holdout, score: score, threshold: 0.5}}
validations:
  - {type: data, dataset: holdout, id: remote-data, columns: {amount: {min: 0, type: float}}}
  - {type: data, dataset: local, id: local-data, columns: {amount: {min: 0}}}
  - {type: performance, dataset: holdout, metrics: {accuracy: 0.99, roc_auc: 0.9}}
"""


def judge(folder: Path, reference: str, environ: Mapping[str, str]) -> tuple[int, dict[str, Any], str]:
    """Run the command in a checkout whose contract names `reference`; return code, result and all output."""
    (folder / "mlval.yml").write_text(CONTRACT.replace("REFERENCE", reference))
    (folder / "local.csv").write_text(ROWS)
    bare = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")}
    ended = subprocess.run(
        [sys.executable, "-m", "mlval", "run", "--output", "out"],
        cwd=folder,
        env={**bare, **environ},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    written = folder / "out" / "result.json"
    result = json.loads(written.read_text()) if written.exists() else {}
    return ended.returncode, result, ended.stdout + ended.stderr


def outcomes(result: dict[str, Any]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in result["results"]:
        found.setdefault(one["validation"], set()).add(one["outcome"])
    return found


@pytest.fixture(scope="session")
def client(server: Server) -> MlflowClient:
    return MlflowClient(tracking_uri=server.uri, registry_uri=server.uri)


@pytest.fixture(scope="session")
def run_id(client: MlflowClient, tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("made") / "holdout.csv"
    file.write_text(ROWS)
    run = client.create_run(client.create_experiment("gate"))
    client.log_artifact(run.info.run_id, str(file), "data")
    return str(run.info.run_id)


@pytest.fixture(scope="session")
def version(client: MlflowClient, run_id: str) -> str:
    client.create_registered_model("churn")
    made = client.create_model_version("churn", f"runs:/{run_id}/data", run_id=run_id)
    client.set_registered_model_alias("churn", "champion", made.version)
    return str(made.version)


def test_a_file_of_a_run_is_judged(server: Server, run_id: str, tmp_path: Path) -> None:
    code, result, output = judge(
        tmp_path, f"runs:/{run_id}/data/holdout.csv", {"MLFLOW_TRACKING_URI": server.uri}
    )
    assert code == 0, output
    record = next(one for one in result["inputs"] if one["name"] == "holdout")
    assert record["kind"] == "mlflow" or record["uri"].startswith("runs:/")
    assert record["rows"] == 300
    assert len(record["sha256"]) == 64


@pytest.mark.parametrize("form", ["models:/churn@champion/holdout.csv", "models:/churn/1/holdout.csv"])
def test_an_alias_is_resolved_to_its_version(server: Server, version: str, tmp_path: Path, form: str) -> None:
    code, result, output = judge(tmp_path, form, {"MLFLOW_TRACKING_URI": server.uri})
    assert code == 0, output
    record = next(one for one in result["inputs"] if one["name"] == "holdout")
    assert record["uri"] == f"models:/churn/{version}/holdout.csv"


def test_an_unreachable_server_leaves_the_rest_judged(tmp_path: Path) -> None:
    code, result, output = judge(
        tmp_path,
        f"runs:/{'a' * 32}/data/holdout.csv",
        {"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}", "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0"},
    )
    assert code == 4, output
    found = outcomes(result)
    assert found["remote-data"] == {"errored"}
    assert found["performance"] == {"errored"}
    assert found["local-data"] == {"passed"}


@pytest.mark.parametrize(
    "reference",
    ["runs:/RUN/data/absent.csv", "models:/churn@nobody/holdout.csv", f"runs:/{'b' * 32}/x.csv"],
)
def test_what_the_server_does_not_have_is_unavailable(
    server: Server, run_id: str, version: str, tmp_path: Path, reference: str
) -> None:
    assert version
    code, result, output = judge(
        tmp_path, reference.replace("RUN", run_id), {"MLFLOW_TRACKING_URI": server.uri}
    )
    assert code == 4, output
    assert outcomes(result)["remote-data"] == {"errored"}


class Listener:
    """Counts who connects; answers nothing."""

    def __init__(self) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                peer, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            peer.close()


@pytest.mark.parametrize("scheme", ["http", "mlflow-artifacts"])
def test_an_artifact_elsewhere_gets_no_credentials(
    server: Server, client: MlflowClient, tmp_path: Path, scheme: str
) -> None:
    listener = Listener()
    location = f"{scheme}://127.0.0.1:{listener.port}/store"
    run = client.create_run("0")
    # This server refuses such a location; older ones, and whoever runs a server, do not.
    with sqlite3.connect(server.database) as database:
        database.execute("UPDATE runs SET artifact_uri = ? WHERE run_uuid = ?", (location, run.info.run_id))
    database.close()
    code, _, output = judge(
        tmp_path,
        f"runs:/{run.info.run_id}/data/holdout.csv",
        {
            "MLFLOW_TRACKING_URI": server.uri,
            "MLFLOW_TRACKING_USERNAME": "gate",
            "MLFLOW_TRACKING_PASSWORD": "hunter2-secret",
        },
    )
    listener.socket.close()
    assert code == 2, output
    assert "elsewhere" in output
    assert listener.connections == 0
    assert "hunter2-secret" not in output


def test_a_database_in_the_checkout_is_ignored(run_id: str, tmp_path: Path) -> None:
    (tmp_path / "mlflow.db").write_bytes(b"SQLite format 3\x00 not really")
    (tmp_path / "mlruns").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    code, result, output = judge(tmp_path, f"runs:/{run_id}/data/holdout.csv", {})
    assert code == 4, output
    assert "MLFLOW_TRACKING_URI is not set" in output
    assert outcomes(result)["local-data"] == {"passed"}
    after = {path.name for path in tmp_path.iterdir()} - {"mlval.yml", "local.csv", "out"}
    assert sorted(after) == before


def test_credentials_in_the_address_are_never_shown(tmp_path: Path) -> None:
    code, _, output = judge(
        tmp_path,
        f"runs:/{'a' * 32}/data/holdout.csv",
        {
            "MLFLOW_TRACKING_URI": f"http://gate:hunter2-secret@127.0.0.1:{free_port()}",
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        },
    )
    assert code == 4, output
    assert "hunter2-secret" not in output
    for file in (tmp_path / "out").iterdir():
        assert "hunter2-secret" not in file.read_text()
