"""Rules in groups: one result a group and rule, by an oracle, and what a report says of a group."""

from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mlval.checks.data import Data
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from tests.checks.world import measured
from tests.measure.world import World

ROWS = st.lists(
    st.tuples(st.sampled_from(["a", "b", "ü", ""]), st.sampled_from(["", "1", "-1", "3"])),
    min_size=1,
    max_size=30,
)


def run(world: World, table: str, told: frozenset[str] = frozenset(), **keys: object) -> list[Measurement]:
    inputs = Inputs({table: Dataset(path="t.csv")}, vocabulary=told)
    check = Data.read({"type": "data", "dataset": table, **keys})
    found = measured(check, inputs, world.engine.answer)
    assert isinstance(found, tuple)
    return list(found)


@given(ROWS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
def test_each_group_has_its_own_counts(tmp_path: Path, rows: list[tuple[str, str]]) -> None:
    world = World(tmp_path)
    table = world.csv("id,g,x\n" + "".join(f"{i},{g},{x}\n" for i, (g, x) in enumerate(rows)))
    found = run(
        world,
        table,
        frozenset("abü"),
        per="g",
        rows={"min": 1},
        columns={"x": {"nulls": 0, "in": (1, 3), "unique": True}},
    )
    counts = {(one.subject, one.metric): (one.n, one.of) for one in found if one.metric != "required"}
    expected: dict[tuple[str, str], tuple[int | None, int]] = {}
    for group in {g for g, _ in rows}:
        values = [x for g, x in rows if g == group]
        present = [x for x in values if x]
        label = f" · g = {group or 'null'}"
        expected[f"{table}{label}", "rows"] = (None, len(values))
        expected[f"x{label}", "nulls"] = (len(values) - len(present), len(values))
        expected[f"x{label}", "in"] = (present.count("-1"), len(present))
        expected[f"x{label}", "unique"] = (len(present) - len(Counter(present)), len(present))
    assert counts == expected


def test_a_value_that_the_contract_does_not_spell_is_numbered(tmp_path: Path) -> None:
    world = World(tmp_path)
    table = world.csv("g,h,x\nanna,u,1\nbert,u,2\n,v,3\n")
    found = run(world, table, frozenset("u"), per=("g", "h"), columns={"x": {"max": 1}})
    assert [one.subject for one in found if one.metric == "max"] == [
        "x · g = level 1, h = u",
        "x · g = level 2, h = u",
        "x · g = null, h = level 2",
    ]


def test_what_is_not_about_rows_is_said_once(tmp_path: Path) -> None:
    world = World(tmp_path)
    table = world.csv("g,x\na,1\nb,2\n")
    found = run(world, table, per="g", extra_columns="forbid", columns={"x": {}})
    assert [one.metric for one in found] == ["required", "extra_columns"]
