"""Profiles as text: the way there and back, and what is refused on the way back."""

import json
import re
from typing import Any

import pytest
from hypothesis import given

from mlval.domain.errors import SourceBroken
from mlval.domain.profile import Profile
from mlval.domain.profile_text import parse, render
from tests.profiles import plan, profile, profiles, sealed, written

GOOD = render(profile(plan(free=60, pro=40))).encode()
PLAN = json.loads(GOOD)["columns"][0]
AMOUNT = {
    "name": "amount",
    "kind": "float",
    "stored": "DOUBLE",
    "nulls": 0,
    "numbers": {"edges": [1.0, 2.0], "counts": [50, 25, 25]},
}


@given(profiles())
def test_what_is_written_is_read_back(one: Profile) -> None:
    text = render(one)
    assert parse(text.encode(), name="p") == one
    assert render(parse(text.encode(), name="p")) == text


def test_the_text_can_be_reviewed() -> None:
    assert GOOD.decode() == (
        "{\n"
        ' "dataset": {"name": "train", "rows": 100, "sha256": "' + "0" * 64 + '"},\n'
        ' "format": "mlval-profile",\n'
        ' "settings": {"bins": 100, "rare": 5},\n'
        ' "tool": "0.0.1",\n'
        ' "version": 1,\n'
        ' "columns": [\n'
        "  {\n"
        '   "distinct": 2,\n'
        '   "kind": "string",\n'
        '   "levels": {\n'
        '    "other": {"levels": 0, "rows": 0},\n'
        '    "top": [["free", 60], ["pro", 40]]\n'
        "   },\n"
        '   "name": "plan",\n'
        '   "nulls": 0,\n'
        '   "stored": "VARCHAR"\n'
        "  }\n"
        " ],\n"
        ' "digest": "' + json.loads(GOOD)["digest"] + '"\n'
        "}\n"
    )


def test_line_ends_and_spaces_are_no_edit() -> None:
    expected = parse(GOOD, name="p")
    assert parse(GOOD.replace(b"\n", b"\r\n"), name="p") == expected
    assert parse(json.dumps(json.loads(GOOD)).encode(), name="p") == expected


def test_the_digest_of_the_tests_is_that_of_the_format() -> None:
    assert parse(written(), name="p") == parse(GOOD, name="p")


def test_an_edit_is_noticed_and_says_what_to_do() -> None:
    with pytest.raises(SourceBroken, match="was changed after it was written") as caught:
        parse(GOOD.replace(b'["free", 60], ["pro", 40]', b'["free", 61], ["pro", 39]'), name="p")
    assert "mlval profile" in caught.value.remedy


def amount(**changes: Any) -> list[Any]:  # noqa: ANN401 - a JSON value
    return [{**AMOUNT, **changes}]


def numbers(**changes: Any) -> list[Any]:  # noqa: ANN401 - a JSON value
    return amount(numbers={**AMOUNT["numbers"], **changes})  # type: ignore[dict-item] # a mapping


def levels(top: list[Any], other: dict[str, Any]) -> list[Any]:
    return [{**PLAN, "levels": {"top": top, "other": other}}]


NOTHING = {"levels": 0, "rows": 0}

