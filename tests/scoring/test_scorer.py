"""Models of a few lines, which need no library: the conversation is tested, not the cage around it."""

import pickle
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from numpy.typing import NDArray

from mlval.domain.errors import Unmeasurable
from mlval.domain.features import Feature
from mlval.domain.model_description import ModelDescription
from mlval.scoring.protocol import Predicted
from mlval.scoring.scorer import Scorer
from tests.scoring.uncaged import HERE, Uncaged, columns, on_disk

pytestmark = pytest.mark.process

MODULE = """
import os, sys, time
import numpy as np

class Model:
    n_features_in_ = 2
    def predict(self, x):
        return x[:, 0] * 2

class Two(Model):
    def predict(self, x):
        return x * 2

class Named(Model):
    feature_names_in_ = np.array(["a", "b"], dtype=object)
    def predict(self, x):
        return np.asarray(x)[:, 0]

class Classes(Model):
    classes_ = np.array(["no", "yes"])
    def predict(self, x):
        return np.where(x[:, 0] > 0, "yes", "no")
    def predict_proba(self, x):
        p = 1 / (1 + np.exp(-x[:, 0]))
        return np.column_stack([1 - p, p])

class Nan(Model):
    def predict(self, x):
        return np.full(len(x), np.nan)

class Unsure(Classes):
    def predict_proba(self, x):
        return np.full((len(x), 2), 0.9)

class Other(Classes):
    def predict(self, x):
        return np.full(len(x), "maybe")

class Raises(Model):
    def predict(self, x):
        raise ValueError("::error::no \\x1b[31m luck")

class Few(Model):
    def predict(self, x):
        return x[1:, 0]

class Words(Model):
    def predict(self, x):
        return np.full(len(x), "three")

class More(Model):
    n_outputs = 1
    def predict(self, x):
        if len(x) > 16:
            os.write(4, b"x")
        return x[:, 0]

class Fewer(Model):
    def predict(self, x):
        if len(x) > 16:
            os.write(4, b"12345678")
            os._exit(0)
        return x[:, 0]

class Endless(Model):
    def predict(self, x):
        while True:
            os.write(4, bytes(65536))

class Exits(Model):
    def __setstate__(self, state):
        sys.exit(3)

class Quits(Model):
    def __setstate__(self, state):
        os._exit(7)

class Answers(Model):
    def __setstate__(self, state):
        os.write(4, b"\\x02\\x00\\x00\\x00{}")
        os._exit(0)

class Nothing:
    pass
"""
RNG = np.random.default_rng(7)
ROWS = RNG.normal(size=(100, 2))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Make a model folder with code of its own, and a pickle of each class of it."""
    folder = tmp_path_factory.mktemp("model")
    (folder / "code").mkdir()
    (folder / "code" / "handmade.py").write_text(MODULE, encoding="utf-8")
    module = ModuleType("handmade")
    exec(MODULE, module.__dict__)
    sys.modules["handmade"] = module
    for name, made in vars(module).items():
        if isinstance(made, type):
            instance = made()
            instance.__dict__["state"] = 1
            (folder / name).write_bytes(pickle.dumps(instance))
    yield folder
    del sys.modules["handmade"]


def load(folder: Path, name: str, *, code: tuple[str, ...] = ("code",)) -> Scorer:
    described = ModelDescription("sklearn-pickle", name, code=code)
    return Scorer.start(on_disk(folder), described, environment=HERE, cage=Uncaged)


def batches(rows: NDArray[np.float64] = ROWS, size: int = 30, names: str = "ab") -> list[list[Feature]]:
    return [columns(rows[start : start + size], names) for start in range(0, len(rows), size)]


def labels(found: list[Predicted]) -> NDArray[np.float64]:
    return np.concatenate([part.labels for part in found])


class TestPredictions:
    def test_of_a_regression_in_batches(self, folder: Path) -> None:
        done: list[int] = []
        with load(folder, "Model") as scorer:
            found = list(scorer.predict(batches(), progress=done.append))
            again = list(scorer.predict(batches(size=100)))
        assert done == [30, 60, 90, 100]
        assert labels(found).tolist() == (ROWS[:, 0] * 2).tolist() == labels(again).tolist()

    def test_of_several_outputs(self, folder: Path) -> None:
        with load(folder, "Two") as scorer:
            assert not scorer.loaded.outputs
            found = list(scorer.predict(batches()))
            outputs: tuple[str, ...] = scorer.loaded.outputs
        assert outputs == ("prediction 0", "prediction 1")
        assert labels(found).tolist() == (ROWS * 2).tolist()

    def test_of_a_classifier(self, folder: Path) -> None:
        with load(folder, "Classes") as scorer:
            assert scorer.loaded.classes == ("no", "yes")
            found = list(scorer.predict(batches()))
        assert labels(found).tolist() == (ROWS[:, 0] > 0).tolist()
        assert found[0].scores is not None
        assert found[0].scores.shape == (30, 2)

    def test_columns_are_put_into_the_order_of_the_model(self, folder: Path) -> None:
        with load(folder, "Named") as scorer:
            assert scorer.loaded.features == ("a", "b")
            found = list(scorer.predict(batches(names="ba")))
        assert labels(found).tolist() == ROWS[:, 1].tolist()

    def test_no_rows_give_no_predictions(self, folder: Path) -> None:
        with load(folder, "Model") as scorer:
            assert list(scorer.predict([])) == []
            assert list(scorer.predict(batches(ROWS[:0], 1) or [columns(ROWS[:0], "ab")])) == []

    def test_more_rows_than_a_pipe_holds_do_not_block(self, folder: Path) -> None:
        many = RNG.normal(size=(400_000, 2))
        with load(folder, "Two") as scorer:
            found = list(scorer.predict(batches(many, scorer.batch_rows(2))))
        assert np.array_equal(labels(found), many * 2)


@pytest.mark.parametrize(
    "name,complaint",
    [
        ("Nan", "100 of 100 rows have predictions that are not finite"),
        ("Unsure", "do not sum to 1"),
        ("Other", "none of its classes"),
        ("Raises", r"failed while it predicted.*::error::no \\x1b\[31m luck"),
        ("Few", r"failed while it predicted.*shape \(15,\) for 16 rows"),
        ("Words", "something that is no number"),
        ("More", "more bytes of predictions than rows"),
        ("Fewer", r"before all rows were predicted \(exit status 0\), after 8 bytes .* instead of 800"),
        ("Endless", "not as agreed|an answer of|more bytes"),
    ],
)
def test_predictions_that_cannot_be_used(folder: Path, name: str, complaint: str) -> None:
    with load(folder, name) as scorer:
        with pytest.raises(Unmeasurable, match=complaint) as refused:
            list(scorer.predict(batches(size=100)))
        assert "\x1b" not in refused.value.message
        with pytest.raises(Unmeasurable, match="cannot be asked again"):
            list(scorer.predict(batches()))


@pytest.mark.parametrize(
    "names,complaint",
    [("ac", "lacks 'b'; it does not know 'c'"), ("a", "lacks 'b'"), ("abc", "does not know 'c'"), ("aa", "")],
)
def test_features_by_other_names_never_reach_the_model(folder: Path, names: str, complaint: str) -> None:
    rows = np.zeros((3, len(names)))
    with (
        load(folder, "Named") as scorer,
        pytest.raises(Unmeasurable, match=f"features are not those.*{complaint}"),
    ):
        list(scorer.predict([columns(rows, names)]))


def test_another_number_of_features_is_said(folder: Path) -> None:
    with (
        load(folder, "Model") as scorer,
        pytest.raises(Unmeasurable, match=r"does not fit the features.*trained on 2 features, and 3 came"),
    ):
        list(scorer.predict([columns(np.zeros((3, 3)), "abc")]))


@pytest.mark.parametrize(
    "name,complaint",
    [
        ("Nothing", "cannot be used: the file holds a Nothing, which cannot predict"),
        ("Exits", "does not load: SystemExit: 3"),
        ("Quits", r"ended before it was loaded \(exit status 7\)"),
        ("Answers", "the answer to loading is not as agreed"),
        ("absent", "FileNotFoundError"),
    ],
)
def test_models_that_do_not_load(folder: Path, name: str, complaint: str) -> None:
    with pytest.raises(Unmeasurable, match=complaint):
        load(folder, name)


def test_a_module_that_is_missing_is_told_from_a_class(folder: Path) -> None:
    with pytest.raises(Unmeasurable, match=r"a module is not in its environment.*handmade") as refused:
        load(folder, "Model", code=())
    assert "environment: uv" in refused.value.remedy
    (folder / "lost").write_bytes(pickle.dumps(sys.modules["handmade"].Model()).replace(b"Model", b"Gone!"))
    with pytest.raises(Unmeasurable, match="a class that it was saved with is not there"):
        load(folder, "lost")


def test_an_iteration_that_is_left_half_way_ends_the_model(folder: Path) -> None:
    with load(folder, "Model") as scorer:
        asked = scorer.predict(batches())
        next(asked)
        with pytest.raises(Unmeasurable, match="interrupted"):
            next(scorer.predict(batches()))
