"""Text as a stream of chunks: checked to be UTF-8, its line ends counted, and made one where they are mixed.

Every function here is right for any cut of the same bytes into chunks. Line ends are those of the
bytes; whether one stands within quotes is not asked, since then the whole file would have to be parsed.
"""

import codecs
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlval.domain.errors import SourceBroken
from mlval.domain.source import Newline

BOM = codecs.BOM_UTF8


@dataclass(frozen=True, slots=True)
class Ends:
    """How often each line end occurs; `feeds` and `returns` count those within pairs as well."""

    feeds: int = 0
    returns: int = 0
    pairs: int = 0

    @property
    def one(self) -> Newline | None:
        """The only line end that there is (a feed where there is none); None where they are mixed."""
        if not self.returns:
            return "\\n"
        return "\\r\\n" if self.feeds == self.returns == self.pairs else None


def ends(chunks: Iterable[bytes]) -> Ends:
    """Count the line ends of a text."""
    feeds = returns = pairs = 0
    cut = False
    for chunk in chunks:
        feeds += chunk.count(b"\n")
        if here := chunk.count(b"\r"):
            returns += here
            pairs += chunk.count(b"\r\n")
        pairs += cut and chunk.startswith(b"\n")
        cut = chunk.endswith(b"\r") if chunk else cut
    return Ends(feeds, returns, pairs)


def with_feeds(chunks: Iterable[bytes]) -> Iterator[bytes]:
    r"""Yield a text with every `\r\n` and every other `\r` as `\n`."""
    held = b""
    for chunk in chunks:
        text = held + chunk
        held = b"\r" if text.endswith(b"\r") else b""
        yield text[: len(text) - len(held)].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    yield held.replace(b"\r", b"\n")


def without_bom(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a text without the byte order mark that may open it."""
    head: bytes | None = b""
    for chunk in chunks:
        if head is None:
            yield chunk
        elif len(head := head + chunk) >= len(BOM):
            yield head.removeprefix(BOM)
            head = None
    if head:
        yield head.removeprefix(BOM)


def checked(chunks: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield the same chunks, as long as they are text in UTF-8.

    Raises
    ------
    SourceBroken
        With the line of the first byte that is not; `name` is the file as shown.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    for chunk in chunks:
        zero = chunk.find(b"\0")
        if zero >= 0:
            at = line + chunk.count(b"\n", 0, zero)
            raise SourceBroken(
                f"`{name}` is not text: line {at} holds a NUL byte.",
                remedy="Write it as text in UTF-8.",
            )
        if not chunk.isascii() or decoder.getstate()[0]:
            _decode(decoder, chunk, name=name, line=line)
        line += chunk.count(b"\n")
        yield chunk
    _decode(decoder, b"", name=name, line=line, final=True)


def _decode(
    decoder: codecs.IncrementalDecoder, chunk: bytes, *, name: str, line: int, final: bool = False
) -> None:
    try:
        decoder.decode(chunk, final)
    except UnicodeDecodeError as error:
        at = line + error.object.count(b"\n", 0, error.start)
        raise SourceBroken(
            f"`{name}` is not UTF-8: line {at} holds the byte 0x{error.object[error.start]:02X}.",
            remedy="Write it as text in UTF-8.",
        ) from error
