"""What somebody sees while the gate works: nothing, or one line of a terminal that is written anew."""

from collections.abc import Callable
from typing import Final, TextIO

from mlval.report import escape

_SHORTEST_PAUSE: Final = 0.1
_ERASE: Final = "\r\x1b[K"


class Quiet:
    """Says nothing."""

    def __call__(self, event: str, *, done: int, total: int | None = None, label: str = "") -> None:
        """Ignore the event."""

    def close(self) -> None:
        """Do nothing: nothing was written."""


class TerminalProgress:
    """Keeps one line of a terminal up to date; writes nothing where the stream is no terminal.

    `clock` returns seconds that only grow.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float], *, width: int = 80) -> None:
        """Take the stream and the clock; nothing is written before the first event."""
        self._stream = stream
        self._clock = clock
        self._width = width
        self._shown = stream.isatty()
        self._event = ""
        self._started = 0.0
        self._written: float | None = None

    def __call__(self, event: str, *, done: int, total: int | None = None, label: str = "") -> None:
        """Write the line anew, at most ten times a second unless another event began or one ended."""
        if not self._shown:
            return
        now = self._clock()
        is_new = event != self._event
        if is_new:
            self._event, self._started = event, now
        if (
            self._written is not None
            and now - self._written < _SHORTEST_PAUSE
            and not is_new
            and done != total
        ):
            return
        self._written = now
        line = _line(event, escape.terminal(label), done=done, total=total, elapsed=now - self._started)
        self._stream.write(_ERASE + escape.terminal(line, self._width - 1))
        self._stream.flush()

    def close(self) -> None:
        """Erase the line."""
        if self._written is not None:
            self._stream.write(_ERASE)
            self._stream.flush()
            self._written = None


def _line(event: str, label: str, *, done: int, total: int | None, elapsed: float) -> str:
    steps = f"{done:,}" if total is None else f"{done:,} of {total:,}"
    return ", ".join(
        part for part in (f"{event} {steps}", _rate(done, total, elapsed=elapsed), label) if part
    )


def _rate(done: int, total: int | None, *, elapsed: float) -> str:
    """Return the rate and the time left, where the steps so far allow to say it."""
    if total is None or not 0 < done < total or elapsed <= 0:
        return ""
    rate = done / elapsed
    return f"{rate:,.3g}/s, {(total - done) / rate:,.0f} s left"
