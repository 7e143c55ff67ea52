"""`mlval init`: suggest a contract from data."""

import contextlib
import os
import shlex
import sys
import tempfile
import time
from pathlib import Path

import click

from mlval.commands._interrupts import remembered
from mlval.commands._output import say
from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.flows import arguments
from mlval.flows.contract_file import DEFAULT, workspace_of
from mlval.flows.init import InitRequest, Suggested, init
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet, TerminalProgress
from mlval.sources.confine import Boundary

EPILOG = """\b
Examples:
  mlval init data/holdout.parquet
  mlval init 'exports/*.csv' data/labels.csv -o gates/orders.yml
  mlval init data/patients.parquet --private

\b
Each file is a dataset; a pattern in quotes is one dataset of several files. Rules come with
room, so that new data of the same kind passes, and this data passes them. Every line says why
it is there; what looks odd is marked. Values of the data stand in the contract (codes, ends of
ranges): whoever reads the repository reads them, unless you say --private."""


@click.command(epilog=EPILOG)
@click.argument("files", nargs=-1, required=True, metavar="FILES…")
@click.option(
    "--output",
    "-o",
    default=DEFAULT,
    show_default=True,
    metavar="FILE",
    help="Where to write; `-` prints it.",
)
@click.option("--force", is_flag=True, help="Replace a contract that is there.")
@click.option("--private", is_flag=True, help="Write no values of the data: types, shares, rounded ranges.")
@click.option(
    "--delimiter",
    type=click.Choice([",", ";", "\t", "|"]),
    metavar="CHARACTER",
    help="What stands between two fields of CSV files: a comma (the default), `;`, `|` or a tab.",
)
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the engine. Default: all cores.")
@click.option(
    "--memory", metavar="SIZE", help="Memory of the engine, such as 4GB. Default: 80% of the machine's."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def command(
    *,
    files: tuple[str, ...],
    output: str,
    force: bool,
    private: bool,
    delimiter: str | None,
    threads: int | None,
    memory: str | None,
    quiet: bool,
) -> int:
    """Suggest a contract from FILES: types, ranges, sets, nulls and keys, each with its reason.

    Exits with 0 when it was written, with 2 when the call is wrong, as `run` for data that cannot be read.
    """
    target = None if output == "-" else Path(output)
    if target is not None:
        _refuse_existing(target, force=force)
    place = target or Path(DEFAULT)
    progress = Quiet() if quiet or sys.stderr is None else TerminalProgress(sys.stderr, time.monotonic)
    with (
        remembered() as check_interrupt,
        tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
        contextlib.closing(progress),
    ):
        limit = None if memory is None else arguments.memory(memory, "--memory")
        suggested = init(
            InitRequest(
                files=files,
                folder=place.resolve().parent,
                start=Path.cwd(),
                boundary=Boundary(workspace_of(place, Path.cwd())),
                resources=Resources(Path(scratch), threads, limit),
                delimiter=delimiter,
                private=private,
            ),
            progress,
        )
        check_interrupt()
    if target is None:
        say(suggested.text)
    else:
        _write(target, suggested.text)
    for sentence in () if quiet else _told(suggested, output):
        click.echo(sentence, err=True)
    return 0


def _told(suggested: Suggested, output: str) -> list[str]:
    lines = [f"left out, since this data breaks it: {one}" for one in suggested.left_out]
    if output != "-":
        odd = suggested.text.count("# odd: ")
        marked = f", {odd} marked `odd`" if odd else ""
        called = "mlval run" if output == DEFAULT else f"mlval run {shlex.quote(output)}"
        lines.append(
            f"{shown(output)}: {suggested.columns} columns{marked}; read it, then `{shown(called, 400)}`"
        )
    return lines


def _refuse_existing(target: Path, *, force: bool) -> None:
    if os.path.lexists(target) and not target.is_file():
        message = f"{shown(target)} is not a file"
        raise UsageError(message, remedy="name another: -o FILE")
    if target.exists() and not force:
        message = f"{shown(target)} is there already"
        raise UsageError(message, remedy="write another with -o FILE, or replace it with --force")
    if not target.resolve().parent.is_dir():
        message = f"there is no folder {shown(target.parent)}"
        raise UsageError(message, remedy="make it first, or name another: -o FILE")


def _write(target: Path, text: str) -> None:
    """Write the contract whole: a file half-written would be one with fewer rules."""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="\n", dir=target.resolve().parent, prefix=".mlval-", delete=False
        ) as stream:
            stream.write(text)
        Path(stream.name).chmod(0o644)
        Path(stream.name).replace(target)
    except OSError as error:
        message = f"cannot write {shown(target)}: {error.strerror}"
        raise UsageError(message, remedy="name another place: -o FILE") from error
