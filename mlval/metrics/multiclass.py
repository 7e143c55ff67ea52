"""How well the scores of several classes rank: the area of each against the rest, and the top classes.

What it measures
    `roc_auc_ovr` is the mean over the classes of the area under the ROC curve of each against all others
    (`roc_auc_ovr_weighted`: by their rows). `top_k_accuracy` is the share of rows whose class is among the
    `k` with the highest scores.

Why it matters
    A model of many classes is often used as a short list: what counts is whether the truth is on it.

When it misleads
    The area is undefined where a class has no rows: an error. `top_k_accuracy` of as many classes as there
    are would always be 1: an error. Both need `scores:` of every class.

Example
    metrics: {roc_auc_ovr: 0.8, top_k_accuracy: {min: 0.9, k: 3}}

References
    scikit-learn, sklearn.metrics: roc_auc_score with multi_class="ovr", top_k_accuracy_score.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.metric import ClassScores, Estimated, Metric
from mlval.stats import class_scores


class RocAucOvr(Metric):
    """The mean over the classes of the area under the ROC curve of each against all others."""

    name = "roc_auc_ovr"
    better = "higher"
    needs = "classes"

    def estimate(self, evidence: ClassScores, *, confidence: float) -> Estimated:
        """Average the areas, all alike."""
        return class_scores.roc_auc_of_classes(evidence.truth, evidence.scores, confidence=confidence)


class RocAucOvrWeighted(Metric):
    """As `roc_auc_ovr`, each class by its rows."""

    name = "roc_auc_ovr_weighted"
    better = "higher"
    needs = "classes"

    def estimate(self, evidence: ClassScores, *, confidence: float) -> Estimated:
        """Average the areas by the rows of their classes."""
        return class_scores.roc_auc_of_classes(
            evidence.truth, evidence.scores, weighted=True, confidence=confidence
        )


class TopKAccuracy(Metric):
    """The share of rows whose class is among those with the highest scores."""

    name = "top_k_accuracy"
    aliases = ("top_k_accuracy_score",)
    better = "higher"
    needs = "classes"

    k: Annotated[int, Field(ge=1)] = Field(default=2, description="How many classes are the top.")

    def estimate(self, evidence: ClassScores, *, confidence: float) -> Estimated:
        """Count the rows whose class is ahead of all but k; Wilson's interval."""
        return class_scores.top_k_accuracy(evidence.truth, evidence.scores, k=self.k, confidence=confidence)
