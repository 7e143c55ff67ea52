"""Values, paths and alternatives in plain words, with nothing hostile left in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.scalars import Value
from mlval.config.wording import dotted, either, found, listed
from mlval.domain.measurement import Path
from mlval.domain.text import LIMIT


@pytest.mark.parametrize(
    "path, text",
    [
        ((), ""),
        (("a", 0, "b_c-d", 12), "a[0].b_c-d[12]"),
        (("a", "b.c", "1", "", "x y"), 'a."b.c"."1".""."x y"'),
        (("a\nb",), '"a\\nb"'),
    ],
)
def test_paths_are_dotted(path: Path, text: str) -> None:
    assert dotted(path) == text


@pytest.mark.parametrize(
    "value, text",
    [
        (None, "nothing"),
        (False, "false"),
        (12, "12"),
        (1e-7, "1e-07"),
        ("yes", '"yes"'),
        ("true", 'the text "true"'),
        ("1e3", 'the text "1e3"'),
        ("9" * 30, 'the text "' + "9" * 30 + '"'),
        ("a\u202eb", '"a\\u202eb"'),
        ((1, 2), "a list"),
        ({"a": 1}, "a mapping"),
    ],
)
def test_values_are_named(value: Value, text: str) -> None:
    assert found(value) == text


@given(st.lists(st.text() | st.integers(0, 99), max_size=40).map(tuple))
def test_a_path_is_short_and_safe(path: Path) -> None:
    text = dotted(path)
    assert len(text) <= LIMIT
    assert text.isprintable()


def test_alternatives_are_joined() -> None:
    assert either(["text"]) == "text"
    assert either(["a", "b", "c"]) == "a, b or c"


def test_names_are_listed_up_to_two_dozen() -> None:
    assert listed(()) == ""
    assert listed(("a", "b")) == "valid here: `a`, `b`"
    assert listed(tuple("abcdefghijklmnopqrstuvwxyz")).endswith("`x`, …")
