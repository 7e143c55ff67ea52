"""Cells of the confusion table of two classes, and the shares of rows that are made of them."""

from dataclasses import dataclass
from typing import Literal

from mlval.stats.arrays import IntArray
from mlval.stats.counts import one_class
from mlval.stats.errors import Undefined
from mlval.stats.estimate import Estimate
from mlval.stats.intervals import wilson

Cell = Literal["tp", "fp", "fn", "tn"]


@dataclass(frozen=True, slots=True)
class Cells:
    """The rows of two classes by what they are and what they are predicted to be."""

    tp: int
    fp: int
    fn: int
    tn: int

    def rows(self, *cells: Cell) -> int:
        """Return how many rows these cells hold together."""
        held: dict[Cell, int] = {"tp": self.tp, "fp": self.fp, "fn": self.fn, "tn": self.tn}
        return sum(held[cell] for cell in cells)


def cells(labels: tuple[str, ...], matrix: IntArray, *, positive: str | None) -> Cells:
    """Return the four cells of a table of at most two classes, [truth, prediction].

    Raises
    ------
    Undefined
        If there are no rows or more classes, or the positive class is not known or does not occur.

    Examples
    --------
    >>> import numpy as np
    >>> cells(("no", "yes"), np.array([[5, 1], [2, 3]]), positive="yes")
    Cells(tp=3, fp=1, fn=2, tn=5)
    """
    right, true, predicted = one_class(labels, matrix, positive=positive)
    rows = int(matrix.sum())
    return Cells(right, predicted - right, true - right, rows - true - predicted + right)


@dataclass(frozen=True, slots=True)
class Rate:
    """Some of so many rows."""

    successes: int
    trials: int

    def estimate(self, *, confidence: float) -> Estimate:
        """Return the share with Wilson's interval."""
        interval = wilson(self.successes, self.trials, confidence=confidence)
        return Estimate(
            value=self.successes / self.trials, n=self.trials, interval=interval, successes=self.successes
        )


def rate(counted: Cells, above: tuple[Cell, ...], below: tuple[Cell, ...], *, none: str) -> Rate:
    """Return the share of the rows of some cells that lie in others.

    Raises
    ------
    Undefined
        If there are no such rows; the message is `none`.
    """
    rows = counted.rows(*below)
    if rows == 0:
        raise Undefined(none)
    return Rate(counted.rows(*above), rows)
