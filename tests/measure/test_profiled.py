"""What a profile answers is what its rows would have answered; everything else is refused."""

import math
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import (
    Aggregate,
    Ask,
    Binned,
    Bins,
    ByColumn,
    Count,
    Distinct,
    Edges,
    Examples,
    Folded,
    Groups,
    Last,
    LevelCounts,
    Levels,
    Rows,
    Scores,
    Shape,
    Top,
    Vectors,
)
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs, Model, Predictions
from mlval.domain.predicate import (
    Above,
    Below,
    Either,
    Holds,
    In,
    IsInfinite,
    IsNaN,
    IsNull,
    Not,
    NotIn,
    NotMatching,
    NotNull,
    NotOfType,
    Predicate,
    Repeated,
)
from mlval.domain.profile import ColumnProfile, LevelTable, Numbers, Other, Profile
from mlval.measure.profiled import answer
from tests.measure.world import World, cause
from tests.profiles import inside, plan, profile

ROWS = Rows("t")
Values = Sequence[float | None]
VALUES = st.none() | st.floats() | st.integers(-3, 3).map(float)


def described(values: Values, edges: Sequence[float], kind: str = "float", **numbers: Any) -> Profile:  # noqa: ANN401
    """Describe a column `x`; the counts are those of plain Python."""
    draft = Numbers.model_construct(edges=tuple(edges), **numbers)
    counted = [value for value in values if value is not None and not math.isnan(value)]
    counts = [0] * (len(draft.bounds) + 1)
    for value in counted:
        counts[inside(draft.bounds, value)] += 1
    column = ColumnProfile(
        name="x",
        kind=kind,  # type: ignore[arg-type] # one of them
        stored={"float": "DOUBLE", "int": "BIGINT"}.get(kind, kind),
        nulls=sum(value is None for value in values),
        nans=sum(value is not None and math.isnan(value) for value in values),
        infinite=(counted.count(-math.inf), counted.count(math.inf)),
        distinct=len({value for value in values if value is not None and not math.isnan(value)})
        + any(value is not None and math.isnan(value) for value in values),
        numbers=Numbers(edges=tuple(edges), counts=tuple(counts), **numbers),
    )
    return profile(column, rows=len(values))


def counted(values: Values, holds: Callable[[float], bool]) -> int:
    return sum(value is not None and (math.isnan(value) or holds(value)) for value in values)


@given(st.lists(VALUES, max_size=30), st.sets(st.floats(allow_nan=False, allow_infinity=False), max_size=5))
def test_counts_at_edges_are_those_of_the_rows(values: list[float | None], edges: set[float]) -> None:
    known = described(values, sorted(edges))

    def count(*of: Predicate) -> int:
        found = answer(known, Count(ROWS, of))
        assert isinstance(found, int)
        return found

    assert count() == len(values)
    assert count(NotNull(("x",))) == sum(value is not None for value in values)
    assert count(IsNull("x")) == values.count(None)
    assert count(IsNaN("x")) == sum(value is not None and math.isnan(value) for value in values)
    assert count(NotNull(("x",)), IsInfinite("x")) == values.count(math.inf) + values.count(-math.inf)
    for edge in edges:
        assert count(Below("x", edge, or_equal=True)) == counted(values, lambda v, e=edge: v <= e)  # type: ignore[misc]
        assert count(NotNull(("x",)), Above("x", edge)) == counted(values, lambda v, e=edge: v > e)  # type: ignore[misc]


@given(st.lists(st.none() | st.integers(-9, 9), max_size=30), st.sets(st.integers(-9, 9), max_size=5))
def test_whole_numbers_are_counted_on_both_sides_of_an_edge(
    values: list[int | None], edges: set[int]
) -> None:
    known = described([v if v is None else float(v) for v in values], [e + 0.5 for e in sorted(edges)], "int")
    for edge in edges:
        below, above = Below("x", edge + 1), Above("x", edge + 1, or_equal=True)
        expected = sum(value is not None and value <= edge for value in values)
        assert answer(known, Count(ROWS, (below,))) == expected
        assert answer(known, Count(ROWS, (above,))) == len(values) - values.count(None) - expected


def test_a_range_counts_what_lies_beyond_either_end_once() -> None:
    known = described([0.0, 1.0, 2.0, 3.0, math.nan, None], [], min=0.0, max=3.0, atoms=(1.0, 2.0))
    outside = Either((Below("x", 1.0), Above("x", 2.0)))
    assert answer(known, Count(ROWS, (NotNull(("x",)), outside))) == 3


def test_beyond_the_extremes_no_edge_is_needed() -> None:
    known = described([0.5, 1.5, -math.inf], [1.0], min=0.5, max=1.5)
    assert answer(known, Count(ROWS, (Below("x", 0),))) == 1
    assert answer(known, Count(ROWS, (Above("x", 7),))) == 0


