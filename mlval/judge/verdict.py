"""Folding outcomes into a verdict, and the verdict into an exit code."""

from collections.abc import Sequence

from mlval.domain.errors import Crashed, ExitCode, SourceUnavailable
from mlval.domain.outcome import Outcome, State
from mlval.domain.verdict import Result, Verdict


def verdict(results: Sequence[Result]) -> Verdict:
    """Fold results: blocked if any of them blocks, or if there is none at all."""
    blocking = [result for result in results if result.blocks]
    counts = {outcome.value: sum(result.outcome == outcome for result in results) for outcome in Outcome}
    counts["blocking"] = len(blocking)
    blocked = bool(blocking) or not results
    return Verdict(
        state=State.BLOCKED if blocked else State.PASSED,
        exit_code=_exit_code(results, blocking),
        reason=_reason(results, blocking),
        counts=counts,
        results=tuple(results),
    )


def _exit_code(results: Sequence[Result], blocking: Sequence[Result]) -> ExitCode:
    """Return the code of the worst cause: our bug, a failure, an unavailable source, too little data."""
    if any(isinstance(result.measurement.problem, Crashed) for result in results):
        return ExitCode.BUG
    if not results:
        return ExitCode.BLOCKED
    if not blocking:
        return ExitCode.PASSED
    causes = {_cause(result) for result in blocking}
    return next(
        code for code in (ExitCode.BLOCKED, ExitCode.UNAVAILABLE, ExitCode.INCONCLUSIVE) if code in causes
    )


def _cause(result: Result) -> ExitCode:
    if isinstance(result.measurement.problem, SourceUnavailable):
        return ExitCode.UNAVAILABLE
    return ExitCode.INCONCLUSIVE if result.outcome == Outcome.INCONCLUSIVE else ExitCode.BLOCKED


def _reason(results: Sequence[Result], blocking: Sequence[Result]) -> str:
    if not results:
        return "nothing was judged"
    if not blocking:
        undecided = sum(result.outcome == Outcome.INCONCLUSIVE for result in results)
        return f"nothing blocks; {undecided} undecided" if undecided else "nothing blocks"
    validations = list(dict.fromkeys(result.validation for result in blocking))
    named = ", ".join(validations[:3]) + (", …" if len(validations) > 3 else "")
    return f"{len(blocking)} of {len(results)} results block, in {named}"
