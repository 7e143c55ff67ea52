"""The ways to score a value of a series by those before it, with the slack that belongs to each."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.cusum import RANK_SLACK, SLACK, rank_scores, self_starting_scores
from mlval.stats.deviations import Deviations, deviations, without_dependence
from mlval.stats.page_hinkley import DELTA, page_hinkley_scores
from mlval.stats.phase_ranks import phase_rank_scores

Method = Literal["ranks", "cusum", "page_hinkley"]

SLACKS: dict[Method, float] = {"ranks": RANK_SLACK, "cusum": SLACK, "page_hinkley": DELTA}

DEVIATIONS_BEFORE = 4
"""How many deviations there must be before a value is judged: without a cycle, those of five values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """Values with their scores.

    Attributes
    ----------
    scores : shape (..., n), about standard normal and independent when nothing changes; NaN where too little
        came before
    found : the deviations they were made from
    """

    scores: FloatArray
    found: Deviations


def scored(
    values: FloatArray,
    *,
    method: Method,
    phases: Sequence[Hashable] | None = None,
    dependent: bool = False,
) -> Scored:
    """Score each value by those before it.

    Ranks are those of the values themselves, or, where a cycle or dependence is taken out, of what is left.

    Parameters
    ----------
    values : shape (..., n), finite; one series a row, oldest first
    method : the kind of score
    phases : n labels of a cycle
    dependent : take out what a value shares with the one before

    Raises
    ------
    ValueError
        If the method is unknown, or there are not as many phases as values.
    """
    found = deviations(values, phases)
    if dependent:
        found = without_dependence(found)
    match method:
        case "ranks":
            if dependent:
                raw = rank_scores(found.sizes)
            else:
                raw = rank_scores(values) if phases is None else phase_rank_scores(values, phases)
        case "cusum":
            raw = self_starting_scores(found)
        case "page_hinkley":
            raw = page_hinkley_scores(found)
        case _:
            raise ValueError(f"a trend is seen by {', '.join(SLACKS)}, not by {method!r}")
    return Scored(scores=np.where(found.before >= DEVIATIONS_BEFORE, raw, np.nan), found=found)
