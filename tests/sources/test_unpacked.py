"""Compressed text: whole, cut short, damaged, and made to burst."""

import bz2
import gzip
import lzma
from collections.abc import Callable, Iterator

import pytest

from mlval.domain.errors import SourceBroken, SourceRefused
from mlval.sources.confine import Found
from mlval.sources.format import Compression
from mlval.sources.handle import opened
from mlval.sources.unpacked import limited, unpacked

Write = Callable[[str, bytes], Found]
TEXT = b"".join(b"%d,%d\n" % (n, n * n) for n in range(5000))
PACKED: list[tuple[Compression, bytes]] = [
    ("gzip", gzip.compress(TEXT)),
    ("bzip2", bz2.compress(TEXT)),
    ("xz", lzma.compress(TEXT)),
]


def read(found: Found, compression: Compression) -> bytes:
    with opened(found) as handle:
        return b"".join(unpacked(handle, compression, name=found.name))


@pytest.mark.parametrize("compression,packed", PACKED)
def test_whole(write: Write, compression: Compression, packed: bytes) -> None:
    assert read(write("x", packed), compression) == TEXT


@pytest.mark.parametrize("compression,packed", PACKED)
def test_members_follow_each_other(write: Write, compression: Compression, packed: bytes) -> None:
    assert read(write("x", packed * 2), compression) == TEXT * 2


@pytest.mark.parametrize("compression,packed", PACKED)
def test_cut_short(write: Write, compression: Compression, packed: bytes) -> None:
    for kept in (len(packed) - 1, len(packed) // 2, 5):
        with pytest.raises(SourceBroken, match="cut short"):
            read(write("x", packed[:kept]), compression)


@pytest.mark.parametrize("compression,packed", PACKED)
def test_damaged(write: Write, compression: Compression, packed: bytes) -> None:
    middle = len(packed) // 2
    damaged = (
        packed[:middle] + bytes(255 - byte for byte in packed[middle : middle + 20]) + packed[middle + 20 :]
    )
    with pytest.raises(SourceBroken):
        read(write("x", damaged), compression)


def test_a_bomb_is_stopped_early() -> None:
    taken = 0

    def endless() -> Iterator[bytes]:
        nonlocal taken
        while True:
            taken += 1
            yield bytes(100)

    with pytest.raises(SourceRefused, match="more than the 1,000 bytes"):
        list(limited(endless(), 1000, name="x"))
    assert taken == 11


def test_the_limit_itself_may_come() -> None:
    assert b"".join(limited([b"abc", b"de"], 5, name="x")) == b"abcde"
