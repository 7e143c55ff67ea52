"""Inputs as the runner hands them over: names in capitals, lists by lines, nothing given as an empty text."""

import pytest

from mlval.github import inputs


def test_the_variable_of_an_input_keeps_its_hyphens() -> None:
    assert inputs.variable("allow-sources") == "INPUT_ALLOW-SOURCES"
    assert inputs.variable("two words") == "INPUT_TWO_WORDS"


@pytest.mark.parametrize("given", [{}, {"INPUT_OUTPUT": ""}, {"INPUT_OUTPUT": " \n"}])
def test_what_is_not_given_has_its_default(given: dict[str, str]) -> None:
    assert inputs.text(given, "output", default="mlval-report") == "mlval-report"


def test_a_text_loses_the_space_around_it() -> None:
    assert inputs.text({"INPUT_OUTPUT": " a b\n"}, "output") == "a b"


@pytest.mark.parametrize(
    "text, lines, words",
    [
        ("", (), ()),
        ("a", ("a",), ("a",)),
        ("a\n\n  b \r\nc", ("a", "b", "c"), ("a", "b", "c")),
        ("a, b,,c\nd,", ("a, b,,c", "d,"), ("a", "b", "c", "d")),
    ],
)
def test_lists(text: str, lines: tuple[str, ...], words: tuple[str, ...]) -> None:
    assert inputs.lines({"INPUT_ONLY": text}, "only") == lines
    assert inputs.words({"INPUT_ONLY": text}, "only") == words
