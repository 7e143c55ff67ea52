"""`mlval merge`: join the results of parallel jobs to one report and one verdict."""

from datetime import UTC, datetime
from pathlib import Path

import click

from mlval.commands._change import change_of
from mlval.commands._reports import print_reports
from mlval.flows import arguments
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.contract_files import contract_files
from mlval.flows.many import read_each
from mlval.flows.outputs import clear, prepare_for, render_each, write_all
from mlval.sources.confine import Boundary

EPILOG = """\b
Examples:
  mlval merge 'legs/*/result.json'
  mlval merge drift.json quality.json --contract gates/churn.yml --output report
  mlval merge 'legs/*/result.json' --contract 'models/*/mlval.yml'

\b
A validation that no result reports is errored and blocks, unless the contract says
`optional: true`. Results of another contract, of another version of it or of another
version of mlval are refused."""


@click.command(epilog=EPILOG)
@click.argument("results", metavar="RESULT...", nargs=-1, required=True)
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    metavar="CONTRACT",
    help="A contract that was judged, or a pattern; repeatable.  [default: mlval.yml]",
)
@click.option("-o", "--output", metavar="DIR", help="Write result.json, report.md and junit.xml to a folder.")
@click.option(
    "--changed-since",
    metavar="REV",
    help="Without results, a contract whose `changed:` is untouched since this commit is not affected.",
)
@click.option("--changed-files", metavar="FILE", help="The same, by a list of changed paths, one a line.")
@click.option("--now", metavar="TIME", help="The time of a contract without results. Default: the clock.")
@click.option("--quiet", "-q", is_flag=True, help="Print nothing but errors; the exit code tells.")
def command(
    *,
    results: tuple[str, ...],
    contracts: tuple[str, ...],
    output: str | None,
    changed_since: str | None,
    changed_files: str | None,
    now: str | None,
    quiet: bool,
) -> int:
    """Join each RESULT, a result.json of `mlval run` or a pattern in quotes, and print the verdict.

    The contracts are read again, so that a job that left no result is seen. The verdict is folded anew
    from all results, and exits as `mlval run` does.
    """
    from mlval.flows.legs import read_legs
    from mlval.flows.merge import merge

    start = Path.cwd()
    around = workspace_of(start / DEFAULT, start)
    moment = arguments.clock_time(datetime.now(UTC)) if now is None else arguments.moment(now, "--now")
    located = read_each(contract_files(contracts or (DEFAULT,), Boundary(around), start), read_contract)
    legs = read_legs(results, Boundary(around), start, trusted=True)
    change = change_of(around, changed_since, changed_files)
    if output is not None:
        clear(Path(output))
        prepare_for(Path(output), located)
    reports = merge(located, legs, name="", change=change, now=moment)
    if output is not None:
        write_all(Path(output), render_each(reports))
    if not quiet:
        print_reports(reports)
    return reports.exit_code
