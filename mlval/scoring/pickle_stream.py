"""The bytes of a pickle: opcodes with their arguments, within frames, however much there is of it."""

import io
import pickletools
from collections.abc import Callable
from typing import BinaryIO

MOST_BYTES = 8 * 2**30
LONGEST = 1 << 20
CHUNK = 1 << 20

Argument = str | bytes | int | float | bool | None


class BrokenPickle(Exception):
    """The bytes are no pickle to their end, or one that an honest writer does not write."""


_OPCODES = {ord(opcode.code): opcode for opcode in pickletools.opcodes}
_SIZED: dict[int, tuple[int, bool]] = {
    pickletools.TAKEN_FROM_ARGUMENT1: (1, False),
    pickletools.TAKEN_FROM_ARGUMENT4: (4, True),
    pickletools.TAKEN_FROM_ARGUMENT4U: (4, False),
    pickletools.TAKEN_FROM_ARGUMENT8U: (8, False),
}


class Stream:
    """Reads opcodes one after the other; a long argument is passed over and given as None."""

    def __init__(self, source: BinaryIO, most: int = MOST_BYTES) -> None:
        """Begin where `source` stands; read no more than `most` bytes of it."""
        self._source = source
        self._most = most
        self._frame_end = 0
        self.position = 0

    def opcode(self) -> tuple[str, Argument]:
        """Return the name of the next opcode, and its argument.

        Raises
        ------
        BrokenPickle
            If there is none, or it is not whole.
        """
        known = _OPCODES.get(self._exactly(1)[0])
        if known is None:
            raise BrokenPickle("an unknown opcode")
        if known.name == "FRAME":
            self._begin_frame(int.from_bytes(self._exactly(8), "little"))
            return known.name, None
        if known.arg is None:
            return known.name, None
        return known.name, self._argument(known.arg.n, known.arg.reader)

    def skip(self, size: int) -> None:
        """Pass over bytes that are no opcodes.

        Raises
        ------
        BrokenPickle
            If a frame goes on here: another reader would take these bytes for opcodes; or they end.
        """
        if self.position < self._frame_end:
            raise BrokenPickle("a frame around an array")
        while size > 0:
            size -= len(self._exactly(min(size, CHUNK)))

    def byte(self) -> int:
        """Return a byte that is no opcode."""
        if self.position < self._frame_end:
            raise BrokenPickle("a frame around an array")
        return self._exactly(1)[0]

    def _begin_frame(self, size: int) -> None:
        if self.position < self._frame_end:
            raise BrokenPickle("a frame within a frame")
        self._frame_end = self.position + size

    def _argument(self, size: int, reader: Callable[[BinaryIO], Argument]) -> Argument:
        if size == pickletools.UP_TO_NEWLINE:
            return self._pair() if _reads_pair(reader) else self._parsed(self._line(), reader)
        if size >= 0:
            return self._parsed(self._exactly(size), reader)
        width, signed = _SIZED[size]
        prefix = self._exactly(width)
        length = int.from_bytes(prefix, "little", signed=signed)
        if length < 0:
            raise BrokenPickle("a length below nothing")
        if length > LONGEST:
            self._within_frame(length)
            while length > 0:
                length -= len(self._exactly(min(length, CHUNK)))
            return None
        return self._parsed(prefix + self._exactly(length), reader)

    def _pair(self) -> str:
        """Return a module and a name, a line each, as the machine reads them: without escapes."""
        try:
            return "\n".join(self._line()[:-1].decode() for _ in range(2))
        except UnicodeDecodeError as error:
            raise BrokenPickle("a name that is no text") from error

    def _parsed(self, data: bytes, reader: Callable[[BinaryIO], Argument]) -> Argument:
        try:
            return reader(io.BytesIO(data))
        except (ValueError, OverflowError) as error:
            raise BrokenPickle("an argument that cannot be read") from error

    def _line(self) -> bytes:
        line = self._source.readline(LONGEST)
        self._count(len(line))
        if not line.endswith(b"\n"):
            raise BrokenPickle("a line without an end")
        return line

    def _exactly(self, size: int) -> bytes:
        self._within_frame(size)
        data = self._source.read(size)
        self._count(len(data))
        if len(data) < size:
            raise BrokenPickle("an end in the middle")
        return data

    def _within_frame(self, size: int) -> None:
        if self.position < self._frame_end < self.position + size:
            raise BrokenPickle("a frame that ends in the middle of an opcode")

    def _count(self, size: int) -> None:
        before = self.position
        self.position += size
        if before < self._frame_end < self.position:
            raise BrokenPickle("a frame that ends in the middle of an opcode")
        if self.position > self._most:
            raise BrokenPickle("more bytes than are looked at")


def _reads_pair(reader: object) -> bool:
    return reader is pickletools.stringnl_noescape_pair.reader
