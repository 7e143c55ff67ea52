"""What the first bytes of a file say that it is, and the plain bytes within a compressed one."""

import bz2
import gzip
import io
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO, Literal, cast

Packing = Literal["zlib", "gzip", "bzip2", "xz", "lzma"]

HEAD = 512
_CHUNK = 1 << 16
_PACKINGS: tuple[tuple[bytes, Packing], ...] = (
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x5d\x00\x00", "lzma"),
)
_ARCHIVES = (
    (0, b"PK\x03\x04", "a zip archive"),
    (0, b"PK\x05\x06", "a zip archive"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (0, b"Rar!\x1a\x07", "a RAR archive"),
    (0, b"\x28\xb5\x2f\xfd", "compressed by Zstandard"),
    (0, b"\x04\x22\x4d\x18", "compressed by LZ4"),
    (257, b"ustar", "a tar archive"),
)
_PROGRAMS = (
    (b"\x7fELF", "a program or library for Linux"),
    (b"#!", "a script"),
    (b"\xcf\xfa\xed\xfe", "a program or library for macOS"),
    (b"\xce\xfa\xed\xfe", "a program or library for macOS"),
    (b"\xca\xfe\xba\xbe", "a program or library"),
    (b"\x00asm", "WebAssembly"),
)
_PROGRAM_NAMES = (".so", ".dll", ".dylib", ".pyd", ".exe", ".pyc", ".pyo", ".sh", ".bat", ".ps1")
_HIGHEST_PROTOCOL = 5

DAMAGED = (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError)
"""What reading a compressed file raises where it is damaged."""


def packing(head: bytes) -> Packing | None:
    """Return how a file is compressed, by its first bytes; zlib is told by its header's check."""
    for magic, name in _PACKINGS:
        if head.startswith(magic):
            return name
    is_zlib = len(head) > 2 and head[0] == 0x78 and int.from_bytes(head[:2], "big") % 31 == 0
    return "zlib" if is_zlib else None


def archive(head: bytes) -> str:
    """Name the archive that a file is, "" for none."""
    return next((name for at, magic, name in _ARCHIVES if head[at:].startswith(magic)), "")


def program(head: bytes, path: str) -> str:
    """Name the program that a file is by its bytes or its name, "" for none."""
    if head.startswith(b"MZ") and b"PE\x00\x00" in head:
        return "a program or library for Windows"
    named = "made to be run" if path.lower().endswith(_PROGRAM_NAMES) else ""
    return next((name for magic, name in _PROGRAMS if head.startswith(magic)), named)


def is_pickle(head: bytes) -> bool:
    """Say whether a file begins as a pickle of protocol 2 or later does."""
    return len(head) > 1 and head[0] == 0x80 and 2 <= head[1] <= _HIGHEST_PROTOCOL


def head_of(path: Path) -> bytes:
    """Return the first bytes of a file."""
    with path.open("rb") as file:
        return file.read(HEAD)


def unpacked(file: BinaryIO, how: Packing | None) -> BinaryIO:
    """Return the plain bytes of an open file; reading raises one of `DAMAGED` where it is damaged."""
    match how:
        case None:
            return file
        case "gzip":
            return cast("BinaryIO", gzip.GzipFile(fileobj=file, mode="rb"))
        case "bzip2":
            return cast("BinaryIO", bz2.BZ2File(file))
        case "xz" | "lzma":
            return cast("BinaryIO", lzma.LZMAFile(file))
        case "zlib":
            return io.BufferedReader(_Inflating(file))


class _Inflating(io.RawIOBase):
    """A zlib stream, a piece at a time however far it expands."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._file = file
        self._inflate = zlib.decompressobj()
        self._rest = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override] # of bytes
        """Fill a buffer, and return how much of it."""
        while not self._inflate.eof:
            piece = self._rest or self._file.read(_CHUNK)
            if not piece:
                raise EOFError
            plain = self._inflate.decompress(piece, len(buffer))
            self._rest = self._inflate.unconsumed_tail
            if plain:
                buffer[: len(plain)] = plain
                return len(plain)
        return 0
