"""Reports on standard output: in colour and as wide as the terminal, where there is one."""

import os
import shutil
import sys
from typing import TextIO

from mlval.commands._output import say
from mlval.domain.reports import Reports


def print_reports(reports: Reports) -> None:
    """Print what a call ends with.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    from mlval.report import combined

    color = _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
    say(combined.terminal(reports, color=color, width=width_of(sys.stdout)))


def width_of(stream: TextIO | None) -> int:
    """Return how many characters a line may have."""
    return shutil.get_terminal_size().columns if _is_terminal(stream) else 100


def _is_terminal(stream: TextIO | None) -> bool:
    """Say whether a person reads the stream; a process that was started without it has none."""
    return stream is not None and stream.isatty()
