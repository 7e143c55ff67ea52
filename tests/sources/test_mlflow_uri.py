"""MLflow references: the four forms and nothing else; locations behind the tracking server only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceRefused
from mlval.sources.mlflow_uri import ArtifactReference, approved, is_mlflow, parse, parse_model

RUN, MODEL = "a" * 32, f"m-{'b' * 32}"
TRACKING = "https://mlflow.example:5000/prefix"


@pytest.mark.parametrize(
    "reference, read",
    [
        (f"runs:/{RUN}/data/x.csv", ArtifactReference("data/x.csv", run=RUN)),
        (f"models:/{MODEL}/x.csv", ArtifactReference("x.csv", logged=MODEL)),
        ("models:/churn model/3/x.csv", ArtifactReference("x.csv", name="churn model", version="3")),
        ("models:/churn@champion/a b/x.csv", ArtifactReference("a b/x.csv", name="churn", alias="champion")),
    ],
)
def test_the_four_forms_are_read(reference: str, read: ArtifactReference) -> None:
    assert is_mlflow(reference)
    assert parse(reference) == read


@pytest.mark.parametrize(
    "reference",
    [
        f"runs:/{RUN}",
        f"runs:/{RUN}/",
        f"runs:/{RUN}/../secret",
        f"runs:/{RUN}/a/../../x",
        f"runs:/{RUN}/./x",
        f"runs:/{RUN}//x",
        f"runs:/{RUN}/%2e%2e/x",
        f"runs:/{RUN}/x?y=1",
        f"runs:/{RUN}/x#y",
        f"runs:/{RUN}/x\n::error::y",
        f"runs:/{RUN}/a\\..\\x",
        f"runs:/{RUN}/file:x",
        "runs:/not-an-id/x",
        f"runs://{RUN}/x",
        "models:/churn/latest/x",
        "models:/churn/Production/x",
        "models:/churn/0/x",
        "models:/churn@champion",
        "models:/chu\nrn/3/x",
        "models:/\x1b[31m@champion/x",
        "models:/churn@a b/x",
        "models:/../x/1/y@z/..",
    ],
)
def test_everything_else_is_refused(reference: str) -> None:
    with pytest.raises(SourceRefused, match="does not name a file in MLflow"):
        parse(reference)


@pytest.mark.parametrize(
    "reference, read",
    [
        (f"runs:/{RUN}/model", ArtifactReference("model", run=RUN)),
        (f"models:/{MODEL}", ArtifactReference("", logged=MODEL)),
        ("models:/churn model/3", ArtifactReference("", name="churn model", version="3")),
        ("models:/churn@champion", ArtifactReference("", name="churn", alias="champion")),
    ],
)
def test_the_four_forms_of_whole_models_are_read(reference: str, read: ArtifactReference) -> None:
    assert parse_model(reference) == read


@pytest.mark.parametrize(
    "reference",
    [
        f"runs:/{RUN}",
        f"runs:/{RUN}/../x",
        "models:/churn",
        "models:/churn/latest",
        "models:/churn/Production",
        "models:/churn/0",
        "models:/churn/3/model",
        "models:/churn@champion/model",
        f"models:/{MODEL}/model",
        "models:/m-123",
        "models:/churn@a b",
        "models:/churn@champion\n",
        "model.pkl",
    ],
)
def test_everything_else_is_no_model(reference: str) -> None:
    with pytest.raises(SourceRefused, match="does not name a model in MLflow"):
        parse_model(reference)


@given(st.text(max_size=60).map(lambda text: f"runs:/{RUN}/{text}"))
def test_a_path_that_is_read_stays_below_the_artifacts(reference: str) -> None:
    try:
        path = parse(reference).path
    except SourceRefused:
        return
    assert not path.startswith("/")
    assert not {"", ".", ".."} & set(path.split("/"))
    assert path.isprintable() or not any(ord(character) < 32 for character in path)


@pytest.mark.parametrize(
    "location",
    ["mlflow-artifacts:/1/abc/artifacts", "mlflow-artifacts://mlflow.example:5000/1/abc/artifacts"],
)
def test_what_the_tracking_server_serves_itself_is_approved(location: str) -> None:
    assert approved(location, TRACKING) == location


@pytest.mark.parametrize(
    "location",
    [
        "",
        "/srv/artifacts",
        "file:///etc",
        "s3://bucket/x",
        "gs://bucket/x",
        "http://mlflow.example:5000/x",
        "https://evil.example/x",
        "mlflow-artifacts://evil.example:5000/x",
        "mlflow-artifacts://mlflow.example:6000/x",
        "mlflow-artifacts://mlflow.example/x",
        "mlflow-artifacts://u:hunter2@mlflow.example:5000/x",
        "mlflow-artifacts://mlflow.example:5000@evil.example/x",
        "mlflow-artifacts:/1/../../x",
        "mlflow-artifacts:/1/x?host=evil",
        "mlflow-artifacts://mlflow.example:port/x",
        "dbfs:/x",
        "ftp://u:hunter2@evil.example/x",
    ],
)
def test_every_other_location_is_refused_without_its_secrets(location: str) -> None:
    with pytest.raises(SourceRefused, match="elsewhere than behind the tracking server") as refused:
        approved(location, TRACKING)
    assert "hunter2" not in refused.value.message
