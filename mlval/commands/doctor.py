"""`mlval doctor`: what the gate rests on, here or in a workflow, and what mends what is missing."""

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from mlval.commands._output import say
from mlval.domain.advice import Finding
from mlval.domain.errors import ExitCode
from mlval.flows.contract_file import DEFAULT, workspace_of

EPILOG = """\b
Examples:
  mlval doctor
  mlval doctor gates/churn.yml

\b
In a workflow it looks at the event, the token and the runner's files as well;
there the token is taken from GITHUB_TOKEN. Exits with 0 when nothing is missing,
and with 4 when something is."""


@click.command(epilog=EPILOG)
@click.argument("contract", default=DEFAULT)
def command(contract: str) -> int:
    """Look at everything that judging CONTRACT rests on: workflow, token, contract, owners, MLflow, cage."""
    from mlval.commands._github import connected
    from mlval.flows.doctor import Surroundings, examine, told
    from mlval.sources.mlflow import Artifacts

    root = workspace_of(Path(contract), Path.cwd())
    path = Path(contract).resolve()
    inside = path.relative_to(root.resolve()) if path.is_relative_to(root.resolve()) else Path(contract)
    is_well = True
    with TemporaryDirectory(prefix="mlval-") as scratch:
        around = Surroundings(
            environ=os.environ,
            root=root,
            contract=inside.as_posix(),
            artifacts=Artifacts(os.environ, Path(scratch)),
            token=os.environ.get("GITHUB_TOKEN", ""),
            connect=connected,
        )
        for advice in examine(around):
            is_well &= advice.finding is not Finding.MISSING
            say(told(advice))
    return ExitCode.PASSED if is_well else ExitCode.UNAVAILABLE
