"""`mlval export`: a contract as a file of another tool."""

from pathlib import Path

import click

from mlval.commands._files import deliver
from mlval.flows.contract_file import DEFAULT
from mlval.flows.interchange import exported


@click.command()
@click.argument("contract", default=DEFAULT)
@click.option("--to", "kind", type=click.Choice(["odcs"]), required=True, help="The format: odcs.")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(contract: str, kind: str, output: str | None) -> int:
    """Print CONTRACT (default mlval.yml) as an Open Data Contract 3.1.

    What the standard has no words for is kept in it for mlval alone; standard error says what that is.
    """
    del kind
    found = exported(Path(contract), shown_as=contract)
    deliver(found.text, output)
    click.echo("\n".join(found.coverage.lines), err=True)
    return 0
