"""The second phase: what a run without a token has left is checked, bound to its pull request and published.

Facts come from the event file and the API, numbers from the artifact, and nothing else from it.
"""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, MlvalError
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows.claims import objection
from mlval.flows.contract_file import LIMIT
from mlval.flows.own_gate import own_gate
from mlval.flows.publishing import Wanted
from mlval.flows.second_judging import file_names, judged_again, open_ids, plan
from mlval.github import artifacts, pulls
from mlval.github.changes import changed_files
from mlval.github.client import Client
from mlval.github.contents import Snapshot
from mlval.github.errors import NotFound, Unreadable
from mlval.github.event import DEPENDABOT, Event
from mlval.github.handover import HandoverRefused, Overtaken
from mlval.github.publish import Delivery, Line, publish
from mlval.github.status import State
from mlval.github.workflow_run import FinishedRun
from mlval.report import escape, markdown
from mlval.report.result_reading import read_report
from mlval.report.sections import headline, is_green
from mlval.report.strict_json import ReportRefused

MEMBER: Final = "result.json"
_ORIGIN: Final = "These numbers come from the pull request's own job, which runs its code"
_EDITS: Final = "This change edits its own gate and needs review"
_UNSEEN: Final = "This change may edit its own gate and needs review: not all of its files could be listed"
_MOST_NAMED: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """What may be published.

    Attributes
    ----------
    contracts : paths of the contracts, from the top of the repository
    bases : branches that pull requests must go to; none stands for the default branch
    artifact : the name of the artifact that holds `result.json`
    wanted : comment, status, or both
    judging : how what the run has deferred is judged now; None leaves it open
    """

    contracts: tuple[str, ...]
    bases: tuple[str, ...] = ()
    artifact: str
    wanted: Wanted
    judging: "Judging | None" = None


@dataclass(frozen=True, slots=True)
class Judging:
    """How what was deferred is judged: the artifact of predictions, and what judges a contract on them."""

    predictions: str
    judge: Callable[[Contract, Mapping[str, bytes]], Report]


def hand_over(client: Client, found: Event, run: FinishedRun, *, wish: Handover) -> tuple[Delivery, ...]:
    """Publish the report of a finished run; one delivery for each thing wanted.

    Raises
    ------
    HandoverRefused
        If the run, its artifact or its report is not what it has to be.
    Overtaken
        If the pull request has moved on, is closed, or goes to another branch.
    PublishError
        If GitHub does not answer what has to be known before.
    """
    pull = pulls.of_run(client, run)
    # A status belongs to a commit: one that a weaker contract of another branch has earned would count here.
    if pull.base_ref not in (wish.bases or (run.default_branch,)):
        message = (
            f"Pull requests to {shown(pull.base_ref)} are not published; `bases` lists branches that are."
        )
        raise Overtaken(message)
    event = replace(
        found,
        head_sha=run.head_sha,
        base_sha=pull.base_sha,
        pull_request=pull.number,
        is_fork=pull.head_repository_id != pull.base_repository_id,
        run_id=run.run_id,
        run_attempt=run.attempt,
    )
    gates = _gates(client, event, wish.contracts)
    report = _believed(artifacts.read_file(client, run, name=wish.artifact, member=MEMBER))
    gate = gates.get(report.contract_name)
    if gate is None:
        names = ", ".join(gates) or "none"
        message = f"The report is about {shown(report.contract_name)}; the base branch has {names}."
        raise HandoverRefused(message, remedy="list the contract's path: `contracts`")
    # The first run of anybody else has credentials of its own.
    stranger = event.is_fork or run.actor == DEPENDABOT
    settled: tuple[str, ...] = ()
    if wish.judging is not None and stranger:
        report, settled = _settled(client, run, gate, report=report, judging=wish.judging)
    changed = changed_files(client, event)
    doubt = _doubt(None if changed is None else own_gate(changed, gate))
    left = open_ids(report, gate, settled, stranger=stranger)
    cautions = (*((doubt,) if doubt else ()), _origin(settled), *report.cautions)
    texts = _texts(replace(report, cautions=cautions)) if wish.wanted.comment else ()
    line = _line(report, doubt=doubt, conclusion=run.conclusion, left=left) if wish.wanted.status else None
    return publish(client, event, name=report.contract_name, texts=texts, line=line)


