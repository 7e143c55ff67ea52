"""Gathering what metrics are computed from, once for all rows and for every level of every split.

Where the data or the predictions do not have it, `Unmeasurable` is raised, which says what would.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import (
    ByColumn,
    Columns,
    Expression,
    Groups,
    Level,
    Levels,
    Rows,
    Scored,
    Split,
    Vectors,
)
from mlval.domain.classes import as_level, positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset
from mlval.domain.label_sets import LabelSets
from mlval.domain.metric import (
    BinaryScores,
    ClassScores,
    Confusion,
    Evidence,
    GroupScores,
    Kind,
    Metric,
    RowValues,
    SeveralLabels,
    Values,
)
from mlval.domain.steps import Asking, ask, ask_all
from mlval.domain.text import shown
from mlval.stats.errors import Undefined
from mlval.stats.score_counts import score_counts

MAX_CLASSES = 1000
MOST_SCORES = 50_000_000
"""Scores that are held at a time, rows × classes: 400 MB."""


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
    require_one_label(labelled.scored)
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


def label_sets(labelled: Labelled) -> Asking[Mapping[Part, SeveralLabels]]:
    """Gather which labels each row has, truly and as predicted, where both are lists."""
    if not labelled.scored.lists or labelled.scored.label is None:
        message = "truth and prediction are not lists of labels"
        raise Unmeasurable(message, remedy="write both as columns of lists, in Parquet")
    asked = LabelSets(labelled.rows, (labelled.target, labelled.scored.label), labelled.splits)
    found = yield from ask(asked)
    truth, prediction = found.sides
    parts: dict[Part, NDArray[np.bool_] | slice] = {WHOLE: slice(None)}
    for index, (codes, levels) in enumerate(zip(found.codes, found.levels, strict=True)):
        parts |= {Part(index, level, code + 1): codes == code for code, level in enumerate(levels)}
    return {part: SeveralLabels(truth[of], prediction[of]) for part, of in parts.items()}


def require_one_label(scored: Scored) -> None:
    """Refuse lists of labels where one class a row is needed.

    Raises
    ------
    Unmeasurable
        With the metrics that are defined of lists.
    """
    if scored.lists:
        message = "truth and prediction are lists of labels, and this needs one class a row"
        raise Unmeasurable(
            message, remedy="of lists there are: accuracy, hamming_loss, f1_micro, f1_samples ..."
        )


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
    return {part: _counted(is_true[of] == 1, score[of]) for part, of in _parts(vectors, is_true).items()}


def _counted(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> BinaryScores:
    try:
        found = score_counts(truth, score)
    except Undefined as error:
        raise Unmeasurable(str(error)) from error
    return BinaryScores(found.score, found.positives, found.negatives)


def classes(labelled: Labelled) -> Asking[Mapping[Part, ClassScores]]:
    """Gather the true class of each row beside its score of every class."""
    if not labelled.scored.scores:
        message = "the predictions have no score of each class"
        raise Unmeasurable(message, remedy="add `scores:`, the column of each class, to the predictions")
    names, columns = zip(*labelled.scored.scores, strict=True)
    by = (ByColumn(labelled.target), *labelled.splits)
    limit = MOST_SCORES // len(columns)
    vectors = yield from ask(Vectors(labelled.rows, columns, by=by, limit=limit))
    place = {name: index for index, name in enumerate(names)}
    codes = vectors.codes[0]
    unknown = [code for code, level in enumerate(vectors.levels[0]) if level not in place]
    if rows := int(np.count_nonzero(np.isin(codes, unknown))):
        message = f"{rows:,} rows have a truth that is none of the {len(names)} classes with scores"
        raise Unmeasurable(message, remedy="`scores:` has one column for every class of the target")
    coded = np.array([place.get(level, -1) for level in vectors.levels[0]] or [-1], dtype=np.int64)
    truth = np.where(codes >= 0, coded[codes], -1)
    table = np.column_stack([vectors.values[column] for column in columns])
    known = np.where(truth >= 0, 1.0, np.nan)
    rest = replace(vectors, codes=vectors.codes[1:], levels=vectors.levels[1:])
    return {part: ClassScores(names, truth[of], table[of]) for part, of in _parts(rest, known).items()}


def probabilities(labelled: Labelled) -> Asking[Mapping[Part, Evidence]]:
    """Gather scores of two classes where there is one of the positive class, else those of every class."""
    found: Mapping[Part, Evidence] = yield from GATHER[_kind("probabilities", labelled)](labelled)
    return found


def groups(labelled: Labelled) -> Asking[Mapping[Part, GroupScores]]:
    """Gather how relevant each row is, its score, and the group that it belongs to.

    Relevance is the target as a number; with `positive:` it is 1 for that class and 0 for the others. Where
    there is no score, the predicted number ranks.
    """
    column = labelled.scored.score or labelled.scored.label
    group, positive = labelled.dataset.group, labelled.dataset.positive
    if group is None or column is None:
        message = "rows are ranked within groups, and the dataset names no column of them"
        raise Unmeasurable(message, remedy="add `group:` to the dataset, such as the column of the query")
    numbers: tuple[str, ...] = (labelled.target, column)
    equals: tuple[tuple[str, str, str], ...] = ()
    truth = labelled.target
    if positive is not None:
        truth = f"{labelled.target} = {as_level(positive)}"
        numbers, equals = (column,), ((truth, labelled.target, as_level(positive)),)
    number = f"number of {group}"
    vectors = yield from ask(
        Vectors(labelled.rows, numbers, equals, labelled.splits, ranks=((number, group),))
    )
    relevance, score, group_of = (vectors.values[name] for name in (truth, column, number))
    if rows := int(np.count_nonzero(np.isnan(group_of) & ~np.isnan(relevance))):
        message = f"{rows:,} rows have no group"
        raise Unmeasurable(message)
    numbered = np.nan_to_num(group_of).astype(np.int64)
    return {
        part: GroupScores(relevance[of], score[of], numbered[of])
        for part, of in _parts(vectors, relevance).items()
    }


def row_values(labelled: Labelled, text: str) -> Asking[Mapping[Part, RowValues]]:
    """Gather the number that an expression of the contract gives each row that has a truth."""
    meant = words_of(labelled.target, labelled.scored)
    known = f"known {labelled.target}"
    asked = (Expression("value", text, meant), Expression(known, "truth IS NOT NULL", meant))
    vectors = yield from ask(Vectors(labelled.rows, by=labelled.splits, expressions=asked))
    is_known = np.where(vectors.values[known] == 1, 1.0, np.nan)
    values = vectors.values["value"]
    return {part: RowValues(values[of]) for part, of in _parts(vectors, is_known).items()}


def words_of(target: str, scored: Scored) -> tuple[tuple[str, str], ...]:
    """Return the words that stand for columns in an expression, with their columns."""
    words = {"truth": target, "prediction": scored.label, "score": scored.score}
    return tuple((word, column) for word, column in words.items() if column is not None)


def values(labelled: Labelled) -> Asking[Mapping[Part, Values]]:
    """Gather true and predicted numbers."""
    if labelled.scored.label is None:
        message = "the predictions name no `label:` column, which holds the predicted values"
        raise Unmeasurable(message, remedy="add `label:` to the model's predictions")
    vectors = yield from ask(
        Vectors(labelled.rows, (labelled.target, labelled.scored.label), by=labelled.splits)
    )
    truth, prediction = vectors.values[labelled.target], vectors.values[labelled.scored.label]
    return {part: Values(truth[of], prediction[of]) for part, of in _parts(vectors, truth).items()}


def _no_expression(labelled: Labelled) -> Asking[Mapping[Part, Evidence]]:
    """Refuse what needs an expression where none can be given."""
    yield from ask_all(())
    message = f"without an `expression:` there is no number of each row of {shown(labelled.rows.table)!r}"
    raise Unmeasurable(message)


GATHER: Mapping[Kind, Callable[[Labelled], Asking[Mapping[Part, Evidence]]]] = {
    "confusion": confusions,
    "scores": scores,
    "classes": classes,
    "probabilities": probabilities,
    "groups": groups,
    "values": values,
    "expression": _no_expression,
    "label_sets": label_sets,
}
"""How to gather what a metric `needs`."""

Need = tuple[Kind, str]
"""What a metric is computed from: what kind, and the expression that gives each row its number."""


def need_of(metric: Metric, labelled: Labelled) -> Need:
    """Return what a metric needs here; equal needs are gathered once."""
    if metric.needs == "confusion" and labelled.scored.lists and metric.takes_label_sets:
        return "label_sets", ""
    return _kind(metric.needs, labelled), metric.row_value


def gather(need: Need, labelled: Labelled) -> Asking[Mapping[Part, Evidence]]:
    """Gather what metrics need."""
    kind, text = need
    return row_values(labelled, text) if text else GATHER[kind](labelled)


def _kind(kind: Kind, labelled: Labelled) -> Kind:
    if kind != "probabilities":
        return kind
    return "classes" if labelled.scored.score is None and labelled.scored.scores else "scores"


def _parts(vectors: Columns, truth: NDArray[np.float64]) -> dict[Part, NDArray[np.bool_] | slice]:
    """Return which rows belong to the whole and to every level, of those whose truth is known."""
    known = ~np.isnan(truth)
    parts: dict[Part, NDArray[np.bool_] | slice] = {WHOLE: slice(None) if known.all() else known}
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
