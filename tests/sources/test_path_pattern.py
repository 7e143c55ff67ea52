"""Patterns of paths against an oracle: a regular expression of the whole pattern."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.sources.path_pattern import is_on_the_way, matches


@pytest.mark.parametrize(
    "pattern, path, expected",
    [
        ("models/churn/**", "models/churn/a/b.csv", True),
        ("models/churn", "models/churn/a/b.csv", True),
        ("models/churn/", "models/churn/a", True),
        ("./models/*", "models/churn/a", True),
        ("/models", "models/a", True),
        ("models/churn", "models/churner/a", False),
        ("models/*.csv", "models/a/b.csv", False),
        ("**/*.csv", "b.csv", True),
        ("**/*.csv", "a/.hidden/b.csv", True),
        ("*.csv", "a/b.csv", False),
        ("a?c", "abc", True),
        ("[ab]/x", "b/x", True),
        ("[!a]/x", "a/x", False),
        ("a[", "a[", True),
        ("A", "a", False),
        ("", "a", False),
        ("./", "a", False),
        ("../a", "a", False),
    ],
)
def test_what_a_pattern_names(pattern: str, path: str, expected: bool) -> None:
    assert matches(pattern, path) is expected


PARTS = st.lists(st.sampled_from(["**", "*", "a", "b", "a*", "?b", "*.c"]), min_size=1, max_size=5)
NAMES = st.lists(st.sampled_from(["a", "b", "ab", "abb", "x.c", ".c"]), min_size=1, max_size=6)


def oracle(parts: list[str], path: str) -> bool:
    whole = ""
    for part in parts:
        name = "".join({"*": "[^/]*", "?": "[^/]"}.get(letter, re.escape(letter)) for letter in part)
        whole += "(?:[^/]+/)*" if part == "**" else f"{name}/"
    return re.match(whole, f"{path}/") is not None


@given(PARTS, NAMES)
def test_it_is_what_one_regular_expression_says(parts: list[str], names: list[str]) -> None:
    path = "/".join(names)
    assert matches("/".join(parts), path) == oracle(parts, path)


def test_a_hostile_pattern_is_quick() -> None:
    assert not matches("/".join(["**", "*a*a*a*a*"] * 40 + ["b"]), "/".join(["aaaaaaaaaaaaaaaaaaaa"] * 60))


@pytest.mark.parametrize(
    "path, expected",
    [("models", True), ("models/churn", True), ("model", False), ("models/churn/data", False)],
)
def test_links_and_submodules_lie_on_the_way(path: str, expected: bool) -> None:
    assert is_on_the_way(path, "models/churn/d*/x.csv") is expected
