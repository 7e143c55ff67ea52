"""Compressed text as a stream of plain chunks, with an end to how much comes out."""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterable, Iterator
from io import BufferedReader

from mlval.domain.errors import SourceBroken, SourceRefused
from mlval.sources.format import Compression
from mlval.sources.handle import CHUNK


def unpacked(handle: BufferedReader, compression: Compression, *, name: str) -> Iterator[bytes]:
    """Yield what a compressed file holds.

    Raises
    ------
    SourceBroken
        The file is cut short or damaged; `name` is the file as shown.
    """
    handle.seek(0)
    try:
        with _reader(handle, compression) as plain:
            while chunk := plain.read(CHUNK):
                yield chunk
    except EOFError as error:
        raise SourceBroken(f"`{name}` is cut short.", remedy="Write or fetch it again.") from error
    except (OSError, zlib.error, lzma.LZMAError) as error:
        raise SourceBroken(
            f"`{name}` cannot be unpacked: it is damaged.", remedy="Write or fetch it again."
        ) from error


def limited(chunks: Iterable[bytes], limit: int, *, name: str) -> Iterator[bytes]:
    """Yield chunks until more than `limit` bytes have come.

    Raises
    ------
    SourceRefused
        There are more; a small file may be made to unpack to any size.
    """
    left = limit
    for chunk in chunks:
        left -= len(chunk)
        if left < 0:
            raise SourceRefused(
                f"`{name}` holds more than the {limit:,} bytes that may be written for a table.",
                remedy="Unpack it in a step before the gate, or write it as Parquet.",
            )
        yield chunk


def _reader(handle: BufferedReader, compression: Compression) -> gzip.GzipFile | bz2.BZ2File | lzma.LZMAFile:
    match compression:
        case "gzip":
            return gzip.GzipFile(fileobj=handle, mode="rb")
        case "bzip2":
            return bz2.BZ2File(handle)
        case "xz":
            return lzma.LZMAFile(handle)
