"""Joint moments of all pairs of columns over the rows that have both values, as products of matrices."""

import math

import numpy as np

from mlval.stats.arrays import FloatArray

Order = tuple[int, int]
"""The powers that a moment takes the first and the second column to."""

CENTRAL: tuple[Order, ...] = ((2, 0), (1, 1), (0, 2), (2, 2), (3, 1), (1, 3), (4, 0), (0, 4))


def central_moments(values: FloatArray, there: FloatArray) -> tuple[FloatArray, dict[Order, FloatArray]]:
    """Return the rows of each pair, and its central moments up to the fourth order (divided by the rows).

    Moments about 0 are turned into central ones by the binomial theorem, which loses digits where a mean is
    far from 0; values are to lie about 0, within some −1 to 1.

    Parameters
    ----------
    values : shape (rows, columns), 0 where there is none
    there : shape (rows, columns), 1 where there is a value, else 0

    Returns
    -------
    shape (columns, columns) each; the moments of pairs without rows are 0
    """
    powers = [there, values, values**2, values**3, values**4]
    rows = there.T @ there
    share = 1 / np.maximum(rows, 1.0)
    raw: dict[Order, FloatArray] = {(0, 0): np.ones_like(rows)}
    for i in range(1, 5):
        for j in range(min(i, 4 - i) + 1):
            raw[i, j] = (powers[i].T @ powers[j]) * share
            raw[j, i] = raw[i, j].T
    return rows, {order: _central(raw, order) for order in CENTRAL}


def _central(raw: dict[Order, FloatArray], order: Order) -> FloatArray:
    i, j = order
    first, second = -raw[1, 0], -raw[0, 1]
    moment = np.zeros_like(first)
    for k in range(i + 1):
        for q in range(j + 1):
            ways = math.comb(i, k) * math.comb(j, q)
            moment += ways * first ** (i - k) * second ** (j - q) * raw[k, q]
    return moment
