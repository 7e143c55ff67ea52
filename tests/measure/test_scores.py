"""Predictions beside the rows they belong to: each row its own, and a clear no where that is not certain."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from mlval.domain.asks import ByColumn, Groups, Rows, Scored, Scores, Vectors
from mlval.domain.errors import MlvalError, SourceUnavailable, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.predicate import IsNull
from mlval.measure.engine import predictions_table
from tests.measure.world import World, cause, lines

ROWS = "id,day,y,guess,p\n1,a,0,0,0.2\n2,a,1,1,0.9\n3,b,0,1,0.6\n4,b,1,1,0.7\n5,b,,1,0.1\n"
GUESSES = "id,guess,p\n4,1,0.7\n2,1,0.9\n1,0,0.2\n3,1,0.6\n"
EXPECTED: dict[tuple[str | None, ...], int] = {("1", "0"): 1, ("2", "1"): 1, ("3", "1"): 1, ("4", "1"): 1}
DATASETS: dict[str, Dataset] = {}
MODELS: dict[str, Model] = {}


@dataclass(frozen=True)
class Scene:
    """A dataset and a model in an engine that holds those of other tests too."""

    world: World
    ask: Scores

    @property
    def scored(self) -> Scored:
        return self.world.ask(self.ask)

    def pairs(self, *names: str) -> dict[tuple[str | None, ...], int]:
        """Return how often keys and predictions stand together."""
        scored = self.scored
        by = tuple(ByColumn(name) for name in (*names, scored.label or ""))
        return {**self.world.ask(Groups(Rows(scored.table), by)).counts}

    def refusal(self) -> MlvalError:
        return cause(self.world.answers(self.ask)[self.ask])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"), Inputs(DATASETS, MODELS))


@pytest.fixture
def scene(world: World) -> Callable[..., Scene]:
    """Open a dataset whose own columns are the predictions of a model, unless a file is given."""

    def build(
        rows: str = ROWS,
        guesses: str | None = None,
        *,
        dataset: Mapping[str, Any] | None = None,
        predictions: Mapping[str, Any] | None = None,
    ) -> Scene:
        name = f"rows{len(DATASETS)}"
        place: dict[str, Any] = {"dataset": name} if guesses is None else {"path": "guesses.csv"}
        described: dict[str, Any] = {"key": "id", "target": "y", **(dataset or {})}
        DATASETS[name] = Dataset(path="rows.csv", **described)
        MODELS[name] = Model(predictions=Predictions(**place, **(predictions or {"label": "guess"})))
        world.csv(rows, name=name)
        if guesses is not None:
            world.csv(guesses, name=predictions_table(name))
        return Scene(world, Scores(name, name))

    return build


Build = Callable[..., Scene]


def test_predictions_in_columns_of_the_dataset(scene: Build) -> None:
    assert scene().pairs("id") == {**EXPECTED, ("5", "1"): 1}


def test_predictions_in_a_file_find_their_rows_by_key(scene: Build) -> None:
    found = scene(guesses=GUESSES, predictions={"label": "guess", "score": "p"})
    assert found.pairs("id") == {**EXPECTED, ("5", None): 1}


def test_scores_and_other_columns_stay_beside_their_rows(scene: Build) -> None:
    found = scene(guesses=GUESSES, predictions={"score": "p"})
    scored = found.scored
    assert (scored.label, scored.score) == (None, "mlval:score")
    values = found.world.ask(Vectors(Rows(scored.table, "id < 5"), ("id", "mlval:score"))).values
    told = sorted(zip(values["id"].tolist(), values["mlval:score"].tolist(), strict=True))
    assert told == [(1, 0.2), (2, 0.9), (3, 0.6), (4, 0.7)]
    assert found.world.shape(scored.table).rows == 5


def test_keys_of_several_columns_and_other_names(scene: Build) -> None:
    found = scene(
        "day,n,y\nmon,1,0\nmon,2,1\ntue,1,1\n",
        "number,weekday,guess\n1,tue,1\n2,mon,0\n1,mon,0\n",
        dataset={"key": ("day", "n")},
        predictions={"key": ("weekday", "number"), "label": "guess"},
    )
    assert found.pairs("day", "n") == {("mon", "1", "0"): 1, ("mon", "2", "0"): 1, ("tue", "1", "1"): 1}


@pytest.mark.parametrize(
    "truth, positive, labels",
    [
        (("0", "1"), None, ("0", "1")),
        (("0.0", "1.0"), None, ("0", "1")),
        (("false", "true"), None, ("false", "true")),
        (("-1", "1"), None, ("-1", "1")),
        (("no", "yes"), "yes", ("no", "yes")),
        (("1", "2"), 1, ("2", "1")),
        (("true", "false"), False, ("true", "false")),
    ],
)
def test_a_threshold_makes_labels_of_the_targets_own_classes(
    scene: Build, truth: tuple[str, str], positive: str | int | bool | None, labels: tuple[str, str]
) -> None:
    rows = f"id,y,p\n1,{truth[0]},0.49\n2,{truth[1]},0.5\n3,,0.9\n"
    found = scene(rows, dataset={"positive": positive}, predictions={"score": "p", "threshold": 0.5})
    assert found.pairs("id") == {("1", labels[0]): 1, ("2", labels[1]): 1, ("3", labels[1]): 1}


def test_a_label_that_is_named_is_not_made(scene: Build) -> None:
    found = scene(predictions={"label": "guess", "score": "p", "threshold": 0.99})
    assert found.pairs("id") == {**EXPECTED, ("5", "1"): 1}


SCORED = {"score": "p"}
CUT = {"score": "p", "threshold": 0.5}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "a key twice in the dataset": (
        {"rows": ROWS + "1,a,0,0,0.2\n1,a,0,0,0.2\n", "guesses": GUESSES},
        "2 rows of the dataset repeat a key",
    ),
    "a key twice in the file": ({"guesses": GUESSES + "1,0,0.2\n"}, "1 rows of the predictions repeat a key"),
    "no key in the dataset": (
        {"rows": ROWS + ",a,0,0,0.2\n", "guesses": GUESSES},
        "1 rows of the dataset have no key",
    ),
    "no key in the file": ({"guesses": GUESSES + ",1,0.2\n"}, "1 rows of the predictions have no key"),
    "predictions without a row": ({"guesses": GUESSES + "7,1,0\n8,1,0\n"}, "2 predictions belong to no row"),
    "rows without a prediction": ({"guesses": "id,guess\n1,0\n2,1\n"}, "2 labelled rows have no prediction"),
    "a null for a prediction": ({"rows": ROWS.replace("4,b,1,1", "4,b,1,")}, "1 labelled rows have no"),
    "NaN for a prediction": ({"rows": ROWS.replace("4,b,1,1", "4,b,1,NaN")}, "1 labelled rows have no"),
    "NaN for a score": (
        {"rows": ROWS.replace("0.7", "NaN"), "predictions": SCORED},
        "1 labelled rows have no",
    ),
    "NaN for a score with a threshold": (
        {"rows": ROWS.replace("0.7", "NaN"), "predictions": CUT},
        "1 labelled rows have no",
    ),
    "NaN for a truth": ({"rows": ROWS.replace("b,,1", "b,NaN,1")}, "1 rows have NaN for a truth"),
    "numbers and text as keys": (
        {"guesses": GUESSES.replace("4,", "004,")},
        "'id' holds int values, and 'id' of the predictions string values",
    ),
    "no such label": ({"predictions": {"label": "gues"}}, "the predictions have no column 'gues'"),
    "no such score in the file": ({"guesses": GUESSES, "predictions": {"score": "q"}}, "no column 'q'"),
    "a score that is text": ({"predictions": {"score": "day"}}, "'day' holds string values, not numbers"),
    "no such key": ({"guesses": "row,guess\n1,1\n"}, "no key column 'id' in the predictions"),
    "no key named": ({"guesses": GUESSES, "dataset": {"key": None}}, "the dataset names none"),
    "keys of other lengths": (
        {"guesses": GUESSES, "predictions": {"key": ("id", "p"), "label": "guess"}},
        "the dataset has 1 key columns, the predictions 2",
    ),
    "a threshold and three classes": (
        {"rows": ROWS.replace("b,,1", "b,2,1"), "predictions": CUT},
        "has more than two",
    ),
    "a threshold and one class": ({"rows": "id,y,p\n1,1,0.5\n", "predictions": CUT}, "has fewer than two"),
    "a threshold and classes without an order": (
        {"rows": "id,y,p\n1,good,0.5\n2,bad,0.5\n", "predictions": CUT},
        "which of 2 classes is positive cannot be told",
    ),
    "a positive class that no row has": (
        {"predictions": CUT, "dataset": {"positive": "yes"}},
        "no row is 'yes'",
    ),
    "no target for a threshold": (
        {"predictions": CUT, "dataset": {"target": None}},
        "needs the dataset's `target:`",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_certain_is_refused_with_counts(scene: Build, name: str) -> None:
    arguments, message = REFUSED[name]
    refusal = scene(**arguments).refusal()
    assert isinstance(refusal, Unmeasurable)
    assert message in refusal.message
    assert "good" not in refusal.message


def test_an_unlabelled_row_needs_no_prediction(scene: Build) -> None:
    found = scene(ROWS.replace("b,,1", "b,,"))
    assert found.world.count(found.scored.table, IsNull("mlval:label")) == 1


def test_hostile_names_of_columns(scene: Build) -> None:
    found = scene(
        "a-b,it's,select,; --\n1,0,0,0.1\n2,1,1,0.9\n",
        "d.x,p\n1,0\n2,1\n",
        dataset={"key": "a-b", "target": "it's"},
        predictions={"key": "d.x", "label": "p"},
    )
    assert found.pairs("a-b") == {("1", "0"): 1, ("2", "1"): 1}
    assert found.world.shape(found.scored.table).names[:4] == ("a-b", "it's", "select", "; --")


def test_columns_of_one_name_on_both_sides_stay_the_datasets(scene: Build) -> None:
    found = scene("id,y,guess\n1,0,7\n", "id,y,guess\n1,1,0\n")
    assert found.pairs("y", "guess") == {("0", "7", "0"): 1}


def test_predictions_in_another_dataset_are_no_answer(scene: Build) -> None:
    one, other = scene(), scene()
    ask = Scores(one.ask.model, other.ask.dataset)
    message = f"predictions in {one.ask.dataset!r}, not in {other.ask.dataset!r}"
    assert message in cause(one.world.answers(ask)[ask]).message


def test_a_file_that_could_not_be_read_is_the_cause(scene: Build) -> None:
    found = scene(guesses=GUESSES)
    found.world.engine.give_up(predictions_table(found.ask.model), gone := SourceUnavailable("gone"))
    assert found.refusal() is gone


def test_single_floats_meet_the_threshold_that_they_were_written_as(world: World) -> None:
    DATASETS["single"] = Dataset(path="r", target="y")
    MODELS["single"] = Model(predictions=Predictions(dataset="single", score="p", threshold=0.7))
    world.parquet("SELECT 1 AS y, 0.7::FLOAT AS p UNION ALL SELECT 0, 0.6::FLOAT", name="single")
    assert Scene(world, Scores("single", "single")).pairs("y") == {("1", "1"): 1, ("0", "0"): 1}


def test_many_rows_are_joined_right(scene: Build) -> None:
    keys = [(n * 7919) % 20011 for n in range(20011)]
    rows = "id,y\n" + "".join(f"{key},{key % 2}\n" for key in range(20011))
    guesses = "id,guess\n" + "".join(f"{key},{key % 2}\n" for key in keys)
    found = scene(rows, guesses)
    assert found.pairs("y") == {("0", "0"): 10006, ("1", "1"): 10005}
    assert found.world.count(found.scored.table) == 20011


def test_scores_of_each_class_give_the_label_and_the_positive_score(tmp_path: Path) -> None:
    predictions = Predictions(dataset="h", scores={"yes": "b", "no": "a"})
    roles = Dataset(path="h.csv", target="y", positive="yes")
    world = World(tmp_path, Inputs({"h": roles}, {"m": Model(predictions=predictions)}))
    world.csv(lines("y,a,b", ["yes,0.4,0.6", "no,0.7,0.3", "no,0.5,0.5"]), name="h")
    scored = world.ask(Scores("m", "h"))
    assert dict(scored.scores) == {"no": "mlval:score:0", "yes": "mlval:score:1"}
    cells = world.cells(scored.table, "mlval:label", "mlval:score", "mlval:score:0")
    # Of classes equally probable the first in the order of their text is predicted.
    assert cells == (("yes", "0.6", "0.4"), ("no", "0.3", "0.7"), ("no", "0.5", "0.5"))


def test_a_threshold_of_scores_of_two_classes(tmp_path: Path) -> None:
    predictions = Predictions(dataset="h", scores={"0": "a", "1": "b"}, threshold=0.3)
    inputs = Inputs({"h": Dataset(path="h.csv", target="y")}, {"m": Model(predictions=predictions)})
    world = World(tmp_path, inputs)
    world.csv(lines("y,a,b", ["1,0.6,0.4", "0,0.8,0.2"]), name="h")
    scored = world.ask(Scores("m", "h"))
    assert world.cells(scored.table, "mlval:label") == (("1",), ("0",))


@pytest.mark.parametrize(
    "given, reason",
    [
        ({"score": "p", "scores": {"a": "x", "b": "y"}}, "not both"),
        ({"threshold": 0.5, "scores": {"a": "x", "b": "y", "c": "z"}}, "two classes"),
        ({"scores": {"a": "x"}}, "at least 2"),
    ],
)
def test_scores_that_cannot_be_are_refused(given: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        Predictions(dataset="h", **given)
