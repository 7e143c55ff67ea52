"""Numbers of rows that a contract writes, and the numbers of groups, beside whole columns."""

import math
from pathlib import Path

import numpy as np
import pytest

from mlval.domain.asks import Expression, Rows, Vectors
from mlval.domain.errors import Unmeasurable
from tests.measure.world import World, lines


def table(world: World) -> str:
    return world.csv(lines("a,t,flag,f", ["1,x,true,0.5", "2,,false,nan", "3,é,true,1.5", "4,x,,2.5"]))


def numbers(world: World, text: str, words: tuple[tuple[str, str], ...] = ()) -> list[float | None]:
    asked = Vectors(Rows(table(world)), expressions=(Expression("v", text, words),))
    found = world.ask(asked).values["v"].tolist()
    return [None if np.isnan(one) else one for one in found]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a * 2", [2, 4, 6, 8]),
        ("flag", [1, 0, 1, None]),
        ("f", [0.5, None, 1.5, 2.5]),
        ("case when isnan(f) then -1 else f end", [0.5, -1, 1.5, 2.5]),
        ("case when f > 1 then 1 else 0 end", [0, None, 1, 1]),
        ("a = 1", [1, 0, 0, 0]),
        ("t", [None] * 4),
    ],
)
def test_values(tmp_path: Path, text: str, expected: list[float | None]) -> None:
    assert numbers(World(tmp_path), text) == expected


def test_a_division_by_zero_is_endless(tmp_path: Path) -> None:
    assert numbers(World(tmp_path), "a / (a - 1)") == [math.inf, 2, 1.5, 4 / 3]


def test_words_stand_for_columns(tmp_path: Path) -> None:
    assert numbers(World(tmp_path), "Truth + a", (("truth", "a"),)) == [2, 4, 6, 8]


def test_a_word_is_refused_where_a_column_has_it_for_a_name(tmp_path: Path) -> None:
    with pytest.raises(Unmeasurable, match="could be the word or the column"):
        numbers(World(tmp_path), "f", (("f", "a"),))


@pytest.mark.parametrize("text", ["mlval:label", '"mlval:row"', "(select 1)", "count(*)", "now()", "a +"])
def test_what_is_not_allowed_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(Unmeasurable):
        numbers(World(tmp_path), text)


def test_values_are_numbered_in_the_order_of_their_text(tmp_path: Path) -> None:
    world = World(tmp_path)
    found = world.ask(Vectors(Rows(table(world)), ("a",), ranks=(("group", "t"),)))
    assert str(found.values["group"].tolist()) == "[0.0, nan, 1.0, 0.0]"
    assert found.values["a"].tolist() == [1, 2, 3, 4]
