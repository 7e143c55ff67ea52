"""`mlval schema`: the JSON Schema of contracts or results."""

from pathlib import Path

import click

from mlval.commands._output import say
from mlval.domain.errors import UsageError


@click.command()
@click.argument("kind", type=click.Choice(["contract", "result"]), default="contract")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(kind: str, output: str | None) -> int:
    """Print the JSON Schema of a contract (the default) or of result.json.

    Editors complete a contract that begins with the line
    `# yaml-language-server: $schema=contract.schema.json`.
    """
    from mlval.config import schema as contract_schema
    from mlval.report import result_schema

    text = contract_schema.render() if kind == "contract" else result_schema.render()
    if output is None:
        say(text)
        return 0
    try:
        Path(output).write_text(text, encoding="utf-8")
    except OSError as error:
        message = f"cannot write {output}: {error.strerror}"
        raise UsageError(message) from error
    return 0
