"""Turning errors into what a user sees: a sentence, a remedy, and an exit code."""

from collections.abc import Callable

import click

from mlval import __version__
from mlval.domain.errors import ExitCode


def guarded(work: Callable[[], object]) -> int:
    """Do some work and return the exit code of how it ended."""
    try:
        result = work()
    except click.ClickException as error:
        error.show()
        return ExitCode.USAGE
    except click.Abort:
        click.echo("interrupted", err=True)
        return 130
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must not look like a verdict
        from mlval.report.ending import ending

        end = ending(error, version=__version__)
        click.echo("\n".join(end.lines), err=True)
        return end.exit_code
    return result if isinstance(result, int) else ExitCode.PASSED
