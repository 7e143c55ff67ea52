"""YAML to values and places: what is read, what is refused and where, and that no file takes long."""

import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.findings import Unreadable
from mlval.config.scalars import Value
from mlval.config.yaml_nodes import document
from mlval.config.yaml_tree import DEPTH, NODES
from mlval.domain.errors import Place, Problem
from mlval.domain.measurement import Path

names = st.text(st.sampled_from("abcxyz_-.é日 '\"#:[]{}>|%@<"), max_size=8) | st.sampled_from(
    ["null", "<<", "1", ""]
)
scalars = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats(allow_nan=False) | names
values = st.recursive(
    scalars,
    lambda below: st.lists(below, max_size=4) | st.dictionaries(names, below, max_size=4),
    max_leaves=20,
)


def problems(text: str) -> tuple[Problem, ...]:
    try:
        return document(text.encode()).problems
    except Unreadable as stop:
        return stop.problems


def said(text: str) -> list[str]:
    return [f"{p.place.line}:{p.place.column} {p.path}: {p.message}" for p in problems(text) if p.place]


def test_mappings_lists_and_scalars_are_read() -> None:
    text = "a: 1\nb: [x, 2.5, {c: NO}]\nd:\n  - ~\n  - 'true'\n  - |\n    two\n    lines\n"
    read = document(f"{text}? e\n: >\n  folded\n  text\n".encode())
    assert read.value == {
        "a": 1,
        "b": ("x", 2.5, {"c": "NO"}),
        "d": (None, "true", "two\nlines\n"),
        "e": "folded text\n",
    }
    assert read.problems == ()
    assert read.places[()] == Place(1, 1)
    assert read.places["b",] == Place(2, 1)
    assert read.places["b", 2] == Place(2, 13)
    assert read.places["b", 2, "c"] == Place(2, 14)
    assert read.places["d", 1] == Place(5, 5)


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "\n\n"])
def test_a_file_without_content_has_no_value(text: str) -> None:
    assert document(text.encode()).value is None


def test_keys_are_text() -> None:
    text = "1: a\nNO: b\n~: c\n1e3: d\n'': e\ntrue: f\n2026-01-31: g\n"
    assert list(_mapping(document(text.encode()).value)) == ["1", "NO", "~", "1e3", "", "true", "2026-01-31"]


@given(values)
def test_json_means_the_same(value: object) -> None:
    """Every JSON text is YAML; without NaN the two must agree."""
    text = json.dumps(value, ensure_ascii=False).replace("Infinity", ".inf")
    assert document(text.encode()).value == _frozen(value)


@given(st.dictionaries(names, values, min_size=1, max_size=5), st.sampled_from([None, 2]))
def test_the_text_at_a_place_begins_with_the_key(value: dict[str, object], indent: int | None) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=indent).replace("Infinity", ".inf")
    lines = text.split("\n")
    places = document(text.encode()).places
    assert set(places) == set(_paths(value, ()))
    for path, place in places.items():
        here = lines[place.line - 1][place.column - 1 :]
        if path and isinstance(path[-1], str):
            assert here.startswith(json.dumps(path[-1], ensure_ascii=False))
        elif path:
            assert here[0] not in " ,"


@pytest.mark.parametrize(
    "text, expected",
    [
        ("a: 1\nb: 2\na: 3\n", ["3:1 a: duplicate key `a`: it stands on line 1 already"]),
        ("x: {y: [{k: 1, 'k': 2}]}\n", ["1:16 x.y[0].k: duplicate key `k`: it stands on line 1 already"]),
        ("a:\n  <<: {b: 1}\n", ['2:3 a."<<": merge keys (`<<`) are not read']),
        ("a: !!str 5\n", ["1:4 a: YAML tags such as `!!str` are not read"]),
        ("a: != 5\n", ["1:4 a: YAML tags such as `!=` are not read"]),
        ("a: !x {b: 1}\n", ["1:4 a: YAML tags such as `!x` are not read"]),
        ("- 99999999999999999999\n", ["1:3 [0]: this whole number does not fit into 64 bits"]),
        ('a: "\\0"\n', ["1:4 a: text with a NUL character"]),
        ("{a: 1}\n---\n{b: 2}\n", ["2:1 : a second document begins here"]),
        ("%YAML 1.1\n---\na: 1\n", ["1:1 : YAML directives are not read: a contract is YAML 1.2"]),
        ("? [a]\n: 1\n", ["1:3 : a key must be text, not a list or a mapping"]),
        ("a:\n  ? {b: c}\n  : 1\n", ["2:5 a: a key must be text, not a list or a mapping"]),
    ],
)
def test_what_a_contract_leaves_of_yaml(text: str, expected: list[str]) -> None:
    assert said(text) == expected


@pytest.mark.parametrize(
    "text", ["a: &x 1\n", "a: *x\n", "a: &x {b: 1}\n", "*a : 1\n", "a: *\n", "&a b: 1\n"]
)
def test_anchors_and_aliases_are_refused(text: str) -> None:
    (problem,) = problems(text)
    assert "are not read" in problem.message
    assert "write the value out" in problem.hint