def test_numbers_of_32_bits_are_compared_as_such() -> None:
    near = 0.10000000149011612  # 0.1 in 32 bits
    known = described([near], [], atoms=(near,))
    column = known.columns[0].model_copy(update={"stored": "FLOAT"})
    small = known.model_copy(update={"columns": (column,)})
    assert answer(small, Count(ROWS, (Above("x", 0.1),))) == 0
    with pytest.raises(Unmeasurable, match="no edge at this limit"):
        answer(known, Count(ROWS, (Above("x", 0.1),)))


@pytest.mark.parametrize(
    "limit", ["2026-01-31", date(2026, 1, 31), datetime(2026, 1, 31, tzinfo=UTC), "2026-01-31T01:00+01:00"]
)
def test_times_are_seconds(limit: str | date) -> None:
    start = datetime(2026, 1, 31, tzinfo=UTC).timestamp()
    known = described([start - 1, start, start + 1], [start], "timestamp")
    assert answer(known, Count(ROWS, (Above("x", limit),))) == 1


def test_shape_is_that_of_the_data() -> None:
    found = answer(described([1.0], []), Shape("t"))
    assert (found.names, found.kind_of("x"), found.rows) == (("x",), "float", 1)


def test_edges_are_those_of_the_profile_whatever_the_number_asked() -> None:
    known = described([0.5, 1.5], [1.0], atoms=(3.0,))
    edges = answer(known, Edges(ROWS, "x", bins=1000))
    assert edges == (1.0, math.nextafter(3.0, 0), 3.0)
    assert answer(known, Bins(ROWS, "x", edges)) == Binned((1, 1, 0, 0), 0, 0)


def test_bins_on_some_of_the_edges_are_added_up() -> None:
    known = described([0.5, 1.5, 2.5, math.nan, None], [1.0, 2.0])
    assert answer(known, Bins(ROWS, "x", (2.0,))) == Binned((2, 1), 1, 1)
    with pytest.raises(Unmeasurable, match="no edge"):
        answer(known, Bins(ROWS, "x", (1.0, 1.5)))


def test_levels_come_with_what_is_folded() -> None:
    known = profile(plan(free=60, pro=30))
    assert answer(known, Levels(ROWS, "plan")) == LevelCounts({"free": 60, "pro": 30}, Folded(1, 10))


@pytest.mark.parametrize(
    "predicate, expected",
    [
        (NotIn("plan", ("free", "x")), 40),
        (In("plan", ("free", "x")), 60),
        (NotOfType("plan", "string"), 0),
    ],
)
def test_levels_are_counted_where_all_are_told(predicate: Predicate, expected: int) -> None:
    assert answer(profile(plan(free=60, pro=40)), Count(ROWS, (predicate,))) == expected


MOMENTS = {"mean": 1.5, "std": 0.5, "sum": 3.0, "min": 1.0, "max": 2.0}
NUMBERS: dict[str, Any] = {**MOMENTS, "quantiles": ((0.5, 1.25),)}


@pytest.mark.parametrize("function", ["mean", "std", "sum", "min", "max", "quantile"])
def test_numbers_are_those_that_are_kept(function: Any) -> None:  # noqa: ANN401 - one of the functions
    known = described([1.0, 2.0, None], [], **NUMBERS)
    found = answer(known, Aggregate(ROWS, function, "x", at=0.5 if function == "quantile" else None))
    assert found == MOMENTS.get(function, 1.25)


def test_nan_among_the_values_makes_every_number_nan() -> None:
    known = described([1.0, 2.0, math.nan], [], **NUMBERS)
    assert math.isnan(answer(known, Aggregate(ROWS, "mean", "x")))


def test_no_values_have_no_numbers() -> None:
    assert answer(described([None], []), Aggregate(ROWS, "mean", "x")) is None


def test_distinct_counts_nulls_where_they_are_wanted() -> None:
    known = described([1.0, 1.0, 2.0, None, None], [])
    assert answer(known, Distinct(ROWS, ("x",))) == 2
    assert answer(known, Distinct(ROWS, ("x",), nulls=True)) == 3


def test_the_filter_that_the_profile_was_made_with_is_its_rows() -> None:
    known = described([1.0], []).model_copy(update={"where": "y > 1"})
    assert answer(known, Count(Rows("t", "y > 1"))) == 1
    assert answer(known, Count(ROWS)) == 1


NAN_AND_ENDLESS = described([1.0, math.inf, None], [0.5], mean=1.0)
HASHED = profile(plan(free=100), hashed=True).model_copy(
    update={
        "columns": (
            plan().model_copy(
                update={"levels": LevelTable(top=(("sha256:ab", 100),), other=Other(levels=0, rows=0))}
            ),
        )
    }
)
WITHHELD = profile(
    ColumnProfile(name="x", kind="string", stored="VARCHAR", nulls=0, distinct=2, withheld="sensitive")
)

