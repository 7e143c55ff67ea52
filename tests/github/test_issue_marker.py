"""The hidden first line of an issue: what is written is read, and nothing else is."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import issue_marker
from mlval.github.issue_marker import MOST_KEYS, IssueMarker, is_intact, key, read, remembered, write

MARK = IssueMarker("churn", 20, 1, "2026-04-01T12:00:00Z", (key("drift/amount/"),))


@given(
    failed=st.none() | st.lists(st.text(), max_size=MOST_KEYS).map(lambda names: remembered(map(key, names))),
    text=st.text(st.characters(exclude_categories=["Cs"])),
)
def test_what_is_written_is_read(failed: tuple[str, ...] | None, text: str) -> None:
    body = write(replace(MARK, failed=failed), text)
    found = read(body)
    assert found is not None
    assert replace(found, digest="") == replace(MARK, failed=failed)
    assert is_intact(body, found)


def test_the_longest_marker_is_read() -> None:
    keys = remembered(key(str(number)) for number in range(MOST_KEYS))
    assert read(write(replace(MARK, name="a" * 40, failed=keys), "")) is not None


def test_of_too_many_failures_none_is_named() -> None:
    assert remembered(key(str(number)) for number in range(MOST_KEYS + 1)) is None


def test_an_edit_is_noticed() -> None:
    body = write(MARK, "The text.")
    found = read(body)
    assert found is not None
    assert is_intact(body, found)
    assert not is_intact(body + " And more.", found)


@given(st.text())
def test_any_text_is_read_without_an_exception(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Not a name"},
        {"name": 1},
        {"run_id": -1},
        {"run_id": True},
        {"attempt": "1"},
        {"since": "yesterday"},
        {"since": "2026-04-01T12:00:00Z --> @everyone"},
        {"failed": "all"},
        {"failed": ["x"]},
        {"failed": ["0" * 16] * (MOST_KEYS + 1)},
        {"digest": ""},
        {"schema": 2},
    ],
)
def test_a_field_of_another_form_is_no_marker(change: dict[str, object]) -> None:
    fields = {"name": "churn", "run_id": 1, "attempt": 1, "since": MARK.since, "failed": [], "schema": 1}
    known = {**fields, "digest": "0" * 64}
    assert read(f"<!-- mlval-watch {json.dumps(known)} -->\n") is not None
    assert read(f"<!-- mlval-watch {json.dumps({**known, **change})} -->\n") is None


def test_a_marker_of_a_comment_is_none_of_an_issue() -> None:
    assert read(write(MARK, "").replace("mlval-watch", "mlval")) is None


def test_a_name_that_would_not_be_read_is_not_written() -> None:
    with pytest.raises(ValueError, match="form"):
        issue_marker.write(replace(MARK, name="-->"), "")
