"""Parquet notes down the extremes of its columns without NaN; no conclusion may be drawn from them."""

import base64
import math

import pytest

from mlval.domain.asks import Aggregate, Count, Examples, Rows
from mlval.domain.predicate import Above, Below, Breaks, Either, Holds, Predicate
from tests.measure.world import World

# Columns x (double) and y (float) of 1, NaN, 3 as Arrow writes them: smallest value 1, largest 3.
WRITTEN_BY_ARROW = base64.b64decode(
    "UEFSMRUAFTwVPCwVBhUAFQYVBhwYCAAAAAAAAAhAGAgAAAAAAADwPxYAKAgAAAAAAAAIQBgIAAAAAAAA8D8REQAAAAIAAAAGAQAAAAAA"
    "APA/AAAAAAAA+H8AAAAAAAAIQBUAFSQVJCwVBhUAFQYVBhwYBAAAQEAYBAAAgD8WACgEAABAQBgEAACAPxERAAAAAgAAAAYBAACAPwAA"
    "wH8AAEBAFQQZPDUAGAZzY2hlbWEVBAAVCiUCGAF4ABUIJQIYAXkAFgYZHBksJgAcFQoZJQYAGRgBeBUAFgYWugEWugEmCDwYCAAAAAAA"
    "AAhAGAgAAAAAAADwPxYAKAgAAAAAAAAIQBgIAAAAAAAA8D8REQAZHBUAFQAVAgA8KQYZJgAGAAAAJgAcFQgZJQYAGRgBeRUAFgYWggEW"
    "ggEmwgE8GAQAAEBAGAQAAIA/FgAoBAAAQEAYBAAAgD8REQAZHBUAFQAVAgA8KQYZJgAGAAAAFrwCFgYmCBa8AgAoIHBhcnF1ZXQtY3Bw"
    "LWFycm93IHZlcnNpb24gMjYuMC4xGSwcAAAcAAAAAgEAAFBBUjE="
)


@pytest.fixture(scope="module")
def table(world: World) -> str:
    return world.bytes("parquet", WRITTEN_BY_ARROW)


@pytest.mark.parametrize("column", ["x", "y"])
def test_nan_lies_beyond_every_limit(world: World, table: str, column: str) -> None:
    beyond: tuple[Predicate, ...] = (
        Above(column, 5),
        Below(column, -5),
        Either((Below(column, 0), Above(column, 5))),
        Holds(f"isnan({column})"),
        Breaks(f"{column} < 5"),
    )
    asks = [Count(Rows(table), (one,)) for one in beyond]
    answers = world.answers(*asks)
    assert [answers[ask] for ask in asks] == [1] * len(beyond)


def test_rows_with_nan_are_found(world: World, table: str) -> None:
    assert world.ask(Examples(Rows(table), (Above("x", 5),), ("y",))) == (("nan",),)
    assert world.ask(Count(Rows(table, "x > 5"))) == 1


@pytest.mark.parametrize("function", ["min", "max", "mean"])
def test_extremes_tell_of_nan(world: World, table: str, function: str) -> None:
    answer = world.ask(Aggregate(Rows(table), function, "x"))  # type: ignore[arg-type] # one of its functions
    assert answer is not None
    assert math.isnan(answer)
