"""Rules about time, against Python's own calendar and zones."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.asks import Aggregate, Ask, Column, Count, Kind, Rows, TableShape
from mlval.domain.bound import Bound
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Setting
from mlval.domain.verdict import Result
from mlval.rules.max_age import MaxAge
from tests.by_hand import answered
from tests.checks.world import results
from tests.measure.world import World, lines

NOW = "2026-10-25T12:00:00+00:00"
ZONED = Column("x", "timestamp", "TIMESTAMP WITH TIME ZONE")
NAIVE = Column("x", "timestamp", "TIMESTAMP")
moments = st.integers(1_774_740_000, 1_774_760_000).map(lambda at: datetime.fromtimestamp(at, UTC))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def judged(world: World, table: str, rules: dict[str, Any]) -> Result:
    check = Data.read({"type": "data", "dataset": table, "columns": {"x": rules}})
    inputs = Inputs({table: Dataset(path="t.csv")}, now=NOW)
    found = results(check, inputs, world.engine.answer)
    (result,) = (one for one in found if one.measurement.metric != "required")
    return result


def tables(world: World, texts: list[str], kind: str) -> tuple[str, str]:
    """Return the same times as CSV and as Parquet."""
    rows = ", ".join(f"('{text}'::{kind})" for text in texts)
    return (
        world.csv(lines("x,y", [f"{text},1" for text in texts])),
        world.parquet(f"SELECT x FROM (VALUES {rows}) AS t(x)"),
    )


def aged(rule: object, newest: float | None, *, column: Column = NAIVE, now: str | None = NOW) -> Measurement:
    """Return the age of a newest value, given in seconds since 1970 or read as UTC."""
    setting = Setting(
        rows=Rows("t"), shape=TableShape((column,), 9), dataset="t", column=column, inputs=Inputs(now=now)
    )
    asked = Aggregate(setting.rows, "max", "x", setting.present)
    answers: dict[Ask[Any], Any] = {Count(setting.rows, setting.present): 9, asked: newest}
    (found,) = answered(MaxAge.model_validate(rule).steps(setting), answers)
    return found


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


def test_an_age_is_the_time_from_the_newest_value_to_the_run() -> None:
    found = aged("24h", at("2026-10-25T11:00:00"))
    assert (found.value, found.limit) == (3600, Bound(min=-300, max=86_400, unit="seconds"))
    assert found.details == {"demands": "24h"}


def test_the_run_may_be_timed_in_any_zone() -> None:
    assert aged("1h", at("2026-10-25T11:00:00"), now="2026-10-25T14:00:00+02:00").value == 3600
    assert aged("1h", at("2026-10-25T11:00:00"), now="2026-10-25T12:00:00").value == 3600


@given(
    offset=st.integers(-86_400, 86_400), zone=st.sampled_from(["Europe/Berlin", "America/New_York", "UTC"])
)
def test_times_without_a_zone_are_read_in_the_one_that_is_said(offset: int, zone: str) -> None:
    wall = datetime(2026, 10, 25, tzinfo=UTC) + timedelta(seconds=offset)
    age = datetime.fromisoformat(NOW) - wall.replace(tzinfo=ZoneInfo(zone))
    rule = {"max": "24h", "tz": zone}
    assert aged(rule, wall.timestamp()).value == age.total_seconds()
    assert aged(rule, wall.timestamp(), column=ZONED).value == at("2026-10-25T12:00:00") - wall.timestamp()


def test_a_time_that_occurs_twice_is_the_earlier_one() -> None:
    found = aged({"max": "24h", "tz": "Europe/Berlin"}, at("2026-10-25T02:30:00"))
    assert found.value == at("2026-10-25T12:00:00") - at("2026-10-25T00:30:00")


@pytest.mark.parametrize(
    "rule, column, newest, words",
    [
        ({"max": "1h", "tz": "Europe/Nowhere"}, NAIVE, 0.0, "no time zone 'Europe/Nowhere'"),
        ({"max": "1h", "tz": "Europe/Berlin"}, NAIVE, 1e15, "outside the years"),
        ("1h", Column("x", "string", "VARCHAR"), 0.0, "holds string values"),
    ],
)
def test_what_has_no_age_is_an_error(rule: object, column: Column, newest: float, words: str) -> None:
    with pytest.raises(Unmeasurable, match=words):
        aged(rule, newest, column=column)


def test_without_a_time_of_the_run_there_is_no_age() -> None:
    with pytest.raises(Unmeasurable, match="time of the run"):
        aged("1h", 0.0, now=None)


@pytest.mark.parametrize(
    "text, outcome",
    [
        ("2026-10-24T12:00:00", "passed"),
        ("2026-10-24T11:59:59", "failed"),
        ("2026-10-25T12:05:00", "passed"),
        ("2026-10-25T12:05:01", "failed"),
        ("2026-10-24T13:00:00+01:00", "passed"),
        ("2026-10-24T12:59:59+01:00", "failed"),
    ],
)
def test_neither_old_nor_in_the_future(world: World, text: str, outcome: str) -> None:
    kind = "TIMESTAMPTZ" if "+" in text else "TIMESTAMP"
    older = "2026-10-01T00:00:00" + ("Z" if "+" in text else "")
    for table in tables(world, [text, older], kind):
        assert judged(world, table, {"max_age": "24h"}).outcome == outcome


def test_a_date_counts_from_its_midnight(world: World) -> None:
    for table in tables(world, ["2026-10-25", "2026-10-01"], "DATE"):
        found = judged(world, table, {"max_age": {"max": "11h", "slack": "0s"}})
        assert (found.measurement.value, found.outcome) == (12 * 3600, "failed")


def test_no_value_has_no_age(world: World) -> None:
    table = world.parquet("SELECT NULL::TIMESTAMP AS x")
    for rule in ({"max_age": "24h"}, {"max_gap": "1h"}, {"every": "day"}, {"tz": "naive"}, {"tz": "UTC"}):
        assert judged(world, table, rule).outcome == "errored"


@pytest.mark.parametrize(
    "rule, texts, kind, n",
    [
        ("UTC", ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00"], "TIMESTAMPTZ", 0),
        ("naive", ["2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00"], "TIMESTAMPTZ", 2),
        ("UTC", ["2026-01-31T12:00:00", "2026-01-31T12:00:01"], "TIMESTAMP", 2),
        ("naive", ["2026-01-31T12:00:00", "2026-01-31T12:00:01"], "TIMESTAMP", 0),
        ("Europe/Berlin", ["2026-03-29T01:59:59+01:00", "2026-03-29T03:00:00+02:00"], "TIMESTAMPTZ", 0),
    ],
)
def test_a_zone_is_demanded_alike_of_every_file(
    world: World, rule: str, texts: list[str], kind: str, n: int
) -> None:
    for table in tables(world, texts, kind):
        found = judged(world, table, {"tz": rule})
        assert (found.measurement.n, found.measurement.of) == (n, 2)
        assert found.outcome == ("failed" if n else "passed")


def test_text_keeps_the_offset_that_it_was_written_with(world: World) -> None:
    in_csv, in_parquet = tables(
        world, ["2026-07-31T12:00:00+01:00", "2026-01-31T12:00:00+01:00"], "TIMESTAMPTZ"
    )
    assert judged(world, in_csv, {"tz": "Europe/Berlin"}).measurement.n == 1
    assert judged(world, in_csv, {"tz": "Europe/Berlin", "allow": 1}).outcome == "passed"
    assert judged(world, in_parquet, {"tz": "Europe/Berlin"}).measurement.n == 0


@given(times=st.lists(moments, min_size=2, max_size=6))
@settings(deadline=None, max_examples=25)
def test_a_gap_is_between_instants(world: World, times: list[datetime]) -> None:
    local = [time.astimezone(ZoneInfo("Europe/Berlin")).isoformat() for time in times]
    largest = max((later - earlier).total_seconds() for earlier, later in pairwise(sorted(times)))
    for table in tables(world, local, "TIMESTAMPTZ"):
        found = judged(world, table, {"max_gap": "1h"})
        assert found.measurement.value == largest
        assert found.outcome == ("passed" if largest <= 3600 else "failed")


def test_one_time_has_no_gap(world: World) -> None:
    found = judged(world, world.csv("x,y\n2026-01-31,1\n,1\n"), {"max_gap": "1h"})
    assert (found.outcome, found.reason) == ("errored", "a gap needs two times, and there is one")


@pytest.mark.parametrize(
    "rule, outcome, value",
    [
        ("day", "failed", 2),
        ("week", "passed", 0),
        ({"period": "day", "allow": 2}, "passed", 2),
        ({"period": "day", "allow": "40%"}, "passed", 0.4),
        ({"period": "day", "allow": "39%"}, "failed", 0.4),
        ({"period": "month"}, "passed", 0),
    ],
)
def test_periods_without_a_row(world: World, rule: object, outcome: str, value: float) -> None:
    for table in tables(world, ["2024-02-27", "2024-03-02", "2024-02-29"], "DATE"):
        found = judged(world, table, {"every": rule})
        assert (found.outcome, found.measurement.value) == (outcome, value)
        assert found.measurement.of == 3


@pytest.mark.parametrize("kind", ["int", "float", "bool", "string"])
def test_what_are_no_times_is_an_error(world: World, kind: Kind) -> None:
    stored = {"int": "1", "float": "1.5::DOUBLE", "bool": "true", "string": "'word'"}[kind]
    table = world.parquet(f"SELECT {stored} AS x")
    for rule in ({"max_gap": "1h"}, {"every": "day"}, {"max_age": "1h"}):
        assert judged(world, table, rule).outcome == "errored"
    assert judged(world, table, {"tz": "UTC"}).outcome == ("failed" if kind == "string" else "errored")


REFUSED: list[dict[str, Any]] = [
    {"max_age": 24},
    {"max_age": "PT24H"},
    {"max_age": {}},
    {"max_age": {"max": "24h", "tz": "+02:00"}},
    {"tz": ""},
    {"tz": "../UTC"},
    {"max_gap": "month"},
    {"every": "second"},
    {"every": "1d"},
    {"every": {"period": "day", "allow": 0.5}},
    {"every": {"allow": 1}},
]


@pytest.mark.parametrize("rules", REFUSED, ids=str)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "columns": {"x": rules}})
