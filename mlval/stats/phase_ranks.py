"""Scores by rank for a series with a cycle: each value is ranked after its cycle is taken out."""

from collections.abc import Hashable, Sequence

import numpy as np

from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.cusum import score_of_rank
from mlval.stats.deviations import NOISE


def phase_rank_scores(values: FloatArray, phases: Sequence[Hashable]) -> FloatArray:
    """Return normal scores of ranks among the values so far, each less the mean of its phase so far.

    The means include the value that is ranked, so that it has no place of its own among the values of its
    phase. This is the method of aligned ranks (Hodges and Lehmann 1962), one value after the other. With one
    phase the scores are those of `rank_scores`; with more they are independent of the distribution
    approximately, the better the more values of each phase there are.

    Parameters
    ----------
    values : shape (..., n), finite
    phases : n labels

    Returns
    -------
    shape (..., n); NaN for the first value of each phase

    Examples
    --------
    >>> phase_rank_scores(np.array([1.0, 9.0, 2.0, 9.0]), ["mon", "sun", "mon", "sun"]).round(2).tolist()
    [nan, nan, 1.0, 0.0]
    """
    left = np.full(values.shape, np.nan)
    ranks, among = left.copy(), np.zeros(values.shape[-1], dtype=np.int64)
    rounding = NOISE * np.maximum.accumulate(np.abs(values), axis=-1)
    members: dict[Hashable, list[int]] = {}
    known = 0
    for place, phase in enumerate(phases):
        alike = members.setdefault(phase, [])
        alike.append(place)
        if len(alike) == 1:
            continue
        known += 2 if len(alike) == 2 else 1
        distances = values[..., alike] - values[..., alike[:1]]
        aligned = distances - distances.mean(axis=-1, keepdims=True)
        left[..., alike] = np.where(np.abs(aligned) <= rounding[..., place : place + 1], 0.0, aligned)
        ranks[..., place] = _last_rank(left[..., : place + 1])
        among[place] = known
    judged = among > 1
    scores: FloatArray = np.full(values.shape, np.nan)
    scores[..., judged] = score_of_rank(ranks[..., judged], among[judged])
    return scores


def _last_rank(values: FloatArray) -> FloatArray | float:
    """Return the mean rank, from 1, of the last value among all; NaN has none."""
    last = values[..., -1:]
    below: IntArray = np.count_nonzero(values < last, axis=-1)
    equal: IntArray = np.count_nonzero(values == last, axis=-1)
    ranks: FloatArray = below + (equal + 1) / 2
    return ranks
