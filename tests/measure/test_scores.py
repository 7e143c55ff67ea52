"""Predictions beside the rows they belong to: each row its own, and a clear no where that is not certain."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.asks import ByColumn, Count, Groups, Rows, Scored, Scores, Vectors
from mlval.domain.errors import MlvalError, SourceUnavailable, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.predicate import IsNull
from mlval.measure.engine import predictions_table
from tests.measure.world import World

Scene = Callable[..., World]
ASK = Scores("model", "rows")
ROWS = "id,day,y,guess,p\n1,a,0,0,0.2\n2,a,1,1,0.9\n3,b,0,1,0.6\n4,b,1,1,0.7\n5,b,,1,0.1\n"
GUESSES = "id,guess,p\n4,1,0.7\n2,1,0.9\n1,0,0.2\n3,1,0.6\n"


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    """Build a dataset named `rows` and a model named `model`; predictions are columns unless a file is given."""

    def build(
        rows: str = ROWS,
        guesses: str | None = None,
        *,
        key: str | tuple[str, ...] | None = "id",
        target: str = "y",
        positive: str | int | bool | None = None,
        **columns: object,
    ) -> World:
        where = {"dataset": "rows"} if guesses is None else {"path": "guesses.csv"}
        predictions = Predictions.model_validate({"label": "guess", **where, **columns})
        dataset = Dataset(path="rows.csv", key=key, target=target, positive=positive)
        world = World(tmp_path, Inputs({"rows": dataset}, {"model": Model(predictions=predictions)}))
        world.csv(rows, name="rows")
        if guesses is not None:
            world.csv(guesses, name=predictions_table("model"))
        return world

    return build


def pairs(world: World, *names: str) -> dict[tuple[str | None, ...], int]:
    """Return how often the key, the truth and the prediction stand together."""
    scored = world.ask(ASK)
    by = tuple(ByColumn(name) for name in (*names, scored.label) if name is not None)
    return dict(world.ask(Groups(Rows(scored.table), by)).counts)


def refusal(world: World) -> MlvalError:
    with pytest.raises(Unmeasurable) as refused:
        world.ask(ASK)
    return refused.value


EXPECTED = {("1", "0"): 1, ("2", "1"): 1, ("3", "1"): 1, ("4", "1"): 1}


def test_predictions_in_columns_of_the_dataset(scene: Scene) -> None:
    world = scene(score="p")
    assert pairs(world, "id") == {**EXPECTED, ("5", "1"): 1}
    assert (world.ask(ASK).label, world.ask(ASK).score) == ("mlval:label", "mlval:score")


def test_predictions_in_a_file_find_their_rows_by_key(scene: Scene) -> None:
    world = scene(guesses=GUESSES, score="p")
    scored = world.ask(ASK)
    assert pairs(world, "id") == {**EXPECTED, ("5", None): 1}
    found = world.ask(Vectors(Rows(scored.table, "id < 5"), ("id", "mlval:score"))).values
    assert dict(zip(found["id"].tolist(), found["mlval:score"].tolist(), strict=True)) == {
        1: 0.2, 2: 0.9, 3: 0.6, 4: 0.7,
    }  # fmt: skip
    assert world.shape(scored.table).rows == 5


def test_keys_of_several_columns_and_other_names(scene: Scene) -> None:
    rows = "day,n,y\nmon,1,0\nmon,2,1\ntue,1,1\n"
    guesses = "number,weekday,guess\n1,tue,1\n2,mon,0\n1,mon,0\n"
    world = scene(rows, guesses, key=("day", "n"), **{"key": ("day", "n")}) if False else None
    del world
    predictions = Predictions(path="g.csv", key=("weekday", "number"), label="guess")
    dataset = Dataset(path="r.csv", key=("day", "n"), target="y")
    world = _open(scene, dataset, predictions, rows, guesses)
    assert pairs(world, "day", "n") == {("mon", "1", "0"): 1, ("mon", "2", "0"): 1, ("tue", "1", "1"): 1}


def _open(scene: Scene, dataset: Dataset, predictions: Predictions, rows: str, guesses: str) -> World:
    folder = scene().folder / "other"
    folder.mkdir()
    world = World(folder, Inputs({"rows": dataset}, {"model": Model(predictions=predictions)}))
    world.csv(rows, name="rows")
    world.csv(guesses, name=predictions_table("model"))
    return world
