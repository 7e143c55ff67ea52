"""Turning measurements into outcomes. Nobody else compares a value with its limit.

Every comparison with NaN is false in Python, so a value is looked at before it is compared:
missing, not finite or measured on no rows is never a pass.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.rounding import significant
from mlval.domain.verdict import Result
from mlval.judge.allowance import is_weight, with_allowances

Judged = tuple[Outcome, str]


def judge(contract: Contract, index: int, measured: Sequence[Measurement] | Failure) -> tuple[Result, ...]:
    """Judge everything that the validation at `index` measured, or its failure to measure anything."""
    check = contract.validations[index]
    if isinstance(measured, Failure):
        measured = (Measurement(subject=check.id, metric=check.type, problem=measured.cause),)
    elif not measured:
        cause = Unmeasurable("nothing was measured")
        measured = (Measurement(subject=check.id, metric=check.type, problem=cause),)
    corrected = _corrected([_rounded(one) for one in measured])
    results = tuple(_result(contract, index, one) for one in corrected)
    return with_allowances(results, lambda one: _result(contract, index, _rounded(one)))


def _result(contract: Contract, index: int, measurement: Measurement) -> Result:
    check = contract.validations[index]
    outcome, reason = _outcome(check, measurement)
    severity = measurement.severity or Severity(check.severity)
    return Result(
        validation=check.id,
        type=check.type,
        outcome=outcome,
        severity=severity,
        measurement=measurement,
        blocks=severity == Severity.BLOCK and _blocks(check, measurement, outcome),
        reason=reason,
        why=check.why,
        place=contract.place(("validations", index, *measurement.path)),
    )


def _outcome(check: Check, measurement: Measurement) -> Judged:
    if measurement.problem is not None:
        return Outcome.ERRORED, measurement.problem.message
    if measurement.absent is not None:
        return Outcome.SKIPPED, measurement.absent
    if measurement.undecided is not None:
        return Outcome.INCONCLUSIVE, measurement.undecided
    if not is_weight(measurement.weight):
        return Outcome.ERRORED, f"the weight is {measurement.weight}"
    judged = _against_limit(measurement)
    if measurement.of == 0 and judged[0] != Outcome.FAILED:
        reason = (
            "there are no rows to look at"
            if measurement.metric == "rows"
            else "there are no values to look at"
        )
        return (Outcome.SKIPPED if check.if_empty == "skip" else Outcome.ERRORED), reason
    return judged


def _against_limit(measurement: Measurement) -> Judged:
    value, limit = measurement.value, measurement.limit
    if value is None or not math.isfinite(value):
        return Outcome.ERRORED, "there is no value" if value is None else f"the value is {value}"
    if limit is None:
        return Outcome.PASSED, ""
    if isinstance(limit, TwoKeys):
        return _by_two_keys(measurement, limit)
    ends = [end for end in (limit.min, limit.max) if end is not None]
    if not ends or not all(math.isfinite(end) for end in ends):
        return Outcome.ERRORED, "the bound is not a finite number"
    return _by_bound(value, measurement.interval, limit)


def _by_bound(value: float, interval: Interval | None, bound: Bound) -> Judged:
    if not _within(value, value, bound):
        return Outcome.FAILED, ""
    if bound.confidence is None:
        return Outcome.PASSED, ""
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return Outcome.INCONCLUSIVE, "these rows are too few for an interval"
    if _within(interval.low, interval.high, bound):
        return Outcome.PASSED, ""
    return Outcome.INCONCLUSIVE, "the value meets its bound, but its interval reaches beyond"


def _within(low: float, high: float, bound: Bound) -> bool:
    above = bound.min is None or low >= _end(bound.min, low)
    below = bound.max is None or high <= _end(bound.max, high)
    return above and below


def _end(end: float, value: float) -> float:
    """Return an end of a bound as the value is: whole numbers keep all of their digits."""
    return end if isinstance(end, int) and isinstance(value, int) else significant(end)


def _by_two_keys(measurement: Measurement, limit: TwoKeys) -> Judged:
    """Fail what is both significant and large; pass what would have been seen had it been large."""
    p_value, effect, detectable = measurement.p_value, measurement.effect, measurement.detectable
    if p_value is None or effect is None or not (0 <= p_value <= 1 and 0 <= effect < math.inf):
        return Outcome.ERRORED, "there is no p-value or no size"
    if not (0 < limit.alpha < 1 and 0 <= limit.size < math.inf):
        return Outcome.ERRORED, "the limit has no level of significance or no size"
    size = significant(limit.size)
    if p_value <= significant(limit.alpha) and effect >= size:
        return Outcome.FAILED, ""
    if effect >= size:
        return Outcome.INCONCLUSIVE, "the change is large, but these rows cannot tell it from chance"
    if detectable is not None and detectable <= size:
        return Outcome.PASSED, ""
    return Outcome.INCONCLUSIVE, _unseen(measurement, size)


def _unseen(measurement: Measurement, size: float) -> str:
    if measurement.is_hidden(size):
        return "the profile folds values together that could hide a change of the limit's size"
    return "too few rows to see a change of the limit's size"


def _blocks(check: Check, measurement: Measurement, outcome: Outcome) -> bool:
    match outcome:
        case Outcome.FAILED | Outcome.ERRORED:
            return True
        case Outcome.SKIPPED:
            return not (check.optional or measurement.expected)
        case Outcome.INCONCLUSIVE:
            return check.when_inconclusive == "block" or (
                _leans(check, measurement) and _on_the_wrong_side(measurement)
            )
        case Outcome.PASSED:
            return False


def _leans(check: Check, measurement: Measurement) -> bool:
    if check.when_inconclusive is not None:
        return check.when_inconclusive == "lean"
    return isinstance(measurement.limit, Bound) and measurement.limit.confidence is not None


def _on_the_wrong_side(measurement: Measurement) -> bool:
    limit = measurement.limit
    if isinstance(limit, TwoKeys):
        return measurement.effect is None or measurement.effect >= significant(limit.size)
    return limit is not None and (
        measurement.value is None or not _within(measurement.value, measurement.value, limit)
    )


def _corrected(measurements: Sequence[Measurement]) -> list[Measurement]:
    """Replace the p-values of a validation by those corrected for its number of comparisons."""
    positions = [index for index, one in enumerate(measurements) if _is_comparison(one)]
    corrected = list(measurements)
    if not positions:
        return corrected
    # numpy is wanted only where there are p-values to correct
    from mlval.stats.multiplicity import benjamini_hochberg

    raw = [measurements[index].p_value or 0.0 for index in positions]
    for index, before, after in zip(positions, raw, benjamini_hochberg(raw), strict=True):
        details = {**measurements[index].details, "uncorrected_p_value": before}
        corrected[index] = replace(measurements[index], p_value=significant(after), details=details)
    return corrected


def _is_comparison(one: Measurement) -> bool:
    return isinstance(one.limit, TwoKeys) and one.p_value is not None and 0 <= one.p_value <= 1


def _rounded(one: Measurement) -> Measurement:
    """Round every float to nine digits, so that the order in which threads added up decides nothing."""
    interval = one.interval and Interval(
        _significant(one.interval.low), _significant(one.interval.high), one.interval.confidence
    )
    return replace(
        one,
        value=_optional(one.value),
        p_value=_optional(one.p_value),
        effect=_optional(one.effect),
        detectable=_optional(one.detectable),
        interval=interval,
    )


def _optional(value: float | None) -> float | None:
    return None if value is None else _significant(value)


def _significant(value: float) -> float:
    """Round what is finite; what is not is kept, to be judged as an error."""
    if isinstance(value, int) or not math.isfinite(value):
        return value
    return significant(value)
