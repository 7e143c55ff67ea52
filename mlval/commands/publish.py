"""`mlval publish`: what a run without a token has left becomes a comment and a status."""

import os
import posixpath
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import click

from mlval.commands._github import World, lines, outside
from mlval.domain.errors import ExitCode, MlvalError
from mlval.domain.text import shown
from mlval.flows.contract_file import DEFAULT
from mlval.flows.handover import Handover, Judging, hand_over
from mlval.flows.publishing import Wanted, tell
from mlval.flows.workspace import workspace
from mlval.github import event, workflow_run
from mlval.github.errors import EventError, PublishError
from mlval.github.handover import HandoverRefused, Overtaken
from mlval.github.publish import Ended
from mlval.github.step import Step

EPILOG = """\b
Examples:
  mlval publish --workflow .github/workflows/mlval.yml
  mlval publish --workflow .github/workflows/mlval.yml --contract models/churn/mlval.yml
  mlval publish --workflow .github/workflows/mlval.yml --judge true

\b
Runs in a workflow that starts `on: workflow_run`, with the job's token in
GITHUB_TOKEN. Exits with 0 when the report is published, or when the pull request
has moved on; with 5 when it could not be published or was refused; with 2 when
it was called under another event. It never tells the verdict: the gate is the
exit code of the run that judged."""


@click.command(epilog=EPILOG)
@click.option(
    "--workflow",
    required=True,
    metavar="PATH",
    help="The workflow whose runs are published, such as .github/workflows/mlval.yml.",
)
@click.option(
    "--contract",
    "contracts",
    multiple=True,
    default=(DEFAULT,),
    metavar="PATH",
    help="A contract of the base branch whose reports may be published; repeatable, or one a line.",
)
@click.option(
    "--base",
    "bases",
    multiple=True,
    metavar="BRANCH",
    help="A branch whose pull requests are published; repeatable, or one a line.  [default: the default one]",
)
@click.option(
    "--artifact", default="mlval-report", metavar="NAME", show_default=True, help="What the run has uploaded."
)
@click.option(
    "--judge",
    type=bool,
    default=False,
    show_default=True,
    help="Whether to judge what the run has deferred, on the checkout of the base branch.",
)
@click.option(
    "--predictions",
    default="mlval-predictions",
    metavar="NAME",
    show_default=True,
    help="The artifact with predictions to judge: `MODEL.csv` or `MODEL.parquet`.",
)
@click.option(
    "--allow-sources",
    multiple=True,
    metavar="PLACE",
    help="With --judge: what may be read, as of `mlval run`.",
)
@click.option(
    "--allow-connections", multiple=True, metavar="MLVAL_NAME", help="With --judge: as of `mlval run`."
)
@click.option("--comment", type=bool, default=True, show_default=True, help="Whether to write the comment.")
@click.option("--status", type=bool, default=True, show_default=True, help="Whether to set the status.")
def command(
    *,
    workflow: str,
    contracts: tuple[str, ...],
    bases: tuple[str, ...],
    artifact: str,
    judge: bool,
    predictions: str,
    allow_sources: tuple[str, ...],
    allow_connections: tuple[str, ...],
    comment: bool,
    status: bool,
) -> int:
    """Publish the report of a finished run for its pull request: the trusted half of the gate for forks."""
    wish = Handover(
        contracts=tuple(map(posixpath.normpath, lines(contracts))),
        bases=lines(bases),
        artifact=artifact,
        wanted=Wanted(comment, status),
        judging=_judging(predictions, lines(allow_sources), lines(allow_connections)) if judge else None,
    )
    return main(outside(), workflow, wish)


def _judging(predictions: str, sources: tuple[str, ...], connections: tuple[str, ...]) -> Judging:
    # The engine is wanted where something is judged.
    from mlval.commands._second import Reach, judge

    reach = Reach(workspace(os.environ.get("GITHUB_WORKSPACE", "")), sources, connections)
    return Judging(predictions, partial(judge, reach))


def main(world: World, workflow: str, wish: Handover) -> ExitCode:
    """Publish, say in the log what became of it, and return the exit code.

    Raises
    ------
    UsageError
        If this is another event than `workflow_run`, or there is no token.
    """
    step = world.step()
    try:
        payload = _payload(world.environ)
        run = workflow_run.read(world.environ, payload, workflow=workflow)
        token = world.token()
        found = event.read(world.environ, payload)
        deliveries = hand_over(world.connect(found, token), found, run, wish=wish)
    except Overtaken as late:
        step.quote(str(late))
        return ExitCode.PASSED
    except (HandoverRefused, EventError, PublishError) as error:
        return _refused(step, error)
    tell(step, deliveries)
    done = all(delivery.ended is not Ended.NOT_POSSIBLE for delivery in deliveries)
    return ExitCode.PASSED if done else ExitCode.UNPUBLISHED


def _refused(step: Step, error: Exception) -> ExitCode:
    remedy = error.remedy if isinstance(error, MlvalError) else ""
    step.warn(f"Nothing was published. {shown(error, 1000)}{f' Try: {shown(remedy)}.' if remedy else ''}")
    return ExitCode.UNPUBLISHED


def _payload(environ: Mapping[str, str]) -> str:
    try:
        return Path(environ.get("GITHUB_EVENT_PATH", "")).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return ""
