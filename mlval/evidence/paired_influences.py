"""How far each row moves a metric of two models, and which rows either gets right: one case a family."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mlval.domain.errors import Unmeasurable
from mlval.domain.metric import ClassScores, Metric, SeveralLabels
from mlval.domain.metric_of_classes import OfTable
from mlval.evidence.paired_evidence import (
    JointClasses,
    JointEvidence,
    JointLabels,
    JointRankings,
    JointRows,
    JointScores,
)
from mlval.metrics.cost import Cost
from mlval.metrics.multiclass import TopKAccuracy
from mlval.metrics.retrieval import InGroups
from mlval.metrics.several_labels import HammingLoss, OverRows
from mlval.stats import class_scores, label_sets, losses
from mlval.stats.errors import Undefined
from mlval.stats.paired_estimate import Influence, of_mean, of_r2, of_root_mean_square
from mlval.stats.paired_ranking import of_roc_auc, of_roc_auc_of_classes

Array = NDArray[Any]
Groups = NDArray[np.int64] | None
Two = tuple[NDArray[np.float64], NDArray[np.float64]]

STUDENT: Final = "Student's interval of paired differences"
_DELTA: Final = "delta method"


def _squares(truth: Array, score: Array) -> NDArray[np.float64]:
    if score.size and not (float(score.min()) >= 0 and float(score.max()) <= 1):
        raise Undefined("scores are not probabilities: values from 0 to 1 are needed")
    squares: NDArray[np.float64] = np.square(score - truth)
    return squares


_LOSSES: Mapping[str, Callable[[Array, Array], NDArray[np.float64]]] = {
    "log_loss": losses.log_loss_rows,
    "brier_score": _squares,
    "mean_absolute_error": lambda truth, prediction: np.abs(truth - prediction),
    "mean_squared_error": lambda truth, prediction: np.square(truth - prediction),
    "cost": lambda _, given: given,
}
ROW_LOSSES: Final = tuple(sorted(_LOSSES))
"""Metrics that are the mean of a loss of every row."""
_LOSSES_OF_CLASSES: Mapping[str, Callable[[Array, Array], NDArray[np.float64]]] = {
    "log_loss": losses.log_loss_rows_of_classes,
    "brier_score": class_scores.brier_rows_of_classes,
}
_OF_ROWS: Mapping[str, tuple[Callable[[Array, Array], Influence], str]] = {
    "root_mean_squared_error": (lambda truth, given: of_root_mean_square(truth - given), _DELTA),
    "r2": (of_r2, _DELTA),
    "roc_auc": (of_roc_auc, "DeLong"),
}


@dataclass(frozen=True, slots=True)
class Influences:
    """Both values with the influence of every unit, the groups that units are of, and the method's name."""

    first: Influence
    second: Influence
    groups: Groups
    method: str


def row_losses(name: str, evidence: JointEvidence) -> Two | None:
    """Return the loss of every row by either model, None where the metric is no mean of losses.

    Raises
    ------
    Undefined
        If a row has no loss.
    """
    if isinstance(evidence, JointRows) and name in _LOSSES:
        loss = _LOSSES[name]
        return loss(evidence.truth, evidence.first), loss(evidence.truth, evidence.second)
    if isinstance(evidence, JointScores) and name in _LOSSES_OF_CLASSES:
        loss = _LOSSES_OF_CLASSES[name]
        first, second = (loss(one.truth, one.scores) for one in (evidence.first, evidence.second))
        return first, second
    return None


def row_hits(metric: Metric, evidence: JointEvidence) -> tuple[NDArray[np.bool_], NDArray[np.bool_]] | None:
    """Return which rows either model gets right, None where the metric is no share of right rows."""
    if isinstance(evidence, JointScores) and isinstance(metric, TopKAccuracy):
        first, second = (
            class_scores.top_k_rows(one.truth, one.scores, k=metric.k)
            for one in (evidence.first, evidence.second)
        )
        return first, second
    if isinstance(evidence, JointLabels) and metric.name == "accuracy":
        first, second = (
            label_sets.exact_rows(one.truth, one.prediction) for one in (evidence.first, evidence.second)
        )
        return first, second
    return None


