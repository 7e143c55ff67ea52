"""How far the centre of a cloud of vectors, such as embeddings, moved, against the spread of the cloud."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np

from mlval.stats._centre_permutations import CELLS_AT_ONCE, FEWEST, Vectors, permuted
from mlval.stats.arrays import FloatArray, require_share
from mlval.stats.errors import Undefined

_NORMAL = NormalDist()


class EmbeddingShift(NamedTuple):
    """How far the centre moved.

    Attributes
    ----------
    size : distance of the centres less what noise alone shows, over the spread of the reference, from 0
    distance : the same with the noise in it
    p_value : of the vectors of both samples being exchangeable, at least 1 / (1 + draws)
    detectable : the smallest size that the test shows with the wanted power; infinity where it can show none
    """

    size: float
    distance: float
    p_value: float
    detectable: float


def embedding_shift(
    reference: Vectors,
    current: Vectors,
    *,
    seed: int,
    draws: int = 1_999,
    alpha: float = 0.02,
    power: float = 0.8,
) -> EmbeddingShift:
    """Measure the shift of the centre, ||mean(a) − mean(b)|| / sqrt(trace(cov(a))).

    The spread sqrt(trace(cov)) is the root mean square distance of a reference vector from its centre. Where
    nothing changed the squared distance of the means is trace(cov)(1/n + 1/m) on average; with the traces of
    both samples, trace(a)/n + trace(b)/m is taken off, which leaves the squared shift without bias.

    The p-value is that of a permutation test, (1 + k) / (1 + draws) with k the draws at or above what was
    seen (Phipson and Smyth 2010): no distribution is assumed, and the directions may be more than the rows.
    Rows next to each other are summed in blocks of equal size and the blocks are permuted; some rows at the
    end of a sample may not fill a block and are left out of the test (Domingo-Enrich, Dwivedi and Mackey
    2023). The detectable size takes the shift in the direction of the largest spread there can be.

    It misleads where the cloud changed its shape but not its centre (a group that split in two): a classifier
    sees that. The spread adds up all directions: among 400 of equal spread, a shift of 0.1 is two
    standard deviations along its own, so a limit for a number in a column is not one for vectors. Directions
    count by their scale, and vectors by their length: scale both samples alike before. Rows that resemble
    each other, as those of one customer or hour do, make chance look like a shift.

    Parameters
    ----------
    reference : shape (n, d), n at least 20
    current : shape (m, d), m at least 20
    seed : of the permutations; the p-value depends on it and on the order of the rows
    draws : at least 99
    alpha, power : strictly between 0 and 1

    Raises
    ------
    Undefined
        If a sample is too small, lengths differ, vectors are not finite or too large to square, or all of the
        reference are the same.
    ValueError
        If these are not matrices of floating-point numbers, or `draws` is below 99.

    Examples
    --------
    >>> draw = np.random.default_rng(1)
    >>> here, there = draw.normal(size=(500, 4)), draw.normal(size=(300, 4))
    >>> embedding_shift(here, there, seed=1).p_value > 0.05
    True
    >>> found = embedding_shift(here, there + 1, seed=1)
    >>> round(found.size, 1), found.p_value
    (1.0, 0.0005)
    """
    require_share(alpha, "alpha")
    require_share(power, "power")
    if draws < 99:
        raise ValueError(f"at least 99 draws, not {draws}")
    _require(reference, current)
    n, m = reference.shape[0], current.shape[0]
    first, second = _centre(reference), _centre(current)
    spread, other = _trace(reference, first), _trace(current, second)
    with np.errstate(over="ignore", invalid="ignore"):
        between = float(np.sum((second - first) ** 2))
    if not math.isfinite(spread + other + between):
        raise Undefined("the vectors are too large: their norms are not finite")
    if spread <= 0:
        raise Undefined("all reference vectors are the same: there is no spread to measure a shift by")
    origin = (n * first + m * second) / (n + m)
    seen, nulls = permuted(reference, current, origin=origin, draws=draws, seed=seed)
    reached = int(np.count_nonzero(nulls >= seen * (1 - 1e-9)))
    return EmbeddingShift(
        size=math.sqrt(max(0.0, between - spread / n - other / m) / spread),
        distance=math.sqrt(between / spread),
        p_value=(1 + reached) / (1 + draws),
        detectable=_detectable(nulls, alpha=alpha, power=power) / math.sqrt(spread),
    )


def _require(reference: Vectors, current: Vectors) -> None:
    for side in (reference, current):
        if side.ndim != 2 or side.dtype not in {np.dtype(np.float32), np.dtype(np.float64)}:
            raise ValueError(f"a matrix of floating-point numbers is needed, not {side.dtype}{side.shape}")
    if reference.shape[1] != current.shape[1]:
        raise Undefined(f"vectors of {reference.shape[1]} numbers became vectors of {current.shape[1]}")
    for side in (reference, current):
        if side.shape[0] < FEWEST or side.shape[1] == 0:
            raise Undefined(f"{side.shape[0]} vectors of {side.shape[1]} numbers: at least {FEWEST} a side")
        bad = side.shape[0] - sum(int(np.isfinite(part).all(axis=1).sum()) for part in _parts(side))
        if bad:
            raise Undefined(f"{bad} of {side.shape[0]} vectors hold numbers that are missing or infinite")


def _parts(side: Vectors) -> list[Vectors]:
    """Split into runs of rows that are small in memory."""
    at_once = max(1, CELLS_AT_ONCE // side.shape[1])
    return [side[start : start + at_once] for start in range(0, side.shape[0], at_once)]


def _centre(side: Vectors) -> FloatArray:
    """Return the mean vector, around the first one, so that an offset costs no digits."""
    origin = side[0].astype(np.float64)
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.sum([(part - origin).sum(axis=0) for part in _parts(side)], axis=0)
        centre: FloatArray = origin + total / side.shape[0]
    return centre


def _trace(side: Vectors, centre: FloatArray) -> float:
    """Return the trace of the covariance."""
    with np.errstate(over="ignore", invalid="ignore"):
        squares = sum(float(np.sum((part - centre) ** 2)) for part in _parts(side))
    return squares / float(side.shape[0] - 1)


def _detectable(nulls: FloatArray, *, alpha: float, power: float) -> float:
    """Return the shift that is found with this power.

    The squared distance of a shift s has mean s² above the null's and at most the variance v + 4 s² λ, with v
    the null's variance and λ the largest variance of a direction of the difference; v = 2 Σ λ² >= 2 λ².
    """
    if alpha * (1 + nulls.size) < 1:
        return math.inf
    v = float(nulls.var())
    z = max(0.0, _NORMAL.inv_cdf(power))
    far = float(np.quantile(nulls, 1 - alpha)) - float(nulls.mean())
    half = far + 2 * z**2 * math.sqrt(v / 2)
    return math.sqrt(max(0.0, half + math.sqrt(max(0.0, half**2 - far**2 + z**2 * v))))
