"""The format of a file: told by its name, and held against its first and last bytes."""

import os
from dataclasses import dataclass
from io import BufferedReader
from pathlib import PurePath
from typing import Literal

from mlval.domain.errors import SourceBroken, SourceRefused, SourceUnavailable
from mlval.domain.source import FileFormat
from mlval.sources.confine import Found

Compression = Literal["gzip", "bzip2", "xz"]

HEAD = 64
"""How many first bytes are enough to know a format."""

_FORMATS: dict[str, FileFormat] = {
    ".parquet": "parquet",
    ".pq": "parquet",
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".jsonl": "json",
    ".ndjson": "json",
    ".json": "json",
}
_COMPRESSIONS: dict[str, Compression] = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz"}
_KNOWN = "Known names: .parquet, .csv, .tsv, .txt, .jsonl, .ndjson, .json; text also with .gz, .bz2 or .xz."

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"PAR1\x15", "a Parquet file"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "Zstandard"),
    (b"PK\x03\x04", "a zip archive (or an Excel workbook)"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel workbook"),
    (b"\x89HDF\r\n\x1a\n", "HDF5"),
    (b"ARROW1\x00\x00", "an Arrow or Feather file"),
    (b"FEA1\x00", "a Feather file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"Obj\x01", "Avro"),
    (b"\x7fELF", "a program"),
    *((b"\x80" + bytes([protocol]), "a pickle") for protocol in range(2, 6)),
)
_COMPRESSED = {"gzip": b"\x1f\x8b", "bzip2": b"BZh", "xz": b"\xfd7zXZ\x00"}
_BZIP2_BLOCKS = (b"1AY&SY", b"\x17rE8P\x90")
_LFS = b"version https://git-lfs.github.com/spec/"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Named:
    """What the name of a file promises; `delimiter` matters for CSV alone."""

    format: FileFormat
    delimiter: str
    compression: Compression | None


def named(found: Found) -> Named:
    """Return the format that a file is named for.

    Raises
    ------
    SourceRefused
        The name stands for no format that is read.
    """
    whole = PurePath(found.hit.name.lower())
    suffix = whole.suffix
    if suffix == ".zst":
        raise SourceRefused(
            f"`{found.name}` is Zstandard, which this version does not unpack.",
            remedy="Pack it with gzip instead.",
        )
    compression = _COMPRESSIONS.get(suffix)
    kind = PurePath(whole.stem).suffix if compression else suffix
    table = _FORMATS.get(kind)
    if table is None:
        raise SourceRefused(f"`{found.name}` is not named for a format that is read.", remedy=_KNOWN)
    if table == "parquet" and compression:
        raise SourceRefused(
            f"`{found.name}` is packed Parquet.", remedy="Unpack it: Parquet compresses its columns itself."
        )
    return Named(table, "\t" if kind == ".tsv" else ",", compression)


def check_bytes(handle: BufferedReader, found: Found, *, promised: Named) -> None:
    """Hold the bytes of a file against its name.

    Raises
    ------
    SourceBroken
        The file is empty, or is something else.
    SourceUnavailable
        Only a Git LFS pointer is there.
    """
    handle.seek(0)
    head = handle.read(HEAD)
    if not head:
        raise SourceBroken(f"`{found.name}` is empty.", remedy="Check the step that writes it.")
    if head.startswith(_LFS):
        raise SourceUnavailable(
            f"`{found.name}` is a Git LFS pointer, not the data.", remedy="Check out with `lfs: true`."
        )
    if promised.format == "parquet":
        _check_parquet(handle, found, head=head)
    elif promised.compression:
        if not head.startswith(_COMPRESSED[promised.compression]):
            raise _mistaken(found, head, promised=promised.compression)
    else:
        check_text(head, found)


def check_text(head: bytes, found: Found) -> None:
    """Refuse first bytes that belong to another format than text in UTF-8."""
    if head.startswith(_UTF_16):
        raise SourceBroken(f"`{found.name}` is UTF-16.", remedy="Write it as UTF-8.")
    if _recognised(head):
        raise _mistaken(found, head, promised="text")


def _check_parquet(handle: BufferedReader, found: Found, *, head: bytes) -> None:
    if head.startswith(b"PARE"):
        raise SourceBroken(f"`{found.name}` is encrypted Parquet.", remedy="Write it without encryption.")
    if not head.startswith(b"PAR1"):
        raise _mistaken(found, head, promised="Parquet")
    size = handle.seek(0, os.SEEK_END)
    handle.seek(max(0, size - 4))
    if size < 12 or handle.read(4) != b"PAR1":
        raise SourceBroken(
            f"`{found.name}` is cut short: the end of a Parquet file is missing.",
            remedy="Write or fetch it again.",
        )


def _recognised(head: bytes) -> str:
    """Name the format of some first bytes; empty where they are not known."""
    for magic, name in _MAGIC:
        if head.startswith(magic) and (name != "bzip2" or head[4:10] in _BZIP2_BLOCKS):
            return name
    return ""


def _mistaken(found: Found, head: bytes, *, promised: str) -> SourceBroken:
    actual = _recognised(head)
    remedy = f"Its first bytes are those of {actual}: write it as its name says, or rename it."
    return SourceBroken(
        f"`{found.name}` is not {promised}, as its name says.",
        remedy=remedy if actual else "Write it as its name says, or rename it.",
    )
