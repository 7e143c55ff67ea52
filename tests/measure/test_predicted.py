"""Predictions beside the rows that they were made for, whatever the blocks in which they came."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.domain.asks import ByColumn, Count, Groups, Levels, Rows, Scored, Scores, Vectors
from mlval.domain.errors import Unmeasurable
from mlval.domain.feature_change import Jitter, RowOrder
from mlval.domain.inputs import Dataset, Inputs, Model
from mlval.measure.predicted import Outputs
from tests.measure.world import World

ROWS = "SELECT i AS n, {target} AS y FROM range(40) t(i)"
BINARY = Outputs(("no", "yes"), probabilities=True)


def scored(
    tmp_path: Path,
    outputs: Outputs,
    *,
    target: str = "CASE WHEN i % 2 = 0 THEN 'yes' ELSE 'no' END",
    model: dict[str, Any] | None = None,
    dataset: dict[str, Any] | None = None,
) -> tuple[World, Scored]:
    inputs = Inputs(
        {"holdout": Dataset(path="x", target="y", **(dataset or {}))}, {"m": Model(path="m", **(model or {}))}
    )
    world = World(tmp_path, inputs)
    world.parquet(ROWS.format(target=target), name="holdout")
    taken = world.engine.predicted(Scores("m", "holdout"), outputs)
    blocks = list(world.engine.features("holdout", ("n",), values=7))
    for places, (numbers,) in reversed(blocks):
        n = numbers.values.astype(float)
        if outputs.numbers:
            taken.take(places, np.stack([n * (place + 1) for place in range(len(outputs.numbers))], axis=1))
        else:
            probability = n / 40
            scores = np.stack([1 - probability, probability], axis=1) if outputs.probabilities else None
            taken.take(places, (n % 2 == 0).astype(float), scores)
    return world, world.ask(Scores("m", "holdout"))


def test_labels_and_probabilities(tmp_path: Path) -> None:
    world, found = scored(tmp_path, BINARY, dataset={"positive": "yes"})
    assert found.label is not None
    assert found.score is not None
    assert [name for name, _ in found.scores] == ["no", "yes"]
    rows = Rows(found.table)
    assert world.ask(Count(rows)) == 40
    pairs = world.ask(Groups(rows, (ByColumn("y"), ByColumn(found.label)))).counts
    assert dict(pairs) == {("no", "no"): 20, ("yes", "yes"): 20}
    values = world.ask(Vectors(rows, ("n", found.score, found.scores[0][1]))).values
    assert np.array_equal(values["n"] / 40, values[found.score])
    assert np.array_equal(1 - values["n"] / 40, values[found.scores[0][1]])


def test_a_threshold_chooses_the_labels(tmp_path: Path) -> None:
    world, found = scored(tmp_path, BINARY, dataset={"positive": "yes"}, model={"threshold": 0.25})
    labels = world.ask(Groups(Rows(found.table), (ByColumn(found.label or ""),))).counts
    assert dict(labels) == {("no",): 10, ("yes",): 30}


@pytest.mark.parametrize(
    "target, classes, expected",
    [
        ("i % 2 = 0", ("0", "1"), {("false", "false"), ("true", "true")}),
        ("1 - i % 2", ("false", "true"), {("0", "0"), ("1", "1")}),
        ("(1 - i % 2)::DOUBLE", ("0", "1"), {("0", "0"), ("1", "1")}),
        ("CASE WHEN i % 2 = 0 THEN '1' ELSE '0' END", ("0", "1"), {("0", "0"), ("1", "1")}),
    ],
)
def test_classes_are_spelt_as_the_target_is(
    tmp_path: Path, target: str, classes: tuple[str, ...], expected: set[tuple[str, str]]
) -> None:
    world, found = scored(tmp_path, Outputs(classes, probabilities=True), target=target)
    assert found.score is not None
    pairs = world.ask(Groups(Rows(found.table), (ByColumn("y"), ByColumn(found.label or "")))).counts
    assert set(pairs) == expected


def test_a_class_is_only_text(tmp_path: Path) -> None:
    classes = ("'; DROP TABLE x; --", 'a"b\n$1')
    world, found = scored(tmp_path, Outputs(classes))
    labels = world.ask(Groups(Rows(found.table), (ByColumn(found.label or ""),))).counts
    assert {label for (label,) in labels} == set(classes)
    assert (found.score, found.scores) == (None, ())


def test_the_positive_class_may_be_unknown(tmp_path: Path) -> None:
    _, found = scored(tmp_path, BINARY)
    assert found.score is None
    with pytest.raises(Unmeasurable, match="needs probabilities of two classes"):
        scored(tmp_path, BINARY, model={"threshold": 0.5})


def test_a_number_of_several_is_named(tmp_path: Path) -> None:
    several = Outputs(numbers=("low", "high"))
    world, found = scored(tmp_path, several, target="i", model={"output": "high"})
    values = world.ask(Vectors(Rows(found.table), ("n", found.label or ""))).values
    assert np.array_equal(values["n"] * 2, values[found.label or ""])
    with pytest.raises(Unmeasurable, match="predicts 2 numbers a row"):
        scored(tmp_path, several, target="i")
    with pytest.raises(Unmeasurable, match="nothing of the name 'other'"):
        scored(tmp_path, several, target="i", model={"output": "other"})


def test_every_row_has_a_prediction_or_none_is_judged(tmp_path: Path) -> None:
    world = World(tmp_path, Inputs({"holdout": Dataset(path="x", target="y")}, {"m": Model(path="m")}))
    world.parquet(ROWS.format(target="i"), name="holdout")
    taken = world.engine.predicted(Scores("m", "holdout"), Outputs(numbers=("value",)))
    (places, _), *_ = world.engine.features("holdout", ("n",), values=15)
    taken.take(places, np.zeros(len(places)))
    with pytest.raises(Unmeasurable, match="25 rows have no prediction"):
        world.ask(Scores("m", "holdout"))


def test_a_model_that_was_not_scored_has_no_predictions(tmp_path: Path) -> None:
    world = World(tmp_path, Inputs({"holdout": Dataset(path="x")}, {"m": Model(path="m")}))
    world.parquet(ROWS.format(target="i"), name="holdout")
    with pytest.raises(Unmeasurable, match="no predictions of the model 'm'"):
        world.ask(Scores("m", "holdout"))


def test_some_rows_of_a_changed_dataset_stand_beside_its_own_columns(tmp_path: Path) -> None:
    inputs = Inputs({"holdout": Dataset(path="x", target="y")}, {"m": Model(path="m")})
    world = World(tmp_path, inputs)
    world.parquet(ROWS.format(target="'it''s'"), name="holdout")
    ((places, (numbers,)),) = world.engine.features("holdout", ("n",))
    outputs = Outputs(("it's", "$1"), probabilities=True)
    for change in (None, Jitter(0.1), RowOrder()):
        some = places[3:10][::-1]
        scores = np.tile([0.25, 0.75], (len(some), 1))
        world.engine.predicted(Scores("m", "holdout", change, 7), outputs).take(
            some, np.full(len(some), float(change is None)), scores
        )
        scored = world.ask(Scores("m", "holdout", change, 7))
        found = world.ask(Vectors(Rows(scored.table), ("n",)))
        assert found.values["n"].tolist() == numbers.values[3:10].tolist()
        label = "$1" if change is None else "it's"
        assert world.ask(Levels(Rows(scored.table), scored.label or "")).counts == {label: 7}
    # The whole was not predicted: another ask, which has no answer.
    with pytest.raises(Unmeasurable, match="there are no predictions"):
        world.ask(Scores("m", "holdout"))
