"""How far predictions change where what a model is shown changes: the same rows, predicted twice."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import Expression, Rows, Scored, Shape, Vectors
from mlval.domain.errors import Unmeasurable
from mlval.domain.metric import Metric
from mlval.domain.paired import Paired
from mlval.domain.steps import Asking, ask
from mlval.evidence.gathering import WHOLE, Labelled, gather, need_of
from mlval.evidence.known_metrics import METRICS, SPELLINGS
from mlval.stats.errors import Undefined
from mlval.stats.sums import moments, ordered_sum

SAME = 1e-6
"""Numbers that differ by less, or by less than this share of them, are the same: sums are added up in another
order when batches differ."""


@dataclass(frozen=True, slots=True)
class PredictionChange:
    """What became of predictions.

    Attributes
    ----------
    rows : that were predicted twice
    moved : rows whose prediction is not the same any more: the class, a number, a probability
    flipped : rows of another class; None where numbers are predicted
    shift : where numbers are predicted, the mean of their absolute change in standard deviations of the
        predictions before; infinite where these do not vary
    """

    rows: int
    moved: int
    flipped: int | None = None
    shift: float | None = None

    @property
    def share(self) -> float:
        """The share of rows that have another class, or the shift of numbers; the rows are at least one."""
        return (self.flipped or 0) / self.rows if self.shift is None else self.shift


def prediction_change(rows: Rows, before: Scored, after: Scored) -> Asking[PredictionChange]:
    """Compare two predictions of the same rows; `rows` are of the table of the first.

    Raises
    ------
    Unmeasurable
        If one of them is missing, or is no finite number.
    """
    pair = yield from ask(Paired(rows, before, after, columns=()))
    first, second = pair.first, pair.second
    if first.label is None or second.label is None:
        raise Unmeasurable("there are no predictions to compare")
    shape = yield from ask(Shape(pair.table))
    both = zip((*_columns(first),), (*_columns(second),), strict=True)
    if shape.kind_of(first.label) != "string":
        found = yield from ask(Vectors(Rows(pair.table), (first.label, second.label)))
        return _of_numbers(found.values[first.label], found.values[second.label])
    flip = Expression("flip", "a IS DISTINCT FROM b", (("a", first.label), ("b", second.label)))
    compared = list(both)
    columns = tuple(name for names in compared for name in names)
    found = yield from ask(Vectors(Rows(pair.table), columns, expressions=(flip,)))
    flipped = found.values["flip"] != 0
    moved = flipped.copy()
    for one, other in compared:
        moved |= _differ(found.values[one], found.values[other])
    return PredictionChange(len(flipped), int(moved.sum()), flipped=int(flipped.sum()))


def metric_on(name: str, labelled: Labelled) -> Asking[float]:
    """Compute a metric, by any of its spellings, on rows with a truth and a prediction.

    Raises
    ------
    Unmeasurable
        If it is undefined there.
    """
    metric: Metric = METRICS[SPELLINGS[name]].model_construct()
    gathered = yield from gather(need_of(metric, labelled), labelled)
    evidence = gathered.get(WHOLE)
    if evidence is None or not evidence.rows:
        raise Unmeasurable("there are no rows with a truth and a prediction")
    try:
        return float(metric.estimate(evidence, confidence=0.95).value)
    except Undefined as error:
        raise Unmeasurable(str(error)) from error


def metric_problem(name: str) -> str | None:
    """Return why a metric cannot be measured on changed rows, None where it can."""
    known = SPELLINGS.get(name)
    if known is None:
        return f"no such metric; there are {', '.join(METRICS)}"
    if METRICS[known].needs == "expression":
        return "a metric of an expression is not measured here"
    return None


def worsening(name: str, before: float, after: float) -> float:
    """Return by how much a metric became worse, negative where it became better."""
    return before - after if METRICS[SPELLINGS[name]].better == "higher" else after - before


def _columns(scored: Scored) -> tuple[str, ...]:
    named = dict.fromkeys(name for name in (scored.score, *(one for _, one in scored.scores)) if name)
    return tuple(named)


def _of_numbers(before: NDArray[np.float64], after: NDArray[np.float64]) -> PredictionChange:
    rows = len(before)
    if not (np.isfinite(before).all() and np.isfinite(after).all()):
        raise Unmeasurable("there are rows without a prediction")
    moved = int(_differ(before, after).sum())
    if not rows or not moved:
        return PredictionChange(rows, moved, shift=0.0)
    deviation = moments(before).deviation
    mean = ordered_sum(np.abs(after - before)) / rows
    return PredictionChange(rows, moved, shift=mean / deviation if deviation else float("inf"))


def _differ(before: NDArray[np.float64], after: NDArray[np.float64]) -> NDArray[np.bool_]:
    size = np.maximum(1.0, np.maximum(np.abs(before), np.abs(after)))
    # What is not a number is not the same as anything.
    return ~(np.abs(before - after) <= SAME * size)
