"""Columns that came to move together, or ceased to, though each of them may look the same.

Correlations are of scores: a row's place in its column in both samples together, as Spearman's. Outliers and
monotone changes of scale cannot show, and a code per bin is enough.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from mlval.stats._comoments import central_moments
from mlval.stats._trees import BINS, Codes
from mlval.stats.arrays import BoolArray, FloatArray, require_share
from mlval.stats.errors import Undefined

FEWEST = 50
"""Rows of a pair, with a value in both columns, below which it is not tested."""

SPREAD = 10.0
"""Rows of a pair that are to lie off the commonest code of both columns if they are independent."""

PERFECT = 1 - 1e-9
"""Correlations are cut here, where Fisher's transform has no end."""

TINY = 1e-9
"""A variance of scores at or below this is none."""

_NORMAL = NormalDist()


class CorrelationChange(NamedTuple):
    """The change of one pair of columns, and what the others could have shown.

    Attributes
    ----------
    first, second : the columns, first < second
    reference, current : their correlation in each sample, −1 to 1
    p_value : two-sided, of no change, times the number of pairs tested (Bonferroni), at most 1
    pairs : tested; the others have too few rows or are nearly constant
    of : all pairs
    detectable : the smallest correlation that the least certain pair tested would show, had it been 0;
        infinity where it would not show even a perfect one
    """

    first: int
    second: int
    reference: float
    current: float
    p_value: float
    pairs: int
    of: int
    detectable: float


class _Correlations(NamedTuple):
    """Of all pairs: value, rows, variance of a row's influence on the Fisher transform, fit to be tested."""

    value: FloatArray
    rows: FloatArray
    influence: FloatArray
    fit: BoolArray


def correlation_change(
    reference: Codes, current: Codes, *, null: int | None = None, alpha: float = 0.02, power: float = 0.8
) -> CorrelationChange:
    """Return the pair of columns whose correlation changed most.

    Of the pairs that are significant at `alpha`, it is the one with the largest change; where there is none,
    the one with the smallest p-value. So if any pair is both significant and changed by more than a limit,
    the pair returned is.

    The difference of the Fisher transforms of both correlations is compared with a normal. Their variances
    are not the textbook's 1/(n − 3), which holds for normals, but those of the correlation's influence
    function, which hold whatever the columns look like (Steiger and Hakstian 1982): the largest of the
    sample's own, that of both samples, and the textbook's. Rows without a value in one of two columns do not
    count for that pair.

    It misleads where a column's own distribution changed: scores that pile up at one end correlate less. It
    does not see a dependence that neither rises nor falls, such as a U. Columns without an order have no
    correlation; leave them out. For some 100 columns at most: the cost grows with rows x columns².

    Parameters
    ----------
    reference, current : shape (rows, columns), uint8 below 64, rising with the value, on the same bins
    null : the code of rows without a value, if there are such
    alpha, power : strictly between 0 and 1

    Raises
    ------
    Undefined
        If no pair of columns can be tested.
    ValueError
        If shapes or types do not fit.

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> here = draw.integers(0, 10, size=(500, 3)).astype(np.uint8)
    >>> there = here.copy()
    >>> there[:, 2] = there[:, 0]
    >>> found = correlation_change(here, there)
    >>> found.first, found.second, round(found.current, 2), found.p_value < 1e-9
    (0, 2, 1.0, True)
    """
    require_share(alpha, "alpha")
    require_share(power, "power")
    before, after = (_correlations(side) for side in _sides(reference, current, null))
    columns = reference.shape[1]
    first, second = np.triu_indices(columns, 1)
    of = first.size
    fit = (before.fit & after.fit)[first, second]
    first, second = first[fit], second[fit]
    pairs = first.size
    if pairs == 0:
        raise Undefined("no two columns have enough rows with values, and different ones, to correlate")
    old, new = before.value[first, second], after.value[first, second]
    error = np.sqrt(_variance(before, after)[first, second])
    z = np.abs(np.arctanh(_cut(new)) - np.arctanh(_cut(old))) / error
    critical = -_NORMAL.inv_cdf(alpha / pairs / 2)
    change = np.abs(new - old)
    best = int(np.argmax(np.where(z >= critical, change, -1.0) if np.any(z >= critical) else z))
    shown = math.tanh((critical + max(0.0, _NORMAL.inv_cdf(power))) * float(error.max()))
    return CorrelationChange(
        first=int(first[best]),
        second=int(second[best]),
        reference=float(old[best]),
        current=float(new[best]),
        p_value=min(1.0, math.erfc(float(z[best]) / math.sqrt(2)) * pairs),
        pairs=pairs,
        of=of,
        detectable=shown if shown < PERFECT else math.inf,
    )


