"""Real libraries in environments of their own, caged: predictions are those of the library, bit for bit."""

import subprocess
from pathlib import Path

import numpy as np
import pytest

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature
from mlval.domain.model_description import Format, ModelDescription
from mlval.scoring.environment import Builder, Environment, build
from mlval.scoring.protocol import Loaded
from mlval.scoring.scorer import Scorer
from mlval.scoring.worker.formats import format_of
from tests.models import train
from tests.models.conftest import IS_ROOT, Built
from tests.scoring.uncaged import columns, on_disk

pytestmark = pytest.mark.process

KINDS: dict[str, tuple[str, Format]] = {
    "sklearn_joblib": ("sklearn", "sklearn-joblib"),
    "sklearn_outputs": ("sklearn", "sklearn-joblib"),
    "skops": ("sklearn", "skops"),
    "skops_trees": ("sklearn", "skops"),
    "xgboost_two": ("xgboost", "xgboost"),
    "xgboost_three": ("xgboost", "xgboost"),
    "xgboost_number": ("xgboost", "xgboost"),
    "xgboost_texts": ("xgboost", "xgboost"),
    "xgboost_pickled": ("xgboost", "sklearn-joblib"),
    "lightgbm_two": ("lightgbm", "lightgbm"),
    "lightgbm_three": ("lightgbm", "lightgbm"),
    "lightgbm_number": ("lightgbm", "lightgbm"),
    "lightgbm_texts": ("lightgbm", "lightgbm"),
    "onnx_words": ("onnx", "onnx"),
    "onnx_forest": ("onnx", "onnx"),
    "onnx_number": ("onnx", "onnx"),
    "mlflow_sklearn": ("mlflow", "mlflow"),
    "mlflow_skops": ("mlflow", "mlflow"),
    "mlflow_function": ("mlflow", "mlflow"),
}
WITH_TEXT = {"sklearn_joblib", "skops", "xgboost_texts", "lightgbm_texts", "mlflow_sklearn", "mlflow_skops"}


def trained(kind: str, environment: Environment, folder: Path) -> Path:
    """Train and save a model in its environment, outside any cage."""
    variables = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "HOME": str(folder)}
    script = Path(train.__file__)
    ran = subprocess.run(
        [environment.python, script, kind, folder], env=variables, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stderr
    # The user of the cage reads the model.
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return folder / "model"


def asked(path: Path, form: Format, environment: Environment, *, text: bool = False) -> tuple[Loaded, object]:
    rows = train.features()
    levels = ("free", "pro", "team")
    codes = np.searchsorted(levels, train.plans()).astype(np.int32)
    batches = []
    for start in range(0, len(rows), train.BATCH):
        part = slice(start, start + train.BATCH)
        batch = columns(rows[part], train.NAMES)
        batches.append([*batch, Feature("plan", "text", codes[part], levels=levels)] if text else batch)
    described = ModelDescription(form, "")
    with Scorer.start(
        on_disk(path), described, environment=environment, allow_degraded=not IS_ROOT
    ) as scorer:
        found = list(scorer.predict(batches))
        loaded = scorer.loaded
    parts = [
        np.column_stack([part.labels] if part.scores is None else [part.labels, part.scores])
        for part in found
    ]
    return loaded, np.concatenate(parts)


@pytest.mark.parametrize("kind", KINDS)
def test_predictions_are_those_of_the_library(kind: str, built: Built, tmp_path: Path) -> None:
    name, form = KINDS[kind]
    path = trained(kind, built(name), tmp_path)
    assert format_of(path) == form.replace("joblib", "pickle")
    loaded, found = asked(path, form, built(name), text=kind in WITH_TEXT)
    expected = np.load(tmp_path / "expected.npy")
    assert isinstance(found, np.ndarray)
    assert found.shape == expected.shape
    assert found.tobytes() == np.ascontiguousarray(expected).tobytes()
    assert len(loaded.outputs) == expected.shape[1]


def test_a_type_that_skops_would_let_the_file_trust_is_refused(built: Built, tmp_path: Path) -> None:
    path = trained("skops_stranger", built("sklearn"), tmp_path)
    with pytest.raises(Unmeasurable, match=r"types that are not trusted: shutil\.rmtree"):
        asked(path, "skops", built("sklearn"))


def test_a_library_that_is_not_in_the_environment_is_said(built: Built, tmp_path: Path) -> None:
    path = trained("xgboost_two", built("xgboost"), tmp_path)
    with pytest.raises(Unmeasurable, match=r"a module is not in its environment.*xgboost"):
        asked(path, "xgboost", built("lightgbm"))


def test_an_environment_that_does_not_resolve_is_said(builder: Builder) -> None:
    with pytest.raises(Unmeasurable, match=r"cannot be built.*scikit-learn==999"):
        build(["scikit-learn==999"], builder)


def test_a_requirement_that_builds_from_source_is_refused(builder: Builder) -> None:
    with pytest.raises(Unmeasurable, match="no usable wheels"):
        build(["pyspark==3.5.0"], builder)