def _gates(client: Client, event: Event, paths: tuple[str, ...]) -> Mapping[str, Contract]:
    """Return the contracts that the base branch has, by name; one that it lacks is not judged by it."""
    base = Snapshot(client, event.base_sha or "")
    found: dict[str, Contract] = {}
    for path in paths:
        folder = posixpath.basename(posixpath.dirname(path))
        try:
            text = _text(base, path)
            gate = load(text, file=path, default_name=folder or event.repository.partition("/")[2])
        except NotFound:
            continue
        except (ContractError, Unreadable) as cause:
            raise HandoverRefused(f"The contract {shown(path)} of the base branch cannot be read.") from cause
        if gate.name in found:
            raise HandoverRefused(f"Two contracts of the base branch are named {gate.name}.")
        found[gate.name] = gate
    return found


def _text(base: Snapshot, path: str) -> bytes:
    """Return a contract's bytes; a link is refused, since what it leads to could change without it."""
    entry = base.entry(path)
    if entry is None:
        raise NotFound("the commit has no such file")
    if entry.kind != "file":
        raise Unreadable("it is no file")
    return base.read(entry, most=LIMIT)


def _believed(data: bytes) -> Report:
    try:
        report = read_report(data)
    except ReportRefused as cause:
        raise HandoverRefused(f"{MEMBER} is refused: {cause.message}.") from cause
    if contradiction := objection(report):
        raise HandoverRefused(f"{MEMBER} is refused: {contradiction}.")
    return report


def _origin(settled: tuple[str, ...]) -> str:
    if not settled:
        return f"{_ORIGIN}. Nobody else has measured them."
    return f"{_ORIGIN}, but for {shown(', '.join(settled))}: judged by this repository, on its predictions."


def _doubt(touched: tuple[str, ...] | None) -> str:
    if touched is None:
        return _UNSEEN
    if not touched:
        return ""
    named = ", ".join(shown(path, 60) for path in touched[:_MOST_NAMED])
    more = f" and {len(touched) - _MOST_NAMED:,} more" if len(touched) > _MOST_NAMED else ""
    return f"{_EDITS}: {named}{more}"


def _texts(report: Report) -> tuple[str, ...]:
    try:
        return markdown.render(report), markdown.render(report, level="failures")
    except Exception as cause:
        raise HandoverRefused(f"{MEMBER} is refused: its details cannot be shown.") from cause


def _settled(
    client: Client, run: FinishedRun, gate: Contract, *, report: Report, judging: Judging
) -> tuple[Report, tuple[str, ...]]:
    """Judge what was deferred, as far as it can be; return the ids of what was judged as well."""
    files = artifacts.read_files(client, run, name=judging.predictions, allowed=file_names(gate))
    names = [name.rpartition(".")[0] for name in files]
    if len(set(names)) < len(names):
        raise HandoverRefused(
            f"The artifact {shown(judging.predictions)} holds predictions of one model twice."
        )
    second = plan(gate, names)
    wanted = {name: data for name, data in files.items() if name.rpartition(".")[0] in second.uploaded}
    try:
        judged = judged_again(report, second, lambda contract: judging.judge(contract, wanted))
    except MlvalError as cause:
        message = f"What the run has deferred could not be judged: {cause.message}."
        raise HandoverRefused(message, remedy=cause.remedy) from cause
    return judged, tuple(check.id for check in second.contract.validations) if second.contract else ()


def _line(report: Report, *, doubt: str, conclusion: str, left: tuple[str, ...]) -> Line:
    """Return the status: no success where the run did not end well, or where somebody has to look first."""
    said = escape.terminal(headline(report))
    if not is_green(report):
        return Line(State.FAILURE, said)
    if conclusion != "success":
        return Line(State.FAILURE, f"the run ended with {conclusion}, although its report says {said}")
    if doubt:
        return Line(State.PENDING, f"edits its own gate, needs review; {said}")
    if left:
        return Line(State.PENDING, f"{len(left)} not judged yet: {shown(', '.join(left), 80)}; {said}")
    return Line(State.SUCCESS, said)
