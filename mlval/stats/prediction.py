"""How much of something new data may hold, given what a sample held: limits that leave room for chance.

Both the sample and the new data vary, so the limits are prediction limits, not confidence limits of a share.
They need no more than that the rows of both could be exchanged for one another.
"""

from collections.abc import Sequence

import numpy as np

from mlval.stats.arrays import require_share
from mlval.stats.errors import Undefined

_REACH = 40
"""Standard deviations above the mean up to which probabilities are added; the rest is below 1e-15."""


def most(count: int, rows: int, *, new: int, alpha: float, ends: int = 0) -> int:
    """Return how many of some new rows have a property, but for a chance of at most `alpha`.

    The number among the new rows follows the beta-binomial distribution with a = count + max(1, ends) and
    b = rows − a + 1. Without ends this is the exact one-sided prediction limit of a count (Thatcher 1964).
    The rows outside of limits that are themselves values of the sample follow it too, whatever the
    distribution of the values (Wilks 1941): the share of all rows between the r-th smallest and the s-th
    largest of n values has a Beta(n + 1 − r − s, r + s) distribution.

    Parameters
    ----------
    count : rows of the sample with the property: 0 to `rows`
    rows : rows of the sample, at least 1
    new : new rows, from 0
    alpha : strictly between 0 and 1
    ends : how many ends of a range, 0 to 2, were taken from the sample; `count` are the rows strictly outside

    Returns
    -------
    0 to `new`

    Raises
    ------
    Undefined
        If the sample has no rows.

    Examples
    --------
    >>> most(0, 1000, new=1000, alpha=0.01)
    6
    >>> most(0, 1000, new=1000, alpha=0.01, ends=2)
    9
    """
    from scipy.special import betaln

    require_share(alpha, "alpha")
    if rows == 0:
        raise Undefined("no rows: nothing can be said of new ones")
    if not (0 <= count <= rows and new >= 0 and 0 <= ends <= 2):
        raise ValueError(f"{count} of {rows} rows, {new} new ones, {ends} ends")
    a = count + max(1, ends)
    b = rows - a + 1
    if b <= 0:
        return new
    mean = new * a / (a + b)
    deviation = float(np.sqrt(mean * b * (a + b + new) / ((a + b) * (a + b + 1))))
    first = max(0, int(mean))
    last = min(new, int(mean + _REACH * (deviation + 1)))
    numbers = np.arange(first, last + 1, dtype=np.float64)
    ways = -betaln(numbers + 1, new - numbers + 1) - np.log(new + 1)
    chances = np.exp(ways + betaln(numbers + a, new - numbers + b) - betaln(a, b))
    at_least = np.cumsum(chances[::-1])[::-1]
    # The chance of more than the i-th number is that of at least the next one.
    within = np.flatnonzero(np.append(at_least[1:], 0.0) <= alpha)
    return first + int(within[0])


def most_unseen(counts: Sequence[int], *, new: int, alpha: float, rarest: int = 1) -> int:
    """Return how many of some new rows have a level outside of a set, but for a chance of `alpha`.

    The set are the levels that occur at least `rarest` times in a sample. By Good and Turing, the levels
    with t rows in a sample have together about (t + 1)/rows times as much of all rows as there are levels
    with t + 1 rows in it: what the set lacks shows in the levels with up to `rarest` rows. Each level
    outside may come with several new rows; the levels with one row more, which were nearly left out too,
    are counted as well to leave room for that.

    Parameters
    ----------
    counts : rows of each level of the sample, at least 1 each
    new, alpha : as `most`
    rarest : at least 1, which leaves out what the sample lacks and nothing else

    Examples
    --------
    >>> most_unseen([1, 1, 1, 997], new=1000, alpha=0.01)
    13
    """
    nearly = sum(count for count in counts if count <= rarest + 1)
    return most(nearly, sum(counts), new=new, alpha=alpha)


def share_above(count: int, rows: int, *, digits: int = 2) -> float:
    """Return the share `count / rows` rounded up to a few significant digits in percent, at most 1.

    >>> share_above(7, 3000)
    0.0024
    """
    if count == 0:
        return 0.0
    percent = 100 * count / rows
    step = 10.0 ** (np.floor(np.log10(percent)) - digits + 1)
    return float(min(1.0, round(float(np.ceil(percent / step - 1e-9) * step), 12) / 100))
