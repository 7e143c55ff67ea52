"""The policy guard over all contracts of a call: those that are judged, joined, and taken away."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from mlval import __version__
from mlval.domain.contract import Contract
from mlval.domain.errors import SourceUnavailable
from mlval.domain.inputs import Inputs
from mlval.domain.outcome import GUARD, Outcome, Severity
from mlval.domain.reports import NotAffected, NotJudged, Part, Reports
from mlval.domain.terms import Terms
from mlval.domain.verdict import BaseResult, Report, Result
from mlval.flows.many import UNCHOSEN, Located, bindings_of
from mlval.flows.merge import unknown
from mlval.flows.policy_findings import REMEDY, undecided_since, with_findings
from mlval.flows.policy_guard import MOVED, Gone, Guarded, Guarding, gone, guarded, under_review
from mlval.flows.policy_guard import unknown as not_read
from mlval.flows.request import Bindings
from mlval.github.errors import PublishError
from mlval.github.event import Event
from mlval.judge.verdict import verdict
from mlval.sources.spelling import has_wildcard

if TYPE_CHECKING:
    from mlval.github.client import Client

_NONE: Final = Contract("none", "", "", Inputs(), ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What the guard looks at, and by what means.

    Attributes
    ----------
    root : the top of the work tree
    default_name : of a contract there without a `name`
    event_name : why the run was started
    event : the event, where it could be read; `trouble` says why not
    client : asks GitHub; None without a token
    references : the paths and patterns by which the contracts were named
    """

    root: Path
    default_name: str
    event_name: str
    event: Event | None = None
    client: "Client | None" = None
    trouble: str = ""
    references: tuple[str, ...] = ()

    def findings(self, contract: Contract, bindings: Bindings) -> Guarding:
        """Return what the change under review does to a contract and to what it reads."""
        if self.event is None:
            return not_read(contract, self.trouble) if under_review(self.event_name) else Guarding()
        bound = (*bindings.data.values(), *bindings.models.values())
        subject = Guarded(contract, self.root, self.default_name, bound=bound, references=self.references)
        return guarded(self.client, self.event, subject)


def after_run(report: Report, found: Guarding, base: BaseResult | str, *, own: Terms) -> Report:
    """Add to a report what the guard found, and what the base branch had decided and the run has not.

    `base` is the result of the base branch, or why there is none; `own` are the terms of the contract.
    """
    terms = found.terms or own
    if isinstance(base, str):
        cautions = [*report.cautions]
        if own.fail_on == "new":
            cautions.append(
                f"`fail_on: new` has nothing to compare with, so that every failure is new: {base}"
            )
        if found.terms is not None and report.verdict.counts.get(Outcome.INCONCLUSIVE, 0):
            cautions.append(f"whether the base had decided what is undecided here is not known: {base}")
        return with_findings(replace(report, cautions=tuple(cautions)), found.results)
    if found.terms is None:
        return report
    severity = Severity.WARN if found.accepted else Severity(terms.policy.weakening)
    late = undecided_since(base.report, report.verdict.results, severity=severity)
    return with_findings(report, (*found.results, *late))


def over_joined(guard: Guard, reports: Reports, located: Sequence[Located], *, bindings: Bindings) -> Reports:
    """Add what the guard finds to reports of other jobs: whoever wrote these may have left it out."""
    contracts = {one.name: one.contract for one in located if isinstance(one.contract, Contract)}
    parts: list[Part] = []
    for part in reports.parts:
        if isinstance(part, Report):
            contract = contracts[part.contract_name]
            bound = bindings_of(contract.name, contract, bindings, is_alone=False)
            found = guard.findings(contract, bound)
            parts.append(with_findings(part, unknown(found.results, to=part.verdict.results)))
        else:
            parts.append(part)
    return replace(reports, parts=tuple(parts))


def over_unchosen(guard: Guard, reports: Reports, located: Sequence[Located], *, now: str) -> Reports:
    """Add what the guard finds in contracts of which no validation was chosen: what was may be gone."""
    contracts = {one.path: one.contract for one in located if isinstance(one.contract, Contract)}
    parts: list[Part] = []
    for part in reports.parts:
        if isinstance(part, NotAffected) and part.reason == UNCHOSEN:
            contract = contracts[part.path]
            found = guard.findings(contract, Bindings()).results
            is_clean = all(one.outcome is Outcome.PASSED for one in found)
            parts.append(part if is_clean else _report(contract, found, now=now))
        else:
            parts.append(part)
    return replace(reports, parts=tuple(parts))


def with_gone(guard: Guard, reports: Reports, located: Sequence[Located], *, now: str) -> Reports:
    """Add the contracts that were named at the base: one that is taken away judges nothing any more.

    One of the same name as another was moved, which is told where the other one is judged.
    """
    paths = {one.path for one in located}
    wanted = [one for one in guard.references if has_wildcard(one) or posixpath.normpath(one) not in paths]
    if not wanted or guard.client is None or guard.event is None:
        return reports
    subject = Guarded(_NONE, guard.root, guard.default_name, references=wanted)
    try:
        found = gone(guard.client, guard.event, subject, located=paths)
    except PublishError as error:
        message = f"which contracts the change takes away is not known: {error}"
        missing: Part = NotJudged("contracts", wanted[0], SourceUnavailable(message, remedy=REMEDY))
        return replace(reports, parts=(*reports.parts, missing))
    known = {report.contract_name for report in reports.judged}
    parts = [_with_moved(part, found) if isinstance(part, Report) else part for part in reports.parts]
    taken = (_report(one.contract, one.findings, now=now) for one in found if one.contract.name not in known)
    return replace(reports, parts=(*parts, *taken))


def _with_moved(report: Report, found: Sequence[Gone]) -> Report:
    """Return a report with the end of contracts of its name, unless it tells already what became of them."""
    if any(one.type == GUARD and one.measurement.metric == MOVED for one in report.verdict.results):
        return report
    ended = [result for one in found if one.contract.name == report.contract_name for result in one.findings]
    return with_findings(report, tuple(ended))


def _report(contract: Contract, found: tuple[Result, ...], *, now: str) -> Report:
    """Return a report of what the guard found in a contract that is not judged itself."""
    return Report(
        tool_version=__version__,
        contract_name=contract.name,
        contract_path=contract.path,
        contract_sha256=contract.sha256,
        now=now,
        verdict=verdict(found),
    )
