"""The threshold of one column that keeps its share of a budget of false alarms."""

from dataclasses import dataclass
from typing import cast

from mlval.domain.drift import Method
from mlval.domain.errors import Failure
from mlval.flows.calibrate_cells import Cells
from mlval.stats._null_draws import Statistic
from mlval.stats.block_alarms import block_values, draws_for, rate_at, threshold_for
from mlval.stats.errors import Undefined
from mlval.stats.false_alarms import false_alarm_rate, threshold_at

SEED = 20_260_131
STRICTLY = 1 + 1e-8
"""A value at its threshold passes, so draws that only reach it are no alarms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One column: how often its threshold alarms for nothing now, and the threshold that keeps the budget.

    `problem` says why one of them is not there.
    """

    column: str
    rate: float | None = None
    threshold: float | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What a column is calibrated for: method, threshold now, current rows, and the rate that it may have."""

    method: Method
    threshold: float
    m: int
    share: float


def limit(column: str, cells: Cells | Failure, aim: Aim) -> Limit:
    """Resample the cells of a column."""
    if isinstance(cells, Failure):
        return Limit(column=column, problem=cells.cause.message)
    by = _by_rows if cells.periods is None else _by_periods
    try:
        return by(column, cells, aim)
    except Undefined as error:
        return Limit(column=column, problem=str(error))


def _by_rows(column: str, cells: Cells, aim: Aim) -> Limit:
    statistic, n, m = cast("Statistic", aim.method), cells.n, cells.share_of(aim.m)
    rate = false_alarm_rate(
        statistic,
        cells.counts,
        n=n,
        m=m,
        threshold=aim.threshold * STRICTLY,
        seed=SEED,
        values=cells.values,
    ).rate
    try:
        found = threshold_at(
            statistic, cells.counts, n=n, m=m, rate=aim.share, seed=SEED, values=cells.values
        )
    except Undefined as error:
        return Limit(column=column, rate=rate, problem=str(error))
    return Limit(column=column, rate=rate, threshold=found.value)


def _by_periods(column: str, cells: Cells, aim: Aim) -> Limit:
    drawn = block_values(
        cast("Statistic", aim.method),
        () if cells.periods is None else cells.periods,
        m=cells.share_of(aim.m),
        draws=draws_for(aim.share),
        seed=SEED,
        values=cells.values,
    )
    rate = rate_at(drawn, aim.threshold * STRICTLY)
    try:
        found = threshold_for(drawn, aim.share)
    except Undefined as error:
        return Limit(column=column, rate=rate, problem=str(error))
    return Limit(column=column, rate=rate, threshold=found.value)
