"""How important each feature is to a model: how much worse a metric becomes when the feature is permuted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from mlval.domain.asks import Ask, Rows, Scores, Shape
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.feature_change import Permuted, ShownFeatures
from mlval.domain.inputs import Dataset
from mlval.domain.steps import Asking, ask, ask_all, together
from mlval.evidence.gathering import Labelled
from mlval.evidence.prediction_changes import metric_on, worsening
from mlval.stats.arrays import FloatArray
from mlval.stats.importance import shares
from mlval.stats.sums import ordered_sum

MOST = 10_000
"""Permutations of one model: each is a scoring."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which metric is measured on which rows, and how often each feature is permuted."""

    dataset: Dataset
    metric: str
    where: str | None
    rows: int
    repeats: int


@dataclass(frozen=True, slots=True)
class Importances:
    """How important each feature is.

    Attributes
    ----------
    metric : on the rows as they are
    drops : by feature in the order of its column, shape (repeats,): how much worse the metric became
    rows, of : rows that were shown, and those of the dataset
    """

    metric: float
    drops: Mapping[str, FloatArray]
    rows: int
    of: int

    @property
    def means(self) -> dict[str, float]:
        """The mean drop of each feature."""
        return {name: ordered_sum(drops) / len(drops) for name, drops in self.drops.items()}

    @property
    def ranked(self) -> list[str]:
        """The features from the most to the least important; equal ones in the order of their names."""
        means = self.means
        return sorted(means, key=lambda name: (-means[name], name))

    def shares(self) -> dict[str, float]:
        """Return the share of each feature in all importance; raises `Undefined` where there is none."""
        means = self.means
        found = shares(np.array(list(means.values())))
        return dict(zip(means, found.tolist(), strict=True))


def importances(model: str, name: str, wanted: Wanted) -> Asking[Importances]:
    """Permute every feature that a model is shown, `repeats` times, and measure the metric each time.

    Raises
    ------
    Unmeasurable
        If there is nothing to permute or too much, or the metric is undefined once.
    """
    unchanged = Scores(model, name, None, wanted.rows)
    # Both in one round: the model is started once for them.
    asked_first: tuple[Ask[Any], ...] = (ShownFeatures(model, name), unchanged)
    features, plain = yield from ask_all(asked_first)
    if not features:
        raise Unmeasurable("the model is shown no features")
    if len(features) * wanted.repeats > MOST:
        message = f"{len(features):,} features are too many to be permuted {wanted.repeats} times each"
        raise Unmeasurable(message, remedy="lower `repeats:`")
    asked = [
        Scores(model, name, Permuted((feature.name,), seed), wanted.rows)
        for feature in features
        for seed in range(wanted.repeats)
    ]

    def measured(scores: Scores) -> Asking[float]:
        scored = yield from ask(scores)
        labelled = Labelled(Rows(scored.table, wanted.where), scored, wanted.dataset)
        return (yield from metric_on(wanted.metric, labelled))

    metrics = yield from together([measured(scores) for scores in (unchanged, *asked)])
    found = [_unwrapped(one) for one in metrics]
    before, *after = found
    worse = np.array([worsening(wanted.metric, before, one) for one in after])
    by_feature = worse.reshape(len(features), wanted.repeats)
    drops = {feature.name: row for feature, row in zip(features, by_feature, strict=True)}
    shape, whole = yield from ask_all((Shape(plain.table), Shape(name)))
    return Importances(before, drops, shape.rows, whole.rows)


def _unwrapped(one: float | Failure) -> float:
    if isinstance(one, Failure):
        raise one.cause
    return one
