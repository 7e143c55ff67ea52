"""Formats of text, held against what Python's own readers accept."""

import ipaddress
import json
import re
import string
import uuid
from collections.abc import Callable, Sequence
from datetime import date, datetime
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.asks import Count, Rows
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.predicate import NotFormatted
from tests.measure.world import World, lines
from tests.measure.written import broken, reads

GOOD: dict[str, tuple[str, ...]] = {
    "date": ("2026-01-31", "2024-02-29", "0001-01-01", "9999-12-31"),
    "time": ("00:00", "23:59:59", "12:30:00.5", "12:30:00.123456789Z", "12:30+02", "12:30:00-05:30"),
    "datetime": ("2026-01-31T12:30", "2026-01-31 12:30:00.5+02:00", "2024-02-29T00:00:00Z"),
    "uuid": (
        "6ba7b810-9dad-11d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000",
        "A" * 8 + "-AAAA" * 3 + "-" + "f" * 12,
    ),
    "email": (
        "a@b.co", "first.last+tag@sub.example.org", "o'brien@example.ie", f"{'a' * 64}@b.co",
        "x@xn--p1ai.xn--p1ai",
    ),
    "url": (
        "http://a", "HTTPS://user:p%20w@example.org:8080/a/b;c?d=e&f#g", "https://[::1]:1/",
        "http://1.2.3.4/", "http://a.", "https://example.org?q", "http://a/%C3%A9",
    ),
    "json": ("1", "null", '"a, ]"', '{"NaN": [1, -0.5e+3, {}]}', " [true, false] ", '"a \\" ,]"', "\t1\n"),
    "ipv4": ("0.0.0.0", "255.255.255.255", "10.1.20.99"),
    "ipv6": (
        "::", "::1", "1:2:3:4:5:6:7:8", "1::8", "::ffff:1.2.3.4", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
        "FE80::a",
    ),
}  # fmt: skip
BAD: dict[str, tuple[str, ...]] = {
    "date": (
        "2026-02-29", "2026-1-31", "20260131", "2026/01/31", " 2026-01-31", "2026-01-31\n", "0000-01-01",
        "31-01-2026", "2026-01-31T00:00", "٢٠٢٦-01-31", "today", "infinity", "",
    ),
    "time": (
        "24:00", "12:60", "12:30:60", "1:30", "12", "12:30:00.", "12:30:00,5", "12:30 Z", "12:30+2",
        "12:30z", "",
    ),
    "datetime": (
        "2026-01-31", "2026-02-30T00:00", "2026-01-31  12:30", "2026-01-31t12:30",
        "2026-01-31T12:30 +02:00", "2026-01-31T12:30+0200", "2026-01-31T24:00", "now", "",
    ),
    "uuid": (
        "6ba7b8109dad11d180b400c04fd430c8", "{6ba7b810-9dad-11d1-80b4-00c04fd430c8}",
        "6ba7b810-9dad-11d1-80b4-00c04fd430c", "gba7b810-9dad-11d1-80b4-00c04fd430c8", "",
    ),
    "email": (
        "a", "a@b", "@b.co", "a@", ".a@b.co", "a.@b.co", "a..b@c.de", "a b@c.de", "a@b..co", "a@-b.co",
        "a@b.co.", "a@b.1", f"{'a' * 65}@b.co", f"a@{'b' * 64}.co", f"a@{'b.' * 130}co", "a@b@c.de",
        "é@b.co", '"a b"@c.de', "a@b.co\n", "",
    ),
    "url": (
        "example.org", "ftp://a", "http://", "http:///a", "http://a b", "http://a:99999", "http://a:",
        "http://-a", "http://[::1", "http://é", "http://a/é", "http://a/%zz", "http://a/<",
        "javascript:alert(1)", "//a", " http://a", "http://a\n", "",
    ),
    "json": (
        "NaN", "[1,]", '{"a":1,}', "Infinity", "-Infinity", "nan", "inf", "'a'", "{a: 1}", "01", "+1",
        ".5", "1.", "// x\n1", "/* x */ 1", "1 2", "[1 , \n]", '["a", ]', "tru", "\ufeff1", '"\t"',
        '"\\ud800"', "",
    ),
    "ipv4": ("1.2.3", "1.2.3.4.5", "256.1.1.1", "01.2.3.4", "1.2.3.4 ", "1.2.3.-4", "1.2.3.4/24", ""),
    "ipv6": (
        ":", ":::", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "::1.2.3", "::1.2.3.256",
        "fe80::1%eth0", "::/0", "g::", "1:2:3:4:5:6:7:1.2.3.4", "",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_what_is_written_in_a_format(world: World, name: str) -> None:
    assert broken(world, name, (*GOOD[name], None)) == [False] * (len(GOOD[name]) + 1)


@pytest.mark.parametrize("name", BAD)
def test_what_is_not(world: World, name: str) -> None:
    wrong = broken(world, name, BAD[name])
    assert [value for value, is_wrong in zip(BAD[name], wrong, strict=True) if not is_wrong] == []


def is_time(value: str) -> bool:
    hours = re.match("[0-9]{2}:[0-9]{2}", value, re.ASCII)
    zoned = not re.search("[+-][0-9]{2}.*[0-9]", value) or re.search("[+-][0-9]{2}:[0-9]{2}$", value)
    whole = not {",", " "} & {*value} and not re.search(r"(?:[+-].*:.*:)|\.$|\.[Z+-]|\.[0-9]{10}", value)
    return bool(hours and zoned and whole) and reads(datetime.fromisoformat, f"2000-01-01T{value}")


def is_date(value: str) -> bool:
    return len(value) == 10 and value[4] == "-" and value.isascii() and reads(date.fromisoformat, value)


def is_label(label: str) -> bool:
    letters = {*string.ascii_letters, *string.digits, "-"}
    return (
        0 < len(label) < 64 and {*label} <= letters and not label.startswith("-") and not label.endswith("-")
    )


def is_email(value: str) -> bool:
    local, at, domain = value.partition("@")
    signs = {*string.ascii_letters, *string.digits, *"!#$%&'*+/=?^_`{|}~-"}
    labels = domain.split(".")
    return (
        bool(at)
        and len(local) <= 64
        and all(atom and {*atom} <= signs for atom in local.split("."))
        and len(labels) > 1
        and all(map(is_label, labels))
        and labels[-1][0].isalpha()
        and len(value) <= 254
    )


def is_url(value: str) -> bool:
    signs = {*string.ascii_letters, *string.digits, *"-._~:/?#[]@!$&'()*+,;=%"}
    if not {*value} <= signs or re.search("%(?![0-9A-Fa-f]{2})", value) or value.count("#") > 1:
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or value[len(parts.scheme) :][:3] != "://":
        return False
    user, _, host = parts.netloc.rpartition("@")
    if any(sign in f"{user}{parts.path}{parts.query}{parts.fragment}" for sign in "[]") or "@" in user:
        return False
    name = host if port is None else host[: host.rindex(":")]
    if name.startswith("["):
        return name.endswith("]") and is_ipv6(name[1:-1])
    written = host[len(name) + 1 :]
    return all(map(is_label, name.removesuffix(".").split("."))) and len(written) < 6


def is_ipv6(value: str) -> bool:
    return "%" not in value and reads(ipaddress.IPv6Address, value)


def is_json(value: str) -> bool:
    def refuse(constant: str) -> object:
        raise ValueError(constant)

    return "\\u" in value or reads(lambda one: json.loads(one, parse_constant=refuse), value)


READERS: dict[str, Callable[[str], bool]] = {
    "date": is_date,
    "time": is_time,
    "datetime": lambda value: is_date(value[:10]) and value[10:11] in {"T", " "} and is_time(value[11:]),
    "uuid": lambda value: reads(uuid.UUID, value) and str(uuid.UUID(value)) == value.lower(),
    "email": is_email,
    "url": is_url,
    "json": is_json,
    "ipv4": lambda value: reads(ipaddress.IPv4Address, value),
    "ipv6": is_ipv6,
}


@st.composite
def nearly(draw: st.DrawFn, name: str) -> str:
    """Return a good or a bad value of a format with a few characters changed, taken out or put in."""
    value = draw(st.sampled_from([*GOOD[name], *BAD[name]]))
    signs = st.sampled_from("0129afT:.-+/ @%[]{},\"'\\éZ#\n") | st.sampled_from(
        sorted({*"".join(GOOD[name])})
    )
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(value)))
        value = value[:at] + draw(st.just("") | signs) + value[at + draw(st.booleans()) :]
    return value


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_python_reads_the_same(world: World, name: str, data: st.DataObject) -> None:
    values = data.draw(st.lists(nearly(name), min_size=1, max_size=20))
    asked = [value for value in values if name != "json" or "\\u" not in value]
    expected = [not READERS[name](value) for value in asked]
    wrong = broken(world, name, asked)
    assert list(zip(asked, wrong, strict=True)) == list(zip(asked, expected, strict=True))


