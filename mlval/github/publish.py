"""The order of publishing: the comment, then the status; each ends in a sentence, none in an exception."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from mlval.github import budget, comment, errors, status
from mlval.github.comment import Ending
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.github.marker import Marker

if TYPE_CHECKING:
    from mlval.github.client import Client


class What(StrEnum):
    """What is published."""

    COMMENT = "comment"
    STATUS = "status"
    ISSUE = "issue"


class Ended(StrEnum):
    """How it ended."""

    DONE = "done"
    UNCHANGED = "unchanged"
    NOT_POSSIBLE = "not possible"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What became of one thing to publish: a sentence for the log, and what mends it."""

    what: What
    ended: Ended
    sentence: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The one line that a commit status shows."""

    state: status.State
    description: str


PERMISSIONS = """permissions:
  contents: read
  pull-requests: write
  statuses: write
"""
"""What the job's token needs for comment and status."""

_WHY: dict[type[PublishError], tuple[str, str]] = {
    errors.BadCredentials: (
        "GitHub does not accept the token",
        "Give the step a token that is valid; `${{ github.token }}` is the job's own.",
    ),
    errors.Forbidden: (
        "the token may not do this",
        f"Give the job these permissions:\n\n{PERMISSIONS}",
    ),
    errors.Limited: (
        "GitHub's rate limit is used up",
        "Re-run the job later; fewer jobs at a time that write to one repository help as well.",
    ),
    errors.Delayed: (
        "GitHub kept the run waiting, and what was read before a wait is not written on",
        "Re-run the job later; fewer jobs at a time that write to one repository help as well.",
    ),
    errors.NotFound: (
        "GitHub does not find the repository, pull request or commit, or hides it from the token",
        "Check that the pull request still exists and that the token belongs to this repository.",
    ),
    errors.Refused: (
        "GitHub refused it",
        "GitHub's own words above say why; re-running the job helps only if that changes.",
    ),
    errors.Unreadable: (
        "something else than GitHub seems to have answered",
        "Check `GITHUB_API_URL` and the proxy of the runner.",
    ),
    errors.Unavailable: (
        "GitHub could not be reached",
        "Re-run the job; if it stays so, check the runner's proxy, and the input `ca-bundle`.",
    ),
    errors.Unsure: (
        "GitHub did not confirm it",
        "Re-run the job: it looks for what may have been written and goes on from there.",
    ),
}

_READ_ONLY_REMEDY = (
    "The verdict stands without it. To publish it, add the `workflow_run` workflow that calls `mlval "
    "publish`: it takes `result.json` from this run and has a token that may write."
)
_NO_TOKEN_REMEDY = (
    f"Give the step the token `${{{{ github.token }}}}`, and the job these permissions:\n\n{PERMISSIONS}"
)

_ENDINGS: dict[Ending, tuple[Ended, str]] = {
    Ending.WRITTEN: (Ended.DONE, "The comment on the pull request is up to date."),
    Ending.UNCHANGED: (Ended.UNCHANGED, "The comment on the pull request says this already."),
    Ending.NEWER_COMMIT: (
        Ended.UNCHANGED,
        "The comment was left alone: the pull request has a newer commit than this run.",
    ),
    Ending.NEWER_RUN: (
        Ended.UNCHANGED,
        "The comment was left alone: a newer run has reported on this commit.",
    ),
}


def publish(
    client: Client | None,
    event: Event,
    *,
    name: str,
    texts: Sequence[str],
    line: Line | None,
) -> tuple[Delivery, ...]:
    """Write the comment and set the status, as far as GitHub allows.

    Parameters
    ----------
    client
        None where the run has no token.
    name
        The contract's name; comment and status are found by it.
    texts
        Renderings of the report from full to short; empty for no comment.
    line
        What the status says; None for no status.

    Returns
    -------
    One delivery for each thing asked for. A failure is one too: it changes no verdict and no exit code.
    """
    deliveries = []
    if texts:
        deliveries.append(_comment(client, event, name=name, texts=texts))
    if line is not None and deliveries and deliveries[0] in _OVERTAKEN:
        sentence = "The status was left alone, as the comment was."
        deliveries.append(Delivery(What.STATUS, Ended.UNCHANGED, sentence))
    elif line is not None:
        deliveries.append(_status(client, event, name=name, line=line))
    return tuple(deliveries)


_OVERTAKEN = tuple(
    Delivery(What.COMMENT, *_ENDINGS[ending]) for ending in (Ending.NEWER_COMMIT, Ending.NEWER_RUN)
)
"""How the comment ends for a run that something newer has overtaken; such a run writes nothing."""


def _comment(client: Client | None, event: Event, *, name: str, texts: Sequence[str]) -> Delivery:
    if event.pull_request is None:
        return Delivery(What.COMMENT, Ended.UNCHANGED, "This event has no pull request to comment on.")
    if client is None or event.token_is_read_only:
        return _without_token(What.COMMENT, event)
    text = budget.choose(texts, link=event.run_url)
    mark = Marker(name=name, run_id=event.run_id, attempt=event.run_attempt, head_sha=event.head_sha)
    try:
        ending = comment.put(client, event.pull_request, mark=mark, text=text)
    except PublishError as error:
        return _failed(What.COMMENT, error)
    return Delivery(What.COMMENT, *_ENDINGS[ending])


def _status(client: Client | None, event: Event, *, name: str, line: Line) -> Delivery:
    if client is None or event.token_is_read_only:
        return _without_token(What.STATUS, event)
    built = status.build(name=name, state=line.state, description=line.description, target_url=event.run_url)
    try:
        status.put(client, event.head_sha, status=built)
    except PublishError as error:
        return _failed(What.STATUS, error)
    return Delivery(What.STATUS, Ended.DONE, f"The status {built.context} is set to {built.state}.")


def _without_token(what: What, event: Event) -> Delivery:
    """Say it before GitHub does: a run that a stranger caused has a token that may only read."""
    verb = _verb(what)
    if not event.token_is_read_only:
        return Delivery(what, Ended.NOT_POSSIBLE, f"{verb}: the step has no token.", _NO_TOKEN_REMEDY)
    who = "Dependabot" if event.is_dependabot else "a fork"
    sentence = f"{verb}: GitHub gives a run caused by {who} no token that may write."
    return Delivery(what, Ended.NOT_POSSIBLE, sentence, _READ_ONLY_REMEDY)


def explained(error: PublishError) -> tuple[str, str]:
    """Return why GitHub did not do it, as a clause, and what mends it."""
    return next(_WHY[kind] for kind in type(error).__mro__ if kind in _WHY)


def _failed(what: What, error: PublishError) -> Delivery:
    why, remedy = explained(error)
    return Delivery(what, Ended.NOT_POSSIBLE, f"{_verb(what)}: {why} ({error}).", remedy)


def _verb(what: What) -> str:
    return "The comment was not written" if what is What.COMMENT else "The status was not set"
