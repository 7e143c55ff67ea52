"""By which method the difference of two models is estimated: one for each family of metrics.

| metric | interval of the difference |
|---|---|
| accuracy, top-k accuracy | Tango's score interval of paired shares |
| other counts | delta method on the joint counts of truth, champion, candidate |
| means of losses, cost | Student's, of the paired differences |
| metrics of ranked groups | Student's, of the paired differences of groups |
| root mean squared error, R2, metrics of lists of labels | delta method on the rows |
| ROC AUC, of two classes or of several | DeLong's |
| the rest | percentile bootstrap of 2,000 draws on at most 50,000 rows |
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlval.domain.errors import Unmeasurable
from mlval.domain.measurement import Detail
from mlval.domain.metric import BinaryScores, Confusion, Metric, Values
from mlval.evidence.paired_evidence import JointClasses, JointEvidence, JointRankings, JointRows
from mlval.evidence.paired_influences import influences, row_hits, row_losses
from mlval.stats.errors import Undefined
from mlval.stats.paired_bootstrap import ROWS, bootstrap
from mlval.stats.paired_counts import Statistic, of_counts
from mlval.stats.paired_estimate import Paired, from_error, paired
from mlval.stats.paired_shares import cohens_h, mcnemar, tango
from mlval.stats.paired_tests import paired_tests

Array = NDArray[Any]

_UNRESAMPLED = frozenset({"max_error"})
"""Metrics of the single worst row: drawing rows anew says nothing of how far it could lie."""


@dataclass(frozen=True, slots=True)
class Difference:
    """The values of both models with the interval of their difference, and what else is told of it."""

    found: Paired
    details: Mapping[str, Detail] = field(default_factory=dict)


def difference(
    metric: Metric, evidence: JointEvidence, *, confidence: float, weight: float = 1.0
) -> Difference:
    """Estimate a metric of both models and the interval of candidate less champion.

    Parameters
    ----------
    confidence : of two sides
    weight : see `mlval.stats.paired_estimate.paired`

    Raises
    ------
    Undefined
        If the metric is not defined on these rows.
    Unmeasurable
        If no method of comparison knows what the metric needs.
    """
    if isinstance(evidence, JointClasses):
        return _of_classes(metric, evidence, confidence=confidence, weight=weight)
    groups = None if isinstance(evidence, JointRankings) else evidence.groups
    hits = row_hits(metric, evidence)
    if hits is not None and weight == 1 and groups is None:
        first, second = hits
        counts = _Hits(
            *(int(np.count_nonzero(one)) for one in (first & second, second & ~first, first & ~second))
        )
        return Difference(_shares(counts, evidence.rows, confidence))
    if metric.name in _UNRESAMPLED:
        message = f"{metric.name} rests on one row: the difference of two has no interval"
        raise Undefined(message)
    moved = influences(metric, evidence)
    if moved is not None:
        found = paired(
            moved.first,
            moved.second,
            confidence=confidence,
            weight=weight,
            groups=moved.groups,
            method=moved.method if moved.groups is None else f"{moved.method}, whole groups",
        )
        return Difference(found, row_tests(metric.name, evidence) if groups is None else {})
    if not isinstance(evidence, JointRows):
        message = f"no method compares {metric.name} of two models"
        raise Unmeasurable(message)
    return Difference(_resampled(metric, evidence, confidence=confidence, weight=weight))


def row_tests(name: str, evidence: JointEvidence) -> dict[str, Detail]:
    """Return the paired tests of the losses of rows and the size of their difference; none without losses."""
    try:
        two = row_losses(name, evidence)
        if two is None:
            return {}
        tests = paired_tests(two[1] - two[0])
    except Undefined:
        return {}
    return {"paired_t_p": tests.student, "wilcoxon_p": tests.wilcoxon, "cohens_d_z": tests.d_z}


def agreement(evidence: JointClasses) -> dict[str, Detail]:
    """Return McNemar's test of correct labels, the flips, and Cohen's h of the two accuracies."""
    gained, lost = evidence.gained_and_lost
    tests, rows = mcnemar(gained, lost), evidence.rows
    cells = evidence.cells
    first, second = (
        int(cells.counts[one == cells.truth].sum()) / rows for one in (cells.first, cells.second)
    )
    return {
        "only_candidate_right": gained,
        "only_champion_right": lost,
        "flips": evidence.flips,
        "mcnemar_exact_p": tests.exact,
        "mcnemar_mid_p": tests.mid_p,
        "cohens_h": cohens_h(first, second),
    }


def _of_classes(metric: Metric, evidence: JointClasses, *, confidence: float, weight: float) -> Difference:
    details = agreement(evidence)
    if metric.name == "accuracy" and weight == 1 and evidence.cells.groups is None:
        return Difference(_accuracies(evidence, confidence), details)
    statistics = [_statistic(metric, evidence)] * 2
    found = of_counts(
        evidence.cells, statistics, classes=len(evidence.labels), confidence=confidence, weight=weight
    )
    return Difference(found, details)


def _accuracies(evidence: JointClasses, confidence: float) -> Paired:
    gained, lost = evidence.gained_and_lost
    cells = evidence.cells
    both = int(cells.counts[(cells.first == cells.truth) & (cells.second == cells.truth)].sum())
    return _shares(_Hits(both, gained, lost), evidence.rows, confidence)


@dataclass(frozen=True, slots=True)
class _Hits:
    """Rows that both models get right, the second alone, the first alone."""

    both: int
    gained: int
    lost: int


def _shares(hits: _Hits, rows: int, confidence: float) -> Paired:
    gained, lost = hits.gained, hits.lost
    apart = (gained - lost) / rows
    found = from_error(
        (hits.both + lost) / rows,
        (hits.both + gained) / rows,
        error=max(0.0, (gained + lost) / rows - apart * apart) ** 0.5 / rows**0.5,
        freedom=rows,
        units=rows,
        confidence=confidence,
        method="Tango's score interval",
    )
    return replace(found, interval=tango(gained, lost, rows, confidence=confidence))


def _statistic(metric: Metric, evidence: JointClasses) -> Statistic:
    def value(matrix: NDArray[np.int64]) -> float:
        return metric.estimate(
            Confusion(evidence.labels, matrix, evidence.positive), confidence=confidence_of_values
        ).value

    confidence_of_values = 0.95
    return value


def _resampled(metric: Metric, evidence: JointRows, *, confidence: float, weight: float) -> Paired:
    """Resample at most 50,000 rows, chosen by a hash of their place.

    The values are those of all rows, and the interval is moved to lie around them; it keeps the width that
    the chosen rows give it.
    """
    chosen, groups = _chosen(evidence)
    truths: Array = evidence.truth
    sides = [_evaluated(metric, truths[chosen], given[chosen]) for given in (evidence.first, evidence.second)]
    found = bootstrap(
        lambda of: (sides[0](of), sides[1](of)),
        len(chosen),
        confidence=confidence,
        weight=weight,
        groups=groups,
    )
    rows = evidence.rows
    if len(chosen) == rows or found.interval is None:
        return found
    whole = np.arange(rows)
    first, second = (_evaluated(metric, truths, given)(whole) for given in (evidence.first, evidence.second))
    shift = (second - first) - found.difference
    low, high = found.interval
    return replace(
        found,
        first=first,
        second=second,
        # What all rows would give, for the number of rows that is needed.
        error=found.error * (len(chosen) / rows) ** 0.5,
        interval=(low + shift, high + shift),
        method=f"{found.method}, of {rows:,} rows",
    )


def _evaluated(metric: Metric, truth: Array, given: Array) -> Callable[[NDArray[np.int64]], float]:
    """Return the metric as a function of which rows are counted; scores are sorted once for all draws."""
    if truth.dtype != np.bool_:
        return lambda of: metric.estimate(Values(truth[of], given[of]), confidence=0.95).value
    if given.size and np.isnan(given).any():
        raise Undefined(f"{int(np.isnan(given).sum())} of {given.size} scores are missing")
    levels, codes = np.unique(given, return_inverse=True)

    def value(of: NDArray[np.int64]) -> float:
        drawn, positive = codes[of], truth[of]
        positives = np.bincount(drawn[positive], minlength=levels.size)
        negatives = np.bincount(drawn, minlength=levels.size) - positives
        kept = positives + negatives > 0
        scores = BinaryScores(levels[kept], positives[kept], negatives[kept])
        return metric.estimate(scores, confidence=0.95).value

    return value


def _chosen(evidence: JointRows) -> tuple[NDArray[np.int64], NDArray[np.int64] | None]:
    """Return the rows to resample, and their groups as codes; whole groups are taken or left."""
    rows = np.arange(evidence.rows)
    if evidence.rows <= ROWS:
        return rows, evidence.groups
    of = rows if evidence.groups is None else evidence.groups
    units = np.unique(of)
    order = units[np.argsort(_hashed(units), kind="stable")]
    sizes = np.bincount(of, minlength=int(units.max()) + 1)[order]
    taken = order[: max(2, int(np.searchsorted(np.cumsum(sizes), ROWS, side="right")))]
    kept = rows[np.isin(of, taken)]
    return kept, None if evidence.groups is None else evidence.groups[kept]


def _hashed(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Mix the bits of whole numbers (Steele, Lea and Flood 2014, SplitMix64)."""
    mixed = numbers.astype(np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))