REFUSED: dict[str, tuple[Profile, Ask[Any], str]] = {
    "a filter": (NAN_AND_ENDLESS, Count(Rows("t", "x > 1")), "`where`"),
    "the last rows": (NAN_AND_ENDLESS, Count(Rows("t", last=Last("x", 5))), "choose"),
    "a group": (NAN_AND_ENDLESS, Edges(Rows("t", group=(("x", "1"),)), "x"), "choose"),
    "a limit between edges": (NAN_AND_ENDLESS, Count(ROWS, (Above("x", 0.7),)), "no edge"),
    "a limit at an edge, without it": (NAN_AND_ENDLESS, Count(ROWS, (Below("x", 0.5),)), "no edge"),
    "a limit that is text": (NAN_AND_ENDLESS, Count(ROWS, (Above("x", "a"),)), "cannot be compared"),
    "a limit that is true": (NAN_AND_ENDLESS, Count(ROWS, (Above("x", True),)), "cannot be compared"),
    "a limit beyond all doubles": (NAN_AND_ENDLESS, Count(ROWS, (Above("x", 10**400),)), "of that size"),
    "a limit beyond 53 bits": (
        described([1.0], [1.0], "int"),
        Count(ROWS, (Above("x", 2**60),)),
        "of that size",
    ),
    "two things at once": (NAN_AND_ENDLESS, Count(ROWS, (IsNaN("x"), IsInfinite("x"))), "several"),
    "a predicate": (NAN_AND_ENDLESS, Count(ROWS, (Holds("x > 1"),)), "single rows"),
    "a pattern": (NAN_AND_ENDLESS, Count(ROWS, (NotMatching("x", "a"),)), "single rows"),
    "repetitions": (NAN_AND_ENDLESS, Count(ROWS, (Repeated(("x",)),)), "single rows"),
    "what is not so": (NAN_AND_ENDLESS, Count(ROWS, (Not(IsNaN("x")),)), "single rows"),
    "another type": (NAN_AND_ENDLESS, Count(ROWS, (NotOfType("x", "int"),)), "single rows"),
    "a set of numbers": (NAN_AND_ENDLESS, Count(ROWS, (NotIn("x", (1,)),)), "not tell all values"),
    "a set, where levels are folded": (
        profile(plan(a=90)),
        Count(ROWS, (NotIn("plan", ("a",)),)),
        "not tell all values",
    ),
    "a set, where levels are digests": (HASHED, Count(ROWS, (NotIn("plan", ("a",)),)), "digests"),
    "a set of another kind": (
        profile(plan(a=100)),
        Count(ROWS, (NotIn("plan", (1.5,)),)),
        "cannot be compared",
    ),
    "levels of numbers": (NAN_AND_ENDLESS, Levels(ROWS, "x"), "no levels"),
    "edges of levels": (profile(plan(a=100)), Edges(ROWS, "plan"), "no numbers"),
    "levels of a sensitive column": (WITHHELD, Levels(ROWS, "x"), "marked sensitive"),
    "a mean where there are infinities": (NAN_AND_ENDLESS, Aggregate(ROWS, "mean", "x"), "does not keep"),
    "a skewness": (described([1.0], []), Aggregate(ROWS, "skewness", "x"), "does not keep"),
    "a quantile that is not kept": (
        described([1.0], []),
        Aggregate(ROWS, "quantile", "x", at=0.4),
        "does not keep",
    ),
    "a correlation": (described([1.0], []), Aggregate(ROWS, "correlation", "x", other="x"), "some of"),
    "a mean of some rows": (described([1.0], []), Aggregate(ROWS, "mean", "x", (IsNaN("x"),)), "some of"),
    "combinations": (NAN_AND_ENDLESS, Distinct(ROWS, ("x", "x")), "combinations"),
    "different values of some rows": (NAN_AND_ENDLESS, Distinct(ROWS, ("x",), (IsNaN("x"),)), "some of"),
    "the most frequent": (NAN_AND_ENDLESS, Top(ROWS, "x"), "has no rows"),
    "groups": (NAN_AND_ENDLESS, Groups(ROWS, (ByColumn("x"),)), "has no rows"),
    "whole columns": (NAN_AND_ENDLESS, Vectors(ROWS, ("x",)), "has no rows"),
    "example rows": (NAN_AND_ENDLESS, Examples(ROWS, (), ("x",)), "has no rows"),
    "an absent column": (NAN_AND_ENDLESS, Edges(ROWS, "y"), "no column 'y'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_everything_else_is_refused(case: str) -> None:
    known, question, message = REFUSED[case]
    with pytest.raises(Unmeasurable, match=message):
        answer(known, question)


def test_the_engine_asks_the_profile_and_nobody_else(tmp_path: Path) -> None:
    model = Model(predictions=Predictions(dataset="t", label="x"))
    world = World(tmp_path, Inputs(models={"m": model}))
    world.csv("x\n1\n", name="rows")
    assert world.engine.open_profile("t", NAN_AND_ENDLESS) == 3
    asks: list[Ask[Any]] = [Shape("t"), Count(ROWS), Count(Rows("rows"))]
    asks += [Scores("m", "t"), Examples(ROWS, (), ("x",))]
    found = world.answers(*asks)
    assert [found[ask] for ask in asks[1:3]] == [3, 1]
    assert found[asks[0]].rows == 3
    assert all("profile" in cause(found[ask]).message for ask in asks[3:])