TYPED = {
    "DATE": ("DATE '2026-01-31'", {"date", "%d/%m/%y", "%Y-%m-%d %H:%M"}),
    "TIME": ("TIME '12:00:00'", {"time"}),
    "TIMESTAMP": ("TIMESTAMP '2026-01-31 12:30:00'", {"datetime", "%Y-%m-%d %H:%M"}),
    "TIMESTAMP_NS": ("TIMESTAMP_NS '2026-01-31 12:30:00'", {"datetime", "%Y-%m-%d %H:%M"}),
    "TIMESTAMPTZ": ("TIMESTAMPTZ '2026-01-31 12:30:00+02'", {"datetime", "%Y-%m-%d %H:%M"}),
    "UUID": ("'6ba7b810-9dad-11d1-80b4-00c04fd430c8'::UUID", {"uuid"}),
    "JSON": ("'[1]'::JSON", {"json"}),
}


@pytest.mark.parametrize("kind", TYPED)
def test_a_typed_column_has_the_format_of_its_type(world: World, kind: str) -> None:
    value, fitting = TYPED[kind]
    table = world.parquet(f"SELECT {value} AS x UNION ALL SELECT NULL")
    for wanted in (*GOOD, "%d/%m/%y", "%Y-%m-%d %H:%M"):
        ask = Count(Rows(table), (NotFormatted("x", wanted),))
        answer = world.answers(ask)[ask]
        refused = kind in {"TIME", "JSON"} and wanted not in fitting
        assert isinstance(answer, Failure) if refused else answer == int(wanted not in fitting), wanted