def influences(metric: Metric, evidence: JointEvidence) -> Influences | None:
    """Return how far every unit moves either value, None where only drawing rows anew can tell.

    Raises
    ------
    Undefined
        If the metric is not defined on these rows.
    Unmeasurable
        If ranked groups are spread over the groups that belong together.
    """
    if isinstance(evidence, JointRankings) and isinstance(metric, InGroups):
        return _of_rankings(metric, evidence)
    if isinstance(evidence, JointClasses | JointRankings):
        return None
    moved = _of_means(metric, evidence)
    if moved is not None:
        return moved
    if isinstance(evidence, JointRows):
        if metric.name not in _OF_ROWS:
            return None
        influence, method = _OF_ROWS[metric.name]
        first, second = (influence(evidence.truth, given) for given in (evidence.first, evidence.second))
    elif isinstance(evidence, JointScores):
        method = "DeLong, classes joined"
        first, second = (_area(metric, one) for one in (evidence.first, evidence.second))
    else:
        method = "delta method on rows"
        first, second = (_of_labels(metric, one) for one in (evidence.first, evidence.second))
    return Influences(first, second, evidence.groups, method)


def _of_means(metric: Metric, evidence: JointRows | JointScores | JointLabels) -> Influences | None:
    """Return the influences of a mean of losses or of a share of right rows, None of anything else."""
    two = row_losses(metric.name, evidence)
    if two is None and (hits := row_hits(metric, evidence)) is not None:
        two = hits[0].astype(np.float64), hits[1].astype(np.float64)
    if two is None:
        return None
    first, second = (of_mean(values) for values in two)
    if isinstance(metric, Cost) and metric.total:
        first, second = (_times(one, evidence.rows) for one in (first, second))
    return Influences(first, second, evidence.groups, STUDENT)


def _of_rankings(metric: InGroups, evidence: JointRankings) -> Influences:
    """Pair the values of ranked groups: each is one unit, or one of those that belong together."""
    first, numbers = metric.of_groups(evidence.first)
    second, _ = metric.of_groups(evidence.second)
    groups: Groups = None
    if evidence.clusters is not None:
        of = evidence.first.group
        cluster = np.zeros(int(of.max()) + 1, dtype=np.int64)
        cluster[of] = evidence.clusters
        if np.any(cluster[of] != evidence.clusters):
            message = "rows that are ranked together are of several groups of `group:`"
            raise Unmeasurable(message, remedy="name a column as `group:` that is the same in a ranked group")
        known, codes = np.unique(cluster[numbers], return_inverse=True)
        # Where each has one ranked group, these are the units themselves.
        groups = None if known.size == numbers.size else codes.astype(np.int64)
    return Influences(of_mean(first), of_mean(second), groups, f"{STUDENT}, {numbers.size:,} ranked groups")


def _area(metric: Metric, evidence: ClassScores) -> Influence:
    weighted = {"roc_auc_ovr": False, "roc_auc_ovr_weighted": True}.get(metric.name)
    if weighted is None:
        message = f"no method compares {metric.name} of several classes"
        raise Unmeasurable(message)
    return of_roc_auc_of_classes(evidence.truth, evidence.scores, weighted=weighted)


def _of_labels(metric: Metric, evidence: SeveralLabels) -> Influence:
    if isinstance(metric, OfTable | HammingLoss | OverRows):
        found = metric.influence(evidence)
        return Influence(value=found.value, rows=found.rows, freedom=found.freedom)
    message = f"no method compares {metric.name} of lists of labels"
    raise Unmeasurable(message)


def _times(one: Influence, factor: int) -> Influence:
    return replace(one, value=one.value * factor, rows=one.rows * factor)
