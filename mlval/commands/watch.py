"""`mlval watch`: one issue a contract, kept in step with what a scheduled gate has found."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

import click

from mlval.commands._github import World, lines, outside
from mlval.domain.errors import ExitCode, MlvalError, UsageError
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows.legs import read_legs
from mlval.flows.merge import Leg
from mlval.flows.publishing import tell
from mlval.flows.watch import Watching, keep
from mlval.github import event
from mlval.github.errors import EventError, PublishError
from mlval.github.publish import Delivery, Ended
from mlval.github.step import Step
from mlval.sources.confine import Boundary

EVENTS = ("schedule", "workflow_dispatch", "push")
"""Events of the repository's own branches; a pull request has its comment."""

LABEL = "mlval-drift"
TITLE = "mlval watch: {name}"
_LONGEST_LABEL = 50
_LONGEST_TITLE = 200
_LABEL = re.compile(rf"[^,\s][^,]{{0,{_LONGEST_LABEL - 1}}}")
EPILOG = """\b
Examples:
  mlval watch mlval-report/result.json
  mlval watch 'mlval-report/**/result.json' --label drift
  mlval watch result.json --issue-title 'Drift of {name}'

\b
Runs after the gate, in a workflow that starts on a schedule, on demand or on a push,
with the job's token in GITHUB_TOKEN and the permission `issues: write`. It measures
nothing. Exits with 0 when every issue is as it should be; with 5 when one could not
be kept, or a result is missing or refused; with 2 when it was called under another
event. It never tells the verdict: that is the exit code of the gate."""


@click.command(epilog=EPILOG)
@click.argument("results", metavar="RESULT...", nargs=-1, required=True)
@click.option(
    "--label", default=LABEL, show_default=True, help="The label by which the issues are found again."
)
@click.option(
    "--issue-title",
    "title",
    default=TITLE,
    show_default=True,
    help="The title of a new issue; {name} stands for the contract's. It may be changed by hand later.",
)
def command(*, results: tuple[str, ...], label: str, title: str) -> int:
    """Open, update or close one issue for each contract, by RESULT, a result.json or a pattern in quotes."""
    return main(outside(), lines(results), Watching(label, title))


def main(world: World, results: Sequence[str], watching: Watching) -> ExitCode:
    """Keep the issues, say in the log what became of each, and return the exit code.

    Raises
    ------
    UsageError
        If this is another event, there is no token, or label or title cannot be one.
    """
    step = world.step()
    _refuse(world.environ, watching)
    token = world.token()
    start = Path(world.environ.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
    legs = read_legs(results, Boundary(start), start, trusted=False)
    reports = [leg.report for leg in legs if isinstance(leg.report, Report)]
    is_whole = _complain(step, legs)
    try:
        found = event.read(world.environ, "")
        keep_one = partial(keep, world.connect(found, token), found, watching=watching)
    except (EventError, PublishError) as error:
        step.warn(f"No issue was kept. {shown(error, 1000)}")
        return ExitCode.UNPUBLISHED
    twice = {name for name, count in Counter(one.contract_name for one in reports).items() if count > 1}
    for report in reports:
        if report.contract_name not in twice:
            is_whole &= _kept(step, report, keep_one)
    for name in sorted(twice):
        step.warn(f"Several results are of {shown(name)}; join them with `mlval merge` first.")
    return ExitCode.PASSED if is_whole and not twice else ExitCode.UNPUBLISHED


def _kept(step: Step, report: Report, keep_one: Callable[[Report], Delivery]) -> bool:
    try:
        delivery = keep_one(report)
    except MlvalError as error:
        step.warn(f"Nothing was written. {shown(error.message, 1000)}")
        return False
    tell(step, (delivery,))
    return delivery.ended is not Ended.NOT_POSSIBLE


def _complain(step: Step, legs: Sequence[Leg]) -> bool:
    """Say which files are no results; issues are left as they are where there is none."""
    for leg in legs:
        if isinstance(leg.report, MlvalError):
            step.warn(f"{shown(leg.path)} was not taken: {shown(leg.report.message, 1000)}")
    if not legs:
        step.warn("There is no result.json: the gate has judged nothing, and issues are left as they are.")
    return bool(legs) and all(isinstance(leg.report, Report) for leg in legs)


def _refuse(environ: Mapping[str, str], watching: Watching) -> None:
    name = environ.get("GITHUB_EVENT_NAME", "")
    if name not in EVENTS:
        message = f"`watch` does not start under {shown(name) or 'no event'!r}"
        raise UsageError(message, remedy=f"start it in a workflow on: {', '.join(EVENTS)}")
    if not _LABEL.fullmatch(watching.label):
        message = (
            f"{shown(watching.label)!r} is no label: it has a comma, or more than {_LONGEST_LABEL} letters"
        )
        raise UsageError(message, remedy=f"--label {LABEL}")
    if not watching.title.strip() or len(watching.title) > _LONGEST_TITLE or not watching.title.isprintable():
        message = f"a title has 1 to {_LONGEST_TITLE} letters on one line"
        raise UsageError(message, remedy=f"--issue-title '{TITLE}'")
