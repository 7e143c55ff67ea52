"""How far a running sum of scores stands above its lowest point so far, or below its highest.

This is the statistic of CUSUM and of Page-Hinkley: the recursion S = max(0, S + z − k) of Page and the form
of Hinkley, the sum of all z − k less its smallest value so far, are the same number. The second needs no
loop.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from mlval.stats.arrays import FloatArray

Direction = Literal["up", "down"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursions:
    """The statistic of both sides after each score: shape (..., n), from 0, in standard deviations."""

    up: FloatArray
    down: FloatArray

    @property
    def larger(self) -> FloatArray:
        """The larger of both sides: shape (..., n)."""
        return np.maximum(self.up, self.down)

    def direction(self, index: int) -> Direction:
        """Return the side that is larger at a place; only for one series."""
        return "up" if self.up[index] >= self.down[index] else "down"

    def start(self, index: int) -> int:
        """Return where the excursion that lasts at a place began; only for one series.

        It is the place after the last zero of the larger side, the maximum-likelihood estimate of the time of
        a change by one slack times two (Page 1954); it comes early or late by several runs.
        """
        side = self.up if self.direction(index) == "up" else self.down
        zeros = np.flatnonzero(side[: index + 1] <= 0)
        return int(zeros[-1]) + 1 if zeros.size else 0


def excursions(scores: FloatArray, *, slack: float) -> Excursions:
    """Return both sides of the CUSUM, which starts at zero.

    Parameters
    ----------
    scores : shape (..., n), standard normal when nothing has changed; NaN adds nothing
    slack : at least 0; what is taken off the size of each score

    Examples
    --------
    >>> excursions(np.array([1.0, 1.0, -3.0, np.nan]), slack=0.5).up.tolist()
    [0.5, 1.0, 0.0, 0.0]
    """
    return Excursions(up=_above_lowest(scores - slack), down=_above_lowest(-scores - slack))


def _above_lowest(steps: FloatArray) -> FloatArray:
    sums = np.cumsum(np.where(np.isnan(steps), 0.0, steps), axis=-1)
    lowest = np.minimum(np.minimum.accumulate(sums, axis=-1), 0.0)
    above: FloatArray = sums - lowest
    return above
