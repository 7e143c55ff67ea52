"""Line ends and encodings, for any bytes in any chunks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.domain.errors import SourceBroken
from mlval.sources.lines import Ends, checked, ends, with_feeds, without_bom

texts = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"a", b"", b"\xc3\xa9", b"\xe2\x82\xac"])).map(
    b"".join
)
sizes = st.integers(1, 7)


def cut(text: bytes, size: int) -> list[bytes]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(texts, sizes)
def test_every_end_becomes_a_feed(text: bytes, size: int) -> None:
    expected = text.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    assert b"".join(with_feeds(cut(text, size))) == expected


@given(texts, sizes)
def test_ends_are_counted(text: bytes, size: int) -> None:
    assert ends(cut(text, size)) == Ends(text.count(b"\n"), text.count(b"\r"), text.count(b"\r\n"))


@given(texts, sizes)
def test_what_reads_in_place_has_one_end(text: bytes, size: int) -> None:
    bare = text.replace(b"\r\n", b"")
    expected = r"\n" if b"\r" not in text else None if b"\r" in bare or b"\n" in bare else r"\r\n"
    assert ends(cut(text, size)).one == expected


@given(st.binary(max_size=6), st.booleans(), sizes)
def test_one_mark_is_taken_off(rest: bytes, marked: bool, size: int) -> None:
    text = b"\xef\xbb\xbf" * marked + rest
    assert b"".join(without_bom(cut(text, size))) == text.removeprefix(b"\xef\xbb\xbf")


@given(texts | st.binary(max_size=12), sizes)
def test_only_text_passes(text: bytes, size: int) -> None:
    try:
        sound = "\0" not in text.decode()
    except UnicodeDecodeError:
        sound = False
    if sound:
        assert b"".join(checked(cut(text, size), "x")) == text
    else:
        with pytest.raises(SourceBroken):
            list(checked(cut(text, size), "x"))


@pytest.mark.parametrize(
    "text,sentence",
    [
        (b"a\nb\n\0", "line 3 holds a NUL byte"),
        (b"a\n\xc3\xa9\nb\xe9c\n", "line 3 holds the byte 0xE9"),
        (b"a\n\xc3", "line 2 holds the byte 0xC3"),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_the_line_is_told(text: bytes, sentence: str, size: int) -> None:
    with pytest.raises(SourceBroken, match=sentence):
        list(checked(cut(text, size), "x"))
