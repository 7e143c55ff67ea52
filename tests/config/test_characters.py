"""What a contract is made of: UTF-8, of a size, and nothing in it that shows one thing and says another."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.config.characters import BYTES, place_at, text_of
from mlval.config.findings import Unreadable
from mlval.domain.errors import Place, Problem


def refused(data: bytes) -> Problem:
    with pytest.raises(Unreadable) as caught:
        text_of(data)
    (problem,) = caught.value.problems
    return problem


@pytest.mark.parametrize(
    "data, message, place",
    [
        (b"\xef\xbb\xbfversion: 1", "the file begins with a byte order mark", (1, 1)),
        ("version: 1".encode("utf-16"), "the file is UTF-16", (1, 1)),
        (b"a: 1\nb: caf\xe9\n", "byte 0xe9 is not UTF-8", (2, 7)),
        ("a: é".encode() + b"\xc3", "byte 0xc3 is not UTF-8", (1, 5)),
        (b"a: \xed\xa0\x80", "byte 0xed is not UTF-8", (1, 4)),
        (b"\x1f\x8b\x08", "byte 0x8b is not UTF-8", (1, 2)),
        (b"PK\x03\x04\0", "the invisible character U+0003", (1, 3)),
        (b"a: 1\n\0", "a NUL character: this is not a text file", (2, 1)),
        (b"a: 1\r\nb: 2\rc: 3", "a carriage return without a line feed", (2, 5)),
        ("# ok\u2028severity: warn".encode(), "the invisible character U+2028", (1, 5)),
        ("a: \u202e1".encode(), "the invisible character U+202E", (1, 4)),
        ("a: \ufeff1".encode(), "the invisible character U+FEFF", (1, 4)),
        ("a: \x85".encode(), "the invisible character U+0085", (1, 4)),
    ],
)
def test_each_fault_has_its_message_and_place(data: bytes, message: str, place: tuple[int, int]) -> None:
    problem = refused(data)
    assert problem.message == message
    assert problem.place == Place(*place)


def test_the_size_is_limited_before_anything_else() -> None:
    assert text_of(b"#" * BYTES)
    assert "1,048,577 bytes" in refused(b"\xff" * (BYTES + 1)).message


@pytest.mark.parametrize("text", ["", "a: é ü 日本 🙂\r\n\tb", "\u200f\u00a0\u3000"])
def test_text_of_all_languages_is_taken(text: str) -> None:
    assert text_of(text.encode()) == text


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        text = text_of(data)
    except Unreadable:
        return
    assert text.encode() == data


@given(
    st.text(st.sampled_from("ab\né"), min_size=1).flatmap(
        lambda t: st.tuples(st.just(t), st.integers(0, len(t) - 1))
    )
)
def test_places_count_lines_and_characters(case: tuple[str, int]) -> None:
    text, offset = case
    place = place_at(text, offset)
    assert (text.split("\n")[place.line - 1] + "\n")[place.column - 1] == text[offset]
