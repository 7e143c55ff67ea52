"""What is written to a worker, by a thread of its own: the parent reads meanwhile, and no pipe deadlocks."""

import contextlib
import threading
from collections.abc import Iterable
from queue import SimpleQueue
from typing import BinaryIO, Final

_PIPE_BYTES: Final = 1 << 20
_PATIENCE: Final = 10.0


class Outbox:
    """Writes buffers in the order in which they were put, until it is closed or the worker is gone.

    That the worker is gone is not told here: the parent sees its answers end.
    """

    def __init__(self, stream: BinaryIO) -> None:
        """Start the thread; the stream stays the caller's to close."""
        self._stream = stream
        self._waiting: SimpleQueue[Iterable[bytes | memoryview] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._write, name="features", daemon=True)
        _widen(stream)
        self._thread.start()

    def put(self, buffers: Iterable[bytes | memoryview]) -> None:
        """Have buffers written after those before; returns at once."""
        self._waiting.put(buffers)

    def close(self) -> None:
        """Let the thread end; what still waits is written first, where somebody reads it."""
        self._waiting.put(None)
        self._thread.join(_PATIENCE)

    def _write(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (buffers := self._waiting.get()) is not None:
                for buffer in buffers:
                    _write_all(self._stream, buffer)
                self._stream.flush()


def _write_all(stream: BinaryIO, buffer: bytes | memoryview) -> None:
    view = memoryview(buffer)
    while view:
        view = view[stream.write(view) :]


def _widen(stream: BinaryIO) -> None:
    """Give a pipe a larger buffer, where the kernel lets us: fewer turns between the two processes."""
    import fcntl

    with contextlib.suppress(OSError, ValueError, AttributeError):
        fcntl.fcntl(stream.fileno(), fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
