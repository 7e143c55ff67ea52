"""Turning measurements into outcomes. Nobody else compares a value with its limit.

Every comparison with NaN is false in Python, so a value is looked at before it is compared:
missing, not finite or measured on no rows is never a pass.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

from mlval.domain.bound import Bound, Margin, NoDrop, TwoKeys
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
    if not isinstance(limit, Bound):
        return _by_change(measurement, value, limit)
    ends = [end for end in (limit.min, limit.max) if end is not None]
    if not ends or not all(math.isfinite(end) for end in ends):
        return Outcome.ERRORED, "the bound is not a finite number"
    if limit.by_interval:
        return _by_interval(value, measurement.interval, limit)
    return _by_bound(value, measurement.interval, limit)


def _by_change(measurement: Measurement, value: float, limit: TwoKeys | Margin | NoDrop) -> Judged:
    match limit:
        case TwoKeys():
            return _by_two_keys(measurement, limit)
        case Margin():
            return _by_margin(measurement.interval, limit)
        case NoDrop():
            return _by_test(value, measurement.p_value, limit)


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


def _by_interval(value: float, interval: Interval | None, bound: Bound) -> Judged:
    """Pass or fail what lies on one side of the bound with its whole interval."""
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return Outcome.INCONCLUSIVE, "these rows are too few for an interval"
    if not interval.low <= value <= interval.high or interval.confidence != bound.confidence:
        return Outcome.ERRORED, "the interval is not that of the value"
    if _within(interval.low, interval.high, bound):
        return Outcome.PASSED, ""
    is_below = bound.min is not None and interval.high < _end(bound.min, interval.high)
    is_above = bound.max is not None and interval.low > _end(bound.max, interval.low)
    if is_below or is_above:
        return Outcome.FAILED, ""
    return Outcome.INCONCLUSIVE, "the limit lies within the interval"


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


def _by_margin(interval: Interval | None, limit: Margin) -> Judged:
    """Pass what lies inside the margin with its whole interval, fail what lies beyond it."""
    ends = [end for end in (limit.min, limit.max) if end is not None]
    if len(ends) != 1 or not math.isfinite(ends[0]):
        return Outcome.ERRORED, "the margin is not a finite number"
    if interval is None or not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return Outcome.INCONCLUSIVE, "these rows are too few for an interval"
    if interval.low > interval.high or interval.confidence + 1e-9 < limit.two_sided:
        return Outcome.ERRORED, "the interval is not that of the margin"
    if _within_margin(interval.low, interval.high, limit):
        return Outcome.PASSED, ""
    if not _within_margin(interval.high, interval.low, limit):
        return Outcome.FAILED, ""
    return Outcome.INCONCLUSIVE, "the margin lies within the interval"


def _within_margin(low: float, high: float, limit: Margin) -> bool:
    return _within(low, high, Bound(min=limit.min, max=limit.max))


def _by_test(value: float, p_value: float | None, limit: NoDrop) -> Judged:
    if p_value is None or not 0 <= p_value <= 1 or not 0 < limit.alpha < 1:
        return Outcome.ERRORED, "there is no p-value, or no level of significance"
    is_worse = value < 0 if limit.better == "higher" else value > 0
    is_drop = is_worse and p_value <= significant(limit.alpha)
    return (Outcome.FAILED if is_drop else Outcome.PASSED), ""


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
    if isinstance(measurement.limit, Margin):
        return True
    limit = measurement.limit
    return isinstance(limit, Bound) and limit.confidence is not None and not limit.by_interval


def _on_the_wrong_side(measurement: Measurement) -> bool:
    limit = measurement.limit
    if isinstance(limit, TwoKeys):
        return measurement.effect is None or measurement.effect >= significant(limit.size)
    if isinstance(limit, NoDrop):
        return True
    if isinstance(limit, Margin):
        limit = Bound(min=limit.min, max=limit.max)
    return limit is not None and (
        measurement.value is None or not _within(measurement.value, measurement.value, limit)
    )


def _corrected(measurements: Sequence[Measurement]) -> list[Measurement]:
    """Replace the p-values of a validation by those corrected for its number of comparisons."""
    corrected = list(measurements)
    for kind in (TwoKeys, NoDrop):
        positions = [index for index, one in enumerate(measurements) if _is_comparison(one, kind)]
        if not positions:
            continue
        # numpy is wanted only where there are p-values to correct
        from mlval.stats.multiplicity import benjamini_hochberg, holm

        # Any significant drop blocks: not one of the tests may give a false alarm.
        correct = holm if kind is NoDrop else benjamini_hochberg
        raw = [measurements[index].p_value or 0.0 for index in positions]
        for index, before, after in zip(positions, raw, correct(raw), strict=True):
            details = {**measurements[index].details, "uncorrected_p_value": before}
            corrected[index] = replace(measurements[index], p_value=significant(after), details=details)
    return corrected


def _is_comparison(one: Measurement, kind: type[TwoKeys | NoDrop]) -> bool:
    return isinstance(one.limit, kind) and one.p_value is not None and 0 <= one.p_value <= 1


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
