"""Whole models in MLflow, against a real server: resolved once, fetched, hashed, and asked for again."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import mlflow
import pytest
from mlflow import MlflowClient
from sklearn.linear_model import LogisticRegression

from mlval.config import mlmodel
from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.model_files import ModelFiles, check_pinned
from mlval.scoring.findings import inspect
from mlval.sources.mlflow import Artifacts
from mlval.sources.mlflow_model import Registered, fetch_model, moved
from mlval.sources.model_files import Limits
from tests.mlflow.conftest import Server, free_port
from tests.mlflow.test_source import Listener

pytestmark = pytest.mark.filterwarnings("default")

Fetch = Callable[..., Registered]


@pytest.fixture(scope="session")
def client(server: Server) -> MlflowClient:
    mlflow.set_tracking_uri(server.uri)
    mlflow.set_registry_uri(server.uri)
    mlflow.set_experiment("models")
    return MlflowClient(tracking_uri=server.uri, registry_uri=server.uri)


def logged(c: float, **options: Any) -> Any:  # noqa: ANN401 - MLflow carries no types
    """Log a model in a run of its own."""
    model = LogisticRegression(C=c).fit([[0.0], [1.0], [2.0], [3.0]], [0, 1, 0, 1])
    with mlflow.start_run():
        return mlflow.sklearn.log_model(
            model, name="model", serialization_format="skops", pip_requirements=["scikit-learn"], **options
        )


@pytest.fixture(scope="session")
def first(client: MlflowClient) -> Any:  # noqa: ANN401
    assert client
    info = logged(1.0, registered_model_name="churner")
    logged(2.0, registered_model_name="churner")
    client.set_registered_model_alias("churner", "champion", "1")
    return info


@pytest.fixture
def artifacts(server: Server, tmp_path: Path) -> Artifacts:
    return Artifacts({**os.environ, "MLFLOW_TRACKING_URI": server.uri}, tmp_path)


@pytest.fixture
def fetch(artifacts: Artifacts, tmp_path: Path) -> Fetch:
    def fetched(reference: str, **options: Any) -> Registered:  # noqa: ANN401
        number = len(list(tmp_path.iterdir()))
        scratch, private = tmp_path / f"scratch-{number}", tmp_path / f"private-{number}"
        scratch.mkdir()
        private.mkdir()
        return fetch_model(artifacts, reference, name="m", scratch=scratch, private=private, **options)

    return fetched


def contents(files: ModelFiles, *names: str) -> dict[str, bytes]:
    found = {name: Path(files.root, name) for name in names}
    return {name: place.read_bytes() for name, place in found.items() if place.exists()}


def test_a_registered_version_is_fetched_and_is_what_it_says(first: Any, fetch: Fetch) -> None:  # noqa: ANN401
    assert first
    model = fetch("models:/churner/1")
    assert (model.files.kind, model.files.uri, model.version) == ("mlflow", "models:/churner/1", "")
    described = mlmodel.describe(contents(model.files, mlmodel.FILE, *mlmodel.BESIDE))
    assert (described.format, described.file, described.loader) == ("skops", "model.skops", "mlflow.sklearn")
    assert inspect(model.files, described).findings == ()


def test_all_ways_to_one_model_have_one_digest(first: Any, fetch: Fetch) -> None:  # noqa: ANN401
    digest = fetch("models:/churner/1").files.digest
    by_alias = fetch("models:/churner@champion")
    assert (by_alias.files.uri, by_alias.version) == ("models:/churner/1", "1")
    assert by_alias.files.digest == digest
    assert fetch(f"models:/{first.model_id}").files.digest == digest
    by_run = fetch(f"runs:/{first.run_id}/model")
    assert (by_run.files.digest, by_run.files.uri) == (digest, f"runs:/{first.run_id}/model")
    assert fetch("models:/churner/2").files.digest != digest


def test_an_alias_that_moves_during_the_run_is_told(
    first: Any,  # noqa: ANN401
    client: MlflowClient,
    artifacts: Artifacts,
    fetch: Fetch,
) -> None:
    assert first
    client.set_registered_model_alias("churner", "challenger", "1")
    reference = "models:/churner@challenger"
    version = fetch(reference).version
    assert moved(artifacts, reference, version) is None
    client.set_registered_model_alias("churner", "challenger", "2")
    told = moved(artifacts, reference, version)
    assert told == "challenger of churner moved from version 1 to 2 while the gate ran"
    assert fetch(reference).files.uri == "models:/churner/2"
    client.delete_registered_model_alias("churner", "challenger")
    assert "removed" in (moved(artifacts, reference, version) or "")
    assert moved(artifacts, "models:/churner/1", "") is None


def test_a_folder_of_a_run_is_a_model_too(client: MlflowClient, fetch: Fetch, tmp_path: Path) -> None:
    (tmp_path / "plain").mkdir()
    (tmp_path / "plain" / "model.pkl").write_bytes(b"\x80\x04N.")
    run = client.create_run("0").info.run_id
    client.log_artifacts(run, str(tmp_path / "plain"), "kept/here")
    assert [file.path for file in fetch(f"runs:/{run}/kept/here").files.files] == ["model.pkl"]


def test_bytes_that_change_under_a_version_are_not_those_that_were_pinned(
    first: Any,  # noqa: ANN401
    server: Server,
    fetch: Fetch,
) -> None:
    assert first
    before = fetch("models:/churner/2").files
    check_pinned(before, before.digest)
    (stored,) = (
        path
        for path in server.database.with_name("artifacts").rglob("model.skops")
        if path.read_bytes() == Path(before.root, "model.skops").read_bytes()
    )
    kept = stored.read_bytes()
    try:
        stored.write_bytes(kept + b"x")
        after = fetch("models:/churner/2").files
    finally:
        stored.write_bytes(kept)
    with pytest.raises(SourceBroken, match="not those that the contract pins"):
        check_pinned(after, before.digest)


@pytest.mark.parametrize("scheme", ["http", "mlflow-artifacts", "s3"])
def test_a_version_that_names_another_host_is_refused(
    first: Any,  # noqa: ANN401
    client: MlflowClient,
    server: Server,
    fetch: Fetch,
    scheme: str,
) -> None:
    assert first
    listener = Listener()
    made = client.create_model_version("churner", f"runs:/{first.run_id}/model", run_id=first.run_id)
    with sqlite3.connect(server.database) as database:
        database.execute(
            "UPDATE model_versions SET source = ?, storage_location = ? WHERE name = ? AND version = ?",
            (*(f"{scheme}://127.0.0.1:{listener.port}/x",) * 2, "churner", int(made.version)),
        )
    database.close()
    with pytest.raises(SourceRefused, match="elsewhere than behind the tracking server"):
        fetch(f"models:/churner/{made.version}")
    listener.socket.close()
    assert listener.connections == 0


@pytest.mark.parametrize(
    "reference", ["models:/churner/99", "models:/churner@nobody", "models:/nobody/1", f"models:/m-{'a' * 32}"]
)
def test_what_the_server_does_not_have_is_unavailable(first: Any, fetch: Fetch, reference: str) -> None:  # noqa: ANN401
    assert first
    with pytest.raises(SourceUnavailable):
        fetch(reference)


def test_a_run_without_such_a_model_is_unavailable(first: Any, fetch: Fetch) -> None:  # noqa: ANN401
    with pytest.raises(SourceUnavailable, match="MLflow has no 'other' in run"):
        fetch(f"runs:/{first.run_id}/other")


def test_two_models_of_one_name_are_told_apart_by_their_ids(client: MlflowClient, fetch: Fetch) -> None:
    assert client
    model = LogisticRegression().fit([[0.0], [1.0]], [0, 1])
    with mlflow.start_run() as run:
        infos = [mlflow.sklearn.log_model(model, name="twin", pip_requirements=["x"]) for _ in range(2)]
    with pytest.raises(SourceRefused, match="logged several models") as refused:
        fetch(f"runs:/{run.info.run_id}/twin")
    assert all(info.model_id in refused.value.remedy for info in infos)


def test_too_much_is_refused_before_it_is_fetched(first: Any, fetch: Fetch, tmp_path: Path) -> None:  # noqa: ANN401
    assert first
    with pytest.raises(SourceRefused, match="more than 3 files"):
        fetch("models:/churner/1", limits=Limits(files=3))
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_without_a_server_nobody_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")  # MLflow reads the environment itself
    artifacts = Artifacts({"MLFLOW_TRACKING_URI": f"http://127.0.0.1:{free_port()}"}, tmp_path)
    with pytest.raises(SourceUnavailable, match="did not answer"):
        moved(artifacts, "models:/churner@champion", "1")
