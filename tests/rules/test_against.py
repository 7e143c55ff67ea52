"""Row counts and aggregates against another dataset, by hand and against the same words in Python."""

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.bound import Bound
from mlval.domain.change import change
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.rules.against import Against
from tests.measure.world import World, lines
from tests.rules.two_tables import inputs, judged, measure

VALUES = st.lists(st.none() | st.integers(-50, 50), min_size=3, max_size=20).filter(
    lambda values: len({v for v in values if v is not None}) > 1
)
FUNCTIONS = ("mean", "median", "std", "sum", "min", "max", "nulls", "distinct")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def table(world: World, values: Sequence[int | None], *, parquet: bool = False) -> str:
    if not parquet:
        return world.csv(lines("a,b", [f"{'' if v is None else v},{n % 2}" for n, v in enumerate(values)]))
    told = ", ".join("NULL" if v is None else str(v) for v in values)
    return world.parquet(f"SELECT unnest([{told}])::DOUBLE AS a, unnest(range({len(values)})) % 2 AS b")


def by_hand(values: Sequence[int | None], function: str) -> float:
    present = [v for v in values if v is not None]
    if function == "nulls":
        return 1 - len(present) / len(values)
    functions: dict[str, Callable[[list[int]], float]] = {
        "mean": statistics.fmean,
        "median": statistics.median,
        "std": statistics.stdev,
        "sum": sum,
        "min": min,
        "max": max,
        "distinct": lambda some: len(set(some)),
    }
    return functions[function](present)


def against(world: World, now: str, before: str, **demanded: Any) -> tuple[Measurement, ...]:  # noqa: ANN401
    return measure(world, inputs(now, before), against={"dataset": before, **demanded})


@given(VALUES, VALUES, st.booleans())
def test_changes_are_those_of_python(
    world: World, now: list[int | None], before: list[int | None], parquet: bool
) -> None:
    one, other = table(world, now, parquet=parquet), table(world, before, parquet=not parquet)
    for relative in (True, False):
        demanded: Any = "5%" if relative else {"difference": 3}
        columns = {"a": dict.fromkeys(FUNCTIONS, demanded)}
        found = {one.path[-1]: one for one in against(world, one, other, rows=demanded, columns=columns)}
        assert set(found) == {"rows", *FUNCTIONS}
        for function in FUNCTIONS:
            value, base = by_hand(now, function), by_hand(before, function)
            measured = found[function]
            if relative and base == 0:
                assert "no relative change" in str(measured.problem)
            else:
                expected = (value - base) / base if relative else value - base
                assert measured.value == pytest.approx(expected, abs=1e-9)
        rows = (len(now) - len(before)) / (len(before) if relative else 1)
        assert found["rows"].value == pytest.approx(rows)


def test_what_is_told_of_a_change(world: World) -> None:
    now, before = table(world, [2, 4, None, 3]), table(world, [1, 2])
    columns = {"a": {"mean": "200%", "max": ["-10%", None], "nulls": {"difference": "30%"}}}
    rows, mean, largest, nulls = against(world, now, before, rows=["-20%", "50%"], columns=columns)
    assert (rows.subject, rows.metric, rows.value, rows.path) == (now, "rows change", 1, ("against", "rows"))
    assert rows.limit == Bound(min=-0.2, max=0.5, unit="share")
    assert rows.details == {"dataset": before, "value": 4, "other": 2}
    assert (mean.subject, mean.metric, mean.value) == ("a", "mean change", 1)
    assert mean.path == ("against", "columns", "a", "mean")
    assert largest.limit == Bound(min=-0.1, unit="share")
    assert largest.details == {"dataset": before}
    assert (nulls.metric, nulls.value, nulls.limit) == (
        "nulls difference",
        0.25,
        Bound(min=-0.3, max=0.3),
    )


def test_the_where_of_the_validation_holds_for_both(world: World) -> None:
    now, before = table(world, [1, 2, 3, 4]), table(world, [1, 2, 3, 4, 5, 6, 7, 8])
    demanded: Any = {"dataset": before, "rows": "60%", "columns": {"a": {"mean": "60%"}}}
    rows, mean = measure(world, inputs(now, before), where="b = 1", against=demanded)
    assert (rows.value, mean.value) == (-0.5, (3 - 5) / 5)


