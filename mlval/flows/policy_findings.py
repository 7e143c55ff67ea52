"""What the policy guard found, as results like any others: reports, annotations and the verdict know them."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from mlval.domain.contract import Contract
from mlval.domain.errors import Place, SourceUnavailable
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import GUARD, Outcome, Severity
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.github.reviews import Acceptance
from mlval.judge.verdict import verdict
from mlval.policy.change import Change

REMEDY: Final = "give the job `permissions: contents: read, pull-requests: read`, and the Action its token"
_NOBODY: Final = Acceptance()
_DECIDED: Final = frozenset({Outcome.PASSED, Outcome.FAILED})


def findings(
    changes: Iterable[Change], contract: Contract, *, severity: Severity, acceptance: Acceptance = _NOBODY
) -> tuple[Result, ...]:
    """Return every weakening among changes as a failure, or one result that says that there is none.

    Parameters
    ----------
    severity : what the base says that a weakening means; one that was accepted only warns
    acceptance : who lets the weakenings pass, or why nobody does
    """
    weakenings = [change for change in changes if change.weakens]
    if not weakenings:
        measurement = Measurement(subject=contract.path, metric="against the base")
        return (_result(measurement, "nothing was loosened", severity, outcome=Outcome.PASSED),)
    told = f"accepted by @{shown(acceptance.by, 40)}" if acceptance.by else acceptance.reason
    weight = Severity.WARN if acceptance.by else severity
    return tuple(
        _result(
            Measurement(subject=one.path, metric=one.kind),
            "; ".join(part for part in (one.sentence, told) if part),
            weight,
            place=one.place,
        )
        for one in weakenings
    )


def undecided_since(base: Report, head: Iterable[Result], *, severity: Severity) -> tuple[Result, ...]:
    """Return what was decided at the base and is not now: to look at fewer rows is a way round as well.

    Results are the same where validation, subject and metric are.
    """
    decided = {_key(one) for one in base.verdict.results if one.outcome in _DECIDED}
    return tuple(
        _result(
            Measurement(subject="/".join(shown(part, 80) for part in _key(one)), metric="undecided"),
            "it was decided at the base branch, and is not with these rows",
            severity,
            place=one.place,
        )
        for one in head
        if one.outcome is Outcome.INCONCLUSIVE and one.type != GUARD and _key(one) in decided
    )


def with_findings(report: Report, found: tuple[Result, ...]) -> Report:
    """Return a report with what the guard found, and the verdict over all of it."""
    return replace(report, verdict=verdict((*report.verdict.results, *found))) if found else report


def unreadable(contract: Contract, reason: str) -> Result:
    """Return that the base could not be read, which never passes."""
    problem = SourceUnavailable(f"the base branch could not be read: {reason}", remedy=REMEDY)
    measurement = Measurement(subject=contract.path, metric="against the base", problem=problem)
    return _result(measurement, problem.message, Severity.BLOCK, outcome=Outcome.ERRORED)


def _result(
    measurement: Measurement,
    reason: str,
    severity: Severity,
    *,
    outcome: Outcome = Outcome.FAILED,
    place: Place | None = None,
) -> Result:
    return Result(
        validation=GUARD,
        type=GUARD,
        outcome=outcome,
        severity=severity,
        blocks=severity is Severity.BLOCK and outcome is not Outcome.PASSED,
        measurement=measurement,
        reason=reason,
        place=place,
    )


def _key(result: Result) -> tuple[str, str, str]:
    return result.validation, result.measurement.subject, result.measurement.metric
