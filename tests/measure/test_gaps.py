"""How times cover their span, against a walk over the calendar in Python."""

from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import (
    Rows,
)
from mlval.domain.asks_of_time import Coverage, Gaps, Period
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs
from mlval.domain.predicate import Below
from mlval.domain.source import TableFiles
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine
from tests.measure.world import World, lines, writer

PERIODS = get_args(Period)
EMPTY = Coverage(0, 0, None)
naive = st.datetimes(datetime(2023, 12, 20), datetime(2024, 3, 10)).map(  # noqa: DTZ001 - naive on purpose
    lambda moment: moment.replace(microsecond=moment.microsecond // 1000 * 1000)
)
offsets = st.sampled_from([-570, -60, 0, 60, 345]).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def start(moment: datetime, every: str) -> datetime:
    """Return the first moment of the period that a moment lies in."""
    minute = moment.replace(second=0, microsecond=0)
    day = minute.replace(hour=0, minute=0)
    return {
        "minute": minute,
        "hour": minute.replace(minute=0),
        "day": day,
        "week": day - timedelta(days=day.weekday()),
        "month": day.replace(day=1),
        "quarter": day.replace(day=1, month=(day.month - 1) // 3 * 3 + 1),
        "year": day.replace(day=1, month=1),
    }[every]


LENGTHS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


def periods(first: datetime, last: datetime, every: str) -> int:
    """Count the periods between the starts of two; those of no fixed length by walking over the days."""
    if every in LENGTHS:
        return int((last - first).total_seconds()) // LENGTHS[every] + 1
    return len({start(first + timedelta(days=day), every) for day in range((last - first).days + 1)})


def expected(moments: list[datetime], every: str) -> Coverage:
    if not moments:
        return EMPTY
    held = {start(moment, every) for moment in moments}
    walked = periods(min(held), max(held), every)
    gaps = [(later - earlier).total_seconds() for earlier, later in pairwise(sorted(moments))]
    return Coverage(walked, walked - len(held), max(gaps, default=None))


@given(moments=st.lists(st.none() | naive, max_size=8), every=st.sampled_from(PERIODS))
@settings(deadline=None, max_examples=60)
def test_times_without_a_zone_are_taken_as_they_stand(
    world: World, moments: list[datetime | None], every: Period
) -> None:
    there = [moment for moment in moments if moment is not None]
    texts = ["" if moment is None else moment.isoformat() for moment in moments]
    table = world.csv(lines("at,y", [f"{text},1" for text in texts]))
    if there:
        assert world.ask(Gaps(Rows(table), "at", every)) == expected(there, every)
    writer().execute('CREATE OR REPLACE TABLE times ("at" TIMESTAMP)')
    if moments:
        writer().executemany("INSERT INTO times VALUES (?)", [(moment,) for moment in moments])
    assert world.ask(Gaps(Rows(world.parquet("FROM times")), "at", every)) == expected(there, every)


@given(moments=st.lists(st.tuples(naive, offsets), min_size=1, max_size=8), every=st.sampled_from(PERIODS))
@settings(deadline=None, max_examples=60)
def test_times_with_a_zone_are_instants(
    world: World, moments: list[tuple[datetime, timezone]], every: Period
) -> None:
    zoned = [moment.replace(tzinfo=zone) for moment, zone in moments]
    table = world.csv(lines("at,y", [f"{moment.isoformat()},1" for moment in zoned]))
    instants = [one.astimezone(UTC) for one in zoned]
    assert world.ask(Gaps(Rows(table), "at", every)) == expected(instants, every)


def test_the_hour_that_a_change_of_clocks_skips_is_no_gap_between_instants(world: World) -> None:
    table = world.csv("at\n2026-03-29T01:30:00+01:00\n2026-03-29T03:30:00+02:00\n")
    assert world.ask(Gaps(Rows(table), "at", "hour")) == Coverage(2, 0, 3600.0)
    table = world.csv("at\n2026-03-29T01:30:00\n2026-03-29T03:30:00\n")
    assert world.ask(Gaps(Rows(table), "at", "hour")) == Coverage(3, 1, 7200.0)


def test_dates_are_days_and_february_has_29_in_a_leap_year(world: World) -> None:
    days = (date(2024, 2, 28), date(2024, 3, 1))
    table = world.csv(lines("at,y", [f"{day},1" for day in days]))
    assert world.ask(Gaps(Rows(table), "at", "day")) == Coverage(3, 1, 2 * 86_400.0)


def test_only_the_rows_that_are_asked_for_are_looked_at(world: World) -> None:
    table = world.csv("at,n\n2026-01-01,1\n2026-01-05,2\n2026-01-06,3\n")
    assert world.ask(Gaps(Rows(table, "n > 1"), "at", "day")) == Coverage(2, 0, 86_400.0)
    assert world.ask(Gaps(Rows(table), "at", "day", (Below("n", 2),))) == Coverage(1, 0, None)
    assert world.ask(Gaps(Rows(table, "n > 9"), "at", "day")) == EMPTY


def test_what_are_no_times_is_refused(world: World) -> None:
    with pytest.raises(Unmeasurable, match="'x' holds int values, not times"):
        world.ask(Gaps(Rows(world.csv("x\n1\n")), "x", "day"))


def test_a_time_without_end_has_no_place_in_a_calendar(world: World) -> None:
    table = world.parquet("SELECT unnest([TIMESTAMP '2026-01-01', TIMESTAMP 'infinity']) AS at")
    with pytest.raises(Unmeasurable, match="a time without end"):
        world.ask(Gaps(Rows(table), "at", "day"))


def test_sorting_stays_within_the_memory_that_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "times.parquet"
    seconds = "to_seconds(hash(range)::DOUBLE % 1e9)"
    writer().execute(
        f"COPY (SELECT TIMESTAMP '2000-01-01' + {seconds} AS at FROM range(1500000)) TO '{path}'"
    )
    engine = Engine(Resources(tmp_path, threads=1, memory="64MB"), Inputs())
    engine.open("t", TableFiles((str(path),), "parquet"))
    ask = Gaps(Rows("t"), "at", "day")
    assert isinstance(engine.answer([ask])[ask], Coverage)
