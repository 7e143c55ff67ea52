"""`mlval plan`: how many rows the margins of a contract need, before any is collected."""

from pathlib import Path

import click

from mlval.commands._output import say
from mlval.flows.contract_file import DEFAULT, read_contract


@click.command()
@click.argument("contract", default=DEFAULT)
def command(contract: str) -> int:
    """Print how many rows every margin of CONTRACT (default mlval.yml) needs; none of the data is read.

    A margin of counts, such as accuracy, is planned by how often two models disagree; any other by the
    standard deviation of the difference of one row.
    """
    from mlval.flows.plan import planned, render

    say(render(planned(read_contract(Path(contract), contract))))
    return 0
