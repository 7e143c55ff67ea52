"""`mlval checks`: what can be asked for, from the docstrings of the files that do it."""

import click

from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.flows.catalogue import Entry, entries


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> int:
    """List checks, rules and metrics, or explain the one named NAME."""
    known = entries()
    if name is None:
        for kind in ("check", "rule", "metric"):
            click.echo(f"{kind}s")
            for entry in known:
                if entry.kind == kind:
                    click.echo(f"  {entry.name:<24} {entry.summary}")
            click.echo()
        return 0
    found = [entry for entry in known if name in (entry.name, *entry.aliases)]
    if not found:
        message = f"there is no check, rule or metric {shown(name)}"
        raise UsageError(message, remedy="mlval checks lists them")
    click.echo("\n\n".join(_page(entry) for entry in found))
    return 0


def _page(entry: Entry) -> str:
    return f"{entry.kind} {entry.name}\n\n{entry.page}"
