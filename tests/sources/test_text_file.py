"""Text made ready for the engine."""

import bz2
import gzip
import lzma
from collections.abc import Callable
from pathlib import Path

import pytest

from mlval.domain.errors import SourceBroken, SourceRefused
from mlval.sources.confine import Found
from mlval.sources.format import named
from mlval.sources.handle import opened
from mlval.sources.text_file import TextFile, text_file, with_feeds_only

Write = Callable[[str, bytes], Found]


def ready(found: Found, scratch: Path, *, limit: int = 1000) -> TextFile:
    with opened(found) as handle:
        compression = named(found).compression
        return text_file(handle, found, compression=compression, scratch=scratch, limit=limit)


@pytest.mark.parametrize(
    "content,newline", [(b"a\n1\n", r"\n"), (b"a\n1", r"\n"), (b"a", r"\n"), (b"a\r\n1\r\n", r"\r\n")]
)
def test_read_where_it_lies(write: Write, scratch: Path, content: bytes, newline: str) -> None:
    found = write("x.csv", content)
    assert ready(found, scratch) == TextFile(found.path, newline)  # type: ignore[arg-type] # from the table above
    assert not list(scratch.iterdir())


@pytest.mark.parametrize(
    "name,content",
    [
        ("x.csv", b"a\n1\r\n2\r\n"),
        ("x.csv", b"a\r\n1\n2\n"),
        ("x.csv", b"a\r1\r2\r"),
        ("x.csv", b"\xef\xbb\xbfa\n1\n2\n"),
        ("x.csv.gz", gzip.compress(b"a\n1\n2\n")),
        ("x.csv.bz2", bz2.compress(b"a\r\n1\r\n2\r\n")),
        ("x.csv.xz", lzma.compress(b"\xef\xbb\xbfa\r\n1\n2\r")),
    ],
)
def test_written_in_plain_form(write: Write, scratch: Path, name: str, content: bytes) -> None:
    text = ready(write(name, content), scratch)
    assert text.path.parent == scratch
    assert text.path.read_bytes() == b"a\n1\n2\n"
    assert (text.newline, text.written) == (r"\n", 6)


@pytest.mark.parametrize(
    "content,error,sentence",
    [
        (gzip.compress(bytes(10**6)), SourceBroken, "NUL"),
        (gzip.compress(b"a\n" * 10**6), SourceRefused, "more than the 1,000 bytes"),
        (gzip.compress(b"a\n" * 10)[:-9], SourceBroken, "cut short"),
        (gzip.compress(b""), SourceBroken, "is empty"),
        (gzip.compress(b"\xef\xbb\xbf"), SourceBroken, "is empty"),
        (gzip.compress(gzip.compress(b"a\n")), SourceBroken, "not text"),
        (gzip.compress("a\n".encode("utf-16")), SourceBroken, "UTF-16"),
        (gzip.compress(b"a\n\xe9\n"), SourceBroken, "line 2"),
    ],
)
def test_nothing_half_written(
    write: Write, scratch: Path, content: bytes, error: type[Exception], sentence: str
) -> None:
    with pytest.raises(error, match=sentence):
        ready(write("x.csv.gz", content), scratch)
    assert not list(scratch.iterdir())


def test_the_end_of_others(write: Write, scratch: Path) -> None:
    found = write("x.csv", b"a\r\n1\r\n")
    text = with_feeds_only(ready(found, scratch), found, scratch=scratch, limit=100)
    assert text.path.read_bytes() == b"a\n1\n"
    assert with_feeds_only(text, found, scratch=scratch, limit=0) is text
