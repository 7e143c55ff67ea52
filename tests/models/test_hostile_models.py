"""Models that attack: what works when they are loaded as everybody loads them gets nothing in the cage."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from mlval.domain.errors import Unmeasurable
from mlval.domain.model_description import ModelDescription
from mlval.scoring.environment import Environment
from mlval.scoring.scorer import Scorer
from tests.hostile_models import SECRET, at_load, at_predict
from tests.models.conftest import IS_ROOT, Built
from tests.scoring.uncaged import columns, on_disk

pytestmark = pytest.mark.process

ROWS = np.arange(30.0).reshape(10, 3)
NAMES = ("a", "b", "c")
PICKLE = ModelDescription("sklearn-pickle", "")
LOAD_IT = (
    "import pickle, sys; model = pickle.load(open(sys.argv[1], 'rb')); model and model.predict([[0, 0, 0]])"
)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    """Write the labels, which no model may see, where everybody could read them."""
    path = tmp_path / "labels.csv"
    path.write_text("id,y\n1,1\n", encoding="utf-8")
    path.chmod(0o666)
    return path


@pytest.fixture(params=["load", "predict"])
def hostile(request: pytest.FixtureRequest, tmp_path: Path, answers: Path) -> Iterator[Path]:
    """Write a model that attacks."""
    files = [str(answers)], [str(answers), str(tmp_path / "owned")]
    model = tmp_path / "model.pkl"
    model.write_bytes(at_load(*files) if request.param == "load" else at_predict(*files, features=3))
    model.chmod(0o644)
    yield model
    assert not (tmp_path / "owned").exists()


def test_an_attack_works_without_the_cage(built: Built, tmp_path: Path, hostile: Path, answers: Path) -> None:
    variables = {"MLVAL_SECRET": SECRET}
    command = [str(built("sklearn").python), "-c", LOAD_IT, str(hostile)]
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=True)
    got = {line for line in done.stdout.splitlines() if line.startswith("GOT")}
    files = {f"GOT to read {answers}", f"GOT to write {answers}", f"GOT to write {tmp_path / 'owned'}"}
    assert got == {"GOT the secret", "GOT a socket", "GOT a signal"} | files
    (tmp_path / "owned").unlink()


def test_an_attack_gets_nothing(
    built: Built, hostile: Path, answers: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MLVAL_SECRET", SECRET)
    said = tail_of(hostile, built("sklearn"))
    assert "::set-output" in said
    assert "GOT" not in said
    assert answers.read_text("utf-8") == "id,y\n1,1\n"


def tail_of(model: Path, environment: Environment) -> str:
    """Ask a model for predictions, and return everything that it printed."""
    started = []
    try:
        with Scorer.start(
            on_disk(model), PICKLE, environment=environment, allow_degraded=not IS_ROOT
        ) as scorer:
            started.append(scorer)
            list(scorer.predict([columns(ROWS, NAMES)]))
            return scorer._session.tail()
    except Unmeasurable as error:
        return error.message.replace("\\x3a", ":")


@pytest.mark.parametrize(
    "body, cause",
    [
        ("numpy.full((len(X), 2), numpy.nan)", "not finite numbers"),
        ("numpy.full((len(X), 2), 3.0)", "probabilities"),
        ("numpy.zeros((len(X) + 1, 2))", "rows"),
        ("[['yes'] * 2] * len(X)", "failed while it predicted"),
        ("__import__('pickle').dumps(X)", "failed while it predicted"),
        ("__import__('os')._exit(0)", "ended before all rows were predicted"),
        ("__import__('os').write(4, bytes(10**7))", "cannot be used"),
    ],
)
def test_predictions_that_cannot_be_such_are_errored(
    built: Built, tmp_path: Path, answers: Path, body: str, cause: str
) -> None:
    del answers
    model = tmp_path / "model.pkl"
    model.write_bytes(at_predict(features=3, body=body))
    model.chmod(0o644)
    with (
        pytest.raises(Unmeasurable, match=cause),
        Scorer.start(
            on_disk(model), PICKLE, environment=built("sklearn"), allow_degraded=not IS_ROOT
        ) as scorer,
    ):
        list(scorer.predict([columns(ROWS, NAMES)]))
