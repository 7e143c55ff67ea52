"""`mlval lint`: check a contract without reading any data."""

from pathlib import Path

import click

from mlval.commands._output import say
from mlval.domain.text import shown
from mlval.flows.contract_file import DEFAULT, read_contract
from mlval.flows.lint import check_predicates


@click.command()
@click.argument("contract", default=DEFAULT)
def command(contract: str) -> int:
    """Check CONTRACT (default mlval.yml): every mistake with its line, none of the data is read.

    Warned of are thresholds of drift that alarm for nothing at the numbers of rows that the contract accepts.
    """
    loaded = read_contract(Path(contract), contract)
    check_predicates(loaded)
    if any(check.type == "drift" for check in loaded.validations):
        from mlval.flows.noisy_thresholds import noisy_thresholds  # loads numpy

        for warned in noisy_thresholds(loaded):
            line = f":{warned.place.line}" if warned.place else ""
            click.echo(f"{shown(contract)}{line}: warning: {warned.message}\n  try: {warned.hint}", err=True)
    count = len(loaded.validations)
    say(f"{contract}: valid, {count} {'validation' if count == 1 else 'validations'}\n")
    return 0
