"""Whatever GitHub answers, it ends as the table says; the verdict is not even known here."""

import threading
from contextlib import ExitStack
from dataclasses import replace

import pytest

from mlval.github import marker
from mlval.github.event import Event
from mlval.github.marker import Marker
from mlval.github.publish import Delivery, Line, What, publish
from mlval.github.status import State
from tests.github import world
from tests.github.failures import CASES, NEW, REMEDIES, Case, Seen
from tests.github.faults import Then
from tests.github.stand_in import StandIn
from tests.github.world import Timeline

LINE = Line(State.FAILURE, "blocked: 1 of 3 failed")


@pytest.mark.parametrize("case", [pytest.param(case, id=case.answered) for case in CASES])
def test_each_failure_ends_as_documented(case: Case, github: StandIn) -> None:
    github.faults = [replace(fault) for fault in case.faults]
    for old in case.before:
        body = _body(old.text, run_id=old.run_id, head_sha=old.head_sha)
        github.forge.add_comment(world.PULL, author=old.author, body=body)
    timeline = Timeline()
    if case.overwritten_by is not None:
        rival = _body("the rival", run_id=case.overwritten_by, head_sha=world.HEAD)
        timeline.on_first_wait = lambda: github.forge.overwrite(rival)

    deliveries = _published(case, github, timeline=timeline)

    assert deliveries == (_delivery(What.COMMENT, case.comment), _delivery(What.STATUS, case.status))
    assert case.waited is None or timeline.passed == case.waited
    assert tuple(_below_marker(comment["body"]) for comment in github.forge.on(world.PULL)) == case.stands


def _published(case: Case, github: StandIn, *, timeline: Timeline) -> tuple[Delivery, ...]:
    about = world.event(**case.event)
    if case.rival is None:
        return _one(case, github, about=about, timeline=timeline)
    rival = threading.Thread(
        target=_one,
        args=(case, github),
        kwargs={"about": replace(about, run_id=case.rival), "timeline": Timeline(), "text": "the rival"},
    )
    rival.start()
    try:
        return _one(case, github, about=about, timeline=timeline)
    finally:
        rival.join()


def _one(
    case: Case, github: StandIn, *, about: Event, timeline: Timeline, text: str = NEW
) -> tuple[Delivery, ...]:
    with ExitStack() as stack:
        client = None
        if case.token is not None:
            silence = 0.5 if any(fault.then is Then.SLOW for fault in case.faults) else 10.0
            connection = world.connected(
                github, token=case.token, timeline=timeline, about=about, silence=silence
            )
            client = stack.enter_context(connection)
        return publish(client, about, name="churn", texts=[text], line=LINE)


def _body(text: str, *, run_id: int, head_sha: str) -> str:
    return marker.write(Marker(name="churn", run_id=run_id, attempt=1, head_sha=head_sha), text)


def _delivery(what: What, seen: Seen) -> Delivery:
    return Delivery(what, seen.ended, seen.sentence, REMEDIES[seen.helps] if seen.helps else "")


def _below_marker(body: str) -> str:
    return body.partition("\n")[2]


def test_every_remedy_is_the_remedy_of_a_case() -> None:
    used = {seen.helps for case in CASES for seen in (case.comment, case.status)}
    assert used - {""} == set(REMEDIES)
