"""Gathering what metrics are computed from, once for all rows and for every level of every split."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import ByColumn, Columns, Groups, Level, Levels, Rows, Scored, Split, Vectors
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset
from mlval.domain.metric import BinaryScores, Confusion, Evidence, Values
from mlval.domain.steps import Asking, ask, ask_all
from mlval.domain.text import shown

MAX_CLASSES = 1000


@dataclass(frozen=True, slots=True)
class Part:
    """The rows that a metric is computed on: all of them, or one level of one split.

    `rank` is the level's place in the order of their text, from 1: a name that gives no value away.
    """

    split: int | None = None
    level: str = ""
    rank: int = 0


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows with a truth and a prediction, and how they are to be split."""

    rows: Rows
    scored: Scored
    dataset: Dataset
    splits: tuple[Split, ...] = ()

    @property
    def target(self) -> str:
        """The column with the truth."""
        return self.dataset.target or ""


def confusions(labelled: Labelled) -> Asking[Mapping[Part, Confusion]]:
    """Gather counts by true and predicted class: one group-by for the whole, one for each split."""
    if labelled.scored.label is None:
        message = "the predictions have scores but no labels"
        raise Unmeasurable(message, remedy="add `label:` or `threshold:` to the model's predictions")
    pair = ByColumn(labelled.target), ByColumn(labelled.scored.label)
    counted = yield from ask_all(
        [Groups(labelled.rows, (*pair, *further)) for further in ((), *zip(labelled.splits))]
    )
    tables: dict[Part, dict[tuple[str, str], int]] = {}
    for index, groups in enumerate(counted):
        ranks = _ranks(key[2] for key in groups.counts if len(key) > len(pair))
        for (truth, prediction, *level), count in groups.counts.items():
            if truth is None or prediction is None or None in level:
                continue
            part = Part(index - 1, str(level[0]), ranks[level[0]]) if level else WHOLE
            tables.setdefault(part, {})[truth, prediction] = count
    return {part: _confusion(table, labelled) for part, table in tables.items()}


def scores(labelled: Labelled) -> Asking[Mapping[Part, BinaryScores]]:
    """Gather whether each row is positive, beside its score."""
    if labelled.scored.score is None:
        message = "the predictions have labels but no scores"
        raise Unmeasurable(message, remedy="add `score:` to the model's predictions")
    classes = [
        level
        for level in (yield from ask(Levels(labelled.rows, labelled.target, MAX_CLASSES))).counts
        if level is not None
    ]
    if len(classes) > 2:
        message = f"{len(classes)} classes, where a score of one class needs two"
        raise Unmeasurable(message)
    positive = positive_class(classes, labelled.dataset.positive)
    # A class that the contract names and no row has is a slip, unless two customary classes are meant.
    if positive not in classes and (len(classes) > 1 or labelled.dataset.positive is not None):
        message = f"no row is {shown(positive)!r}, which the contract calls positive"
        raise Unmeasurable(message)
    truth = f"{labelled.target} = {positive}"
    vectors = yield from ask(
        Vectors(
            labelled.rows, (labelled.scored.score,), ((truth, labelled.target, positive),), labelled.splits
        )
    )
    is_true, score = vectors.values[truth], vectors.values[labelled.scored.score]
    known = ~np.isnan(is_true)
    return {part: BinaryScores(is_true[of] == 1, score[of]) for part, of in _parts(vectors, known).items()}


def values(labelled: Labelled) -> Asking[Mapping[Part, Values]]:
    """Gather true and predicted numbers."""
    if labelled.scored.label is None:
        message = "the predictions name no `label:` column, which holds the predicted values"
        raise Unmeasurable(message, remedy="add `label:` to the model's predictions")
    vectors = yield from ask(
        Vectors(labelled.rows, (labelled.target, labelled.scored.label), by=labelled.splits)
    )
    truth, prediction = vectors.values[labelled.target], vectors.values[labelled.scored.label]
    known = ~np.isnan(truth)
    return {part: Values(truth[of], prediction[of]) for part, of in _parts(vectors, known).items()}


GATHER: Mapping[str, Callable[[Labelled], Asking[Mapping[Part, Evidence]]]] = {
    "confusion": confusions,
    "scores": scores,
    "values": values,
}
"""How to gather what a metric `needs`."""


def _parts(vectors: Columns, known: NDArray[np.bool_]) -> dict[Part, NDArray[np.bool_]]:
    """Return which rows belong to the whole and to every level."""
    parts = {WHOLE: known}
    for index, (codes, levels) in enumerate(zip(vectors.codes, vectors.levels, strict=True)):
        parts |= {Part(index, level, code + 1): known & (codes == code) for code, level in enumerate(levels)}
    return parts


def _ranks(levels: Iterable[Level]) -> dict[Level, int]:
    return {level: rank for rank, level in enumerate(sorted({one for one in levels if one is not None}), 1)}


def _confusion(table: Mapping[tuple[str, str], int], labelled: Labelled) -> Confusion:
    labels = tuple(sorted({label for pair in table for label in pair}))
    if len(labels) > MAX_CLASSES:
        message = f"{len(labels):,} different labels are not classes"
        raise Unmeasurable(message, remedy="for predicted numbers use the metrics of regression")
    index = {label: position for position, label in enumerate(labels)}
    matrix = np.zeros((len(labels), len(labels)), dtype=np.int64)
    for (truth, prediction), count in table.items():
        matrix[index[truth], index[prediction]] = count
    try:
        positive = positive_class(labels, labelled.dataset.positive)
    except Unmeasurable:
        positive = None
    return Confusion(labels, matrix, positive)