HOSTILE: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not valid JSON"),
    "half a profile": (GOOD[: len(GOOD) // 2], "not valid JSON"),
    "bytes": (b"\xff\xfe\x00", "not text in UTF-8"),
    "another document": (b'{"a": 1}', "is not a profile"),
    "a list": (b"[]", "is not a profile"),
    "a number": (b"1", "is not a profile"),
    "deep lists": (b"[" * 100_000, "nested too deeply"),
    "deep lists, closed": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "a key twice": (GOOD.replace(b'"nulls": 0,', b'"nulls": 0, "nulls": 0,'), "stands twice"),
    "NaN": (GOOD.replace(b"60", b"NaN"), "is not a number"),
    "infinity": (GOOD.replace(b"60", b"-Infinity"), "is not a number"),
    "a float beyond all": (GOOD.replace(b"60", b"1e999"), "too large"),
    "an integer of many digits": (GOOD.replace(b"60", b"6" * 5_000), "not valid JSON"),
    "a count beyond 64 bits": (written(columns=levels([["a", 2**64]], NOTHING)), "less than"),
    "no digest": (json.dumps({**json.loads(GOOD), "digest": None}).encode(), "was changed"),
    "a newer version": (written(version=2), "newer mlval"),
    "an unknown version": (written(version=0), "version of its format is unknown"),
    "a version that is true": (written(version=True), "version of its format is unknown"),
    "no version": (written(version=None), "version of its format is unknown"),
    "no columns": (written(columns=None), "columns"),
    "columns by name": (written(columns={"a": 1}), "columns"),
    "an unknown key": (written(extra=1), "extra"),
    "a column twice": (written(columns=[PLAN, PLAN]), "told twice"),
    "a column without a name": (written(columns=[{**PLAN, "name": ""}]), "name"),
    "half a character": (written(columns=[{**PLAN, "name": "\ud800"}]), "name"),
    "an unknown kind": (written(columns=[{**PLAN, "kind": "number"}]), "kind"),
    "nulls as text": (written(columns=[{**PLAN, "nulls": "0"}]), "nulls"),
    "nulls that are true": (written(columns=[{**PLAN, "nulls": True}]), "nulls"),
    "nulls in halves": (written(columns=[{**PLAN, "nulls": 0.5}]), "nulls"),
    "negative nulls": (written(columns=[{**PLAN, "nulls": -1}]), "nulls"),
    "more nulls than rows": (written(columns=[{**PLAN, "nulls": 101}]), "than rows"),
    "more NaN than rows": (written(columns=amount(nans=101)), "than rows"),
    "more values than rows": (written(columns=[{**PLAN, "distinct": 101}]), "does not fit"),
    "no value of some rows": (written(columns=[{**PLAN, "distinct": 0}]), "does not fit"),
    "levels that do not add up": (written(columns=levels([["a", 99]], NOTHING)), "do not add up"),
    "a level without rows": (written(columns=levels([["a", 100], ["b", 0]], NOTHING)), "greater than"),
    "a level twice": (written(columns=levels([["a", 50], ["a", 50]], NOTHING)), "told twice"),
    "levels out of order": (written(columns=levels([["a", 40], ["b", 60]], NOTHING)), "order"),
    "other rows of no level": (written(columns=levels([["a", 90]], {"levels": 0, "rows": 10})), "together"),
    "other levels of no row": (written(columns=levels([["a", 100]], {"levels": 1, "rows": 0})), "together"),
    "too many levels": (written(columns=levels([[str(n), 1] for n in range(201)], NOTHING)), "at most 200"),
    "a level that is a number": (written(columns=levels([[1, 100]], NOTHING)), "string"),
    "edges that fall": (written(columns=numbers(edges=[2.0, 1.0])), "must rise"),
    "an edge twice": (written(columns=numbers(edges=[1.0, 1.0])), "must rise"),
    "an edge as text": (written(columns=numbers(edges=["1", 2.0])), "edges"),
    "a count too few": (written(columns=numbers(counts=[50, 50])), "one count more"),
    "a negative count": (written(columns=numbers(counts=[-1, 51, 50])), "counts"),
    "counts that do not add up": (written(columns=numbers(counts=[50, 25, 24])), "do not add up"),
    "values and edges": (written(columns=numbers(values=[1.0])), "`values`, or `edges`"),
    "a negative deviation": (written(columns=numbers(std=-1.0)), "std"),
    "a smallest above the largest": (written(columns=numbers(min=2.0, max=1.0)), "above the largest"),
    "quantiles that fall": (written(columns=numbers(quantiles=[[0.5, 1.0], [0.1, 2.0]])), "must rise"),
    "a share above one": (written(columns=numbers(quantiles=[[1.5, 1.0]])), "less than or equal"),
    "values of a sensitive column": (written(columns=[{**PLAN, "withheld": "sensitive"}]), "withheld"),
    "a reason that is none": (written(columns=[{**AMOUNT, "withheld": "so"}]), "withheld"),
    "bins beyond all": (written(settings={"bins": 10**9, "rare": 5}), "bins"),
    "a digest of the data that is none": (
        written(dataset={"name": "t", "rows": 1, "sha256": "x"}),
        "sha256",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_text_is_refused(case: str) -> None:
    text, message = HOSTILE[case]
    with pytest.raises(SourceBroken, match=re.escape(message)):
        parse(text, name="p")


def test_nesting_below_a_column_is_refused() -> None:
    nested: Any = 1
    for _ in range(200):
        nested = [nested]
    with pytest.raises(SourceBroken):
        parse(sealed({**json.loads(GOOD), "columns": nested}), name="p")


def test_a_refusal_shows_no_control_characters() -> None:
    with pytest.raises(SourceBroken) as caught:
        parse(written(columns=[{**PLAN, "name": "\x1b[2J\u202e", "nulls": 101}]), name="p")
    assert caught.value.message.isprintable()
