"""Splits on columns that they do not fit, and levels whose names must stay apart."""

import pytest

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate, Groups, Rows, Split
from mlval.domain.errors import Unmeasurable
from tests.measure.world import World, lines


def groups(world: World, table: str, split: Split) -> dict[str | None, int]:
    return {key[0]: count for key, count in world.ask(Groups(Rows(table), (split,))).counts.items()}


def test_close_edges_do_not_become_one_slice(world: World) -> None:
    table = world.csv(lines("x", [1_000_000, 1_000_001, 1_000_002, 1_000_003]))
    assert groups(world, table, ByBins("x", (1_000_001.0, 1_000_002.0, 1_000_003.0))) == {
        "< 1000001": 1,
        "1000001 to < 1000002": 1,
        "1000002 to < 1000003": 1,
        ">= 1000003": 1,
    }


def test_bins_of_floats_keep_nan_and_nulls_apart(world: World) -> None:
    table = world.csv(lines("x,y", ["NaN,", "inf,", "-inf,", "0.1,", "0.30000000000000004,", ",1"]))
    assert groups(world, table, ByBins("x", (0.1, 0.30000000000000004))) == {
        "NaN": 1,
        "< 0.1": 1,
        "0.1 to < 0.30000000000000004": 1,
        ">= 0.30000000000000004": 2,
        None: 1,
    }


def test_single_floats_lie_where_they_were_written(world: World) -> None:
    table = world.parquet("SELECT 0.1::FLOAT AS x UNION ALL SELECT 0.7::FLOAT")
    assert groups(world, table, ByBins("x", (0.1, 0.7))) == {"0.1 to < 0.7": 1, ">= 0.7": 1}


@pytest.mark.parametrize(
    "split, message",
    [
        (ByBins("s", (1.0,)), "bins need numbers"),
        (ByPeriod("s", "day"), "periods need dates or timestamps"),
        (ByPeriod("n", "day"), "periods need dates or timestamps"),
        (ByColumn("nowhere"), "no column 'nowhere'"),
        (ByPredicate("p", "n +"), "predicate"),
    ],
)
def test_what_cannot_be_split_so_is_refused(world: World, split: Split, message: str) -> None:
    with pytest.raises(Unmeasurable, match=message):
        groups(world, world.csv("n,s\n1,a\n"), split)
