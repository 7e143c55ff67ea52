"""Standard output, which may have no reader, no room, or only a few letters."""

import os
import sys

import click

from mlval.domain.errors import UsageError


def say(text: str) -> None:
    """Write text to standard output; that nobody reads it any more changes no exit code.

    Raises
    ------
    UsageError
        If it cannot be written for another reason, such as a full disk.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    try:
        click.echo(text.encode(encoding, "replace").decode(encoding), nl=False)
    except OSError as error:
        # What is still buffered would fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            message = f"cannot write to standard output: {error.strerror}"
            raise UsageError(message) from error
