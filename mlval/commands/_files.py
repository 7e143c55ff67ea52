"""Text that a command makes: to standard output, or to the file that was named."""

from pathlib import Path

from mlval.commands._output import say
from mlval.domain.errors import UsageError
from mlval.domain.text import shown


def deliver(text: str, output: str | None) -> None:
    """Write text to a file, or to standard output where none is named.

    Raises
    ------
    UsageError
        If it cannot be written.
    """
    if output is None:
        say(text)
        return
    try:
        Path(output).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        message = f"cannot write {shown(output)}: {error.strerror}"
        raise UsageError(message, remedy="name a file that can be written to") from error
