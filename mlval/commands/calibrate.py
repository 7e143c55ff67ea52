"""`mlval calibrate`: turn a budget of false alarms into the thresholds of a drift validation."""

import os
import re
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import click

from mlval.commands._interrupts import remembered
from mlval.commands._output import say
from mlval.domain.errors import UsageError
from mlval.domain.grammar import percent
from mlval.domain.text import shown
from mlval.flows import arguments
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.request import Bindings, Request

EPILOG = """\b
Examples:
  mlval calibrate --validation weekly-psi --budget 1/100
  mlval calibrate mlval.yml --validation weekly-psi --budget 1% --rows 5000 --by month

\b
Nothing is written: the last lines are for the contract."""

_RATIO = re.compile(r"1/([1-9][0-9]{0,8})")
_FRACTION = re.compile(r"0?\.[0-9]{1,12}")


@click.command(epilog=EPILOG)
@click.argument("contract", default=DEFAULT)
@click.option("--validation", required=True, metavar="ID", help="The drift validation to calibrate.")
@click.option(
    "--budget", required=True, metavar="SHARE", help="Runs that may alarm for nothing: 1/100, 1% or 0.01."
)
@click.option(
    "--rows", type=click.IntRange(1, 10**12), help="Rows of the current data. Default: it is counted."
)
@click.option(
    "--by",
    "every",
    type=click.Choice(["day", "week", "month", "quarter", "year"]),
    help="Resample whole periods. Default: weeks where the reference has a time.",
)
@click.option("--data", multiple=True, metavar="NAME=PATH", help="Bind a dataset that is `from: input`.")
@click.option("--threads", type=click.IntRange(1, 256), help="Threads of the engine. Default: all cores.")
@click.option(
    "--memory", metavar="SIZE", help="Memory of the engine, such as 4GB. Default: 80% of the machine's."
)
def command(
    *,
    contract: str,
    validation: str,
    budget: str,
    rows: int | None,
    every: Literal["day", "week", "month", "quarter", "year"] | None,
    data: tuple[str, ...],
    threads: int | None,
    memory: str | None,
) -> int:
    """Find the thresholds of a drift validation of CONTRACT that alarm for nothing no more often than wanted.

    The reference is resampled at the size of the current data, in whole periods where it has a time.
    """
    from mlval.flows.calibrate import Wish, calibrate
    from mlval.flows.calibrate_text import render
    from mlval.measure.connection import Resources
    from mlval.sources.confine import Boundary
    from mlval.sources.mlflow import Artifacts

    wish = Wish(validation=validation, budget=_share(budget), rows=rows, every=every)
    path = Path(contract)
    loaded = read_contract(path, contract)
    with remembered() as check_interrupt, tempfile.TemporaryDirectory(prefix="mlval-") as scratch:
        request = Request(
            contract=loaded,
            base=path.resolve().parent,
            start=Path.cwd(),
            boundary=Boundary(workspace_of(path, Path.cwd())),
            bindings=Bindings(arguments.pairs(data, "--data"), trusted=True, spelt=("--data", "--model")),
            now=arguments.clock_time(datetime.now(UTC)),
            resources=Resources(
                Path(scratch), threads, None if memory is None else arguments.memory(memory, "--memory")
            ),
            artifacts=Artifacts(os.environ, Path(scratch)),
        )
        found = calibrate(request, wish)
        check_interrupt()
    say(render(found, loaded))
    return 0


def _share(text: str) -> float:
    """Read a budget.

    >>> _share("1/100"), _share("1%"), _share("0.01")
    (0.01, 0.01, 0.01)
    """
    stripped = text.strip()
    ratio = _RATIO.fullmatch(stripped)
    share = 1 / int(ratio[1]) if ratio else percent(stripped)
    if share is None and _FRACTION.fullmatch(stripped):
        share = float(stripped)
    if share is None or not 0 < share < 1:
        message = f"--budget {shown(text)}: expected a share of runs between 0 and 1"
        raise UsageError(message, remedy="write one in a hundred as 1/100, 1% or 0.01")
    return share
