"""What a calibration found, as text: the basis, a table of columns, and the lines for the contract."""

import math
from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal

from mlval.domain.contract import Contract
from mlval.domain.text import shown
from mlval.flows.calibrate import Calibration
from mlval.flows.calibrate_limits import Limit
from mlval.flows.suggest_yaml import Plain, flow
from mlval.stats.alarm_budget import TOO_OFTEN, alarms_too_often

_ALIKE = 1.5
"""Up to this ratio of the largest threshold to the smallest, one is written for all columns."""
_WAYS = 10
"""In so many ways the share of a column must be exceeded, or what is rare was not seen."""
_HEADS = ("column", "method", "threshold now", "false alarms", "at the budget")


def render(found: Calibration, contract: Contract) -> str:
    """Return the text, with a newline at the end."""
    return (
        "\n".join([*_basis(found), "", *_table(found), "", *_notes(found), *_snippet(found, contract)]) + "\n"
    )


def _basis(found: Calibration) -> Iterator[str]:
    columns = len(found.limits) + found.others
    reference = shown(found.reference)
    yield f"{shown(found.check.id)}: {found.m:,} current rows against {found.n:,} of {reference!r}"
    each = f", shared by {columns} comparisons: {_odds(found.share)} each" if columns > 1 else ""
    yield f"budget of false alarms: {_odds(found.budget)}{each}"
    if found.every is None:
        yield f"resampled: rows, taken as independent, since {found.why_rows}"
        return
    yield f"resampled: whole {found.every}s ({found.periods}), since rows of one {found.every} may be alike"
    if found.untimed:
        yield f"left out: {found.untimed:,} rows without a time"


def _table(found: Calibration) -> Iterator[str]:
    rows = [_HEADS, *(_row(found, one) for one in found.limits)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(_HEADS))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(found: Calibration, one: Limit) -> tuple[str, ...]:
    rate = "?" if one.rate is None else _percent(one.rate)
    flagged = " !" if one.rate is not None and alarms_too_often(one.rate) else ""
    threshold = shown(one.problem) if one.threshold is None else _number(one.threshold)
    return shown(one.column), found.check.method, f"{found.check.threshold:g}", rate + flagged, threshold


def _notes(found: Calibration) -> Iterator[str]:
    if any(one.rate is not None and alarms_too_often(one.rate) for one in found.limits):
        yield f"!  alarms in more than {TOO_OFTEN:.0%} of runs though nothing changed"
    if found.every is not None and _ways(found) * found.share < _WAYS:
        yield (
            f"note: {found.periods} {found.every}s hardly show what happens in {_odds(found.share)}: "
            "the thresholds are little more than the largest change seen between them"
        )
    if found.others:
        yield f"note: {found.others} comparisons of slices or predictions have their share and no limit here"
    if found.two_keys:
        yield "note: rows without a value are judged by significance and size besides, outside of this budget"


def _ways(found: Calibration) -> int:
    """Return in how many ways periods make up a sample of the size of the current data."""
    if not found.periods:
        return 0
    drawn = max(1, round(found.m * found.periods / found.n))
    return math.comb(found.periods + drawn - 1, drawn)


def _snippet(found: Calibration, contract: Contract) -> Iterator[str]:
    """Write one threshold where it suits all columns, else an entry for each."""
    limits = [(one.column, one.threshold) for one in found.limits if one.threshold]
    if not limits:
        yield "no threshold keeps the budget"
        return
    place = contract.place(("validations", found.place))
    line = f", line {place.line}" if place is not None else ""
    largest, smallest = max(value for _, value in limits), min(value for _, value in limits)
    if largest <= _ALIKE * smallest or found.others:
        yield f"# in {shown(found.check.id)}{line}: the largest, which keeps the budget for all columns"
        yield f"threshold: {_number(largest)}"
        return
    yield f"# in the place of {shown(found.check.id)}{line}: each column has its own"
    for place_, (column, value) in enumerate(limits, 1):
        yield f"- {flow(_entry(found, column, (place_, value)))}"


def _entry(found: Calibration, column: str, at: tuple[int, float]) -> dict[str, Plain]:
    check = found.check
    entry: dict[str, Plain] = {"id": f"{check.id[:60]}-{at[0]}", "type": "drift"}
    entry |= {key: value for key in ("reference", "current") if (value := getattr(check, key)) is not None}
    entry |= {"columns": [column], "method": check.method, "threshold": float(_number(at[1]))}
    for key in ("where", "why", "when_inconclusive"):
        if (value := getattr(check, key)) is not None:
            entry[key] = value
    if check.severity != "block":
        entry["severity"] = check.severity
    return entry


def _number(value: float) -> str:
    """Round up to three digits, so that the budget still holds.

    >>> _number(0.01231), _number(12345.0), _number(0.5)
    ('0.0124', '12400', '0.5')
    """
    if value <= 0 or not math.isfinite(value):
        return f"{value:g}"
    exact = Decimal(repr(value))
    step = Decimal(1).scaleb(exact.adjusted() - 2)
    rounded = (exact / step).to_integral_value(rounding=ROUND_CEILING) * step
    return f"{rounded.normalize():f}"


def _percent(rate: float) -> str:
    """Write a rate of false alarms.

    >>> _percent(0.123), _percent(0.0004), _percent(0.0)
    ('12.3%', '<0.1%', '<0.1%')
    """
    return "<0.1%" if rate < 0.001 else f"{rate:.1%}"


def _odds(rate: float) -> str:
    """Write a rate as one in so many runs.

    >>> _odds(0.01), _odds(0.4)
    ('1 run in 100', '40% of runs')
    """
    return f"1 run in {1 / rate:,.0f}" if rate <= 0.2 else f"{rate:.0%} of runs"