class _Side(NamedTuple):
    """One sample, shape (rows, columns) each.

    Attributes
    ----------
    scores : from −1 to 1, 0 where there is no value
    there : 1 where there is a value, else 0
    off : 1 where it is another than the commonest of its column, else 0
    """

    scores: FloatArray
    there: FloatArray
    off: FloatArray


def _sides(reference: Codes, current: Codes, null: int | None) -> tuple[_Side, _Side]:
    for codes in (reference, current):
        if codes.dtype != np.uint8 or codes.ndim != 2:
            raise ValueError(f"codes must be uint8 of shape (rows, columns), not {codes.dtype}{codes.shape}")
        if codes.size and int(codes.max()) >= BINS:
            raise ValueError(f"codes must be below {BINS}, not {codes.max()}")
    if reference.shape[1] != current.shape[1]:
        raise ValueError(f"{reference.shape[1]} columns against {current.shape[1]}")
    counts = np.zeros((reference.shape[1], BINS))
    for codes in (reference, current):
        for column, code in enumerate(codes.T):
            counts[column] += np.bincount(code, minlength=BINS)
    if null is not None:
        counts[:, null] = 0
    rows = np.maximum(1.0, counts.sum(axis=1, keepdims=True))
    places = (2 * counts.cumsum(axis=1) - counts - rows) / rows
    commonest = counts.argmax(axis=1)
    index = np.arange(reference.shape[1])

    def side(codes: Codes) -> _Side:
        there = np.ones(codes.shape) if null is None else (codes != null).astype(np.float64)
        return _Side(places[index, codes] * there, there, (codes != commonest) * there)

    return side(reference), side(current)


def _correlations(side: _Side) -> _Correlations:
    """Correlate all pairs; with x and y standardised, a row's influence on r is xy − r(x² + y²)/2."""
    rows, moment = central_moments(side.scores, side.there)
    off = side.off.T @ side.there
    x, y = np.maximum(moment[2, 0], TINY), np.maximum(moment[0, 2], TINY)
    spread = np.sqrt(x * y)
    r = np.clip(moment[1, 1] / spread, -1.0, 1.0)
    both = moment[2, 2] / spread**2
    influence = both - r * (moment[3, 1] / x + moment[1, 3] / y) / spread
    influence += r**2 / 4 * (moment[4, 0] / x**2 + moment[0, 4] / y**2 + 2 * both)
    fit = (rows >= FEWEST) & (off * off.T >= SPREAD * rows) & (moment[2, 0] > TINY) & (moment[0, 2] > TINY)
    return _Correlations(r, rows, influence / (1 - _cut(r) ** 2) ** 2, fit)


def _variance(before: _Correlations, after: _Correlations) -> FloatArray:
    """Return the variance of the difference of the Fisher transforms of both samples' correlations."""
    rows = np.maximum(1.0, before.rows + after.rows)
    pooled = (before.rows * before.influence + after.rows * after.influence) / rows
    total = np.zeros_like(pooled)
    for side in (before, after):
        own = np.maximum(side.influence, pooled) / np.maximum(1.0, side.rows)
        total += np.maximum(own, 1 / np.maximum(1.0, side.rows - 3))
    return total


def _cut(r: FloatArray) -> FloatArray:
    return np.clip(r, -PERFECT, PERFECT)
