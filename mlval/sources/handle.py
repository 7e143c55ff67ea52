"""Opening a file that was found: once, without following a link, and only if it is a file still."""

import os
import stat
from collections.abc import Iterator
from io import BufferedReader

from mlval.domain.errors import SourceRefused, SourceUnavailable
from mlval.sources.confine import Found

CHUNK = 2**20

READ = os.O_RDONLY
for _flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"):  # each system has some of them
    READ |= getattr(os, _flag, 0)
"""How files of the workspace are opened: as bytes, without following a link or waiting for a pipe."""


def opened(found: Found) -> BufferedReader:
    """Open a file for reading bytes.

    Raises
    ------
    SourceRefused
        It was replaced by a link, a pipe or a device since it was found.
    SourceUnavailable
        It cannot be opened: permissions, or it is gone.
    """
    try:
        descriptor = os.open(found.path, READ)
    except OSError as error:
        raise SourceUnavailable(
            f"`{found.name}` cannot be opened: {error.strerror}.", remedy="Check who may read it."
        ) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise SourceRefused(f"`{found.name}` is not a file.", remedy="Name a data file of the workspace.")
    return os.fdopen(descriptor, "rb")


def chunks(handle: BufferedReader, size: int = CHUNK) -> Iterator[bytes]:
    """Yield the bytes of a file from its beginning."""
    handle.seek(0)
    while chunk := handle.read(size):
        yield chunk
