"""Predicates on every kind of column, held against the same words in Python."""

import math
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import pytest

from mlval.domain.asks import Count, Rows
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.predicate import (
    Above,
    Below,
    Breaks,
    Decided,
    Either,
    Holds,
    In,
    IsInfinite,
    IsNaN,
    IsNull,
    LengthOutside,
    Matching,
    MoreDecimals,
    Not,
    NotFormatted,
    NotIn,
    NotMatching,
    NotMultiple,
    NotNull,
    NotOfType,
    OutOfOrder,
    Predicate,
    Repeated,
    Scalar,
    Sentinel,
)
from tests.measure.world import World, cause, lines, writer

HOURS = (0, 10, 12, 13, 23)
EAST = timezone(timedelta(hours=2))
COLUMNS: dict[str, tuple[str, list[Any]]] = {
    "small": ("TINYINT", [None, -128, 0, 1, 3, 127]),
    "whole": ("BIGINT", [None, -2, 3, 2**53, 2**53 + 1, 2**63 - 1]),
    "unsigned": ("UBIGINT", [None, 0, 1, 3, 2**53, 2**64 - 1]),
    "huge": ("HUGEINT", [None, -(2**100), 0, 3, 2**100, 2**127 - 1]),
    "double": ("DOUBLE", [None, math.nan, math.inf, -math.inf, 0.1, -0.0]),
    "single": ("FLOAT", [None, math.nan, 0.1, -99.9, 3.0, 3.4e38]),
    "decimal": ("DECIMAL(9, 2)", [None, Decimal("0.10"), Decimal("-99.90"), 3, 0, 3]),
    "truth": ("BOOLEAN", [None, True, False, True, False, None]),
    "text": ("VARCHAR", [None, "", "it's", "3", "007", "NULL"]),
    "id": ("UUID", [None, *(f"6ba7b810-9dad-11d1-80b4-00c04fd430c{x}" for x in range(5))]),
    "day": ("DATE", [None, date(2026, 1, 31), date(2026, 2, 1), date(1, 1, 1), date(9999, 12, 31), None]),
    "at": ("TIMESTAMP", [None, *(datetime(2026, 1, 31, hour) for hour in HOURS)]),  # noqa: DTZ001 - as stored
    "fine": ("TIMESTAMP_NS", [None, *(datetime(2026, 1, 31, hour) for hour in HOURS)]),  # noqa: DTZ001
    "zoned": ("TIMESTAMPTZ", [None, *(datetime(2026, 1, 31, hour, tzinfo=EAST) for hour in HOURS)]),
}  # fmt: skip
NUMBERS = ("small", "whole", "unsigned", "huge", "double", "single", "decimal")
TIMES = ("day", "at", "fine", "zoned")
NUMBER_LIMITS = (-(2**120), -99.9, -1, 0, 0.1, 1, 3, 3.0, 2.0**53, 2**53, 2**64, 2**100, 2**127 - 1)
TIME_LIMITS = (
    "0001-01-01", "2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00+02:00", "9999-12-31",
    date(2026, 1, 31), datetime(2026, 1, 31, 10, tzinfo=UTC),
)  # fmt: skip
EQUALS: dict[str, tuple[Scalar, ...]] = {
    **dict.fromkeys(NUMBERS, NUMBER_LIMITS),
    **dict.fromkeys(TIMES, TIME_LIMITS),
    "truth": (True,),
    "text": ("it's", "007", "", "'; DROP TABLE t; --", 3, -7),
    "id": ("6ba7b810-9dad-11d1-80b4-00c04fd430c3", "no such id"),
}


@pytest.fixture(scope="module")
def table(world: World) -> str:
    described = ", ".join(f'"{name}" {kind}' for name, (kind, _) in COLUMNS.items())
    writer().execute(f"CREATE OR REPLACE TABLE made ({described})")
    rows = list(zip(*(values for _, values in COLUMNS.values()), strict=True))
    writer().executemany(f"INSERT INTO made VALUES ({', '.join('?' * len(COLUMNS))})", rows)
    return world.parquet("SELECT * FROM made")


def comparable(column: str, value: Any) -> Any:  # noqa: ANN401 - any scalar
    """Return a value or limit as Python compares it: times in UTC, single floats rounded as they are kept."""
    if column in TIMES:
        moment = datetime.fromisoformat(value if isinstance(value, str) else value.isoformat())
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    if column == "single":
        return np.float32(value) if abs(value) < 3.4e38 else value
    if column in {"text", "id"}:
        return str(value)
    return Decimal(str(value)) if column == "decimal" else value


