"""The cells on which a distance compares one column, counted over the reference: as a whole or by period."""

from dataclasses import dataclass

import numpy as np

from mlval.domain.asks import ByColumn, ByPeriod, Groups, Rows, TableShape, Vectors
from mlval.domain.drift import LevelPair, Method, NumberPair
from mlval.domain.errors import Unmeasurable
from mlval.domain.steps import Asking, ask
from mlval.evidence.drift_evidence import Asked, evidence
from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.cells import coarse

MOST_CELLS = 500
"""Cells of methods that look at every value; neighbours are joined to about so many."""
WHOLE: frozenset[Method] = frozenset({"ks", "wasserstein"})
"""Distances that look at every value in its place."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Counts of one column of the reference.

    Attributes
    ----------
    counts : shape (cells,)
    values : shape (cells,), what each cell stands for; None where that does not matter
    rows : of the reference, with and without a value of the column
    periods : shape (periods, cells), in the order of time; None where rows are taken as independent
    untimed : rows that belong to no period, which `periods` leaves out
    """

    counts: IntArray
    values: FloatArray | None
    rows: int
    periods: IntArray | None = None
    untimed: int = 0

    @property
    def n(self) -> int:
        """Rows that count."""
        return int(self.counts.sum())

    def share_of(self, rows: int) -> int:
        """Return how many of so many current rows count, at least one."""
        return max(1, round(rows * self.n / self.rows))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which column of which rows, by which method; `by` splits them into periods."""

    name: str
    rows: Rows
    shape: TableShape
    method: Method
    profiled: bool
    by: ByPeriod | None = None


def cells_of(wanted: Wanted) -> Asking[Cells]:
    """Ask for the cells of a column.

    Raises
    ------
    Unmeasurable
        As the check says of the column; or if a profile stands for the rows and periods are wanted.
    """
    asked = Asked(
        name=wanted.name,
        rows=(wanted.rows, wanted.rows),
        shapes=(wanted.shape, wanted.shape),
        method=wanted.method,
        profiled=(wanted.profiled, wanted.profiled),
    )
    pair = yield from evidence(asked)
    if isinstance(pair, LevelPair):
        counts = np.array(pair.before, dtype=np.int64)
        if wanted.by is None:
            return Cells(counts, None, int(counts.sum()))
        return (yield from _levels_by_period(wanted, wanted.by))
    if not pair.before.any():
        message = f"{asked.title} has no values"
        raise Unmeasurable(message)
    starts = _starts(pair.before, MOST_CELLS) if wanted.method in WHOLE else _starts(pair.before, None)
    counts = np.add.reduceat(pair.before, starts)
    values = _values(pair, starts) if wanted.method == "wasserstein" else None
    if wanted.by is None:
        return Cells(counts, values, pair.totals[0])
    return (yield from _numbers_by_period(wanted, wanted.by, (pair, starts, values)))


def _starts(counts: IntArray, cells: int | None) -> IntArray:
    """Return where the joined cells begin."""
    ones = np.ones_like(counts)
    sizes = (coarse(counts, ones) if cells is None else coarse(counts, ones, cells)).current
    return np.cumsum(sizes) - sizes


def _values(pair: NumberPair, starts: IntArray) -> FloatArray:
    """Return the mean value of each joined cell; a bin counts as its middle."""
    if pair.values is not None:
        values = pair.values
    elif pair.edges is not None:
        middle = pair.edges[:-1] / 2 + pair.edges[1:] / 2
        values = np.concatenate((pair.edges[:1], middle, pair.edges[-1:]))
    else:
        raise Unmeasurable("the bins do not tell where the values lie")
    weights = np.maximum(pair.before, 1e-9)
    means = np.add.reduceat(values * weights, starts) / np.add.reduceat(weights, starts)
    if not np.all(means[1:] > means[:-1]):
        raise Unmeasurable("the values lie too close to one another to be told apart")
    return means


def _levels_by_period(wanted: Wanted, by: ByPeriod) -> Asking[Cells]:
    found = yield from ask(Groups(wanted.rows, (by, ByColumn(wanted.name))))
    periods = sorted({period for period, _ in found.counts if period is not None})
    levels = sorted({level for _, level in found.counts}, key=lambda level: (level is None, level or ""))
    table = np.zeros((len(periods), len(levels)), dtype=np.int64)
    place = {period: index for index, period in enumerate(periods)}
    column = {level: index for index, level in enumerate(levels)}
    untimed = 0
    for (period, level), count in found.counts.items():
        if period is None:
            untimed += count
        else:
            table[place[period], column[level]] += count
    counts = table.sum(axis=0)
    return Cells(counts, None, int(counts.sum()), _present(table, wanted.name), untimed)


def _numbers_by_period(
    wanted: Wanted, by: ByPeriod, on: tuple[NumberPair, IntArray, FloatArray | None]
) -> Asking[Cells]:
    pair, starts, values = on
    columns = yield from ask(Vectors(wanted.rows, (wanted.name,), by=(by,)))
    column, codes = columns.values[wanted.name], columns.codes[0]
    timed = codes >= 0
    kept = timed & np.isfinite(column)
    at = pair.values if pair.values is not None else pair.edges
    if at is None:
        raise Unmeasurable("the bins do not tell where the values lie")
    fine = np.searchsorted(at, column[kept], side="left")
    cell = np.searchsorted(starts, fine, side="right") - 1
    shape = len(columns.levels[0]), starts.size
    flat = np.bincount(codes[kept] * starts.size + cell, minlength=shape[0] * shape[1])
    table = flat.reshape(shape).astype(np.int64)
    rows = int(np.count_nonzero(timed))
    return Cells(table.sum(axis=0), values, rows, _present(table, wanted.name), column.size - rows)


def _present(table: IntArray, name: str) -> IntArray:
    if table.sum() == 0:
        message = f"no row with a value of {name!r} has a time"
        raise Unmeasurable(message)
    return table
