"""Telling GitHub: the report as a comment, the verdict as a status; none of it changes the exit code."""

from dataclasses import dataclass

from mlval.domain.verdict import Report
from mlval.github.client import Client
from mlval.github.event import Event
from mlval.github.publish import Delivery, Ended, Line, publish
from mlval.github.status import State
from mlval.github.step import Step
from mlval.report import escape, markdown
from mlval.report.sections import headline, is_green


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be published."""

    comment: bool
    status: bool


def publish_report(
    client: Client | None, event: Event, report: Report, *, wanted: Wanted
) -> tuple[Delivery, ...]:
    """Write what is asked for, as far as GitHub allows; `client` is None where there is no token."""
    texts = (markdown.render(report), markdown.render(report, level="failures")) if wanted.comment else ()
    state = State.SUCCESS if is_green(report) else State.FAILURE
    line = Line(state, escape.terminal(headline(report))) if wanted.status else None
    return publish(client, event, name=report.contract_name, texts=texts, line=line)


def tell(step: Step, deliveries: tuple[Delivery, ...]) -> None:
    """Say in the log what became of each; what was not possible is a warning with its remedy."""
    for delivery in deliveries:
        sentence = f"{delivery.sentence}\n\n{delivery.remedy}" if delivery.remedy else delivery.sentence
        if delivery.ended == Ended.NOT_POSSIBLE:
            step.warn(sentence)
        else:
            step.quote(sentence)