def count(column: str, is_broken: Callable[[Any], bool]) -> int:
    return sum(is_broken(comparable(column, value)) for value in COLUMNS[column][1] if value is not None)


def test_limits_on_numbers_and_times(world: World, table: str) -> None:
    expected: dict[Count, int] = {}
    for column, limits in [
        *((name, NUMBER_LIMITS) for name in NUMBERS),
        *((name, TIME_LIMITS) for name in TIMES),
    ]:
        for raw in limits:
            limit = comparable(column, raw)
            below, above = Below(column, raw), Above(column, raw)
            asks = [Count(Rows(table), of) for of in ((below,), (above,), (Either((below, above)),))]
            low = count(column, lambda value, limit=limit: value != value or value < limit)  # type: ignore[misc] # noqa: PLR0124 - NaN
            high = count(column, lambda value, limit=limit: value != value or value > limit)  # type: ignore[misc] # noqa: PLR0124
            nan = count(column, lambda value: value != value)  # noqa: PLR0124
            expected |= dict(zip(asks, (low, high, low + high - nan), strict=True))
    assert len(expected) > 250
    assert dict(world.answers(*expected)) == expected


def test_lists_of_values(world: World, table: str) -> None:
    expected: dict[Count, int] = {}
    for column, values in EQUALS.items():
        for some in ((values[0],), values):
            known = {comparable(column, value) for value in some}
            expected[Count(Rows(table), (In(column, some),))] = count(column, known.__contains__)
            expected[Count(Rows(table), (NotNull((column,)), NotIn(column, some)))] = count(
                column,
                lambda value, known=known: value not in known,  # type: ignore[misc]
            )
    assert dict(world.answers(*expected)) == expected


def test_limits_that_fail_themselves(world: World, table: str) -> None:
    expected: dict[Count, int] = {}
    for column, limits in [*((n, NUMBER_LIMITS) for n in NUMBERS), *((n, TIME_LIMITS) for n in TIMES)]:
        for raw in limits:
            limit = comparable(column, raw)
            below, above = Below(column, raw, or_equal=True), Above(column, raw, or_equal=True)
            low = count(column, lambda value, limit=limit: not value > limit)  # type: ignore[misc]
            high = count(column, lambda value, limit=limit: not value < limit)  # type: ignore[misc]
            expected |= {Count(Rows(table), (below,)): low, Count(Rows(table), (above,)): high}
            # Whatever lies on neither side of one limit does not exist.
            expected[Count(Rows(table), (Either((below, above)),))] = count(column, lambda _: True)
    assert dict(world.answers(*expected)) == expected


ALL_SENTINELS = tuple(dict.fromkeys(one for values in EQUALS.values() for one in values))


def test_sentinels_equal_what_is_of_their_kind_and_nothing_else(world: World, table: str) -> None:
    expected: dict[Count, int] = {}
    for column, values in EQUALS.items():
        known = {comparable(column, value) for value in values}
        # A whole number in a list is text where the column is; anything else is of one kind.
        kinds = (str, int) if column in {"text", "id"} else tuple({type(value) for value in values})
        others = tuple(one for one in ALL_SENTINELS if type(one) not in kinds)
        for more in ((), others, ("a\0b", 10**5000)):
            asked = Sentinel(column, (*values, *more))
            n = count(column, known.__contains__)
            expected |= {Count(Rows(table), (asked,)): n, Count(Rows(table), (Not(asked),)): 6 - n}
    for column in COLUMNS:
        expected[Count(Rows(table), (Sentinel(column, ("no such value",)),))] = 0
        expected[Count(Rows(table), (Sentinel(column, ()),))] = 0
    assert dict(world.answers(*expected)) == expected


def test_what_is_not_a_number_and_what_has_no_end(world: World, table: str) -> None:
    for column, (_, values) in COLUMNS.items():
        floats = [value for value in values if isinstance(value, float)]
        assert world.count(table, IsNaN(column)) == sum(map(math.isnan, floats)), column
        assert world.count(table, IsInfinite(column)) == sum(map(math.isinf, floats)), column


def test_times_without_end(world: World) -> None:
    ends = world.parquet("SELECT unnest([TIMESTAMP 'infinity', '-infinity', '2026-01-31', NULL]) AS x")
    assert world.count(ends, IsInfinite("x")) == 2


