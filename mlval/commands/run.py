"""`mlval run`: judge a contract on this machine."""

import contextlib
import os
import shutil
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from mlval.commands._interrupts import remembered
from mlval.commands._output import say
from mlval.flows import arguments
from mlval.flows.caging import caging, environments_folder
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.outputs import clear, prepare, render_all, write_all
from mlval.flows.request import Bindings, Progress, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet, TerminalProgress
from mlval.sources.bucket import Buckets
from mlval.sources.confine import Boundary
from mlval.sources.database import Databases
from mlval.sources.mlflow import Artifacts

EPILOG = """\b
Examples:
  mlval run
  mlval run gates/churn.yml --data today=exports/today.parquet
  mlval run --only drift --output report

\b
The report goes to standard output, progress and errors to standard error. With
--output a folder gets result.json, report.md and junit.xml."""


@click.command(epilog=EPILOG)
@click.argument("contract", default=DEFAULT)
@click.option(
    "--data", "data", multiple=True, metavar="NAME=PATH", help="Bind a dataset that is `from: input`."
)
@click.option(
    "--model",
    "models",
    multiple=True,
    metavar="NAME=PATH",
    help="Bind a model or predictions that are `from: input`.",
)
@click.option(
    "--only", multiple=True, metavar="ID", help="Run only validations with this id or type; repeatable."
)
@click.option("--output", metavar="DIR", help="Write result.json, report.md and junit.xml to a folder.")
@click.option(
    "--allow-sources",
    multiple=True,
    metavar="PLACE",
    help="Let the contract read this folder, or s3://BUCKET/FOLDER, too.",
)
@click.option(
    "--allow-connections",
    multiple=True,
    metavar="MLVAL_NAME",
    help="Let the contract ask the database whose URL this variable holds.",
)
@click.option(
    "--allow-examples", is_flag=True, help="Let reports show rows of the data where the contract asks for it."
)
@click.option(
    "--allow-degraded-sandbox",
    is_flag=True,
    help="Let models run where a layer of their cage is missing (`mlval doctor` names them).",
)
@click.option(
    "--allow-python-downloads",
    is_flag=True,
    help="Let uv download the Python that a model's environment needs.",
)
@click.option(
    "--model-timeout",
    type=click.FloatRange(1, 86_400),
    metavar="SECONDS",
    help="How long one scoring may take.  [default: 600]",
)
@click.option("--model-memory", metavar="SIZE", help="Memory of a model, such as 8GB.  [default: 4GiB]")
@click.option("--now", metavar="TIME", help="The time of the run, in ISO 8601; recorded. Default: the clock.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the engine. Default: all cores.")
@click.option(
    "--memory", metavar="SIZE", help="Memory of the engine, such as 4GB. Default: 80% of the machine's."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors; the exit code tells.")
def command(
    *,
    contract: str,
    data: tuple[str, ...],
    models: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
    allow_sources: tuple[str, ...],
    allow_connections: tuple[str, ...],
    allow_examples: bool,
    allow_degraded_sandbox: bool,
    allow_python_downloads: bool,
    model_timeout: float | None,
    model_memory: str | None,
    now: str | None,
    threads: int | None,
    memory: str | None,
    quiet: bool,
) -> int:
    """Judge CONTRACT (default mlval.yml): measure its data and models, print the verdict.

    Exits with 0 when it passed, 1 when it blocks, 2 when the contract or the call is wrong.
    """
    path = Path(contract)
    if output is not None:
        clear(Path(output))
    loaded = read_contract(path, contract)
    if output is not None:
        prepare(Path(output))
    progress = _progress(sys.stderr, quiet=quiet)
    folders, buckets = arguments.places(allow_sources)
    with (
        remembered() as check_interrupt,
        tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
        tempfile.TemporaryDirectory(prefix="mlval-models-") as private,
        contextlib.closing(progress),
    ):
        request = Request(
            contract=loaded,
            base=path.resolve().parent,
            start=Path.cwd(),
            boundary=Boundary(workspace_of(path, Path.cwd()), tuple(Path(one).resolve() for one in folders)),
            bindings=Bindings(
                arguments.pairs(data, "--data"),
                arguments.pairs(models, "--model"),
                trusted=True,
                spelt=("--data", "--model"),
            ),
            only=only,
            now=arguments.clock_time(datetime.now(UTC)) if now is None else arguments.moment(now, "--now"),
            resources=Resources(
                Path(scratch), threads, None if memory is None else arguments.memory(memory, "--memory")
            ),
            artifacts=Artifacts(os.environ, Path(scratch)),
            buckets=Buckets(Path(scratch), buckets, told=partial(_fetching, progress)),
            databases=Databases(
                os.environ, Path(scratch), allow_connections, told=partial(_answering, progress)
            ),
            caging=caging(
                Path(private),
                os.environ,
                environments=environments_folder(os.environ.get("HOME"), is_root=_is_root()),
                allow_degraded=allow_degraded_sandbox,
                python_downloads=allow_python_downloads,
                seconds=model_timeout,
                memory=None if model_memory is None else arguments.size(model_memory, "--model-memory"),
            ),
            allow_examples=allow_examples,
        )
        report = run(request, progress)
        check_interrupt()
    if output is not None:
        write_all(Path(output), render_all(report))
    if not quiet:
        from mlval.report import terminal

        color = _is_terminal(sys.stdout) and not os.environ.get("NO_COLOR")
        say(terminal.render(report, color=color, width=_width(sys.stdout)))
    return report.verdict.exit_code


def _progress(stream: TextIO | None, *, quiet: bool) -> Quiet | TerminalProgress:
    if quiet or stream is None:
        return Quiet()
    return TerminalProgress(stream, time.monotonic, width=_width(stream))


def _fetching(progress: Progress, done: int, total: int) -> None:
    progress("fetching bytes", done=done, total=total)


def _answering(progress: Progress, rows: int) -> None:
    progress("fetching rows", done=rows)


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _width(stream: TextIO | None) -> int:
    return shutil.get_terminal_size().columns if _is_terminal(stream) else 100


def _is_terminal(stream: TextIO | None) -> bool:
    """Say whether a person reads the stream; a process that was started without it has none."""
    return stream is not None and stream.isatty()
