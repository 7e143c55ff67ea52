"""How well one column alone predicts another: the share of blind error that knowing it removes.

The idea of one asymmetric score in [0, 1] for columns of any kind, of a simple model that is tried on rows
which it has not seen, against what a guess without any column achieves, is that of the predictive power
score (Wetschoreck, Krabel and Krishnamurthy 2020). For classes and without held-out rows it is Goodman and
Kruskal's lambda (1954), the proportional reduction of error. The model here is a table: what is most
frequent, or in the middle, among the rows with the same value or in the same bin.
"""

from math import isqrt

from mlval.stats.errors import Undefined

MOST_BINS = 256
TARGET_BINS = 64


def score(by_column: int, blind: int) -> float:
    """Return 1 - by_column / blind, or 0 where the column makes guesses worse.

    Parameters
    ----------
    by_column, blind : how far guesses are from the truth, learnt on other rows, with the column and without:
        wrong guesses of classes, or distances between bins of equal mass for numbers, whose ratio is then
        that of mean absolute errors in ranks, which neither a unit nor an outlier changes

    Returns
    -------
    0 (the column tells nothing) to 1 (it tells the target)

    Raises
    ------
    Undefined
        If blind guesses are never wrong, so that nothing is left to predict.

    Examples
    --------
    >>> score(10, 40), score(50, 40)
    (0.75, 0.0)
    """
    if by_column < 0 or blind < 0:
        raise ValueError(f"errors are not negative: {by_column}, {blind}")
    if blind == 0:
        raise Undefined("the target is the same in all rows: there is nothing to predict")
    return max(0.0, 1 - by_column / blind)


def bins_for(rows: int) -> int:
    """Return into how many bins a column of numbers is split: the root of the rows, from 2 to 256.

    Each half of the rows then has about root(n) / 2 rows a bin to learn from.

    >>> bins_for(9), bins_for(10_000), bins_for(10**9)
    (3, 100, 256)
    """
    return min(MOST_BINS, max(2, isqrt(rows)))
