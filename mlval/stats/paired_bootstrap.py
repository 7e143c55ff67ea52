"""Percentile bootstrap of the difference of two statistics on the same rows, or on whole groups of them."""

from collections.abc import Callable

import numpy as np

from mlval.stats.arrays import IntArray, require_share
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import Paired

DRAWS = 2_000
ROWS = 50_000
SEED = 20_170_901
UNDEFINED = 0.01
"""Share of draws without a value from which on there is no interval."""

Both = Callable[[IntArray], tuple[float, float]]


def bootstrap(
    both: Both,
    rows: int,
    *,
    confidence: float,
    weight: float = 1.0,
    groups: IntArray | None = None,
    draws: int = DRAWS,
) -> Paired:
    """Draw rows once for both statistics, or whole groups, and return the percentiles of their difference.

    The generator is seeded: the same rows in the same order give the same interval. Draws on which a
    statistic is not defined, such as those of one class only, are left out as long as they are few.

    Parameters
    ----------
    both : (first, second) on the rows of these positions, which may repeat
    rows : at least 2
    groups : shape (rows,), codes from 0 of the groups that rows belong to
    confidence, weight : as `mlval.stats.paired_estimate.paired`

    Raises
    ------
    Undefined
        If the statistics are not defined on all rows, or on 1% of the draws.
    """
    require_share(confidence, "confidence")
    first, second = both(np.arange(rows))
    generator = np.random.Generator(np.random.PCG64(SEED))
    members = _members(groups)
    units = rows if members is None else len(members)
    if units < 2:
        raise Undefined("an interval needs at least two rows or groups that are independent")
    found, undefined = [], 0
    for _ in range(draws):
        drawn = generator.integers(0, units, size=units)
        taken = drawn if members is None else np.concatenate([members[one] for one in drawn])
        try:
            one, other = both(taken)
        except Undefined:
            undefined += 1
            continue
        found.append(other - weight * one)
    if undefined >= UNDEFINED * draws:
        raise Undefined(f"the metric is not defined on {undefined} of {draws} draws of these rows")
    values = np.array(found)
    side = (1 - confidence) / 2
    shift = (weight - 1) * first
    low, high = (float(end) + shift for end in np.quantile(values, [side, 1 - side]))
    unit = "groups" if members is not None else "rows"
    return Paired(
        first=first,
        second=second,
        error=float(np.std(values, ddof=1)),
        interval=(low, high) if low < high else None,
        units=units,
        method=f"percentile bootstrap, {draws:,} draws of {units:,} {unit}",
    )


def _members(groups: IntArray | None) -> list[IntArray] | None:
    """Return the positions of the rows of every group."""
    if groups is None:
        return None
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order])) + 1
    return np.split(order, starts)
