"""Gathering what two models are compared on, for all metrics that need the same at once.

Where the rows or one of the models do not have it, `Unmeasurable` is raised, which says what is missing.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import ByColumn, Expression, GroupCounts, Groups, Levels, Scored, Vectors
from mlval.domain.classes import as_level, positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.label_sets import LabelSets
from mlval.domain.metric import ClassScores, GroupScores, Metric, SeveralLabels
from mlval.domain.steps import Asking, ask
from mlval.domain.text import shown
from mlval.evidence.gathering import MAX_CLASSES, MOST_SCORES, Need, require_one_label, words_of
from mlval.evidence.paired_evidence import (
    Both,
    JointClasses,
    JointEvidence,
    JointLabels,
    JointRankings,
    JointRows,
    JointScores,
)
from mlval.stats.paired_counts import Joint

MOST_CELLS = 2_000_000
_SIDES = ("champion", "candidate")


def need_of_both(metric: Metric, both: Both) -> Need:
    """Return what a metric of two models needs here; equal needs are gathered once."""
    sides = both.paired.first, both.paired.second
    kind = metric.needs
    if kind == "confusion" and all(side.lists for side in sides) and metric.takes_label_sets:
        kind = "label_sets"
    elif kind == "probabilities":
        kind = "classes" if all(side.score is None and side.scores for side in sides) else "scores"
    return kind, metric.row_value


def gather_both(need: Need, both: Both) -> Asking[JointEvidence]:
    """Gather what metrics of two models need.

    Raises
    ------
    Unmeasurable
        If a model has not predicted it, or the two have not predicted the same.
    """
    kind, text = need
    found: JointEvidence
    if text:
        found = yield from row_costs(both, text)
    else:
        found = yield from _GATHER[kind](both)
    return found


def confusions(both: Both) -> Asking[JointClasses]:
    """Gather the joint counts of classes, by one group-by."""
    first, second = _columns(
        [side.label for side in _sides(both)], "scores but no labels", "label:` or `threshold"
    )
    for side in _sides(both):
        require_one_label(side)
    by = ByColumn(both.target), ByColumn(first), ByColumn(second), *both.by_group
    found = yield from ask(Groups(both.rows, by, MOST_CELLS))
    return _joint(found, both)


def scores(both: Both) -> Asking[JointRows]:
    """Gather whether each row is positive, beside both scores of the positive class."""
    columns = _columns([side.score for side in _sides(both)], "labels but no scores", "score")
    levels = (yield from ask(Levels(both.rows, both.target, MAX_CLASSES))).counts
    known = [level for level in levels if level is not None]
    if len(known) > 2:
        message = f"{len(known)} classes, where a score of one class needs two"
        raise Unmeasurable(message)
    positive = positive_class(known, both.dataset.positive)
    if positive not in known:
        message = f"no row is {shown(positive)!r}, which is the positive class"
        raise Unmeasurable(message)
    truth = f"{both.target} = {positive}"
    found = yield from ask(Vectors(both.rows, (*columns, *_group(both)), ((truth, both.target, positive),)))
    is_known = ~np.isnan(found.values[truth])
    first, second = (found.values[column][is_known] for column in columns)
    return JointRows(found.values[truth][is_known] == 1, first, second, _codes(both, found.values, is_known))


def numbers(both: Both) -> Asking[JointRows]:
    """Gather true and both predicted numbers."""
    columns = _columns([side.label for side in _sides(both)], "no predicted values", "label")
    found = yield from ask(Vectors(both.rows, (both.target, *columns, *_group(both))))
    truth = found.values[both.target]
    known = ~np.isnan(truth)
    first, second = (found.values[column][known] for column in columns)
    return JointRows(truth[known], first, second, _codes(both, found.values, known))


def row_costs(both: Both, text: str) -> Asking[JointRows]:
    """Gather the number that an expression of the contract gives each row, by either prediction."""
    asked = [
        Expression(name, text, words_of(both.target, side))
        for name, side in zip(_SIDES, _sides(both), strict=True)
    ]
    truth = Expression("known", "truth IS NOT NULL", (("truth", both.target),))
    found = yield from ask(Vectors(both.rows, _group(both), expressions=(*asked, truth)))
    known = found.values["known"] == 1
    first, second = (found.values[name][known] for name in _SIDES)
    for name, values in zip(_SIDES, (first, second), strict=True):
        if missing := int(np.count_nonzero(np.isnan(values))):
            message = f"{missing:,} of {values.size:,} rows have no value with the {name}"
            raise Unmeasurable(message)
    return JointRows(np.zeros(first.size), first, second, _codes(both, found.values, known))


def class_scores(both: Both) -> Asking[JointScores]:
    """Gather the true class of each row beside both models' scores of every class."""
    sides = _sides(both)
    if not all(side.scores for side in sides):
        message = f"the {_SIDES[0] if not sides[0].scores else _SIDES[1]} has no score of each class"
        raise Unmeasurable(message, remedy="add `scores:`, the column of each class, to the predictions")
    by_class = [dict(side.scores) for side in sides]
    if by_class[0].keys() != by_class[1].keys():
        other = len(by_class[0].keys() ^ by_class[1].keys())
        message = f"{other} classes have scores of one of the two models only"
        raise Unmeasurable(message, remedy="compare models that know the same classes")
    names = tuple(sorted(by_class[0]))
    columns = [[known[name] for name in names] for known in by_class]
    asked = (*columns[0], *columns[1], *_group(both))
    limit = MOST_SCORES // len(asked)
    found = yield from ask(Vectors(both.rows, asked, by=(ByColumn(both.target),), limit=limit))
    codes, (levels,) = found.codes[0], found.levels
    unknown = [code for code, level in enumerate(levels) if level not in names]
    if rows := int(np.count_nonzero(np.isin(codes, unknown))):
        message = f"{rows:,} rows have a truth that is none of the {len(names)} classes with scores"
        raise Unmeasurable(message, remedy="`scores:` has one column for every class of the target")
    known = codes >= 0
    place = np.array([names.index(level) for level in levels] or [0], dtype=np.int64)
    truth = place[codes[known]]
    first, second = (
        ClassScores(names, truth, np.column_stack([found.values[name][known] for name in own]))
        for own in columns
    )
    return JointScores(first, second, _codes(both, found.values, known))


