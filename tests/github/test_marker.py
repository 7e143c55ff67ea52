"""The marker is data: it survives its round trip, and nothing else passes for it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.github import marker
from mlval.github.hidden_line import digest
from mlval.github.marker import Marker

MARK = Marker(name="churn", run_id=20, attempt=1, head_sha="a" * 40)
NAMES = st.from_regex(r"[a-z0-9][a-z0-9-]{0,39}", fullmatch=True)
RUNS = st.integers(0, 10**18)


@given(NAMES, RUNS, RUNS, st.text())
def test_what_is_written_is_read(name: str, run_id: int, attempt: int, text: str) -> None:
    body = marker.write(Marker(name, run_id, attempt, "a" * 64), text)
    found = marker.read(body)
    assert found == Marker(name, run_id, attempt, "a" * 64, digest=digest(text))
    assert marker.is_intact(body, found)


@given(NAMES)
def test_nothing_in_a_value_ends_the_comment(name: str) -> None:
    line = marker.write(Marker(name, 1, 1, ""), "text").split("\n")[0]
    assert line.index("-->") == len(line) - len("-->")
    assert "--" not in line[len("<!--") : -len("-->")]


def test_a_name_that_no_contract_has_is_refused() -> None:
    with pytest.raises(ValueError, match="contract name"):
        marker.write(Marker("x --> <b>", 1, 1, ""), "text")


def test_a_marker_counts_on_the_first_line_only() -> None:
    forged = marker.write(Marker("churn", 10**9, 1, "a" * 40), "forged")
    assert marker.read(f"Some text\n{forged}") is None
    assert marker.read(f" {forged}") is None
    assert marker.read(marker.write(MARK, f"\n{forged}")) == Marker(
        "churn", 20, 1, "a" * 40, digest=digest(f"\n{forged}")
    )


def test_line_ends_of_the_web_do_not_hide_it() -> None:
    body = marker.write(MARK, "one\ntwo\n")
    found = marker.read(body.replace("\n", "\r\n"))
    assert found is not None
    assert marker.is_intact(body.replace("\n", "\r\n"), found)


def test_a_changed_text_is_noticed() -> None:
    body = marker.write(MARK, "blocked")
    found = marker.read(body)
    assert found is not None
    assert not marker.is_intact(body.replace("blocked", "passed"), found)


@pytest.mark.parametrize(
    "change",
    [
        {"name": "Churn"},
        {"name": 3},
        {"schema": "1"},
        {"schema": True},
        {"run_id": -1},
        {"run_id": "20"},
        {"run_id": True},
        {"attempt": None},
        {"attempt": 1.5},
        {"head_sha": "x" * 40},
        {"head_sha": "a" * 65},
        {"digest": ["a"]},
    ],
    ids=str,
)
def test_a_wrong_field_is_no_marker(change: dict[str, object]) -> None:
    fields = {"name": "churn", "schema": 1, "run_id": 20, "attempt": 1, "head_sha": "a", "digest": "b"}
    assert marker.read(f"<!-- mlval {json.dumps(fields)} -->\ntext") is not None
    assert marker.read(f"<!-- mlval {json.dumps({**fields, **change})} -->\ntext") is None


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<!-- mlval -->",
        "<!-- mlval 3 -->",
        "<!-- mlval {} -->",
        "<!-- mlval " + "[" * 500 + " -->",
        "<!-- x -->",
    ],
)
def test_other_comments_have_none(body: str) -> None:
    assert marker.read(body) is None


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    assert marker.read(text) is None
    marker.read(f"<!-- mlval {text} -->")


def test_a_marker_of_another_version_is_ours_but_says_nothing() -> None:
    body = '<!-- mlval {"name": "churn", "schema": 2, "commit": "a"} -->\ntext'
    assert marker.read(body) == Marker("churn", 0, 0, "", schema=2)
