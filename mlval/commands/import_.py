"""`mlval import`: a contract from a file of another tool."""

from pathlib import Path

import click

from mlval.commands._files import deliver
from mlval.flows.interchange import FORMATS, imported


@click.command()
@click.argument("file")
@click.option(
    "--from", "kind", type=click.Choice(FORMATS), help="What the file is. Default: what it looks like."
)
@click.option(
    "-o", "--output", metavar="FILE", help="Write the contract to a file instead of standard output."
)
def command(file: str, kind: str | None, output: str | None) -> int:
    """Print a contract that demands what FILE demands.

    FILE is a suite of Great Expectations (JSON), an Open Data Contract 3.x, or a schema.yml of dbt. What
    could not be carried over, and what differs, goes to standard error and to the top of the contract.
    """
    found = imported(Path(file), shown_as=file, kind=kind)
    deliver(found.text, output)
    click.echo("\n".join(found.coverage.lines), err=True)
    return 0
