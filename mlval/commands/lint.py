"""`mlval lint`: check a contract without reading any data."""

from pathlib import Path

import click

from mlval.commands._output import say
from mlval.flows.contract_file import DEFAULT, read_contract
from mlval.flows.lint import check_predicates


@click.command()
@click.argument("contract", default=DEFAULT)
def command(contract: str) -> int:
    """Check CONTRACT (default mlval.yml): every mistake with its line, none of the data is read."""
    loaded = read_contract(Path(contract), contract)
    check_predicates(loaded)
    count = len(loaded.validations)
    say(f"{contract}: valid, {count} {'validation' if count == 1 else 'validations'}\n")
    return 0
