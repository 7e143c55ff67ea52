"""What identifies the bytes of a table: sha256 of one file, or of the list of several."""

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from io import BufferedReader
from threading import Thread

from mlval.domain.errors import MlvalError, SourceBroken
from mlval.sources.confine import Found
from mlval.sources.handle import CHUNK, READ

Digest = Callable[[], str]
"""Returns a digest, and waits for it where it is not known yet."""


def fingerprint(handle: BufferedReader, found: Found) -> Digest:
    """Begin to compute the sha256 of an open file beside whatever else is done, and return how to get it.

    Raises
    ------
    SourceBroken
        When the digest is asked for: the file cannot be read, or is no longer the one that was opened.
    """
    # A descriptor of its own, read by position: the caller may read and close the handle meanwhile.
    descriptor = os.dup(handle.fileno())
    before = os.fstat(descriptor)
    ended: list[str | MlvalError] = []

    def compute() -> None:
        try:
            digest = hashlib.sha256()
            for chunk in _by_position(descriptor) if hasattr(os, "pread") else _anew(found, before):
                digest.update(chunk)
            ended.append(digest.hexdigest())
        except OSError as error:
            ended.append(SourceBroken(f"`{found.name}` cannot be read: {error.strerror}."))
        except SourceBroken as error:
            ended.append(error)
        finally:
            os.close(descriptor)

    working = Thread(target=compute, daemon=True)
    working.start()

    def digest() -> str:
        working.join()
        if isinstance(ended[0], MlvalError):
            raise ended[0]
        if _identity(before) != _identity(_stat(found)):
            raise _changed(found)
        return ended[0]

    return digest


def _by_position(descriptor: int) -> Iterator[bytes]:
    position = 0
    while chunk := os.pread(descriptor, CHUNK, position):
        yield chunk
        position += len(chunk)


def _anew(found: Found, before: os.stat_result) -> Iterator[bytes]:
    """Read the file once more from its path: Windows cannot read by position."""
    with os.fdopen(os.open(found.path, READ), "rb") as again:
        if _identity(os.fstat(again.fileno())) != _identity(before):
            raise _changed(found)
        while chunk := again.read(CHUNK):
            yield chunk


def _changed(found: Found) -> SourceBroken:
    message = f"`{found.name}` was changed while it was read."
    return SourceBroken(message, remedy="Let nothing write it while the gate runs.")


def _stat(found: Found) -> os.stat_result | None:
    try:
        return found.path.stat()
    except OSError:
        return None


def _identity(status: os.stat_result | None) -> tuple[int, ...] | None:
    return status and (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns)


def joint_fingerprint(digests: Mapping[str, str]) -> str:
    """Return one digest for several files, from their relative names and their own digests.

    The order of the files does not matter, and no name can pass for two.

    >>> joint_fingerprint({"a": "1", "b": "2"}) == joint_fingerprint({"b": "2", "a": "1"})
    True
    """
    lines = "".join(f"{json.dumps([digest, name])}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode("ascii")).hexdigest()