OF_VALUES: list[Predicate] = [
    Below("x", 1),
    Above("x", 1, or_equal=True),
    Either((Below("x", 0), Above("x", 1))),
    In("x", (1,)),
    NotIn("x", (1,)),
    Sentinel("x", (1, "a")),
    NotMatching("x", "a"),
    Matching("x", "a"),
    NotFormatted("x", "date"),
    NotFormatted("x", "json"),
    NotFormatted("x", "%d.%m.%Y"),
    LengthOutside("x", 1, 2),
    MoreDecimals("x", 0),
    NotMultiple("x", 2),
    NotMultiple("x", 0.5),
    IsNaN("x"),
    IsInfinite("x"),
    OutOfOrder("x"),
]


@pytest.mark.parametrize("predicate", OF_VALUES, ids=str)
@pytest.mark.parametrize("values", [("1", "2"), ("1.5", "nan"), ("a", "5"), ("2026-01-31", "2026-02-01")])
def test_a_null_satisfies_none_of_them_and_their_opposite(
    world: World, predicate: Predicate, values: tuple[str, ...]
) -> None:
    texts = world.csv(lines("x,y", [*(f"{value},1" for value in values), ",0"]))
    null, whole = IsNull("x"), Count(Rows(texts), (IsNull("x"), predicate))
    if isinstance(world.answers(whole)[whole], Failure):
        return
    assert world.count(texts, null, predicate) == 0
    assert world.count(texts, null, Not(predicate)) == 1
    both = world.count(texts, predicate) + world.count(texts, Not(predicate))
    assert both == 3


def test_nulls(world: World, table: str) -> None:
    expected: dict[Count, int] = {}
    for column, (_, values) in COLUMNS.items():
        expected[Count(Rows(table), (IsNull(column),))] = values.count(None)
        expected[Count(Rows(table), (NotNull((column, "whole")),))] = 6 - max(values.count(None), 1)
        expected[Count(Rows(table), (IsNull(column), NotNull((column,))))] = 0
    assert dict(world.answers(*expected)) == expected


