"""Times and their order on random tables against plain Python: the same counts from Parquet and from CSV."""

import math
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from tests.measure.world import World
from tests.rules.oracle import counted, counts, is_nan, limits, parquet, text

offsets = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
moments = st.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=offsets)  # noqa: DTZ001 - given zones


@given(st.lists(st.none() | moments, min_size=1, max_size=30), st.tuples(moments, moments))
def test_times_with_zones(
    world: World, values: list[datetime | None], ends: tuple[datetime, datetime]
) -> None:
    low, high = sorted(ends)
    rules, broken = limits(low.isoformat(), high.isoformat(), datetime.fromisoformat)
    for order in ("increasing", "strictly_decreasing"):
        rules["monotonic"] = order
        expected = dict(counted(values, broken)) | {
            "monotonic": (out_of_order(values, order), expected_of(values))
        }
        rules["nulls"] = 0
        columns = {"x": values}
        assert counts(world, parquet(world, "TIMESTAMPTZ", columns), rules) == expected
        if any(value is not None for value in values):
            assert counts(world, text(world, columns), rules) == expected


def expected_of(values: Sequence[Any]) -> int:
    return sum(value is not None for value in values)


FOLLOWS: dict[str, Callable[[Any, Any], bool]] = {
    "increasing": lambda before, value: before <= value,
    "strictly_increasing": lambda before, value: before < value,
    "decreasing": lambda before, value: before >= value,
    "strictly_decreasing": lambda before, value: before > value,
}


def out_of_order(values: Sequence[Any], order: str) -> int:
    """Return how many values do not follow the one before them; NaN never does, and is left out then."""
    here = [value for value in values if value is not None]
    numbers = [value for value in here if not is_nan(value)]
    broken = sum(not FOLLOWS[order](before, value) for before, value in pairwise(numbers))
    return broken + len(here) - len(numbers)


rows = st.lists(
    st.tuples(st.none() | st.sampled_from([0.5, 1.0, 2.0, math.nan, math.inf]), st.none() | st.integers(0, 3),
              st.none() | st.integers(0, 1), st.integers(0, 1)),
    min_size=1, max_size=30,
)  # fmt: skip


@given(rows, st.sampled_from(sorted(FOLLOWS)), st.booleans(), st.booleans(), st.booleans())
def test_order(
    world: World,
    rows: list[tuple[Any, ...]],
    order: str,
    by: bool,
    per: bool,
    where: bool,
) -> None:
    columns = dict(zip(("x", "at", "meter", "kept"), zip(*rows, strict=True), strict=True))
    asked = {"order": order, **({"by": "at"} if by else {}), **({"per": "meter"} if per else {})}
    rule = {"monotonic": asked, **({"where": "kept = 1"} if where else {})}
    seen = [
        row for row in rows if (row[3] or not where) and row[0] is not None and (row[1] is not None or not by)
    ]
    ordered = sorted(seen, key=lambda row: row[1]) if by else seen
    meters = {row[2] for row in ordered} if per else {None}
    n = sum(
        out_of_order([row[0] for row in ordered if not per or row[2] == meter], order) for meter in meters
    )
    assert counts(world, parquet(world, "DOUBLE", columns), rule) == {"monotonic": (n, len(seen))}
    if any(row[0] not in {None, 1.0, 2.0} for row in rows):
        assert counts(world, text(world, columns), rule) == {"monotonic": (n, len(seen))}
