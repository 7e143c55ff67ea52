"""Turning errors into what a user sees: a sentence, a remedy, and an exit code."""

import os
import sys
import traceback
from collections.abc import Callable

import click

from mlval import __version__
from mlval.domain.errors import ContractError, ExitCode, MlvalError, Problem


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
    except MlvalError as error:
        click.echo("\n".join(lines(error)), err=True)
        return error.exit_code
    except BrokenPipeError:
        # Whoever read our output has left; there is nobody to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.USAGE
    except Exception:  # noqa: BLE001 - the last resort: a bug must not look like a verdict
        click.echo(traceback.format_exc(), err=True)
        click.echo(f"This is a bug of mlval {__version__}; please report it with the lines above.", err=True)
        return ExitCode.BUG
    return result if isinstance(result, int) else ExitCode.PASSED


def lines(error: MlvalError) -> list[str]:
    """Return an error as lines: what is wrong, and what to do."""
    if isinstance(error, ContractError):
        return [f"error: {error.message}", *(_problem(error.file, problem) for problem in error.problems)]
    return [f"error: {error.message}", *([f"  try: {error.remedy}"] if error.remedy else [])]


def _problem(file: str, problem: Problem) -> str:
    place = f":{problem.place.line}:{problem.place.column}" if problem.place else ""
    path = f" {problem.path}:" if problem.path else ""
    hint = f" ({problem.hint})" if problem.hint else ""
    return f"  {file}{place}:{path} {problem.message}{hint}"