REFUSED: dict[str, Predicate] = {
    "a number against text": Below("text", 3),
    "a number against truth": Above("truth", 0),
    "a number against a time": Below("at", 20260131),
    "a time against a number": Below("whole", "2026-01-31"),
    "no time": Below("at", "noon"),
    "truth against a number": In("whole", (True,)),
    "a number against truth values": In("truth", (1,)),
    "text against a number": In("whole", ("1",)),
    "a fraction against text, which has lost its zeros": In("text", (1.50,)),
    "a number beyond 128 bits": Below("whole", 2**127),
    "a vast number": Above("decimal", 10**5000),
    "text with NUL": In("text", ("a\0b",)),
    "half a character": NotMatching("text", "\ud800"),
    "a pattern for numbers": NotMatching("whole", "3"),
    "no such column": IsNull("Whole"),
    "the position of a row": IsNull("mlval:row"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_asked_is_refused_in_words(world: World, table: str, name: str) -> None:
    with pytest.raises(Unmeasurable) as refused:
        world.count(table, REFUSED[name])
    assert len(refused.value.message) < 300


TYPES = ("bool", "int", "float", "string", "date", "timestamp")
OF_TYPE: dict[str, tuple[str, dict[str, int]]] = {
    # How many of the values are not of each type; whatever is not named breaks all of them.
    "small": ("5", {"int": 0, "float": 0}),
    "double": ("5", {"float": 0, "int": 4}),
    "single": ("5", {"float": 0, "int": 3}),
    "decimal": ("5", {"float": 0, "int": 2}),
    "truth": ("4", {"bool": 0}),
    "text": ("5", {"string": 0}),
    "id": ("5", {"string": 0}),
    "day": ("4", {"date": 0, "timestamp": 0}),
    "at": ("5", {"timestamp": 0, "date": 4}),
    "zoned": ("5", {"timestamp": 0, "date": 5}),
}


@pytest.mark.parametrize("column", OF_TYPE)
def test_types_of_typed_columns(world: World, table: str, column: str) -> None:
    present, fitting = OF_TYPE[column]
    for wanted in TYPES:
        found = world.count(table, NotNull((column,)), NotOfType(column, wanted))
        assert found == fitting.get(wanted, int(present)), wanted


TEXTS = [
    "1",
    "1.0",
    "2.5",
    "007",
    "x",
    "true",
    "2026-01-31",
    "2026-01-31 12:00:00",
    "2026-01-31T12:00Z",
    "nan",
    "1e3",
]
NOT_IN_TEXT = {
    "int": {"2.5", "007", "x", "true", "nan", *TEXTS[6:9]},
    "float": {"007", "x", "true", *TEXTS[6:9]},
    "bool": set(TEXTS) - {"true"},
    "date": set(TEXTS) - {"2026-01-31"},
    "timestamp": set(TEXTS) - set(TEXTS[6:9]),
    "string": set[str](),
}


@pytest.mark.parametrize("wanted", TYPES)
def test_types_of_mixed_text_are_told_value_by_value(world: World, wanted: str) -> None:
    texts = world.csv(lines("x,y", [f"{value}," for value in TEXTS]))
    for value in TEXTS:
        expected = int(value in NOT_IN_TEXT[wanted])
        assert world.count(texts, In("x", (value,)), NotOfType("x", wanted)) == expected, value


def test_in_a_text_file_every_value_is_a_string_and_may_be_matched(world: World) -> None:
    numbers = world.csv("x\n12\n3\n")
    assert world.count(numbers, NotOfType("x", "string")) == 0
    assert world.count(numbers, NotMatching("x", "^[0-9]$")) == 1


@pytest.mark.parametrize(
    "pattern, broken",
    [("^[0-9]+$", 3), ("'", 4), ("", 0), (r"\\", 5), ("(?i)null", 4), ("^$", 4), ("é|ü", 5)],
)
def test_patterns_are_searched_in_text(world: World, table: str, pattern: str, broken: int) -> None:
    assert world.count(table, NotMatching("text", pattern)) == broken


def test_repeated_values(world: World) -> None:
    rows = [("a", 1), ("a", 1), ("a", 2), (None, 2), (None, 2), ("b", None), ("b", None)]
    values = ", ".join(f"({'NULL' if a is None else repr(a)}, {'NULL' if b is None else b})" for a, b in rows)
    pairs = world.parquet(f"SELECT * FROM (VALUES {values}) AS v(a, b)")
    whole = Counter(rows)
    single = Counter(a for a, _ in rows if a is not None)
    assert world.count(pairs, Repeated(("a", "b"))) == sum(n for n in whole.values() if n > 1)
    assert world.count(pairs, NotNull(("a",)), Repeated(("a",))) == sum(n for n in single.values() if n > 1)


def test_a_predicate_of_the_contract_is_true_false_or_null(world: World, table: str) -> None:
    text = "whole > 3"
    counts = [world.count(table, kind(text)) for kind in (Holds, Breaks, Decided)]
    assert counts == [3, 2, 5]
    assert world.count(table, where=text) == 3


@pytest.mark.parametrize("text", ["whole >", "whole > 3; DROP TABLE t", "nowhere = 1", "(SELECT 1) = 1", "3"])
def test_a_predicate_that_is_none_is_refused(world: World, table: str, text: str) -> None:
    ask = Count(Rows(table), (Holds(text),))
    answer = world.answers(ask)[ask]
    assert isinstance(answer, Failure)
    assert isinstance(cause(answer), Unmeasurable)


HOSTILE = [
    'a"b',
    "it's",
    "--",
    '"; DROP TABLE x; --',
    "ü\N{RIGHT-TO-LEFT OVERRIDE}",
    "select",
    "a b",
    "\\",
    "count(*)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_a_name(world: World, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    named = world.parquet(f"SELECT * FROM (VALUES (1, 'x'), (2, 'y'), (NULL, 'y')) AS v({quoted}, z)")
    predicates: list[tuple[Predicate, int]] = [
        (IsNull(name), 1),
        (Below(name, 2), 1),
        (In(name, (2,)), 1),
        (NotOfType(name, "int"), 0),
        (Repeated((name, "z")), 0),
        (Holds(f"{quoted} = 2"), 1),
    ]
    assert [world.count(named, predicate) for predicate, _ in predicates] == [n for _, n in predicates]


@pytest.mark.parametrize("value", HOSTILE)
def test_a_hostile_value_is_a_value(world: World, value: str) -> None:
    literal = "'" + value.replace("'", "''") + "'"
    texts = world.parquet(f"SELECT {literal} AS x UNION ALL SELECT 'other'")
    assert world.count(texts, In("x", (value,))) == 1
    assert world.count(texts, Holds(f"x = {literal}")) == 1
