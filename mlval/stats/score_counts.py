"""How many positive and negative rows have each score: all that ranking, losses and calibration need."""

from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, IntArray, require_aligned, require_mask
from mlval.stats.errors import Undefined


@dataclass(frozen=True, slots=True)
class ScoreCounts:
    """The different scores, rising, and the rows of each class that have them.

    The order of rows cannot show in what is computed from it.
    """

    score: FloatArray
    positives: IntArray
    negatives: IntArray

    @property
    def rows(self) -> IntArray:
        """The rows with each score."""
        rows: IntArray = self.positives + self.negatives
        return rows


def score_counts(truth: BoolArray, score: FloatArray) -> ScoreCounts:
    """Count the rows of each class by score.

    Two sorts of plain numbers are quicker than one of positions: the scores, and those of the positive rows.

    Parameters
    ----------
    truth : shape (n,), True where the row is positive
    score : shape (n,), infinities are allowed; not changed

    Raises
    ------
    Undefined
        If a score is NaN.

    Examples
    --------
    >>> found = score_counts(np.array([True, False, True]), np.array([0.5, 0.5, 0.2]))
    >>> found.score.tolist(), found.positives.tolist(), found.negatives.tolist()
    ([0.2, 0.5], [1, 1], [0, 1])
    """
    require_aligned(truth, score)
    require_mask(truth)
    ordered = np.sort(score)
    if ordered.size and np.isnan(ordered[-1]):
        raise Undefined(f"{int(np.count_nonzero(np.isnan(ordered)))} of {ordered.size} scores are missing")
    is_first = np.ones(ordered.size, dtype=np.bool_)
    np.not_equal(ordered[1:], ordered[:-1], out=is_first[1:])
    firsts = np.flatnonzero(is_first)
    if firsts.size < ordered.size:
        ordered = ordered[firsts]
    rows = np.diff(firsts, append=score.size).astype(np.int64, copy=False)
    of_positives = score[truth]
    of_positives.sort()
    places = np.searchsorted(ordered, of_positives)
    positives = np.bincount(places, minlength=ordered.size).astype(np.int64, copy=False)
    return ScoreCounts(ordered, positives, rows - positives)


def require_scores(counts: ScoreCounts, *, probabilities: bool = False) -> None:
    """Refuse no rows, scores that are not finite and, if asked, those outside of [0, 1].

    Raises
    ------
    Undefined
        If there are such.
    """
    rows = counts.rows
    if rows.size == 0:
        raise Undefined("no rows")
    if bad := int(rows[~np.isfinite(counts.score)].sum()):
        raise Undefined(f"{bad} of {int(rows.sum())} scores are missing, infinite or too large")
    if probabilities and (counts.score[0] < 0 or counts.score[-1] > 1):
        outside = int(rows[(counts.score < 0) | (counts.score > 1)].sum())
        raise Undefined(
            f"scores are not probabilities: {outside} of {int(rows.sum())} are not within 0 and 1"
        )


def require_both(counts: ScoreCounts, what: str) -> tuple[int, int]:
    """Return how many rows are positive and negative; refuse one class only.

    Raises
    ------
    Undefined
        If there are no positive or no negative rows.
    """
    positives, negatives = int(counts.positives.sum()), int(counts.negatives.sum())
    if positives == 0 or negatives == 0:
        raise Undefined(f"one class only: {what} needs both")
    return positives, negatives
