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
from pydantic import Field

from mlval.domain.metric import Estimated, GroupScores, Metric
from mlval.stats import retrieval


class _InGroups(Metric):
    """A metric of the rankings of groups."""

    better = "higher"
    needs = "groups"

    @staticmethod
    def _ranked(evidence: GroupScores) -> retrieval.Ranking:
        """Return the ranking of rows that are relevant or not."""
        relevant = np.where(evidence.relevance > 0, 1.0, np.minimum(evidence.relevance, 0.0))
        return retrieval.ranked(relevant, evidence.score, evidence.group)


class Ndcg(_InGroups):
    """The discounted gain of the ranking, over the largest possible."""

    name = "ndcg"
    aliases = ("ndcg_score",)

    k: Annotated[int, Field(ge=1)] | None = Field(
        default=None, description="How many rows of each group count; default: all."
    )

    def estimate(self, evidence: GroupScores, *, confidence: float) -> Estimated:
        """Average over groups; the interval is of groups."""
        found = retrieval.ranked(evidence.relevance, evidence.score, evidence.group)
        return retrieval.ndcg(found, k=self.k, confidence=confidence)


class PrecisionAtK(_InGroups):
    """The share of relevant rows among the first of each group."""

    name = "precision_at_k"

    k: Annotated[int, Field(ge=1)] = Field(default=10, description="How many rows of each group count.")

    def estimate(self, evidence: GroupScores, *, confidence: float) -> Estimated:
        """Average over groups; the interval is of groups."""
        return retrieval.precision_at_k(self._ranked(evidence), k=self.k, confidence=confidence)


class Mrr(_InGroups):
    """The mean over groups of one over the place of the first relevant row."""

    name = "mrr"
    aliases = ("mean_reciprocal_rank",)

    def estimate(self, evidence: GroupScores, *, confidence: float) -> Estimated:
        """Average over groups; the interval is of groups."""
        return retrieval.reciprocal_rank(self._ranked(evidence), confidence=confidence)