def test_yaml_1_2_may_be_said() -> None:
    assert document(b"%YAML 1.2\n---\na: 010\n...\n").value == {"a": "010"}


def test_of_duplicates_the_first_is_kept() -> None:
    read = document(b"a: {b: 1}\na: {c: 2}\n")
    assert read.value == {"a": {"b": 1}}
    assert read.places["a",] == Place(1, 1)


def test_a_refused_value_is_known_by_its_path() -> None:
    read = document(b"a: {b: !x 1, c: 2}\n")
    assert read.refused == {("a", "b")}


COMPARISONS = """\
a: > 5
b: {c: >= 0.3, d: > 4 } # why
e: [>1]
f: >5
g: "> 6"
h: >
  folded text with > 7
i: |
  j: > 8
"""


def test_every_unquoted_comparison_is_named_and_nothing_else() -> None:
    found = [(p.path, p.hint) for p in problems(COMPARISONS)]
    assert found == [
        ("a", 'quote it: ">= 5"'),
        ("b.c", 'quote it: ">= 0.3"'),
        ("b.d", 'quote it: ">= 4"'),
        ("e[0]", 'quote it: ">= 1"'),
        ("f", 'quote it: ">= 5"'),
    ]


def test_an_unquoted_comparison_does_not_hide_other_problems() -> None:
    assert [p.path for p in problems("a: > 5\nb: 1\nb: 2\nc: [\n")] == ["a", "b", ""]


def test_very_many_unquoted_comparisons_are_no_work() -> None:
    assert len(problems("".join(f"k{i}: > {i}\n" for i in range(3000)))) > 10


def test_lines_may_end_as_on_windows() -> None:
    read = document(b"a: 1\r\nb:\r\n  - > 5\r\n  - !x y\r\n")
    assert read.places["b", 1] == Place(4, 5)
    assert read.problems[0].hint == 'quote it: ">= 5"'
    assert "`!x`" in read.problems[1].message


def test_depth_is_limited() -> None:
    assert document(("[" * DEPTH + "]" * DEPTH).encode()).problems == ()
    assert said("[" * (DEPTH + 1) + "]" * (DEPTH + 1))[0].endswith(f"nested more than {DEPTH} levels deep")


MEGABYTE = 1 << 20
BOMBS: dict[str, Callable[[], str]] = {
    "opening brackets": lambda: "[" * MEGABYTE,
    "opening braces": lambda: "{a: " * (MEGABYTE // 4),
    "dashes": lambda: "- " * (MEGABYTE // 2),
    "question marks": lambda: "? " * (MEGABYTE // 2),
    "lines of brackets": lambda: "[\n" * (MEGABYTE // 2),
    "indentation": lambda: "".join(" " * i + "a:\n" for i in range(1400)),
    "many values": lambda: "[" + "a," * (MEGABYTE // 2 - 1) + "]",
    "duplicates": lambda: "a:\n" * (MEGABYTE // 3),
    "anchors": lambda: "[" + "&a b," * (MEGABYTE // 5 - 1) + "]",
    "tags": lambda: "[" + "!a b," * (MEGABYTE // 5 - 1) + "]",
    "documents": lambda: "---\n" * (MEGABYTE // 4),
    "directives": lambda: "%TAG !a! b\n" * (MEGABYTE // 11),
    "quotes": lambda: '"' * MEGABYTE,
    "an open quote": lambda: 'a: "' + "\n" * (MEGABYTE - 4),
    "colons": lambda: "a: " * (MEGABYTE // 3),
    "tabs": lambda: "\t" * MEGABYTE,
    "too large": lambda: "a" * 100 * MEGABYTE,
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_a_clean_error_at_once(name: str) -> None:
    text = BOMBS[name]()
    begun = time.process_time()
    found = problems(text)
    assert time.process_time() - begun < 3
    assert found
    assert all(len(problem.path) <= 200 for problem in found)


def test_the_number_of_values_is_limited() -> None:
    fits = "[" + "1," * (NODES - 1) + "]"
    assert document(fits.encode()).problems == ()


@given(st.binary())
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        document(data)
    except Unreadable as stop:
        assert all(problem.message for problem in stop.problems)  # noqa: PT017 - either way is right


@given(st.text(st.sampled_from("ab:-? \n\t[]{},#&*!|>'\"%@`<=~.1\\"), max_size=60))
def test_any_yaml_like_text_is_read_or_refused(text: str) -> None:
    for problem in problems(text):
        assert problem.place is not None
        assert problem.place.line <= text.count("\n") + 2


def _mapping(value: Value) -> dict[str, Value]:
    assert isinstance(value, dict)
    return value


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, dict) else value


def _paths(value: object, path: Path) -> list[Path]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(end for step, item in below for end in _paths(item, (*path, step)))]