IN_TEXT_FILES = [
    (("2026-01-31", "2026-02-01"), {"date", "%Y-%m-%d", "%Y/%m/%d"}),
    (("2026-01-31 12:30", "2026-01-31T12:30:00.5"), {"datetime"}),
    (("20260131", "20261301"), {"json"}),
    (("12", "7"), {"json", "%H"}),
    (("2026-01-31", "1.2.2026"), set[str]()),
]


@pytest.mark.parametrize("texts, fitting", IN_TEXT_FILES)
def test_columns_of_a_text_file_are_judged_by_what_they_were_read_as(
    world: World, texts: Sequence[str], fitting: set[str]
) -> None:
    table = world.csv(lines("x,y", [*(f"{text},1" for text in texts), ",1"]))
    for wanted in (*GOOD, "%Y-%m-%d", "%Y/%m/%d", "%d/%m/%Y", "%H", "%Y%m%d"):
        assert (world.count(table, NotFormatted("x", wanted)) == 0) == (wanted in fitting), wanted


@pytest.mark.parametrize("wanted", ["", "dates", "%", "%q", "%d %d", "%Y %y", "%%", "%I:%M"])
def test_what_is_no_format_is_refused(world: World, wanted: str) -> None:
    table = world.csv("x,y\na,1\n")
    with pytest.raises(Unmeasurable):
        world.count(table, NotFormatted("x", wanted))


def test_numbers_of_a_typed_file_have_no_format(world: World) -> None:
    with pytest.raises(Unmeasurable, match="needs text"):
        world.count(world.parquet("SELECT 5 AS x"), NotFormatted("x", "json"))
