"""Slices that are crossed: every combination with its own metric, by a naive count, and no value told."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from mlval.checks.performance import Performance
from mlval.domain.asks import ByBins, ByColumn, Crossed, Groups, Rows
from mlval.domain.slices import SliceSpec, called, split_of
from tests.checks.predicted_world import Row, inputs, judged, table
from tests.measure.world import World

COLUMNS = ("id", "y", "guess", "p", "g", "age")
READER: TypeAdapter[SliceSpec] = TypeAdapter(SliceSpec)
CROSSED = ("g", {"by": "age", "bins": (30,)})


def rows(n: int = 300) -> list[Row]:
    draw = np.random.default_rng(1)
    return [
        (i, draw.integers(2), draw.integers(2), 0.5, "abc"[draw.integers(3)], draw.integers(20, 40))
        for i in range(n)
    ]


def test_a_list_is_crossed() -> None:
    split = split_of(READER.validate_python(CROSSED))
    assert split == Crossed((ByColumn("g", "(null)"), ByBins("age", (30.0,))))


@pytest.mark.parametrize("raw", [(), ("g",), ("a", "b", "c", "d", "e"), (("a", "b"), "c"), ("a", 7)])
def test_what_crosses_nothing_is_refused(raw: object) -> None:
    with pytest.raises(ValidationError):
        READER.validate_python(raw)


def test_every_combination_has_its_metric(tmp_path: Path) -> None:
    of = rows()
    check = Performance.model_validate(
        {
            "type": "performance",
            "metrics": {"accuracy": 0.1},
            "slices": (CROSSED,),
            "per_slice": {"min_rows": 1},
        }
    )
    found = judged(tmp_path, table(COLUMNS, of), check, inputs("ab"))
    right: Counter[str] = Counter()
    every: Counter[str] = Counter()
    for _, truth, guess, _, group, age in of:
        level = "< 30" if int(str(age)) < 30 else ">= 30"
        # The levels of c come last: they are the fifth and the sixth.
        name = f"g={group} and age={level}" if group != "c" else f"g and age=level {5 + (level == '>= 30')}"
        every[name] += 1
        right[name] += truth == guess
    measured = {one.measurement.subject: one.measurement.value for one in found[1:]}
    assert measured == pytest.approx({name: right[name] / every[name] for name in every})


def test_levels_are_told_only_where_all_may_be() -> None:
    split = Crossed((ByColumn("g"), ByColumn("h")))
    told = [called(split, level, rank=7, vocabulary={"a", "b"}) for level in ('["a","b"]', '["a","x"]')]
    assert told == ["g=a and h=b", "g and h=level 7"]


def test_any_text_can_be_crossed(tmp_path: Path) -> None:
    world = World(tmp_path)
    made = world.parquet("SELECT unnest(['a\",\"b', 'ü\n', '', NULL, '\\']) AS g, 1 AS h")
    counted = world.ask(Groups(Rows(made), (Crossed((ByColumn("g"), ByColumn("h"))),))).counts
    levels = [key[0] for key in counted if key[0] is not None]
    told = {
        called(
            Crossed((ByColumn("g"), ByColumn("h"))), level, rank=1, vocabulary={'a","b', "ü\n", "", "\\", "1"}
        )
        for level in levels
    }
    assert told == {'g=a","b and h=1', "g=ü\n and h=1", "g= and h=1", "g=\\ and h=1"}
    assert counted[(None,)] == 1