def rankings(both: Both) -> Asking[JointRankings]:
    """Gather how relevant each row is, both scores, and the group that it is ranked in."""
    columns = _columns(
        [side.score or side.label for side in _sides(both)], "neither scores nor labels", "score"
    )
    group, positive = both.dataset.group, both.dataset.positive
    if group is None:
        message = "rows are ranked within groups, and the dataset names no column of them"
        raise Unmeasurable(message, remedy="add `group:` to the dataset, such as the column of the query")
    truth = both.target if positive is None else f"{both.target} = {as_level(positive)}"
    equals = () if positive is None else ((truth, both.target, as_level(positive)),)
    own = (both.target,) if positive is None else ()
    number = f"number of {group}"
    asked = (*own, *columns, *_group(both))
    found = yield from ask(Vectors(both.rows, asked, equals, ranks=((number, group),)))
    relevance, of = found.values[truth], found.values[number]
    known = ~np.isnan(relevance)
    if rows := int(np.count_nonzero(np.isnan(of) & known)):
        message = f"{rows:,} rows have no group"
        raise Unmeasurable(message)
    first, second = (
        GroupScores(relevance[known], found.values[column][known], of[known].astype(np.int64))
        for column in columns
    )
    return JointRankings(first, second, _codes(both, found.values, known))


def label_sets(both: Both) -> Asking[JointLabels]:
    """Gather which labels each row has, truly and by either prediction."""
    sides = _sides(both)
    labels = [side.label for side in sides if side.lists]
    if len(labels) != 2 or None in labels:
        message = "truth and predictions are not lists of labels"
        raise Unmeasurable(message, remedy="write all of them as columns of lists, in Parquet")
    named = tuple(label for label in labels if label is not None)
    found = yield from ask(LabelSets(both.rows, (both.target, *named), numbers=_group(both)))
    truth, first, second = found.sides
    known = np.ones(len(truth), dtype=np.bool_)
    groups = _codes(both, found.values, known)
    return JointLabels(SeveralLabels(truth, first), SeveralLabels(truth, second), groups)


_GATHER: Mapping[str, Callable[[Both], Asking[JointEvidence]]] = {
    "confusion": confusions,
    "scores": scores,
    "classes": class_scores,
    "groups": rankings,
    "values": numbers,
    "label_sets": label_sets,
}


def _sides(both: Both) -> tuple[Scored, Scored]:
    return both.paired.first, both.paired.second


def _columns(columns: list[str | None], lacks: str, key: str) -> tuple[str, str]:
    """Return the column of either model, where both have one."""
    first, second = columns
    if first is None or second is None:
        message = f"the {_SIDES[0] if first is None else _SIDES[1]} has {lacks}"
        raise Unmeasurable(message, remedy=f"add `{key}:` to the model's predictions")
    return first, second


def _group(both: Both) -> tuple[str, ...]:
    return () if both.paired.group is None else (both.paired.group,)


def _codes(
    both: Both, values: Mapping[str, NDArray[np.float64]], known: NDArray[np.bool_]
) -> NDArray[np.int64] | None:
    return None if both.paired.group is None else values[both.paired.group][known].astype(np.int64)


def _joint(found: GroupCounts, both: Both) -> JointClasses:
    cells = [
        (key[:3], 0 if len(key) == 3 else int(key[3] or 0), count)
        for key, count in found.counts.items()
        if None not in key[:3]
    ]
    sides = [{str(key[side]) for key, _, _ in cells} for side in range(3)]
    labels = tuple(sorted(set().union(*sides)))
    if len(labels) > MAX_CLASSES:
        message = f"{len(labels):,} different labels are not classes"
        raise Unmeasurable(message, remedy="for predicted numbers use the metrics of regression")
    for name, predicted in zip(_SIDES, sides[1:], strict=True):
        if predicted and predicted.isdisjoint(sides[0]):
            message = f"the {name} predicts none of the {len(sides[0])} classes of the truth"
            raise Unmeasurable(message, remedy="write its labels as the target does")
    index = {label: code for code, label in enumerate(labels)}
    codes = np.array([[index[str(one)] for one in key] for key, _, _ in cells], dtype=np.int64).reshape(-1, 3)
    counts = np.array([count for _, _, count in cells], dtype=np.int64)
    groups = None if both.paired.group is None else np.array([one for _, one, _ in cells], dtype=np.int64)
    try:
        positive = positive_class(labels, both.dataset.positive)
    except Unmeasurable:
        positive = None
    return JointClasses(labels, Joint(codes[:, 0], codes[:, 1], codes[:, 2], counts, groups), positive)
