"""`mlval run`: judge a contract on this machine."""

import contextlib
import os
import sys
import tempfile
import time
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TextIO

import click

from mlval.commands._change import change_of
from mlval.commands._interrupts import remembered
from mlval.commands._reports import print_reports, width_of
from mlval.domain.verdict import Report
from mlval.flows import arguments
from mlval.flows.base_result import stored_result
from mlval.flows.caging import caging, environments_folder, is_root
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.contract_files import contract_files
from mlval.flows.guarding import after_run
from mlval.flows.many import Task, Wish, judge_each, read_each
from mlval.flows.outputs import clear, prepare_for, render_each, write_all
from mlval.flows.policy_guard import Guarding
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
  mlval run 'models/*/mlval.yml' --data churn/today=exports/churn.parquet
  mlval run 'models/*/mlval.yml' --changed-since origin/main

\b
The report goes to standard output, progress and errors to standard error. With
--output a folder gets result.json, report.md and junit.xml; of several contracts
each has a folder there that is named after it."""


@click.command(epilog=EPILOG)
@click.argument("contracts", metavar="[CONTRACT]...", nargs=-1)
@click.option(
    "--data",
    "data",
    multiple=True,
    metavar="NAME=PATH",
    help="Bind a dataset that is `from: input`; CONTRACT/NAME=PATH for one of several contracts.",
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
@click.option("-o", "--output", metavar="DIR", help="Write result.json, report.md and junit.xml to a folder.")
@click.option(
    "--changed-since",
    metavar="REV",
    help="Leave out contracts whose `changed:` is untouched since this commit or branch.",
)
@click.option("--changed-files", metavar="FILE", help="The same, by a list of changed paths, one a line.")
@click.option(
    "--base-result",
    "base_results",
    multiple=True,
    metavar="FILE",
    help="A result.json of the branch to compare with: for `fail_on: new`, and beside each value.",
)
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
    contracts: tuple[str, ...],
    data: tuple[str, ...],
    models: tuple[str, ...],
    only: tuple[str, ...],
    output: str | None,
    changed_since: str | None,
    changed_files: str | None,
    base_results: tuple[str, ...],
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
    """Judge each CONTRACT (default mlval.yml): measure its data and models, print the verdict.

    A CONTRACT may be a pattern in quotes, such as 'models/*/mlval.yml'. Several are judged one after
    another, and told in one report.

    Exits with 0 when all passed, 1 when one blocks, 2 when a contract or the call is wrong.
    """
    start = Path.cwd()
    around = workspace_of(start / DEFAULT, start)
    if output is not None:
        clear(Path(output))
    located = read_each(contract_files(contracts or (DEFAULT,), Boundary(around), start), read_contract)
    if output is not None:
        prepare_for(Path(output), located)
    progress = _progress(sys.stderr, quiet=quiet)
    folders, buckets = arguments.places(allow_sources)
    moment = arguments.clock_time(datetime.now(UTC)) if now is None else arguments.moment(now, "--now")
    memory = None if memory is None else arguments.memory(memory, "--memory")
    limit = None if model_memory is None else arguments.size(model_memory, "--model-memory")
    stored = [stored_result(start / path, path) for path in base_results]
    bases = {one.report.contract_name: one for one in stored}

    def judged(task: Task) -> Report:
        with (
            tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
            tempfile.TemporaryDirectory(prefix="mlval-models-") as private,
        ):
            request = Request(
                contract=task.contract,
                base=task.base,
                start=start,
                boundary=Boundary(
                    workspace_of(task.file, start), tuple(Path(each).resolve() for each in folders)
                ),
                bindings=task.bindings,
                only=task.only,
                now=moment,
                resources=Resources(Path(scratch), threads, memory),
                artifacts=Artifacts(os.environ, Path(scratch)),
                buckets=Buckets(Path(scratch), buckets, told=partial(_fetching, progress)),
                databases=Databases(
                    os.environ, Path(scratch), allow_connections, told=partial(_answering, progress)
                ),
                caging=caging(
                    Path(private),
                    os.environ,
                    environments=environments_folder(os.environ.get("HOME"), is_root=is_root()),
                    allow_degraded=allow_degraded_sandbox,
                    python_downloads=allow_python_downloads,
                    seconds=model_timeout,
                    memory=limit,
                ),
                allow_examples=allow_examples,
                base_result=bases.get(task.contract.name),
            )
            report = run(request, progress)
            check_interrupt()
            base = request.base_result or "none was named by --base-result"
            return after_run(report, Guarding(), base, own=task.contract.terms)

    wish = Wish(
        only=only,
        bindings=Bindings(
            arguments.pairs(data, "--data"),
            arguments.pairs(models, "--model"),
            trusted=True,
            spelt=("--data", "--model"),
        ),
        start=start,
        change=change_of(around, changed_since, changed_files),
    )
    with remembered() as check_interrupt, contextlib.closing(progress):
        reports = judge_each(located, wish, judged)
        check_interrupt()
    if output is not None:
        write_all(Path(output), render_each(reports))
    if not quiet:
        print_reports(reports)
    return reports.exit_code


def _progress(stream: TextIO | None, *, quiet: bool) -> Quiet | TerminalProgress:
    if quiet or stream is None:
        return Quiet()
    return TerminalProgress(stream, time.monotonic, width=width_of(stream))


def _fetching(progress: Progress, done: int, total: int) -> None:
    progress("fetching bytes", done=done, total=total)


def _answering(progress: Progress, rows: int) -> None:
    progress("fetching rows", done=rows)
