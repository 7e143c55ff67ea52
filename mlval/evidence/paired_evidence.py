"""What two models are compared on: joint counts, scores, numbers, rankings and labels of the same rows."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlval.domain.asks import ByColumn, Rows, Split
from mlval.domain.inputs import Dataset
from mlval.domain.metric import ClassScores, GroupScores, SeveralLabels
from mlval.domain.paired import PairedScores
from mlval.stats.paired_counts import Joint


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
    """Aligned truth and both predictions; the truth is boolean where the predictions are scores.

    Of costs there is no truth, only the number that each model's prediction costs: the truth is zero.
    """

    truth: "NDArray[np.bool_] | NDArray[np.float64]"
    first: "NDArray[np.float64]"
    second: "NDArray[np.float64]"
    groups: "NDArray[np.int64] | None" = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.truth)


@dataclass(frozen=True, slots=True)
class JointScores:
    """Scores of every class by both models, of the same rows."""

    first: ClassScores
    second: ClassScores
    groups: "NDArray[np.int64] | None" = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.first.rows


@dataclass(frozen=True, slots=True)
class JointRankings:
    """Rankings by both models of the same rows within the same groups.

    `clusters` has a code for each row where ranked groups belong together themselves.
    """

    first: GroupScores
    second: GroupScores
    clusters: "NDArray[np.int64] | None" = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.first.rows


@dataclass(frozen=True, slots=True)
class JointLabels:
    """Sets of labels by both models, of the same rows."""

    first: SeveralLabels
    second: SeveralLabels
    groups: "NDArray[np.int64] | None" = None

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return self.first.rows


JointEvidence = JointClasses | JointRows | JointScores | JointRankings | JointLabels
