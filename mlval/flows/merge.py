"""Joining the results of parallel jobs: each ran a part of a contract, or another contract.

What is joined was read from the checkout, so that a leg that is missing is seen: a validation that no leg
has reported is errored. A verdict of a leg is never taken over; it is folded anew from all results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mlval import __version__
from mlval.domain.contract import Contract
from mlval.domain.errors import Failure, MlvalError, Unmeasurable, UsageError
from mlval.domain.outcome import GUARD, Outcome
from mlval.domain.reports import NotAffected, NotJudged, Part, Reports
from mlval.domain.text import shown
from mlval.domain.verdict import PARTIAL, InputRecord, Report, Result
from mlval.flows.affected import is_affected
from mlval.flows.many import GENERAL_NAME, UNTOUCHED, Change, Located, bindings_of
from mlval.flows.request import Bindings
from mlval.judge.outcome import judge
from mlval.judge.verdict import verdict

UNREPORTED = "no job of the matrix reported it: one has failed, or none is asked for it"
_NAMED = 4
_UNBOUND = Bindings()


@dataclass(frozen=True, slots=True)
class Leg:
    """What one job left: the path of its file, and the report in it or why there is none."""

    path: str
    report: Report | MlvalError


def merge(
    located: Sequence[Located],
    legs: Sequence[Leg],
    *,
    name: str,
    change: Change,
    now: str,
    bindings: Bindings = _UNBOUND,
) -> Reports:
    """Join legs to one report for each contract, in the order of the contracts.

    Parameters
    ----------
    located : the contracts that were to be judged, as the checkout has them
    legs : all files of all jobs
    name : of comment and status; empty for the default
    change : what is under review: without legs, a contract that it does not concern is not affected
    now : the time of a contract without any leg; else the newest of its legs counts
    bindings : what the jobs bind, so that a bound file that changed counts as well

    Raises
    ------
    UsageError
        If a leg cannot be joined and there is one contract only; of several it is told beside the others.
    """
    strangers = tuple(_refused(leg, located) for leg in legs if _is_stranger(leg, located))
    parts = (*(_contained(one, legs, change, now=now, bindings=bindings) for one in located), *strangers)
    refused = [part.error for part in parts if isinstance(part, NotJudged)]
    if len(located) == 1 and refused:
        raise refused[-1]
    return Reports(name or (located[0].name if len(located) == 1 else GENERAL_NAME), parts)


def _is_stranger(leg: Leg, located: Sequence[Located]) -> bool:
    return not isinstance(leg.report, Report) or leg.report.contract_name not in {one.name for one in located}


def _refused(leg: Leg, located: Sequence[Located]) -> NotJudged:
    """Return a leg that belongs to no contract; it blocks, since nobody knows what it would have said."""
    if isinstance(leg.report, MlvalError):
        error = type(leg.report)(f"{shown(leg.path)}: {leg.report.message}", remedy=leg.report.remedy)
        return NotJudged("leg", leg.path, error)
    name = leg.report.contract_name
    message = f"{shown(leg.path)} judged the contract {shown(name)}, which is not among those that are joined"
    known = shown(", ".join(one.name for one in located))
    remedy = f"joined are: {known}; name its contract as well, or give it a `name:` that no folder changes"
    return NotJudged(shown(name), leg.path, UsageError(message, remedy=remedy))


def _contained(one: Located, legs: Sequence[Leg], change: Change, *, now: str, bindings: Bindings) -> Part:
    own = {
        leg.path: leg.report
        for leg in legs
        if isinstance(leg.report, Report) and leg.report.contract_name == one.name
    }
    try:
        return _joined(one, own, change, now=now, bindings=bindings)
    except Exception as error:  # noqa: BLE001 - a bug in one contract is a code 70, and the others are told
        return NotJudged(one.name, one.path, error)


def _joined(
    one: Located, legs: Mapping[str, Report], change: Change, *, now: str, bindings: Bindings
) -> Report | NotAffected:
    contract = one.contract
    if isinstance(contract, MlvalError):
        raise contract
    bound = bindings_of(one.name, contract, bindings, is_alone=False)
    if not legs and not is_affected(
        contract, one.file, root=change.root, changed=change.files, bindings=bound, start=change.root
    ):
        return NotAffected(one.name, one.path, UNTOUCHED)
    for path, report in legs.items():
        _refuse_other(path, report, contract)
    reports = tuple(legs.values())
    return Report(
        tool_version=__version__,
        contract_name=contract.name,
        contract_path=contract.path,
        contract_sha256=contract.sha256,
        now=max((report.now for report in reports), key=_moment, default=now),
        verdict=verdict([*_results(contract, legs), *_of_guard(reports)]),
        inputs=_once([record for report in reports for record in report.inputs]),
        cautions=tuple(dict.fromkeys([*_disagreements(reports), *_cautions(reports)])),
    )


def _cautions(reports: Sequence[Report]) -> Iterable[str]:
    """Yield what the legs warn of; that each is a part is no matter once they are joined."""
    return (told for report in reports for told in report.cautions if not told.startswith(PARTIAL))


def _refuse_other(path: str, report: Report, contract: Contract) -> None:
    """Refuse a leg that judged something else than the others."""
    if report.contract_sha256 != contract.sha256:
        message = f"{shown(path)} judged another version of {shown(contract.path)} than the one here"
        raise UsageError(message, remedy="let all jobs check out the same commit")
    if report.tool_version != __version__:
        message = f"{shown(path)} was made by mlval {shown(report.tool_version)}; this is {__version__}"
        raise UsageError(message, remedy="let all jobs use the same version of mlval")
    _moment(report.now)
    known = {check.id for check in contract.validations}
    for result in report.verdict.results:
        if result.validation not in known and result.type != GUARD:
            message = f"{shown(path)} reports {shown(result.validation)}, which the contract does not have"
            raise UsageError(message, remedy="let all jobs leave what they wrote as it is")


def _of_guard(reports: Sequence[Report]) -> tuple[Result, ...]:
    """Return what the legs found in the contract itself, each finding once."""
    found: tuple[Result, ...] = ()
    for report in reports:
        own = (one for one in report.verdict.results if one.type == GUARD)
        found += unknown(own, to=found)
    return found


def unknown(findings: Iterable[Result], *, to: Sequence[Result]) -> tuple[Result, ...]:
    """Return the findings of the guard that are not among others, which may have gone through a file."""

    def key(one: Result) -> tuple[str, str, Outcome, bool]:
        return (shown(one.measurement.subject), shown(one.measurement.metric), one.outcome, one.blocks)

    known = {key(one) for one in to if one.type == GUARD}
    return tuple(one for one in findings if key(one) not in known)


def _results(contract: Contract, legs: Mapping[str, Report]) -> list[Result]:
    results: list[Result] = []
    for index, check in enumerate(contract.validations):
        told = {
            path: tuple(
                one
                for one in report.verdict.results
                if one.validation == check.id and (one.type != GUARD or check.type == GUARD)
            )
            for path, report in legs.items()
        }
        claims = {path: found for path, found in told.items() if found}
        if not claims:
            missing = judge(contract, index, Failure(Unmeasurable(UNREPORTED)))
            results += [replace(one, blocks=one.blocks and not check.optional) for one in missing]
        elif any(_comparable(found) != _comparable(next(iter(claims.values()))) for found in claims.values()):
            paths = shown(", ".join(list(claims)[:_NAMED]))
            cause = Unmeasurable(f"legs report different results of it: {paths}")
            results += judge(contract, index, Failure(cause))
        else:
            results += next(iter(claims.values()))
    return results


def _comparable(results: Sequence[Result]) -> list[Result]:
    """Return results without the causes of errors, which are never equal."""
    return [replace(one, measurement=replace(one.measurement, problem=None)) for one in results]


def _once(records: Sequence[InputRecord]) -> tuple[InputRecord, ...]:
    kept: list[InputRecord] = []
    for record in records:
        if record not in kept:
            kept.append(record)
    return tuple(sorted(kept, key=lambda one: (one.kind, one.name)))


def _disagreements(reports: Sequence[Report]) -> list[str]:
    """Say where legs have read different bytes under one name."""
    digests: dict[tuple[str, str], set[str]] = {}
    for report in reports:
        for record in report.inputs:
            if record.sha256 is not None:
                digests.setdefault((record.kind, record.name), set()).add(record.sha256)
    return [
        f"the jobs read different bytes as {shown(name)}: bind the same data in each"
        for (_, name), found in digests.items()
        if len(found) > 1
    ]


def _moment(now: str) -> datetime:
    try:
        moment = datetime.fromisoformat(now)
    except ValueError as error:
        message = f"a leg says no time of its run: {shown(now)}"
        raise UsageError(message) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
