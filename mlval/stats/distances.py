"""Distances of two samples from counts on the same bins or levels; no order of the cells is needed.

Rules that hold for all of them:

* a cell that is empty on both sides does not count, so it can be left out or added at will;
* a cell that is empty on one side is an ordinary cell, and every distance stays finite;
* where all rows of both samples are in one cell, the distance is 0;
* equal counts are exactly 0 apart; so are counts in proportion, but for `psi` and `kl`, whose smoothing
  weighs more in the smaller sample.

The total variation, which is one of them, is in `mlval.stats.two_sample`.
"""

from typing import NamedTuple

from mlval.stats import _level_batches as batches
from mlval.stats._pairs import pair
from mlval.stats.arrays import Counts


class Largest(NamedTuple):
    """The largest difference of shares, and the cell where it is."""

    distance: float
    cell: int


def psi(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the population stability index Σ (q − p) ln(q/p) in nats, from 0.

    It is the Kullback-Leibler divergence there and back (Jeffreys 1946). Half a row is added to every cell
    that is not empty on both sides, in both samples: without it, one empty cell makes the index infinite,
    and a fixed floor makes it depend on the floor. So n rows and 10·n rows of the same shares are a little
    apart. With nothing changed it is about (1/n + 1/m) times chi-square of cells − 1 degrees of freedom;
    a fixed threshold is therefore a matter of sample size.

    Parameters
    ----------
    reference_counts, current_counts : whole numbers from 0 on the same cells

    Raises
    ------
    Undefined
        If one of the samples has no rows.
    ValueError
        If the numbers of cells differ, or a count is not a whole number from 0.

    Examples
    --------
    >>> round(psi([50, 30, 20], [30, 50, 20]), 4)
    0.1987
    >>> psi([7, 0], [7, 0])
    0.0
    """
    return float(batches.psi(*pair(reference_counts, current_counts)))


def kl(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the Kullback-Leibler divergence Σ q ln(q/p) of current shares q from reference shares p.

    In nats, from 0: the mean surplus of surprise of a current row to somebody who expects the reference
    (Kullback and Leibler 1951). Not symmetric. Smoothed as `psi`. Parameters and errors as `psi`.

    Examples
    --------
    >>> round(kl([50, 30, 20], [30, 50, 20]), 4)
    0.0994
    >>> round(kl([99, 1], [50, 50]), 2), round(kl([50, 50], [99, 1]), 2)
    (1.42, 0.62)
    """
    return float(batches.kl(*pair(reference_counts, current_counts)))


def jensen_shannon(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the Jensen-Shannon distance in base 2, from 0 to 1; 1 where the samples share no cell.

    The root of half the divergences of p and q from their mean (Lin 1991; Endres and Schindelin 2003): the
    distance, not the divergence, and in bits, not in nats (times 1.2 of the number in nats). It needs no
    smoothing. Symmetric. Parameters and errors as `psi`.

    Examples
    --------
    >>> jensen_shannon([10, 0], [0, 3])
    1.0
    >>> round(jensen_shannon([50, 50], [60, 40]), 4)
    0.0854
    """
    return float(batches.jensen_shannon(*pair(reference_counts, current_counts)))


def hellinger(reference_counts: Counts, current_counts: Counts) -> float:
    """Return the Hellinger distance sqrt(1 − Σ sqrt(p·q)), from 0 to 1; 1 where the samples share no cell.

    Symmetric; it needs no smoothing. It weighs rare cells more than the total variation does. Parameters
    and errors as `psi`.

    Examples
    --------
    >>> hellinger([10, 0], [0, 3])
    1.0
    >>> round(hellinger([50, 50], [60, 40]), 4)
    0.0712
    """
    return float(batches.hellinger(*pair(reference_counts, current_counts)))


def l_infinity(reference_counts: Counts, current_counts: Counts) -> Largest:
    """Return the largest difference |p − q| of the shares of one cell, from 0 to 1, and that cell.

    Of cells that moved by the same, the first is named. With many levels none can move by much, so a
    threshold that suits five levels sees nothing with five hundred. Symmetric. Parameters and errors as
    `psi`.

    Examples
    --------
    >>> l_infinity([50, 30, 20], [50, 20, 30])
    Largest(distance=0.1, cell=1)
    """
    p, q = pair(reference_counts, current_counts)
    n, m = int(p.sum()), int(q.sum())
    gaps = [abs(int(a) * m - int(b) * n) for a, b in zip(p.tolist(), q.tolist(), strict=True)]
    largest = max(gaps)
    return Largest(largest / (n * m), gaps.index(largest))


def cramers_v(reference_counts: Counts, current_counts: Counts) -> float:
    """Return Cramér's V of sample and level, from 0 to 1, with the bias corrected.

    V is the root of chi-square (no cells pooled, no continuity correction) over its largest possible value.
    With nothing changed it grows with the number of levels; the correction of Bergsma (2013) takes off
    what is expected then, so a value of 0 means "no more than noise". Where nothing can be told, as with
    one level or as many levels as rows, it is 0. Symmetric; it is not quite the same for counts in
    proportion, since the correction depends on the rows. Parameters and errors as `psi`.

    Examples
    --------
    >>> round(cramers_v([50, 50], [80, 20]), 4)
    0.3072
    >>> cramers_v([5, 5], [5, 5])
    0.0
    """
    return float(batches.cramers_v(*pair(reference_counts, current_counts)))
