"""Every literal is read back by the engine as the value that was written."""

import math
from datetime import UTC, date, datetime, timedelta, timezone

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.predicate import Scalar
from mlval.measure.literals import HIGHEST_INT, LOWEST_INT, identifier, literal, text

ENGINE = duckdb.connect()

HOSTILE = [
    "",
    "'",
    "''",
    "\\'",
    "\\",
    "'; DROP TABLE t; --",
    "' OR 1=1 --",
    "/* */",
    "$$x$$",
    "%s ? $1 {}",
    "\r\n\t\v\x01\x7f",
    "\N{NO-BREAK SPACE}\N{LINE SEPARATOR}\N{RIGHT-TO-LEFT OVERRIDE}\N{ZERO WIDTH SPACE}",
    "“quoted” ’text’",
    "\N{PILE OF POO}\N{COMBINING ACUTE ACCENT}",
    '"',
    '""; SELECT "',
]
SCALARS = (
    st.booleans()
    | st.integers(LOWEST_INT, HIGHEST_INT)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
    | st.dates()
    | st.datetimes()
)


def read(sql: str) -> object:
    row = ENGINE.execute(f"SELECT {sql}").fetchone()
    assert row is not None
    return row[0]


@given(SCALARS)
def test_a_value_is_read_back(value: Scalar) -> None:
    back = read(literal(value))
    assert back == value
    assert type(back) is type(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_float_is_a_double_to_the_last_bit(value: float) -> None:
    assert read(f"typeof({literal(value)})") == "DOUBLE"
    assert math.copysign(1, value) == math.copysign(1, float(str(read(literal(value)))))


@pytest.mark.parametrize(
    "value", [0.0, -0.0, 5e-324, 1.7976931348623157e308, 0.1, 1e16, 1e-5, 1 / 3, 2.0**53]
)
def test_floats_at_the_edges(value: float) -> None:
    assert str(read(literal(value))) == str(value)


@given(st.datetimes(timezones=st.timezones() | st.just(timezone(timedelta(hours=-11, minutes=-30)))))
def test_a_time_with_an_offset_is_the_same_instant(value: datetime) -> None:
    try:
        sql = literal(value)
    except ValueError:  # outside the years in UTC
        assert value.year in {1, 9999}
        return
    assert read(f"typeof({sql})") == "TIMESTAMP WITH TIME ZONE"
    assert read(f"epoch_us({sql})") == (value - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def test_a_time_before_the_first_year_is_refused() -> None:
    with pytest.raises(ValueError, match="1 and 9999"):
        literal(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=1))))


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_text_is_text(value: str) -> None:
    assert read(text(value)) == value


@pytest.mark.parametrize("name", [name for name in HOSTILE if name])
def test_a_hostile_name_is_a_name(name: str) -> None:
    table = ENGINE.execute(f"SELECT {identifier(name)} FROM (SELECT 7 AS {identifier(name)})")
    assert table.fetchall() == [(7,)]
    assert table.description[0][0] == name


@pytest.mark.parametrize("value", ["a\0b", "\0", "\ud800", "x\udfff"])
def test_text_that_cannot_be_said_is_refused(value: str) -> None:
    for write in (text, identifier, literal):
        with pytest.raises(ValueError, match="cannot hold"):
            write(value)


def test_a_name_is_not_empty() -> None:
    with pytest.raises(ValueError, match="at least one"):
        identifier("")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_refused(value: float) -> None:
    with pytest.raises(ValueError, match="finite"):
        literal(value)


@pytest.mark.parametrize("value", [HIGHEST_INT + 1, LOWEST_INT - 1, 10**5000], ids=["high", "low", "vast"])
def test_an_integer_the_engine_would_wrap_around_is_refused(value: int) -> None:
    with pytest.raises(ValueError, match="128 bits"):
        literal(value)


@pytest.mark.parametrize("value", [HIGHEST_INT, LOWEST_INT, 2**63, -(2**63), 2**64])
def test_integers_at_the_edges_compare_with_a_column(value: int) -> None:
    assert read(f"(SELECT i < {literal(value)} FROM (SELECT CAST(-1 AS BIGINT) AS i))") is (value > -1)


def test_a_float_of_numpy_is_a_float() -> None:
    assert literal(np.float64(0.1)) == "0.1e0"


def test_a_boolean_is_not_an_integer_and_a_moment_not_a_date() -> None:
    assert literal(value=True) == "TRUE"
    assert literal(date(2026, 1, 31)) == "DATE '2026-01-31'"
    assert literal(datetime(2026, 1, 31, 12)) == "TIMESTAMP '2026-01-31 12:00:00'"  # noqa: DTZ001 - naive on purpose
