"""Patterns of dates and times, held against `strptime` of Python."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.world import World
from tests.measure.written import broken, reads

PATTERNS = {
    "%d/%m/%Y": (
        "31/01/2026",
        "1/2/2026",
        "29/02/2026",
        "29/02/2024",
        "31/04/2026",
        "01/02/26",
        " 01/02/2026",
    ),
    "%Y%m%d": ("20260131", "20260229", "2026131", "00000101"),
    "%d %b %y": ("31 Jan 26", "29 feb 00", "29 FEB 01", "31 Sep 26", "1 Mai 26", "29 Feb 69"),
    "%B %d, %Y at %I:%M %p": (
        "March 5, 2026 at 1:30 pm",
        "May 31, 2026 at 13:30 PM",
        "June 31, 2026 at 1:30 AM",
    ),
    "%A, %d.%m": ("Monday, 29.02", "Sunday, 28.02", "Someday, 1.1"),
    "%H:%M:%S.%f": ("23:59:59.5", "23:59:59.1234567", "24:00:00.0", "1:2:3.4"),
    "%Y-%m-%dT%H:%M:%S%z": ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+0200", "2026-01-31T12:00:00+02:00"),
    "%%%H": ("%12", "12", "%%12"),
    "(%Y)+.": ("(2026)+.", "(2026)).", "2026+"),
}
# Python reads these too; here a run of numbers has all of its digits, and letters of a pattern have a case.
STRICTER = {"2026131"}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_patterns_read_what_python_reads(world: World, pattern: str) -> None:
    texts = PATTERNS[pattern]
    expected = [
        text in STRICTER or not reads(lambda one: datetime.strptime(one, pattern), text)  # noqa: DTZ007 - as read
        for text in texts
    ]
    assert broken(world, pattern, (*texts, None)) == [*expected, False]


@st.composite
def dates(draw: st.DrawFn, pattern: str) -> str:
    """Return a moment as a pattern has it, with a character changed now and then."""
    text = draw(st.datetimes()).strftime(pattern.replace("%Y", "%4Y"))
    at = draw(st.integers(0, len(text)))
    return text[:at] + draw(st.sampled_from(["", "0", "1", "3", "9"])) + text[at + draw(st.booleans()) :]


@pytest.mark.parametrize("pattern", ["%d/%m/%Y", "%d %b %y", "%Y-%m-%d %H:%M:%S.%f", "%I %p, %B %d"])
@given(data=st.data())
def test_patterns_read_what_python_reads_of_any_day(world: World, pattern: str, data: st.DataObject) -> None:
    texts = data.draw(st.lists(dates(pattern), min_size=1, max_size=20))
    expected = [not reads(lambda one: datetime.strptime(one, pattern), text) for text in texts]  # noqa: DTZ007
    assert list(zip(texts, broken(world, pattern, texts), strict=True)) == list(
        zip(texts, expected, strict=True)
    )
