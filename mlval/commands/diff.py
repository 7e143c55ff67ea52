"""`mlval diff`: what an edit of a contract does to its demands."""

from pathlib import Path

import click

from mlval.commands._output import say
from mlval.domain.errors import ExitCode
from mlval.domain.text import shown
from mlval.flows.contract_file import DEFAULT
from mlval.flows.revisions import version
from mlval.policy.contracts import compare

EPILOG = """\b
Examples:
  mlval diff main
  mlval diff main HEAD --contract gates/churn.yml
  mlval diff old.yml new.yml

\b
Exits with 0 when nothing was loosened, 1 when something may have been,
2 when a contract or the call is wrong."""


@click.command(epilog=EPILOG)
@click.argument("base")
@click.argument("head", required=False)
@click.option(
    "--contract", default=DEFAULT, show_default=True, help="The contract, where revisions are compared."
)
def command(base: str, head: str | None, contract: str) -> int:
    """Compare two versions of a contract, as the policy guard does on a pull request.

    BASE and HEAD are files, or revisions of git; HEAD is the contract as it lies there unless said otherwise.
    Whatever is not provably a tightening counts as a weakening.
    """
    path = Path(contract)
    changes = compare(version(base, path), version(head or contract, path))
    weakened = sum(change.weakens for change in changes)
    lines = [
        f"{change.direction.value:<10} {change.path}: {change.sentence}"
        + (f"  (line {change.place.line})" if change.place else "")
        for change in sorted(changes, key=lambda change: not change.weakens)
    ]
    told = (
        f"{weakened} of {len(changes)} edits may loosen the contract" if weakened else "nothing was loosened"
    )
    say("\n".join([*(shown(line, 600) for line in lines), told]) + "\n")
    return ExitCode.BLOCKED if weakened else ExitCode.PASSED
