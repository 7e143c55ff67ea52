"""`mlval checks`: what can be asked for, from the docstrings of the files that do it."""

import click

from mlval.commands._output import say
from mlval.config.findings import closest
from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.flows.catalogue import Entry, entries


@click.command()
@click.argument("name", required=False)
def command(name: str | None) -> int:
    """List checks, rules and metrics, or explain the one named NAME."""
    known = entries()
    if name is None:
        say("\n".join(_listing(kind, known) for kind in ("check", "rule", "metric")))
        return 0
    found = [entry for entry in known if name in (entry.name, *entry.aliases)]
    if not found:
        message = f"there is no check, rule or metric {shown(name)}"
        alike = closest(name, [one for entry in known for one in (entry.name, *entry.aliases)])
        meant = f"did you mean {shown(alike)}? " if alike else ""
        raise UsageError(message, remedy=f"{meant}mlval checks lists them")
    say("\n\n".join(_page(entry) for entry in found) + "\n")
    return 0


def _listing(kind: str, known: tuple[Entry, ...]) -> str:
    lines = (f"  {entry.name:<24} {entry.summary}\n" for entry in known if entry.kind == kind)
    return f"{kind}s\n{''.join(lines)}"


def _page(entry: Entry) -> str:
    return f"{entry.kind} {entry.name}\n\n{entry.page}"