@pytest.mark.parametrize(
    "now, before, demanded",
    [
        ([1], [1, 2], {"columns": {"a": {"std": "5%"}}}),
        ([1], [None, None], {"columns": {"a": {"mean": "5%"}}}),
        ([None], [1], {"columns": {"a": {"distinct": "5%"}}}),
        ([1], [0], {"columns": {"a": {"sum": "100%"}}}),
        ([1], [1], {"columns": {"a": {"nulls": "100%"}}}),
        ([1], [1], {"columns": {"nowhere": {"mean": "100%"}}}),
        ([], [1], {"rows": "100%"}),
        ([1], [], {"rows": "100%"}),
        ([1], [], {"columns": {"a": {"nulls": "100%"}}}),
    ],
    ids=str,
)
def test_what_cannot_be_compared_never_passes(
    world: World, now: list[Any], before: list[Any], demanded: dict[str, Any]
) -> None:
    one, other = table(world, now), table(world, before)
    found = judged(world, inputs(one, other), against={"dataset": other, **demanded})
    assert [outcome for metric, outcome in found if metric != "rows"] in (["errored"], [])
    assert "passed" not in {outcome for _, outcome in found}


def test_times_have_differences_only(world: World) -> None:
    now, before = (world.csv(lines("a", [f"2026-01-0{day} 00:00:00"])) for day in (3, 2))
    found = judged(
        world,
        inputs(now, before),
        against={"dataset": before, "columns": {"a": {"max": "5%", "min": {"difference": 86_400}}}},
    )
    assert sorted(found) == [("max change", "errored"), ("min difference", "passed")]


@pytest.mark.parametrize(
    "raw, low, high, relative",
    [
        ("5%", -0.05, 0.05, True),
        ("0%", 0, 0, True),
        (["-20%", "50%"], -0.2, 0.5, True),
        (["- 20 %", None], -0.2, None, True),
        ({"max": "+3.5%"}, None, 0.035, True),
        ({"difference": 3}, -3, 3, False),
        ({"difference": [-1.5, 0]}, -1.5, 0, False),
        ({"difference": {"min": "-1%"}}, -0.01, None, False),
    ],
)
def test_spellings_of_a_change(raw: Any, low: float | None, high: float | None, relative: bool) -> None:  # noqa: ANN401
    read = change(raw)
    assert (read.bound.min, read.bound.max, read.relative) == (low, high, relative)
    again = Against.model_validate({"dataset": "d", "rows": raw}).model_dump(mode="json")["rows"]
    assert change(again) == read


@pytest.mark.parametrize(
    "raw",
    [
        5,
        0.05,
        "-5%",
        "five",
        [-5, 5],
        ["5%", "-5%"],
        ["5%"],
        [None, None],
        {},
        {"min": "1%", "confidence": "95%"},
        {"difference": -1},
        {"difference": None},
        {"difference": True},
        {"difference": float("nan")},
        {"difference": {"difference": 1}},
        True,
    ],
    ids=str,
)
def test_what_is_no_change_is_refused(raw: Any) -> None:  # noqa: ANN401
    with pytest.raises(ValueError):  # noqa: PT011 - the sentence is for the user
        change(raw)
    with pytest.raises(ValidationError):
        Against.model_validate({"dataset": "d", "rows": raw})


@pytest.mark.parametrize(
    "demanded", [{}, {"columns": {"a": {}}}, {"columns": {}}, {"columns": {"a": {"mode": "5%"}}}], ids=str
)
def test_what_demands_nothing_is_refused(demanded: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Against.model_validate({"dataset": "d", **demanded})


def test_the_other_dataset_is_opened_and_must_be_there() -> None:
    known = Inputs({name: Dataset(path="t.csv") for name in ("today", "yesterday")})
    check = Data.read({"type": "data", "dataset": "today", "against": {"dataset": "yesterday", "rows": "5%"}})
    assert check.uses(known).datasets == ("today", "yesterday")
    assert check.problems(Inputs({"today": known.datasets["today"]}))
