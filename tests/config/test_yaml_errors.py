"""What broken YAML is called, and where."""

import pytest

from mlval.config.findings import Unreadable
from mlval.config.yaml_errors import comparison, without_comparison
from mlval.config.yaml_nodes import document
from mlval.domain.errors import Place


@pytest.mark.parametrize(
    "text, message, place",
    [
        ("a:\n\tb: 1\n", "a tab where YAML expects spaces", (2, 1)),
        ("a: b\n\tc\n", "a tab where YAML expects spaces", (2, 1)),
        ("a: |\n\tc\n", "a tab where YAML expects spaces", (2, 1)),
        ("a: @x\n", "`@` cannot begin a value", (1, 4)),
        ("a: %5\n", "`%` cannot begin a value", (1, 4)),
        ("a: b: c\n", "a `:` where no key ends", (1, 5)),
        ("a: 1\n  b: 2\n", "a `:` where no key ends", (2, 4)),
        ("a: - b\n", "a `-` where no list begins", (1, 4)),
        ("a: 1\nb\nc: 2\n", "this is no `key: value`", (2, 1)),
        ("a:\n  b: 1\n c: 2\n", "this does not fit the lines above", (3, 2)),
        ("a: 1\n- b\n", "this does not fit the lines above", (2, 1)),
        ("- a\nb: 1\n", "this does not fit the lines above", (2, 1)),
        ("a: 'x\nb: 1\n", "a quotation mark that is never closed", (1, 4)),
        ("a: [1, 2\nb: 3\n", "a bracket that is not closed", (1, 4)),
        ("a: {b: 1\n", "a bracket that is not closed", (1, 4)),
        ('a: "\\d+"\n', "an unknown escape in double quotes", (1, 5)),
        ("a: ]\n", "a value is missing here", (1, 4)),
        ("a: |x\n", "text after `|` begins on the next line", (1, 4)),
        ("%FOO\n---\na: 1\n", "directives (`%…`) are not read", (1, 5)),
        ("a: 1\n...\nb: 2\n", "text after the end of the contract", (3, 1)),
    ],
)
def test_each_syntax_error_has_its_message_and_place(text: str, message: str, place: tuple[int, int]) -> None:
    with pytest.raises(Unreadable) as caught:
        document(text.encode())
    (problem,) = caught.value.problems
    assert (problem.message, problem.place) == (message, Place(*place))


@pytest.mark.parametrize(
    "source, hint",
    [
        ("> 0.85", 'quote it: ">= 0.85"'),
        (">=0.85 # why", 'quote it: ">= 0.85"'),
        (">= 1%, b: 2}", 'quote it: ">= 1%"'),
        (">", 'quote it: ">= 0.85"'),
    ],
)
def test_a_comparison_is_shown_as_it_should_be(source: str, hint: str) -> None:
    assert comparison(source).hint == hint


@pytest.mark.parametrize(
    "line, column, expected",
    [
        ("a: > 5", 3, "a: ~  "),
        ("{a: >= 5, b: 1}", 4, "{a: ~   , b: 1}"),
        ("[>1] # > 2", 1, "[~ ] # > 2"),
        ("a: >", 3, "a: ~"),
    ],
)
def test_a_comparison_is_taken_out_in_place(line: str, column: int, expected: str) -> None:
    assert without_comparison(line, column) == expected
