"""How many columns may drift: failures that an allowance covers stay failures, but do not block."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from mlval.domain.bound import Bound
from mlval.domain.errors import MlvalError, Unmeasurable
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Result

COVERED = "within what max_drifted allows"
_JUDGED = frozenset({Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE})


def with_allowances(results: Sequence[Result], judge: Callable[[Measurement], Result]) -> tuple[Result, ...]:
    """Return the results of one validation, and after them one more for every allowance that they share.

    Where an allowance is kept, the failures that share it become warnings; otherwise nothing changes.
    What is errored or undecided is never covered.

    Parameters
    ----------
    results : of one validation, in any order
    judge : what judges the number of columns that drifted
    """
    settled = list(results)
    for allowance in dict.fromkeys(one.measurement.allowance for one in results):
        if allowance is None:
            continue
        sharing = [one for one in results if one.measurement.allowance == allowance]
        if not any(one.outcome in _JUDGED for one in sharing):
            continue
        summary = judge(_drifted(sharing, allowance))
        if summary.outcome is Outcome.PASSED:
            settled = [_covered(one) if one.measurement.allowance == allowance else one for one in settled]
        settled.append(summary)
    return tuple(settled)


def is_weight(weight: float) -> bool:
    """Say whether a weight can be counted: finite and not negative."""
    return 0 <= weight < math.inf


def _covered(result: Result) -> Result:
    if result.outcome is not Outcome.FAILED:
        return result
    return replace(result, severity=Severity.WARN, blocks=False, reason=COVERED)


def _drifted(sharing: Sequence[Result], allowance: Bound) -> Measurement:
    """Measure how many of the columns failed; a column with several measurements counts once."""
    judged = {one.measurement.subject for one in sharing if one.outcome in _JUDGED}
    failed = {one.measurement.subject for one in sharing if one.outcome is Outcome.FAILED}
    blocking = any(one.severity is Severity.BLOCK for one in sharing)
    counted = Measurement(
        subject="drifted columns",
        metric="max_drifted",
        limit=allowance,
        n=len(failed),
        of=len(judged),
        path=("max_drifted",),
        severity=Severity.BLOCK if blocking else Severity.WARN,
    )
    problem = _problem(sharing, allowance)
    if problem is not None:
        return replace(counted, problem=problem)
    if allowance.unit == "rows":
        return replace(counted, value=len(failed))
    weights = {subject: _weight(sharing, subject) for subject in judged}
    heaviest = max(weights.values())
    if heaviest == 0:
        return replace(counted, problem=Unmeasurable("the columns have no weight"))
    # Divided by the heaviest first: no sum of weights is too large for a number.
    total, moved = (math.fsum(weights[one] / heaviest for one in some) for some in (judged, failed))
    even = len(set(weights.values())) == 1
    return replace(
        counted, value=len(failed) / len(judged) if even else moved / total, details={"weighted": not even}
    )


def _weight(sharing: Iterable[Result], subject: str) -> float:
    return max(one.measurement.weight for one in sharing if one.measurement.subject == subject)


def _problem(sharing: Iterable[Result], allowance: Bound) -> MlvalError | None:
    if allowance.max is None or allowance.unit not in {"rows", "share"}:
        return Unmeasurable("what may drift is neither a number of columns nor a share of them")
    if not all(is_weight(one.measurement.weight) for one in sharing):
        return Unmeasurable("a column has a weight that cannot be counted")
    return None
