"""Times of a zone against Python's own zones."""

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlval.domain.asks import (
    Rows,
)
from mlval.domain.asks_of_time import OffZone
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import Below
from tests.measure.world import World, lines

BERLIN = "Europe/Berlin"
around_autumn = st.integers(-6 * 3600, 6 * 3600).map(lambda seconds: 1_792_976_400 + seconds)
around_spring = st.integers(-6 * 3600, 6 * 3600).map(lambda seconds: 1_774_746_000 + seconds)
hours = st.sampled_from([0, 1, 2])


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def off(world: World, table: str, zone: str | None, where: str | None = None) -> int:
    return world.ask(OffZone(Rows(table, where), "at", zone))


@given(written=st.lists(st.tuples(around_autumn | around_spring, hours), min_size=1, max_size=6))
@settings(deadline=None, max_examples=20)
def test_an_offset_is_the_one_of_the_zone_at_that_time(world: World, written: list[tuple[int, int]]) -> None:
    moments = [datetime.fromtimestamp(at, timezone(timedelta(hours=hour))) for at, hour in written]
    rows = [f"{moment.isoformat()},1" for moment in moments]
    as_json = [f'{{"at": "{moment.isoformat()}"}}\n' for moment in moments]
    for zone in (BERLIN, "Europe/London", "UTC"):
        wrong = sum(one.utcoffset() != one.astimezone(ZoneInfo(zone)).utcoffset() for one in moments)
        assert off(world, world.csv(lines("at,y", rows)), zone) == wrong
        assert off(world, world.json("".join(as_json)), zone) == wrong


@pytest.mark.parametrize(
    "text, utc, berlin, naive",
    [
        ("2026-01-31T12:00:00Z", 0, 1, 1),
        ("2026-01-31 12:00:00 UTC", 0, 1, 1),
        ("2026-01-31T12:00:00+0000", 0, 1, 1),
        ("2026-01-31T12:00:00.123456-00", 0, 1, 1),
        ("2026-01-31T12:00:00+01", 1, 0, 1),
        ("2026-07-31T12:00:00+02:00", 1, 0, 1),
        ("2026-07-31T12:00:00+01:00", 1, 1, 1),
        ("2026-01-31T12:00:00", 1, 1, 0),
        ("2026-01-31", 1, 1, 0),
        ("soon", 1, 1, 1),
    ],
)
def test_every_spelling_of_an_offset(world: World, text: str, utc: int, berlin: int, naive: int) -> None:
    alone = world.csv(f"at,y\n{text},1\n,2\n")
    among_words = world.csv(f"at,y\n{text},1\n,2\nword,3\n")
    typed = world.parquet(f"SELECT '{text}' AS at, 1 AS y")
    for zone, wrong in (("UTC", utc), (BERLIN, berlin), (None, naive)):
        if text != "soon":
            assert off(world, alone, zone) == wrong
        assert off(world, among_words, zone, "y < 3") == wrong
        assert off(world, typed, zone) == wrong


def test_parquet_keeps_instants_of_every_zone(world: World) -> None:
    table = world.parquet("SELECT unnest([TIMESTAMPTZ '2026-01-31 12:00:00+05', NULL]) AS at")
    assert [off(world, table, zone) for zone in ("UTC", BERLIN, None)] == [0, 0, 1]
    for kind in ("TIMESTAMP", "TIMESTAMP_NS", "DATE"):
        table = world.parquet(f"SELECT unnest(['2026-01-31'::{kind}, NULL]) AS at")
        assert [off(world, table, zone) for zone in ("UTC", BERLIN, None)] == [1, 1, 0]


def test_only_the_rows_that_are_asked_for_are_looked_at(world: World) -> None:
    texts = ["at;n", *(f"2026-01-31T12:00:00+0{n % 3}:00;{n}" for n in range(9))]
    several = world.csv("\r\n".join(texts) + "\r\n", "\r\n".join(texts) + "\r\n", delimiter=";")
    assert off(world, several, "UTC") == 12
    assert off(world, several, "UTC", "n < 3") == 4
    assert world.ask(OffZone(Rows(several), "at", "UTC", (Below("n", 1, or_equal=True),))) == 2


@pytest.mark.parametrize("zone", ["Europe/Nowhere", "XYZ"])
def test_a_zone_that_nobody_knows_is_an_error(world: World, zone: str) -> None:
    with pytest.raises(Unmeasurable, match="there is no time zone"):
        off(world, world.csv("at\n2026-01-31T12:00:00Z\n"), zone)


def test_what_are_neither_times_nor_text_is_refused(world: World) -> None:
    with pytest.raises(Unmeasurable, match="holds int values, not times"):
        off(world, world.csv("at\n1\n"), "UTC")
