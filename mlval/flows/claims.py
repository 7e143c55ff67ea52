"""Whether a verdict from elsewhere follows from its own results; whether these are true, nobody can say."""

import math

from mlval.domain.bound import Bound
from mlval.domain.outcome import GUARD, Outcome
from mlval.domain.text import shown
from mlval.domain.verdict import Report, Result
from mlval.judge.verdict import verdict


def objection(report: Report) -> str:
    """Return in one clause what contradicts itself in a report that was read from a file; empty if nothing.

    The verdict is folded anew from the results. A result must not pass without a value, or beyond its own
    bound; only what was skipped can be deferred, and what passed cannot block.
    """
    again = verdict(report.verdict.results)
    if (again.state, again.exit_code) != (report.verdict.state, report.verdict.exit_code):
        return (
            f"its verdict is {report.verdict.state} with exit code {report.verdict.exit_code:d}, "
            f"but its results amount to {again.state} with {again.exit_code:d}"
        )
    for result in report.verdict.results:
        if contradiction := _contradiction(result):
            return f"{shown(result.validation)} on {shown(result.measurement.subject)} {contradiction}"
    return ""


def _contradiction(result: Result) -> str:
    if result.deferred and result.outcome is not Outcome.SKIPPED:
        return "is deferred although it was judged"
    if result.outcome is not Outcome.PASSED:
        return ""
    value, limit = result.measurement.value, result.measurement.limit
    if result.blocks:
        return "passed and blocks"
    if value is None or not math.isfinite(value):
        # That nothing was loosened is no measure, and nothing rests on it.
        return "" if result.type == GUARD == result.validation else "passed without a value"
    if not isinstance(limit, Bound):
        return ""
    low, high = (end if end is not None else value for end in (limit.min, limit.max))
    return "" if low <= value <= high else "passed beyond its bound"
