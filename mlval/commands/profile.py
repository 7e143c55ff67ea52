"""`mlval profile`: write the small description of a dataset that can stand in its place."""

import contextlib
import os
import re
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from mlval.commands._interrupts import remembered
from mlval.commands._output import say
from mlval.config.names import NAME
from mlval.domain.contract import Contract
from mlval.domain.errors import UsageError
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.profile import Settings
from mlval.domain.profile_text import render
from mlval.domain.text import shown
from mlval.flows import arguments
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.outputs import prepare, write_all
from mlval.flows.profile import profile
from mlval.flows.request import Bindings, Request
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet, TerminalProgress
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from mlval.sources.profile_file import LIMIT

EPILOG = """\b
Examples:
  mlval profile train -o profiles/train.profile.json
  mlval profile data/train.parquet -o train.profile.json --where "split = 'train'"

\b
The contract then says: reference: {profile: profiles/train.profile.json}
No level, value or edge that identifies few rows is written. --hash hides levels from
readers, not from those who can guess them."""


@click.command(epilog=EPILOG)
@click.argument("dataset")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
@click.option("--contract", metavar="FILE", help="Where DATASET is described. Default: mlval.yml.")
@click.option("--data", multiple=True, metavar="NAME=PATH", help="Bind a dataset that is `from: input`.")
@click.option(
    "--bins", type=click.IntRange(20, 1000), default=100, show_default=True, help="About how many bins."
)
@click.option(
    "--rare",
    type=click.IntRange(2, 10**9),
    default=5,
    show_default=True,
    help="Levels and values of fewer rows are not told.",
)
@click.option("--hash", "hashed", is_flag=True, help="Write digests instead of levels.")
@click.option("--where", metavar="SQL", help="Only rows for which this predicate holds.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the engine. Default: all cores.")
@click.option(
    "--memory", metavar="SIZE", help="Memory of the engine, such as 4GB. Default: 80% of the machine's."
)
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors.")
def command(
    *,
    dataset: str,
    output: str | None,
    contract: str | None,
    data: tuple[str, ...],
    bins: int,
    rare: int,
    hashed: bool,
    where: str | None,
    threads: int | None,
    memory: str | None,
    quiet: bool,
) -> int:
    """Describe DATASET, the name of one in the contract or the path of a file, in a small text.

    The text can be committed and compared with in place of the data.
    """
    target = None if output is None else Path(output)
    place = Path(contract or DEFAULT)
    if target is not None:
        _require_name(target)
        prepare(target.parent)
    name, loaded, bound = _described(dataset, contract)
    progress = Quiet() if quiet or sys.stderr is None else TerminalProgress(sys.stderr, time.monotonic)
    with (
        remembered() as check_interrupt,
        tempfile.TemporaryDirectory(prefix="mlval-") as scratch,
        contextlib.closing(progress),
    ):
        limit = None if memory is None else arguments.memory(memory, "--memory")
        request = Request(
            contract=loaded,
            base=place.resolve().parent,
            start=Path.cwd(),
            boundary=Boundary(workspace_of(place, Path.cwd())),
            bindings=Bindings(
                {**arguments.pairs(data, "--data"), **bound}, trusted=True, spelt=("--data", "--model")
            ),
            now=arguments.clock_time(datetime.now(UTC)),
            resources=Resources(Path(scratch), threads, limit),
            artifacts=Artifacts(os.environ, Path(scratch)),
        )
        settings = Settings(bins=bins, rare=rare, hashed=hashed)
        found = profile(request, name, settings=settings, where=where, progress=progress)
        check_interrupt()
    text = render(found)
    if len(text) > LIMIT:
        message = f"the profile would be larger than {LIMIT >> 20} MiB, the limit for one"
        raise UsageError(message, remedy="describe fewer columns, or use fewer --bins")
    if target is None:
        say(text)
        return 0
    write_all(target.parent, {target.name: text})
    if not quiet:
        rows = f"{found.dataset.rows:,} rows, {len(found.columns)} columns"
        click.echo(f"{shown(output)}: {rows}; read it before you commit it", err=True)
    return 0


def _described(dataset: str, contract: str | None) -> tuple[str, Contract, dict[str, str]]:
    """Return what DATASET is called, where it is described, and the file that its name is bound to.

    Without `--contract`, what could not be a name in a contract, or is a file, is a path.
    """
    if contract is None and (Path(dataset).is_file() or not re.fullmatch(NAME, dataset)):
        name = shown(Path(dataset).name) or "data"
        inputs = Inputs({name: Dataset.model_validate({"from": "input"})})
        return name, Contract(name, "", "", inputs, ()), {name: dataset}
    return dataset, read_contract(Path(contract or DEFAULT), contract or DEFAULT), {}


def _require_name(target: Path) -> None:
    if target.is_dir() or not target.name:
        message = f"{shown(target)} is a folder"
        raise UsageError(message, remedy="name a file: -o train.profile.json")
