"""Statistics of pairs of samples drawn from one distribution: what they show where nothing changed."""

from collections.abc import Callable, Iterator
from typing import Literal, NamedTuple, get_args

import numpy as np

from mlval.stats import _atom_batches as atoms
from mlval.stats import _level_batches as levels
from mlval.stats._pairs import Values, cells, rising
from mlval.stats.arrays import Counts, FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.sums import scaled, unscaled

Statistic = Literal[
    "psi",
    "kl",
    "js",
    "hellinger",
    "total_variation",
    "l_infinity",
    "cramers_v",
    "ks",
    "cvm",
    "anderson_darling",
    "wasserstein",
    "mean_shift",
]

CELLS_AT_ONCE = 200_000
"""Cells of one batch of draws: a few megabytes."""

_BY_COUNTS: dict[Statistic, Callable[[FloatArray, FloatArray], FloatArray]] = {
    "psi": levels.psi,
    "kl": levels.kl,
    "js": levels.jensen_shannon,
    "hellinger": levels.hellinger,
    "total_variation": levels.total_variation,
    "l_infinity": levels.l_infinity,
    "cramers_v": levels.cramers_v,
    "ks": atoms.kolmogorov_smirnov,
    "cvm": atoms.cramer_von_mises,
    "anderson_darling": atoms.anderson_darling,
}


class Null(NamedTuple):
    """What is drawn from: shares of the cells that occur, and the values they stand for over `unit`."""

    statistic: Statistic
    shares: FloatArray
    n: int
    m: int
    values: FloatArray | None
    unit: float

    @property
    def smallest(self) -> float:
        """The smallest expected count."""
        return float(self.shares.min()) * min(self.n, self.m)


def null_of(statistic: Statistic, pooled_counts: Counts, *, n: int, m: int, values: Values | None) -> Null:
    """Return what to draw from; errors as those of `mlval.stats.false_alarms.false_alarm_rate`."""
    if n < 1 or m < 1:
        raise Undefined("one of the two samples has no rows")
    counts = cells(pooled_counts)
    occurs = counts > 0
    shares = counts[occurs] / counts.sum()
    if statistic in _BY_COUNTS:
        return Null(statistic, shares, n, m, None, 1.0)
    if statistic not in get_args(Statistic):
        raise ValueError(f"there is no statistic {statistic!r}")
    if values is None:
        raise ValueError(f"{statistic} needs the values that the cells stand for")
    if statistic == "mean_shift" and min(n, m) < 2:
        raise Undefined("a sample of one row has no spread: a shift of the mean cannot be judged")
    points, exponent = scaled(rising(values, counts.size)[occurs])
    return Null(statistic, shares, n, m, points, unscaled(1.0, exponent))


def drawn(null: Null, draws: int, seed: int) -> Iterator[FloatArray]:
    """Yield the statistic of pairs of samples, so many at once that they stay small in memory."""
    generator = np.random.default_rng(seed)
    at_once = max(1, CELLS_AT_ONCE // null.shares.size)
    for done in range(0, draws, at_once):
        size = min(at_once, draws - done)
        reference = generator.multinomial(null.n, null.shares, size=size).astype(np.float64)
        current = generator.multinomial(null.m, null.shares, size=size).astype(np.float64)
        yield _statistic(null, reference, current)


def _statistic(null: Null, reference: FloatArray, current: FloatArray) -> FloatArray:
    if null.values is None:
        return _BY_COUNTS[null.statistic](reference, current)
    if null.statistic == "mean_shift":
        return np.abs(atoms.mean_shift(reference, current, null.values))
    return atoms.wasserstein(reference, current, null.values, unit=null.unit)
