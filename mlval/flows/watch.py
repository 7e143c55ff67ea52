"""Keeping one issue a contract in step with its newest report: opened, updated, closed, reopened."""

import re
from dataclasses import dataclass
from functools import partial

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.github import budget, errors, issues
from mlval.github.client import Client
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.github.issue_marker import key, remembered
from mlval.github.issues import Ending, Keeping, Kept, Standing, Wish
from mlval.github.publish import Delivery, Ended, What, explained
from mlval.judge.verdict import verdict
from mlval.report import escape, markdown
from mlval.report.sections import is_green, stops
from mlval.report.strict_json import ReportRefused

BUDGET = budget.COMMENT_BUDGET - 4_096
"""Characters that the text of an issue may have: its marker is longer than that of a comment."""

PERMISSIONS = """permissions:
  issues: write
"""
_TIME = re.compile(r"[0-9]{4}-[0-9][0-9T:.+Z-]{5,34}")
_OPEN_STILL = {Outcome.INCONCLUSIVE, Outcome.SKIPPED, Outcome.ERRORED}
_REMEDIES: dict[type[PublishError], str] = {
    errors.Forbidden: f"Give the job these permissions:\n\n{PERMISSIONS}",
    errors.NotFound: "Check that the settings of the repository switch issues on, and that the token belongs "
    "to it.",
}


@dataclass(frozen=True, slots=True)
class Watching:
    """How issues are found and named; `{name}` in the title stands for that of the contract."""

    label: str
    title: str


def keep(client: Client, event: Event, report: Report, *, watching: Watching) -> Delivery:
    """Bring the issue of a contract to what its report says; a failure is a delivery too.

    Raises
    ------
    ReportRefused
        If the report claims another verdict than its results give.
    """
    refuse_false(report)
    keeping = Keeping(report.contract_name, watching.label, event.run_id, event.run_attempt)
    title = watching.title.replace("{name}", report.contract_name)
    link = f"{event.server_url}/{event.repository}/actions/runs/{event.run_id}"
    try:
        kept = issues.put(client, keeping, partial(decide, report, title=title, link=link))
    except PublishError as error:
        why, remedy = explained(error)
        sentence = f"The issue of {report.contract_name} was not kept: {why} ({error})."
        return Delivery(What.ISSUE, Ended.NOT_POSSIBLE, sentence, _REMEDIES.get(type(error), remedy))
    return _told(report.contract_name, kept)


def refuse_false(report: Report) -> None:
    """Refuse a report whose verdict does not follow from its results.

    Raises
    ------
    ReportRefused
        Which names the contract.
    """
    told, found = report.verdict, verdict(report.verdict.results)
    if (told.state, told.exit_code) != (found.state, found.exit_code):
        message = f"the verdict of {report.contract_name} is not what its results give"
        raise ReportRefused(message, remedy="let nothing change result.json after the run")
    if not _TIME.fullmatch(report.now):
        raise ReportRefused(f"the report of {report.contract_name} says no time")


def decide(report: Report, standing: Standing | None, *, title: str, link: str) -> Wish | None:
    """Say how the issue of a contract is to be; None where it is to be left as it is.

    An issue is open while its contract is blocked. It is closed when the contract passes and nothing that has
    failed is undecided, skipped or without a value now: too little data is no recovery.

    Parameters
    ----------
    standing : the issue that is there, open or closed
    title : for a new issue
    link : to the run
    """
    is_open = standing is not None and standing.issue.is_open
    if is_green(report) and not is_open:
        return None
    wish = partial(_wish, report, title=title, link=link)
    name, now = escape.code(report.contract_name), escape.code(report.now)
    since = standing.mark.since if standing is not None and is_open else report.now
    waiting = _waiting(report, standing if is_open else None)
    if not is_green(report):
        failed = {key(one.name) for one in report.verdict.results if stops(one)}
        known = None if waiting is None else remembered(failed | set(waiting))
        first = f"The contract {name} has been failing since {escape.code(since)}."
        remark = f"It fails again since {now}: [run]({link})." if standing is not None else ""
        return wish(first, is_open=True, since=since, failed=known, remark=remark)
    if waiting is None or waiting:
        first = f"Nothing blocks any more, but not all of what failed since {escape.code(since)} is decided."
        return wish(first, is_open=True, since=since, failed=waiting)
    first = f"The contract {name} passes since {now}."
    remark = f"It passes since {now}: [run]({link}). It had been failing since {escape.code(since)}."
    return wish(first, is_open=False, since=since, remark=remark)


def _wish(
    report: Report,
    first: str,
    *,
    title: str,
    link: str,
    is_open: bool,
    since: str,
    failed: tuple[str, ...] | None = (),
    remark: str = "",
) -> Wish:
    ending = f"\n<sub>Kept by `mlval watch`, newest [run]({link}); edits of this text do not stay.</sub>\n"
    texts = [f"{first}\n\n{markdown.render(report, level=level)}{ending}" for level in ("full", "failures")]
    text = budget.choose(texts, link=link, limit=BUDGET)
    return Wish(is_open=is_open, title=title, text=text, since=since, failed=failed, remark=remark)


def _waiting(report: Report, standing: Standing | None) -> tuple[str, ...] | None:
    """Return the keys of what has failed and is undecided now; None where they are too many."""
    if standing is None:
        return ()
    failed = standing.mark.failed
    open_still = [one for one in report.verdict.results if one.outcome in _OPEN_STILL]
    return remembered(key(one.name) for one in open_still if failed is None or key(one.name) in failed)


_SENTENCES: dict[Ending, tuple[Ended, str]] = {
    Ending.OPENED: (Ended.DONE, "Issue {number} was opened for {name}."),
    Ending.REOPENED: (Ended.DONE, "Issue {number} of {name} was opened again."),
    Ending.UPDATED: (Ended.DONE, "Issue {number} of {name} is up to date."),
    Ending.CLOSED: (Ended.DONE, "Issue {number} of {name} was closed: the contract passes."),
    Ending.UNCHANGED: (Ended.UNCHANGED, "Issue {number} of {name} stands as it should."),
    Ending.NONE: (Ended.UNCHANGED, "{name} passes, and there is no issue of it."),
    Ending.NEWER_RUN: (
        Ended.UNCHANGED,
        "Issue {number} of {name} was left alone: a newer run has written it.",
    ),
}


def _told(name: str, kept: Kept) -> Delivery:
    ended, sentence = _SENTENCES[kept.ending]
    return Delivery(What.ISSUE, ended, sentence.format(number=kept.number, name=name))
