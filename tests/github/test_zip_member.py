"""Archives as uploads pack them are read; what else an archive may hold is tested where it attacks."""

import io
import lzma
import zipfile
from typing import IO

import pytest

from mlval.github.errors import Unreadable
from mlval.github.handover import HandoverRefused
from mlval.github.zip_member import members, one_of_many, only_member


class Streamed(io.RawIOBase):
    """A stream that cannot go back, so that sizes follow the files in descriptors."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override] # bytes are all that is written
        self.content += data
        return len(data)


def packed(stream: IO[bytes] | Streamed, *names: str) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, name.encode() * 100)


def test_a_streamed_archive_is_read() -> None:
    stream = Streamed()
    packed(stream, "result.json")
    assert only_member(bytes(stream.content), "result.json", most=5_000) == b"result.json" * 100


def test_several_streamed_files_are_read() -> None:
    stream = Streamed()
    packed(stream, "a.csv", "b.csv")
    found = members(bytes(stream.content), ("a.csv", "b.csv", "c.csv"), most=5_000)
    assert found == {"a.csv": b"a.csv" * 100, "b.csv": b"b.csv" * 100}


def test_together_they_must_not_be_too_long() -> None:
    stream = io.BytesIO()
    packed(stream, "a.csv", "b.csv")
    with pytest.raises(HandoverRefused, match="more than 999 bytes"):
        members(stream.getvalue(), ("a.csv", "b.csv"), most=999)


def test_bytes_between_files_are_refused() -> None:
    stream = io.BytesIO()
    packed(stream, "a.csv", "b.csv")
    content = stream.getvalue()
    second = content.index(b"PK\x03\x04", 4)
    for size in (1, 25):
        with pytest.raises(HandoverRefused):
            members(content[:second] + b"\0" * size + content[second:], ("a.csv", "b.csv"), most=5_000)


def test_one_file_is_read_beside_others() -> None:
    stream = io.BytesIO()
    packed(stream, "a.csv", "b.csv")
    assert one_of_many(stream.getvalue(), "b.csv", most=500) == b"b.csv" * 100
    with pytest.raises(Unreadable, match="more than 499 bytes"):
        one_of_many(stream.getvalue(), "b.csv", most=499)
    with pytest.raises(Unreadable, match=r"no c\.csv that can be read"):
        one_of_many(stream.getvalue(), "c.csv", most=500)


def test_what_the_base_has_packed_badly_is_no_crash() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("a.csv", b"a" * 100)
    content = bytearray(stream.getvalue())
    # The first byte that the packing itself counts on, behind the four of its header and its five settings.
    content[30 + len("a.csv") + 9] = 0xFF
    with pytest.raises(lzma.LZMAError), zipfile.ZipFile(io.BytesIO(bytes(content))) as archive:
        archive.read("a.csv")
    with pytest.raises(Unreadable):
        one_of_many(bytes(content), "a.csv", most=500)
