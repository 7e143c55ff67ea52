"""`mlval lint`: check contracts without reading any data."""

from functools import partial
from pathlib import Path

import click

from mlval.commands._errors import guarded
from mlval.commands._output import say
from mlval.domain.errors import ExitCode
from mlval.domain.text import shown
from mlval.flows.contract_file import DEFAULT, read_contract, workspace_of
from mlval.flows.contract_files import contract_files
from mlval.flows.lint import check_predicates
from mlval.sources.confine import Boundary
from mlval.sources.spelling import has_wildcard


@click.command()
@click.argument("contracts", nargs=-1, metavar="[CONTRACT]...")
def command(contracts: tuple[str, ...]) -> int:
    """Check each CONTRACT (default mlval.yml): every mistake with its line, none of the data is read.

    A CONTRACT may be a pattern in quotes, such as 'models/*/mlval.yml'.

    Warned of are thresholds of drift that alarm for nothing at the numbers of rows that the contract accepts.
    """
    files = [file for named in contracts or (DEFAULT,) for file in _files(named)]
    if len(files) == 1:
        return _checked(*files[0])
    codes = [guarded(partial(_checked, path, file)) for path, file in files]
    return max(codes, default=ExitCode.PASSED)


def _files(named: str) -> tuple[tuple[str, Path], ...]:
    """Return the files of a pattern; a single file need not lie in the workspace to be looked at."""
    if not has_wildcard(named) or Path(named).is_file():
        return ((named, Path(named)),)
    start = Path.cwd()
    return contract_files((named,), Boundary(workspace_of(start / DEFAULT, start)), start)


def _checked(path: str, file: Path) -> int:
    loaded = read_contract(file, path)
    check_predicates(loaded)
    if any(check.type == "drift" for check in loaded.validations):
        from mlval.flows.noisy_thresholds import noisy_thresholds  # loads numpy

        for warned in noisy_thresholds(loaded):
            line = f":{warned.place.line}" if warned.place else ""
            click.echo(f"{shown(path)}{line}: warning: {warned.message}\n  try: {warned.hint}", err=True)
    count = len(loaded.validations)
    say(f"{path}: valid, {count} {'validation' if count == 1 else 'validations'}\n")
    return 0
