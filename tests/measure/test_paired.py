"""Two models side by side: the same rows in their order, and what keeps them from standing there."""

from pathlib import Path
from typing import Any

import pytest

from mlval.domain.asks import ByColumn, Groups, Rows, Scored, Scores, Vectors
from mlval.domain.errors import Failure
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.paired import Paired, PairedScores
from mlval.measure.engine import predictions_table
from tests.measure.world import World

INPUTS = Inputs(
    {"h": Dataset(path="h.csv", key="id", target="y")},
    {
        "old": Model(predictions=Predictions(path="old.csv", label="guess", score="p")),
        "new": Model(predictions=Predictions(path="new.csv", label="guess")),
        "own": Model(predictions=Predictions(dataset="h", label="y")),
    },
)
ROWS = "id,y,plan,who\n3,1,a,x\n1,0,b,x\n2,1,a,y\n4,,b,\n"
OLD = "id,guess,p\n1,0,0.1\n2,0,0.2\n3,1,0.3\n4,1,0.4\n"
NEW = "id,guess\n4,0\n3,0\n2,1\n1,0\n"


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, INPUTS)
    world.csv(ROWS, name="h")
    world.csv(OLD, name=predictions_table("old"))
    world.csv(NEW, name=predictions_table("new"))
    return world


def answered(world: World, ask: Any) -> Any:  # noqa: ANN401 - an ask and its answer
    return world.engine.answer((ask,))[ask]


def scored(world: World, model: str) -> Scored:
    found = answered(world, Scores(model, "h"))
    assert isinstance(found, Scored)
    return found


def paired(world: World, where: str | None = None, **more: Any) -> PairedScores | Failure:  # noqa: ANN401 - of the ask
    first, second = scored(world, "old"), scored(world, "new")
    found = answered(world, Paired(Rows(first.table, where), first, second, **more))
    assert isinstance(found, PairedScores | Failure)
    return found


def test_predictions_stand_beside_one_another_in_the_order_of_the_rows(world: World) -> None:
    both = paired(world)
    assert isinstance(both, PairedScores)
    columns = (both.first.label or "", both.second.label or "", both.first.score or "")
    found = answered(world, Vectors(Rows(both.table), columns)).values
    assert [found[column].tolist() for column in columns] == [
        [1, 0, 0, 1],
        [0, 0, 1, 0],
        [0.3, 0.1, 0.2, 0.4],
    ]
    assert both.second.score is None


def test_rows_are_chosen_before_they_are_joined(world: World) -> None:
    both = paired(world, "plan = 'a'", columns=("y",))
    assert isinstance(both, PairedScores)
    counted = answered(world, Groups(Rows(both.table), (ByColumn("y"), ByColumn(both.second.label or ""))))
    assert counted.counts == {("1", "0"): 1, ("1", "1"): 1}
    assert isinstance(answered(world, Groups(Rows(both.table), (ByColumn("plan"),))), Failure)


def test_groups_are_whole_numbers(world: World) -> None:
    both = paired(world, "who IS NOT NULL", group="who")
    assert isinstance(both, PairedScores)
    assert answered(world, Vectors(Rows(both.table), (both.group or "",))).values[both.group].tolist() == [
        0,
        0,
        1,
    ]


def test_a_row_without_a_group_is_refused(world: World) -> None:
    found = paired(world, group="who")
    assert isinstance(found, Failure)
    assert found.cause.message == "1 rows belong to no group"


def test_tables_of_other_rows_are_refused(world: World) -> None:
    world.csv("id,y\n1,1\n", name="other")
    first = scored(world, "old")
    found = answered(world, Paired(Rows(first.table), first, Scored("other", "y", None)))
    assert isinstance(found, Failure)
    assert found.cause.message == "3 rows of one model are not among those of the second"


@pytest.mark.parametrize(
    "predictions, what",
    [
        ("id,guess\n1,0\n1,1\n2,1\n3,1\n", "1 rows of the predictions repeat a key"),
        ("id,guess\n1,0\n2,1\n", "1 labelled rows have no prediction"),
        ("id,guess\n1,0\n2,1\n3,1\n9,1\n", "1 predictions belong to no row of the dataset"),
    ],
)
def test_predictions_that_do_not_fit_the_rows_are_counted(
    tmp_path: Path, predictions: str, what: str
) -> None:
    world = World(tmp_path, INPUTS)
    world.csv(ROWS, name="h")
    world.csv(predictions, name=predictions_table("new"))
    found = answered(world, Scores("new", "h"))
    assert isinstance(found, Failure)
    assert found.cause.message == what
