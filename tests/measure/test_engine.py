"""The engine as a whole: every ask has an answer or a reason, and our own bugs stay where they are."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlval.domain.asks import (
    Ask,
    Bins,
    ByColumn,
    Count,
    Distinct,
    Edges,
    Examples,
    Groups,
    Levels,
    Rows,
    Scores,
    Shape,
    Vectors,
)
from mlval.domain.errors import Crashed, SourceUnavailable, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.predicate import NotNull
from mlval.measure import distributions, fused
from tests.measure.world import World, cause

INPUTS = Inputs(
    {"rows": Dataset(path="rows.csv", target="y")},
    {"model": Model(predictions=Predictions(dataset="rows", label="y"))},
)


def all_asks(table: str) -> list[Ask[Any]]:
    rows = Rows(table)
    return [
        Shape(table),
        Count(rows),
        Distinct(rows, ("y",)),
        Edges(rows, "y"),
        Bins(rows, "y", (1.0,)),
        Levels(rows, "y"),
        Groups(rows, (ByColumn("y"),)),
        Vectors(rows, ("y",)),
        Scores("model", table),
        Examples(rows, (), ("y",)),
    ]


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path, INPUTS)
    world.csv("y\n1\n2\n", name="rows")
    return world


def test_every_kind_of_ask_is_answered_and_hashable(world: World) -> None:
    asks = all_asks("rows")
    assert len({*asks, *all_asks("rows")}) == len(asks)
    answers = world.answers(*asks)
    assert set(answers) == set(asks)
    assert not [answer for answer in answers.values() if "Failure" in repr(answer)]


def test_a_table_that_was_given_up_answers_nothing_else(world: World) -> None:
    world.engine.give_up("rows", gone := SourceUnavailable("gone"))
    answers = world.answers(*all_asks("rows"))
    assert all(cause(answer) is gone for answer in answers.values())


def test_a_table_that_nobody_opened_is_not_there(world: World) -> None:
    asks = [ask for ask in all_asks("none") if not isinstance(ask, Scores)]
    for answer in world.answers(*asks).values():
        assert isinstance(cause(answer), Unmeasurable)


@dataclass(frozen=True, slots=True)
class Strange(Ask[int]):
    """An ask that nobody answers."""


def _crash(*_: object) -> None:
    raise ZeroDivisionError("oops")


def test_a_crash_in_one_ask_leaves_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(distributions, "levels", _crash)
    asks = (Levels(Rows("rows"), "y"), Strange(), Count(Rows("rows")), Edges(Rows("rows"), "y"))
    levels, strange, count, edges = (world.answers(*asks)[ask] for ask in asks)
    assert isinstance(cause(levels), Crashed)
    assert isinstance(cause(strange), Crashed)
    assert count == 2
    assert edges[1:] == (1.0, 2.0)


def test_a_crash_in_counting_leaves_other_tables(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fused, "answer", _crash)
    count, shape = Count(Rows("rows"), (NotNull(("y",)),)), Shape("rows")
    answers = world.answers(count, shape)
    assert isinstance(cause(answers[count]), Crashed)
    assert answers[shape].rows == 2


def test_no_ask_is_no_answer(world: World) -> None:
    assert world.answers() == {}
