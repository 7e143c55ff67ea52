"""What two models are compared on: joint counts of classes, aligned scores, aligned numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import ByColumn, GroupCounts, Groups, Levels, Rows, Split, Vectors
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset
from mlval.domain.paired import PairedScores
from mlval.domain.steps import Asking, ask
from mlval.domain.text import shown
from mlval.stats.paired_counts import Joint

MAX_CLASSES = 1000
MOST_CELLS = 2_000_000


@dataclass(frozen=True, slots=True)
class Both:
    """Rows with a truth and the predictions of two models, and the dataset that they are of."""

    rows: Rows
    paired: PairedScores
    dataset: Dataset

    @property
    def target(self) -> str:
        """The column with the truth."""
        return self.dataset.target or ""

    @property
    def by_group(self) -> tuple[Split, ...]:
        """The split by groups of rows that belong together, where there are such."""
        return () if self.paired.group is None else (ByColumn(self.paired.group),)


@dataclass(frozen=True, slots=True)
class JointClasses:
    """Joint counts of truth and both predicted classes; classes are sorted text."""

    labels: tuple[str, ...]
    cells: Joint
    positive: str | None

    @property
    def rows(self) -> int:
        """How many rows were counted."""
        return int(self.cells.counts.sum())

    @property
    def gained_and_lost(self) -> tuple[int, int]:
        """Rows that the second model alone gets right, and those that the first alone does."""
        first = self.cells.first == self.cells.truth
        second = self.cells.second == self.cells.truth
        counts = self.cells.counts
        return int(counts[second & ~first].sum()), int(counts[first & ~second].sum())

    @property
    def flips(self) -> int:
        """Rows whose predicted class is another one."""
        return int(self.cells.counts[self.cells.first != self.cells.second].sum())


@dataclass(frozen=True, slots=True)
class JointRows:
    """Aligned truth and both predictions; the truth is boolean where the predictions are scores."""

    truth: "NDArray[np.bool_] | NDArray[np.float64]"
    first: "NDArray[np.float64]"
    second: "NDArray[np.float64]"
    groups: "NDArray[np.int64] | None" = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


JointEvidence = JointClasses | JointRows


def classes(both: Both) -> Asking[JointEvidence]:
    """Gather the joint counts of classes, by one group-by.

    Raises
    ------
    Unmeasurable
        If a model has scores but no labels, or predicts none of the classes of the truth.
    """
    first, second = both.paired.first.label, both.paired.second.label
    if first is None or second is None:
        message = f"the {'champion' if first is None else 'candidate'} has scores but no labels"
        raise Unmeasurable(message, remedy="add `label:` or `threshold:` to the model's predictions")
    by = ByColumn(both.target), ByColumn(first), ByColumn(second), *both.by_group
    found = yield from ask(Groups(both.rows, by, MOST_CELLS))
    return _joint(found, both)


def scores(both: Both) -> Asking[JointEvidence]:
    """Gather whether each row is positive, beside both scores of the positive class."""
    first, second = both.paired.first.score, both.paired.second.score
    if first is None or second is None:
        message = f"the {'champion' if first is None else 'candidate'} has labels but no scores"
        raise Unmeasurable(message, remedy="add `score:` to the model's predictions")
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
    return (yield from _rows(both, (first, second), truth=(truth, both.target, positive)))


def numbers(both: Both) -> Asking[JointEvidence]:
    """Gather true and both predicted numbers."""
    first, second = both.paired.first.label, both.paired.second.label
    if first is None or second is None:
        message = "the predictions name no `label:` column, which holds the predicted values"
        raise Unmeasurable(message, remedy="add `label:` to the model's predictions")
    return (yield from _rows(both, (first, second)))


GATHER_BOTH: Mapping[str, Callable[[Both], Asking[JointEvidence]]] = {
    "confusion": classes,
    "scores": scores,
    "probabilities": scores,
    "values": numbers,
}
"""How to gather what a metric `needs`, of both models."""


def _rows(
    both: Both, columns: tuple[str, str], truth: tuple[str, str, str] | None = None
) -> Asking[JointRows]:
    group = () if both.paired.group is None else (both.paired.group,)
    asked = columns if truth is not None else (both.target, *columns)
    found = yield from ask(Vectors(both.rows, (*asked, *group), () if truth is None else (truth,)))
    actual = found.values[both.target if truth is None else truth[0]]
    known = ~np.isnan(actual)
    first, second = (found.values[column][known] for column in columns)
    groups = found.values[group[0]][known].astype(np.int64) if group else None
    kept = actual[known]
    return JointRows(kept if truth is None else kept == 1, first, second, groups)


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
    for name, predicted in zip(("champion", "candidate"), sides[1:], strict=True):
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
