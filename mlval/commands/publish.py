"""`mlval publish`: what a run without a token has left becomes a comment and a status."""

import os
import posixpath
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click

from mlval.domain.errors import ExitCode, MlvalError, UsageError
from mlval.domain.text import shown
from mlval.flows.contract_file import DEFAULT
from mlval.flows.handover import Handover, Judging, hand_over
from mlval.flows.publishing import Wanted, tell
from mlval.flows.workspace import workspace
from mlval.github import event, masking, workflow_run
from mlval.github.client import Client, session
from mlval.github.errors import EventError, PublishError
from mlval.github.event import Event
from mlval.github.handover import HandoverRefused, Overtaken
from mlval.github.publish import Ended
from mlval.github.retry import Clock
from mlval.github.runner import Writer
from mlval.github.step import Step

TOKEN = "GITHUB_TOKEN"  # noqa: S105 - the name of the variable
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


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What there is outside: the environment, the log, random words, and how GitHub is reached."""

    environ: Mapping[str, str]
    write: Writer
    word: Callable[[], str]
    connect: Callable[[Event, str], Client]


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
    world = World(
        environ=os.environ,
        write=partial(print, end="", flush=True),
        word=lambda: secrets.token_hex(16),
        connect=_connect,
    )
    wish = Handover(
        contracts=tuple(map(posixpath.normpath, _lines(contracts))),
        bases=_lines(bases),
        artifact=artifact,
        wanted=Wanted(comment, status),
        judging=_judging(predictions, _lines(allow_sources), _lines(allow_connections)) if judge else None,
    )
    return main(world, workflow, wish)


def _judging(predictions: str, sources: tuple[str, ...], connections: tuple[str, ...]) -> Judging:
    # The engine is wanted where something is judged.
    from mlval.commands._second import Reach, judge

    reach = Reach(workspace(os.environ.get("GITHUB_WORKSPACE", "")), sources, connections)
    return Judging(predictions, partial(judge, reach))


def _lines(given: tuple[str, ...]) -> tuple[str, ...]:
    """Return every line of every value once, since the input of a step may hold several."""
    lines = (line.strip() for one in given for line in one.splitlines())
    return tuple(dict.fromkeys(line for line in lines if line))


def main(world: World, workflow: str, wish: Handover) -> ExitCode:
    """Publish, say in the log what became of it, and return the exit code.

    Raises
    ------
    UsageError
        If this is another event than `workflow_run`, or there is no token.
    """
    step = Step(environ=world.environ, write=world.write, word=world.word)
    step.mask(masking.secrets(world.environ))
    try:
        payload = _payload(world.environ)
        run = workflow_run.read(world.environ, payload, workflow=workflow)
        token = world.environ.get(TOKEN, "")
        if not token:
            message = f"{TOKEN} is not set"
            raise UsageError(message, remedy=f"env: {TOKEN}: ${{{{ github.token }}}}")
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


def _connect(found: Event, token: str) -> Client:
    return Client(
        session(), found, token=token, clock=Clock(monotonic=time.monotonic, now=time.time, sleep=time.sleep)
    )
