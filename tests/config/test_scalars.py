"""Scalars without quotes, against the table of YAML 1.2's core schema and its one exception."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.scalars import plain

CORE = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
    "0": 0,
    "-0": 0,
    "+12": 12,
    "-19": -19,
    "0o7": 7,
    "0o17": 15,
    "0x3A": 58,
    "0xff": 255,
    "0.": 0.0,
    "-0.0": -0.0,
    ".5": 0.5,
    "+12e03": 12000.0,
    "-2E+05": -200000.0,
    "1e-3": 0.001,
    "6.8523015e+5": 685230.15,
    ".inf": math.inf,
    "-.Inf": -math.inf,
    "+.INF": math.inf,
    "1e999": math.inf,
    "18446744073709551615": 2**64 - 1,
    "-9223372036854775808": -(2**63),
}
TEXT = [
    *("NO", "no", "yes", "Yes", "on", "off", "y", "n", "nULL", "tRUE", "none", "None"),
    *("010", "-010", "00", "007.5", "01e3", "0b1", "0o8", "-0x1", "0X1", "0O7", "1_000", "1,5"),
    *(
        "12:30",
        "12:30:45",
        "2026-01-31",
        "2026-01-31T12:00:00Z",
        "1.2.3",
        "1%",
        "nan",
        "inf",
        ".",
        "-",
        "+",
        "e3",
    ),
    *("<= 5", "=", "<<", "1 2", "1e", ".e1", "\N{ARABIC-INDIC DIGIT ONE}", "\N{FULLWIDTH DIGIT ONE}", "1\n"),
]


@pytest.mark.parametrize("text", CORE)
def test_core_scalars_are_read_as_the_table_says(text: str) -> None:
    value = plain(text)
    assert value == CORE[text]
    assert type(value) is type(CORE[text])


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_nan_is_a_float(text: str) -> None:
    value = plain(text)
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize("text", TEXT)
def test_everything_else_is_text(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    "text", [str(2**64), str(-(2**63) - 1), "0x1" + "0" * 16, "9" * 10_000, "0x" + "f" * 10_000]
)
def test_whole_numbers_beyond_64_bits_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        plain(text)


@given(st.integers(-(2**63), 2**64 - 1))
def test_every_integer_of_64_bits_is_read(number: int) -> None:
    assert plain(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_is_read(number: float) -> None:
    value = plain(repr(number))
    assert value == number
    assert isinstance(value, float)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        value = plain(text)
    except ValueError:
        return
    assert value is None or isinstance(value, bool | int | float | str)
