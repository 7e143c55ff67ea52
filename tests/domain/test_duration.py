"""Durations: what is read, what is refused, and that reading and spelling are each other's inverse."""

import doctest
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from mlval.domain import duration

DURATION: TypeAdapter[int] = TypeAdapter(duration.DurationSpec)
ZONE: TypeAdapter[str] = TypeAdapter(duration.Zone)


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(duration).failed == 0


@pytest.mark.parametrize(
    "text, seconds",
    [("24h", 86_400), ("30m", 1_800), ("7d", 604_800), ("90s", 90), ("2w", 1_209_600), ("1d12h30m", 131_400)],
)
def test_a_duration_is_whole_numbers_with_units(text: str, seconds: int) -> None:
    assert duration.duration(text) == seconds


@pytest.mark.parametrize(
    "raw",
    [24, 1.5, True, None, "", "24", "h", "1.5h", "-1h", "1y", "PT24H", "12h1d", "1h 30m", "٣h", "1H"],
    ids=repr,
)
def test_what_is_no_duration_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match=re.escape("such as 7d, 24h, 30m or 90s")):
        duration.duration(raw)


@given(st.integers(0, 10**9 - 1))
def test_a_duration_survives_being_spelled(seconds: int) -> None:
    assert DURATION.validate_python(duration.spelled(seconds)) == seconds
    assert DURATION.dump_python(seconds, mode="json") == duration.spelled(seconds)


@given(st.text("0123456789wdhms ", max_size=8))
def test_the_schema_allows_what_is_read_and_nothing_else(text: str) -> None:
    try:
        DURATION.validate_python(text)
    except ValidationError:
        assert not Draft202012Validator(DURATION.json_schema()).is_valid(text)
    else:
        Draft202012Validator(DURATION.json_schema()).validate(text)


@pytest.mark.parametrize("name", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Etc/GMT+5"])
def test_a_zone_is_a_name(name: str) -> None:
    assert ZONE.validate_python(name) == name


@pytest.mark.parametrize("name", ["", "+02:00", "../zone", "Europe/", "a b", "A" * 200, "Europe//Berlin"])
def test_what_is_no_name_of_a_zone_is_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        ZONE.validate_python(name)
