"""Folding outcomes into a verdict, and the verdict into an exit code."""

from collections.abc import Sequence

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome, State
from mlval.domain.reports import WORST_FIRST
from mlval.domain.verdict import Result, Verdict


def verdict(results: Sequence[Result]) -> Verdict:
    """Fold results: blocked if any of them blocks, or one crashed, or if there is none at all."""
    blocking = [result for result in results if result.blocks]
    crashed = any(_cause(result) == ExitCode.BUG for result in results)
    counts = {outcome.value: sum(result.outcome == outcome for result in results) for outcome in Outcome}
    counts["blocking"] = len(blocking)
    blocked = bool(blocking) or crashed or not results
    return Verdict(
        state=State.BLOCKED if blocked else State.PASSED,
        exit_code=_exit_code(results, blocking),
        reason=_reason(results, blocking),
        counts=counts,
        results=tuple(results),
    )


def _exit_code(results: Sequence[Result], blocking: Sequence[Result]) -> ExitCode:
    """Return the code of the worst cause; a bug of ours counts whether or not its validation blocks."""
    if not results:
        return ExitCode.BLOCKED
    causes = {_cause(result) for result in blocking}
    causes |= {_cause(result) for result in results} & {ExitCode.BUG}
    otherwise = ExitCode.BLOCKED if blocking else ExitCode.PASSED
    return next((code for code in WORST_FIRST if code in causes), otherwise)


def _cause(result: Result) -> ExitCode:
    if result.measurement.problem is not None:
        return result.measurement.problem.exit_code
    return ExitCode.INCONCLUSIVE if result.outcome == Outcome.INCONCLUSIVE else ExitCode.BLOCKED


def _reason(results: Sequence[Result], blocking: Sequence[Result]) -> str:
    if not results:
        return "nothing was judged"
    if any(_cause(result) == ExitCode.BUG for result in results):
        return "a check crashed, which is a bug of mlval"
    if not blocking:
        undecided = sum(result.outcome == Outcome.INCONCLUSIVE for result in results)
        deferred = sum(result.deferred for result in results)
        told = [f"{undecided} undecided"] * bool(undecided) + [f"{deferred} deferred"] * bool(deferred)
        return "; ".join(["nothing blocks", *([", ".join(told)] if told else [])])
    validations = list(dict.fromkeys(result.validation for result in blocking))
    named = ", ".join(validations[:3]) + (", …" if len(validations) > 3 else "")
    return f"{len(blocking)} of {len(results)} results block, in {named}"
