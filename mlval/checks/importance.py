"""What a model relies on: how much worse a metric becomes when the values of a feature are dealt out anew.

What it measures
    Permutation importance: the values of one feature are permuted among the rows, the rows are predicted
    again, and the drop of `metric` is the feature's importance: the mean of `repeats` permutations, with
    Student's interval as its noise. `top` names the features that must be the most important ones: the
    least of them must lie above all others by more than the noise of the permutations. `max_share` limits
    the share of one feature in all importance. `stability` asks how alike the candidate and another model
    are: Spearman's correlation of the ranks, and the share of importance that lies on other features.

Why it matters
    A model that rests on one feature fails with it; a feature that nobody expected at the top is often a
    leak; and two models of equal accuracy may decide for different reasons.

When it misleads
    Features that tell the same share their importance, and each alone looks unimportant. Permuting makes rows
    that do not exist. Importance is about this metric on these rows, not about causes. At most `rows`
    rows are looked at, those with the smallest hash of their position, and the noise is that of the
    permutations alone. Drops below zero are noise and count as none in shares. The correlation of ranks
    counts unimportant features as much as others. Only a model that the gate loads can be asked.

Example
    - type: importance
      dataset: holdout
      metric: roc_auc
      repeats: 5
      top: [amount, plan]
      max_share: {amount: 60%}
      stability: {against: champion, min_rank_correlation: 0.7, max_moved: 20%}

References
    Breiman (2001), Random forests.
    Fisher, Rudin and Dominici (2019), All models are wrong, but many are useful.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

import numpy as np
from pydantic import Field, model_validator

from mlval.domain import grammar, roles
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Interval, Measurement, Path
from mlval.domain.steps import Steps, together
from mlval.domain.text import shown
from mlval.domain.tighter import DOWN, SUPERSET, UP
from mlval.evidence.known_metrics import SPELLINGS
from mlval.evidence.permutation import Importances, Wanted, importances
from mlval.evidence.prediction_changes import metric_problem
from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.importance import moved_mass, rank_correlation
from mlval.stats.intervals import mean_interval

_CONFIDENCE = 0.95
_TOLD = 10
"""Features whose importance is told though nothing is demanded of them."""


class Stability(Frozen):
    """How alike the importances of two models are."""

    against: str = Field(default="champion", description="The other model.")
    min_rank_correlation: Annotated[Annotated[float, Field(ge=-1, le=1)] | None, UP] = Field(
        default=None, description="The least Spearman's correlation of the importances."
    )
    max_moved: Annotated[grammar.Share | None, DOWN] = Field(
        default=None, description="The largest share of importance that may lie on other features."
    )

    @model_validator(mode="after")
    def _any(self) -> "Stability":
        if self.min_rank_correlation is None and self.max_moved is None:
            message = "give `min_rank_correlation:`, `max_moved:` or both"
            raise ValueError(message)
        return self


class Importance(Check):
    """A model relies on the features that it should rely on."""

    name = "importance"

    type: Literal["importance"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    metric: str = Field(description="The metric whose drop is the importance.")
    repeats: int = Field(default=5, ge=2, le=100, description="How often each feature is permuted.")
    rows: int = Field(default=5_000, ge=2, le=100_000, description="How many rows are looked at, at most.")
    top: tuple[str, ...] = Field(
        default=(), description="The most important features, all of them, in any order."
    )
    max_share: Annotated[dict[str, grammar.Share], DOWN] = Field(
        default_factory=dict, description="By feature, its largest share of all importance."
    )
    stability: Annotated[Stability | None, SUPERSET] = Field(
        default=None, description="How alike another model must be."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, a metric that is not one, and a validation that demands nothing."""
        dataset, missing = roles.labelled(inputs, self.dataset, self.model)
        if dataset is None:
            return missing
        found: list[tuple[Path, str]] = [*missing]
        if (wrong := metric_problem(self.metric)) is not None:
            found.append((("metric",), wrong))
        if len(set(self.top)) < len(self.top):
            found.append((("top",), "a feature is named twice"))
        if not self.top and not self.max_share and self.stability is None:
            found.append((("top",), "nothing is demanded: give `top:`, `max_share:` or `stability:`"))
        if self.stability is not None and self.stability.against not in inputs.models:
            found.append((("stability", "against"), f"there is no model {shown(self.stability.against)!r}"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the labelled dataset and the models."""
        other = () if self.stability is None else (self.stability.against,)
        return Uses((self._dataset(inputs),), (self._model(inputs), *other))

    def steps(self, inputs: Inputs) -> Steps:
        """Permute the features of both models, and measure the metric each time."""
        name, model = self._dataset(inputs), self._model(inputs)
        wanted = Wanted(inputs.datasets[name], self.metric, self.where, self.rows, self.repeats)
        models = self.uses(inputs).models
        own, *rest = yield from together([importances(one, name, wanted) for one in models])
        if isinstance(own, Failure):
            raise own.cause
        return (
            *self._each(own),
            *self._top(own, model),
            *self._shares(own),
            *(self._stable(own, other, model) if (other := next(iter(rest), None)) else ()),
        )

    def _each(self, own: Importances) -> list[Measurement]:
        """Tell the importance of the first features; nothing is demanded of it."""
        metric = f"importance by {SPELLINGS[self.metric]}"
        details = {"metric": own.metric, "repeats": self.repeats}
        if own.rows < own.of:
            details["rows_of_dataset"] = own.of
        return [
            Measurement(
                subject=feature,
                metric=metric,
                value=own.means[feature],
                interval=_interval(own.drops[feature]),
                of=own.rows,
                details=details,
                path=("metric",),
            )
            for feature in own.ranked[:_TOLD]
        ]

    def _top(self, own: Importances, model: str) -> list[Measurement]:
        """Measure by how much the least of the named features is more important than all others."""
        if not self.top:
            return []
        path: Path = ("top",)
        missing = [feature for feature in self.top if feature not in own.drops]
        if missing:
            problem = _not_shown(missing[0], own)
            return [Measurement(subject=model, metric="top", problem=problem, path=path)]
        named = [feature for feature in own.ranked if feature in self.top]
        others = [feature for feature in own.ranked if feature not in self.top]
        # Without others there is nothing that the least of them must be above, but no importance at all.
        rest = own.drops[others[0]] if others else np.zeros(self.repeats)
        above = own.drops[named[-1]] - rest
        details = {"least": named[-1]} | ({"above": others[0]} if others else {})
        return [
            Measurement(
                subject=model,
                metric="top",
                limit=Bound(min=0.0, confidence=_CONFIDENCE),
                value=own.means[named[-1]] - (own.means[others[0]] if others else 0.0),
                interval=_interval(above),
                of=own.rows,
                details=details,
                path=path,
            )
        ]

    def _shares(self, own: Importances) -> list[Measurement]:
        found = []
        for feature, most in self.max_share.items():
            path: Path = ("max_share", feature)
            problem, value = None, None
            try:
                if feature not in own.drops:
                    problem = _not_shown(feature, own)
                else:
                    value = own.shares()[feature]
            except Undefined as error:
                problem = Unmeasurable(str(error))
            limit = Bound(max=most, unit="share")
            found.append(
                Measurement(
                    subject=feature,
                    metric="share of importance",
                    limit=limit,
                    value=value,
                    of=own.rows,
                    problem=problem,
                    path=path,
                )
            )
        return found

    def _stable(self, own: Importances, other: Importances | Failure, model: str) -> list[Measurement]:
        demanded = self.stability
        if demanded is None:
            return []
        limits: Mapping[str, tuple[str, Bound | None]] = {
            "min_rank_correlation": (
                "rank correlation of importances",
                None if demanded.min_rank_correlation is None else Bound(min=demanded.min_rank_correlation),
            ),
            "max_moved": (
                "moved importance",
                None if demanded.max_moved is None else Bound(max=demanded.max_moved, unit="share"),
            ),
        }
        found = []
        for key, (metric, limit) in limits.items():
            if limit is None:
                continue
            problem, value = None, None
            try:
                if isinstance(other, Failure):
                    problem = other.cause
                else:
                    value = _alike(own, other, moved=key == "max_moved")
            except Undefined as error:
                problem = Unmeasurable(str(error))
            found.append(
                Measurement(
                    subject=model,
                    metric=metric,
                    limit=limit,
                    value=value,
                    of=own.rows,
                    details={"against": demanded.against},
                    problem=problem,
                    path=("stability", key),
                )
            )
        return found

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)


def _alike(own: Importances, other: Importances, *, moved: bool) -> float:
    """Compare two models; a feature that one of them is not shown has no importance there."""
    names = sorted({*own.drops, *other.drops})
    mine, theirs = (one.shares() if moved else one.means for one in (own, other))
    first, second = (np.array([side.get(name, 0.0) for name in names]) for side in (mine, theirs))
    return moved_mass(first, second) if moved else rank_correlation(first, second)


def _interval(drops: FloatArray) -> Interval | None:
    try:
        low, high = mean_interval(drops, _CONFIDENCE)
    except Undefined:
        return None
    return Interval(low, high, _CONFIDENCE)


def _not_shown(feature: str, own: Importances) -> Unmeasurable:
    message = f"the model is not shown {shown(feature)!r}"
    return Unmeasurable(message, remedy=f"it is shown: {shown(', '.join(own.drops))}")
