"""Headers of delimited text."""

from collections.abc import Callable

import pytest

from mlval.domain.errors import SourceBroken
from mlval.sources.confine import Found
from mlval.sources.csv_text import header

Write = Callable[[str, bytes], Found]


def read(found: Found, *, delimiter: str = ",", decided: bool = False) -> tuple[str, ...]:
    return header(found.path, delimiter=delimiter, name=found.name, decided=decided)


@pytest.mark.parametrize(
    "content,expected",
    [
        (b"a,b\n1,2\n", ("a", "b")),
        (b"a,b", ("a", "b")),
        (b"a,b\r\n1,2\r\n", ("a", "b")),
        (b" a ,b\n", (" a ", "b")),
        (b'"a,b","say ""x""","two\nlines"\n1,2,3\n', ("a,b", 'say "x"', "two\nlines")),
        ("é,É\n".encode(), ("é", "É")),
        (b"a\n1;2\n", ("a",)),
    ],
)
def test_names(write: Write, content: bytes, expected: tuple[str, ...]) -> None:
    assert read(write("x.csv", content)) == expected


def test_another_delimiter(write: Write) -> None:
    assert read(write("x.tsv", b"a\tb,c\n"), delimiter="\t") == ("a", "b,c")


@pytest.mark.parametrize(
    "content,sentence",
    [
        (b"\n1,2\n", "no header in line 1"),
        (b",,\n", "no header in line 1"),
        (b",a,b\n", "no name for column 1 of 3"),
        (b"a, ,b\n", "no name for column 2 of 3"),
        (b"a,b,a\n", "share a name: `a`, `a`"),
        (b"a,A\n", "share a name: `a`, `A`"),
        (b'"a,b\n', "not CSV"),
        (b'"a"b,c\n', "not CSV"),
        (b'"' + b"a" * 200_000, "not CSV"),
        (b'"' + b'a","' * 300_000, "no header in its first"),
        (b"a;b;c\n1;2;3\n", "one column, `a;b;c`, that holds a semicolon"),
        (b"a\tb\n1\t2\n", "that holds a tab"),
    ],
)
def test_broken(write: Write, content: bytes, sentence: str) -> None:
    with pytest.raises(SourceBroken) as error:
        read(write("x.csv", content))
    assert sentence in error.value.message
    assert error.value.remedy


def test_a_delimiter_of_the_contract_is_not_doubted(write: Write) -> None:
    assert read(write("x.csv", b"a;b\n"), decided=True) == ("a;b",)
