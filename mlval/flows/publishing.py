"""Telling GitHub: the report as a comment, the verdict as a status; none of it changes the exit code."""

from dataclasses import dataclass

from mlval.domain.reports import Reports
from mlval.github.client import Client
from mlval.github.event import Event
from mlval.github.publish import Delivery, Ended, Line, What, publish
from mlval.github.status import State
from mlval.github.step import Step
from mlval.report import combined, escape

_BY_HAND = (
    "The status was left alone: a run by hand on another than the default branch is compared with nothing, "
    "and a pull request may have the same commit."
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be published."""

    comment: bool
    status: bool


def publish_report(
    client: Client | None, event: Event, reports: Reports, *, wanted: Wanted
) -> tuple[Delivery, ...]:
    """Write what is asked for, as far as GitHub allows; `client` is None where there is no token.

    However many contracts there are, it is one comment and one status.
    """
    texts = combined.variants(reports) if wanted.comment else ()
    line = Line(_state(reports), escape.terminal(combined.headline(reports))) if wanted.status else None
    if line is None or not event.is_by_hand:
        return publish(client, event, name=reports.name, texts=texts, line=line)
    left = Delivery(What.STATUS, Ended.UNCHANGED, _BY_HAND)
    return (*publish(client, event, name=reports.name, texts=texts, line=None), left)


def _state(reports: Reports) -> State:
    """Return the state of the commit, which waits where something is still to be judged elsewhere."""
    if not combined.is_green(reports):
        return State.FAILURE
    is_open = any(result.deferred for report in reports.judged for result in report.verdict.results)
    return State.PENDING if is_open else State.SUCCESS


def tell(step: Step, deliveries: tuple[Delivery, ...]) -> None:
    """Say in the log what became of each; what was not possible is a warning with its remedy."""
    for delivery in deliveries:
        sentence = f"{delivery.sentence}\n\n{delivery.remedy}" if delivery.remedy else delivery.sentence
        if delivery.ended == Ended.NOT_POSSIBLE:
            step.warn(sentence)
        else:
            step.quote(sentence)
