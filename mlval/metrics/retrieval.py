"""How well scores rank the rows of each group, such as the items of one query: NDCG, precision at k, MRR.

What it measures
    Rows are ranked by score within each value of the dataset's `group` column, and the metric is the mean
    over groups. `ndcg` is the discounted gain of the first `k` rows (default: all) over the largest
    possible; the gain is the target itself. `precision_at_k` is the share of relevant rows among the first
    `k`, `mrr` one over the place of the first relevant row. A row is relevant where its target is the
    `positive` class, or a number above 0.

Why it matters
    A search or a recommendation is judged by what stands first, and one group at a time.

When it misleads
    Groups without a relevant row say nothing of a ranking and are left out; `n` is the number of the
    others. Where no group has one it is undefined: an error. Rows of one score count with the mean over
    their orders; for `mrr` the irrelevant of them come first.

Example
    metrics: {ndcg: {min: 0.6, k: 10}, precision_at_k: {min: 0.2, k: 5}, mrr: 0.5}

References
    scikit-learn, sklearn.metrics.ndcg_score. Järvelin and Kekäläinen (2002), Cumulated gain-based
    evaluation of IR techniques.
"""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mlval.domain.metric import Estimated, GroupScores, Metric
from mlval.stats import retrieval


class InGroups(Metric):
    """A metric of the rankings of groups."""

    better = "higher"
    needs = "groups"

    def estimate(self, evidence: GroupScores, *, confidence: float) -> Estimated:
        """Average over groups; the interval is of groups."""
        values, _ = self.of_groups(evidence)
        return retrieval.over_groups(values, confidence=confidence)

    def of_groups(self, evidence: GroupScores) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return the value of each group that has a relevant row, and the number of that group."""
        found = self._ranked(evidence)
        return self._values(found), found.number

    def _ranked(self, evidence: GroupScores) -> retrieval.Ranking:
        """Return the ranking of rows that are relevant or not."""
        relevant = np.where(evidence.relevance > 0, 1.0, np.minimum(evidence.relevance, 0.0))
        return retrieval.ranked(relevant, evidence.score, evidence.group)

    def _values(self, found: retrieval.Ranking) -> NDArray[np.float64]:
        """Return the value of each group."""
        raise NotImplementedError


class Ndcg(InGroups):
    """The discounted gain of the ranking, over the largest possible."""

    name = "ndcg"
    aliases = ("ndcg_score",)

    k: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many rows of each group count; default: all."
    )

    def _ranked(self, evidence: GroupScores) -> retrieval.Ranking:
        """Return the ranking of rows by how relevant they are."""
        return retrieval.ranked(evidence.relevance, evidence.score, evidence.group)

    def _values(self, found: retrieval.Ranking) -> NDArray[np.float64]:
        return retrieval.ndcg(found, k=self.k)


class PrecisionAtK(InGroups):
    """The share of relevant rows among the first of each group."""

    name = "precision_at_k"

    k: Annotated[int, Field(ge=1)] = Field(default=10, description="How many rows of each group count.")

    def _values(self, found: retrieval.Ranking) -> NDArray[np.float64]:
        return retrieval.precision_at_k(found, k=self.k)


class Mrr(InGroups):
    """The mean over groups of one over the place of the first relevant row."""

    name = "mrr"
    aliases = ("mean_reciprocal_rank",)

    def _values(self, found: retrieval.Ranking) -> NDArray[np.float64]:
        return retrieval.reciprocal_rank(found)
