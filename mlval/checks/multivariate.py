"""Whether columns changed together, which no single one of them may show.

What it measures
    `classifier`: how well boosted trees tell current rows from reference rows. Each fold of rows is
    scored by trees that learnt from the folds before it; the value is the AUC, 0.5 where nothing
    changed. Its size is the share of rows that would have to move to tell two normals apart as well.
    `correlation`: of all pairs of columns of numbers, the change of the rank correlation that is
    largest among the significant ones. Its size is the change itself, from 0 to 2.
    `embedding`, for columns with a list of numbers in each row: the distance of the two centres, less
    what noise alone shows, in units of the spread of the reference; the AUC on these numbers; and the
    share of rows whose vector is missing, of another length than most, or not finite.
    All of them need both keys, significance after correction and size, as `drift` does. Sizes are
    those of 0.1, 0.2 and 0.5 standard deviations of a normal: an AUC of 0.528, 0.556 and 0.638, a
    correlation or a centre that moves by 0.1, 0.2 and 0.5.
    Keys, target and time are left out, and where no columns are listed also dates and identifiers:
    whole numbers that never repeat, text that hardly does. What is left out is named.

Why it matters
    A join by the wrong key, two columns exchanged for some customers, an upgraded encoder: each column
    keeps its distribution, and the model meets rows that it never saw.

When it misleads
    The AUC is that of what could be learnt from these rows; a few hundred teach little. Where one
    column changed, this check changes too: `drift` says it more plainly. Rows that belong together, such
    as those of one customer, make chance look like a change; with a `key:` that they share, they stay
    together. Rows without a `key:` are chosen and put into folds by their position, so another order
    gives an AUC that differs by chance. Levels beyond the 62 most frequent are one. A long vector leaves
    the classifier fewer rows; the centre has all of them, but does not see a group that split in two.

Example
    - type: multivariate
      current: holdout
      effect: medium
      max_correlation_change: 0.25

References
    Friedman (2001), Greedy function approximation: a gradient boosting machine.
    Lopez-Paz and Oquab (2017), Revisiting classifier two-sample tests.
    Steiger and Hakstian (1982), The asymptotic distribution of elements of a correlation matrix.
"""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import NormalDist
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, model_validator

from mlval.domain import joint_columns, roles
from mlval.domain.asks import Count, Rows, Shape
from mlval.domain.bound import TwoKeys
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.joint_columns import Chosen, Side
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.sampled import RowSample, VectorSample
from mlval.domain.steps import Asking, Steps, ask_all, together
from mlval.domain.text import shown
from mlval.domain.tighter import EFFECT
from mlval.evidence import joint_change as joint
from mlval.evidence.joint_table import Pair, table_of
from mlval.stats.domain_classifier import moved_share

SHARES = {"small": 0.04, "medium": 0.08, "large": 0.20}
STEPS = {"small": 0.1, "medium": 0.2, "large": 0.5}
"""Sizes in standard deviations of a normal, of which `SHARES` are the shares of rows."""
ALPHA = 0.02
_DIGITS = 4
"""Decimals of a size that follows from an AUC."""

Method = Literal["classifier", "correlation", "embedding"]
Measure = Callable[[float], joint.Change]
Keyed = Sequence[tuple[Rows, tuple[str, ...]]]
"""Rows of both sides, and their keys."""

_NEEDS: Mapping[Method, str] = {
    "classifier": "a column with one value in each row",
    "correlation": "two columns of numbers",
    "embedding": "a column with a list of numbers in each row",
}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One comparison to be made at a level of significance, and the size that matters in it."""

    subject: str
    method: Method
    metric: str
    rows: int
    of: int
    limit: TwoKeys
    measure: Measure


def _with_spellings(schema: dict[str, Any]) -> None:
    """Describe the spellings that the validator reads as `columns` and `methods`."""
    keys = schema["properties"]
    for key in ("columns", "methods"):
        keys[key]["anyOf"].append(keys[key]["anyOf"][0]["items"])
    keys |= {"features": keys["columns"], "feature": keys["columns"], "method": keys["methods"]}


_Effect = Literal["small", "medium", "large"] | Annotated[float, Field(gt=0.5, lt=1)]


class Multivariate(Check):
    """Columns did not change together, both significantly and by more than a size."""

    model_config = ConfigDict(json_schema_extra=_with_spellings)

    name = "multivariate"

    type: Literal["multivariate"] = Field(description="The kind of validation.")
    reference: str | None = Field(
        default=None, description="The dataset to compare with; default: `reference`."
    )
    current: str | None = Field(
        default=None, description="The dataset that may have changed; default: the other one."
    )
    columns: Annotated[tuple[str, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="Which columns; default: the features of the reference, or all but keys, target, dates "
        "and identifiers. `features:` and `feature:` mean the same.",
    )
    methods: Annotated[tuple[Method, ...], Field(min_length=1)] | None = Field(
        default=None,
        description="`classifier`, `correlation` (two columns of numbers), `embedding` (columns of lists of "
        "numbers); default: those that the columns are fit for. `method:` means the same.",
    )
    effect: Annotated[_Effect, EFFECT] = Field(
        default="medium",
        description="How large a change matters: small, medium, large (0.1, 0.2, 0.5 standard deviations of "
        "a normal), or an AUC, from which the other sizes follow.",
    )
    max_correlation_change: Annotated[float, Field(gt=0, le=2)] | None = Field(
        default=None, description="How far a correlation may change; default: 0.1, 0.2, 0.5 by `effect`."
    )
    threshold: float = Field(
        default=ALPHA, gt=0, lt=0.5, description="The level of significance, after correction."
    )
    rows: int = Field(
        default=20_000, ge=100, le=1_000_000, description="How many rows of a dataset are looked at, at most."
    )
    pairs: int = Field(
        default=5_000,
        ge=1,
        le=100_000,
        description="How many pairs of columns are correlated at most; the first columns that make so many.",
    )

    @model_validator(mode="before")
    @classmethod
    def _spellings(cls, raw: Any) -> Any:  # noqa: ANN401 - text of the contract
        if not isinstance(raw, dict):
            return raw
        raw = dict(raw)
        for key, others in (("columns", ("features", "feature")), ("methods", ("method",))):
            named = [name for name in (key, *others) if name in raw]
            if len(named) > 1:
                message = f"{named[0]} and {named[1]} mean the same; give one of them"
                raise ValueError(message)
            if named:
                value = raw.pop(named[0])
                raw[key] = (value,) if isinstance(value, str) else value
        return raw

    def problems(self, inputs: Inputs) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Name roles that nobody plays, and profiles, which have no rows."""
        try:
            names = roles.compared(inputs.datasets, self.reference, self.current)
        except Unmeasurable as error:
            return (((), error.message),)
        return tuple(
            ((role,), f"{shown(name)!r} is a profile; rows are needed to see what columns show together")
            for role, name in zip(("reference", "current"), names, strict=True)
            if inputs.datasets[name].profile is not None
        )

    def uses(self, inputs: Inputs) -> Uses:
        """Return the two datasets."""
        return Uses(roles.compared(inputs.datasets, self.reference, self.current))

    def steps(self, inputs: Inputs) -> Steps:
        """Choose columns, fetch rows of both sides, and compare; what is broken does not stop the rest."""
        names = roles.compared(inputs.datasets, self.reference, self.current)
        rows = [Rows(name, self.where) for name in names]
        shapes = yield from ask_all([Shape(name) for name in names])
        counts = yield from ask_all([Count(one) for one in rows])
        if min(counts) == 0:
            return (Measurement(subject=names[counts.index(0)], metric="rows", of=0),)
        sides = [Side(name, inputs.datasets[name], shape) for name, shape in zip(names, shapes, strict=True)]
        chosen = joint_columns.choose(sides[0], sides[1], self.columns)
        keyed = [(one, side.dataset.keys) for one, side in zip(rows, sides, strict=True)]
        scalars = self._wants("classifier") or self._wants("correlation")
        parts = {names[1]: self._of_table(chosen, keyed, names[1])} if chosen.kinds and scalars else {}
        parts |= {name: self._of_vectors(name, keyed) for name in chosen.vectors if self._wants("embedding")}
        found = dict(zip(parts, (yield from together(list(parts.values()))), strict=True))
        problems: dict[str, MlvalError] = {**chosen.broken}
        problems |= {name: part.cause for name, part in found.items() if isinstance(part, Failure)}
        comparisons = [one for part in found.values() if not isinstance(part, Failure) for one in part]
        return (
            *self._compared(comparisons, chosen),
            *(_problem(name, self.name, cause) for name, cause in problems.items()),
            *(() if problems else self._unfit(comparisons, chosen, names[1])),
        )

    def _wants(self, method: Method) -> bool:
        return self.methods is None or method in self.methods

    def _of_table(self, chosen: Chosen, keyed: Keyed, current: str) -> Asking[list[_Comparison]]:
        """Return what is to be compared of columns with one value a row."""
        asks = [RowSample(rows, tuple(chosen.kinds), keys, self.rows) for rows, keys in keyed]
        pair = Pair(*(yield from ask_all(asks)))
        table = table_of(pair, chosen.kinds, named=self.columns is not None)
        chosen.left_out.update(table.left_out)
        chosen.broken.update(table.broken)
        of, rows = pair.current.of, pair.current.hashes.size
        comparisons = []
        if table.columns and self._wants("classifier"):
            limit = self._limit("share")
            measure: Measure = partial(joint.told_apart, table.sides, table.columns)
            comparisons.append(_Comparison(current, "classifier", "classifier", rows, of, limit, measure))
        if sum(table.columns.values()) >= 2 and self._wants("correlation"):
            limit = self._limit("correlation")
            measure = partial(joint.correlation_changed, table.sides, table.columns, most_pairs=self.pairs)
            comparisons.append(_Comparison(current, "correlation", "correlation", rows, of, limit, measure))
        return comparisons

    def _of_vectors(self, name: str, keyed: Keyed) -> Asking[list[_Comparison]]:
        """Return what is to be compared of a column of vectors."""
        asks = [VectorSample(rows, name, keys, self.rows) for rows, keys in keyed]
        before, after = yield from ask_all(asks)
        if min(before.rows, after.rows) == 0:
            message = f"the vectors of {shown(name)!r} are too long"
            raise Unmeasurable(message)
        share = self._limit("share")
        measures = [
            ("centroid_shift", self._limit("distance"), joint.centre_moved),
            ("classifier", share, joint.vectors_told_apart),
        ]
        if before.unusable or after.unusable:
            measures.append(("unusable", share, joint.unusable))
        return [
            _Comparison(
                name, "embedding", metric, after.rows, after.of, limit, partial(measure, before, after)
            )
            for metric, limit, measure in measures
        ]

    def _limit(self, scale: Literal["share", "distance", "correlation"]) -> TwoKeys:
        """Return both keys: the same size on each scale, but where a correlation has its own."""
        name = self.effect if isinstance(self.effect, str) else ""
        if scale == "share":
            share = (
                SHARES[self.effect]
                if isinstance(self.effect, str)
                else round(moved_share(self.effect), _DIGITS)
            )
            return TwoKeys(share, self.threshold, name)
        if scale == "correlation" and self.max_correlation_change is not None:
            return TwoKeys(self.max_correlation_change, self.threshold, unit="value")
        step = (
            STEPS[self.effect]
            if isinstance(self.effect, str)
            else round(math.sqrt(2) * NormalDist().inv_cdf(self.effect), _DIGITS)
        )
        return TwoKeys(step, self.threshold, name, unit="value")

    def _compared(self, comparisons: Sequence[_Comparison], chosen: Chosen) -> Iterator[Measurement]:
        """Make every comparison; how much it must show depends on how many there are."""
        # What was left out is told once, with the first of them.
        told: dict[str, Detail] = {"left_out": dict(chosen.left_out)} if chosen.left_out else {}
        if chosen.remark:
            told["remark"] = f"left out: {chosen.remark}"
        for one in comparisons:
            try:
                change = one.measure(self.threshold / len(comparisons))
            except Unmeasurable as error:
                yield _problem(one.subject, one.metric, error)
                continue
            yield Measurement(
                subject=one.subject,
                metric=one.metric,
                limit=one.limit,
                value=change.value,
                n=one.rows,
                of=one.of,
                p_value=change.p_value,
                effect=change.effect,
                detectable=change.detectable,
                details={**change.details, **told},
                path=("columns",),
            )
            told = {}

    def _unfit(
        self, comparisons: Sequence[_Comparison], chosen: Chosen, current: str
    ) -> Iterator[Measurement]:
        """Say which methods were asked for but have no columns, or that there are none at all."""
        remedy = f"left out: {shown(chosen.remark)}" if chosen.remark else ""
        made = {one.method for one in comparisons}
        for method in dict.fromkeys(self.methods or ()):
            if method not in made:
                message = f"`{method}` needs {_NEEDS[method]}"
                yield _problem(current, method, Unmeasurable(message, remedy=remedy))
        if self.methods is None and not comparisons:
            yield _problem(current, self.name, Unmeasurable("there are no columns to compare", remedy=remedy))


def _problem(subject: str, metric: str, cause: MlvalError) -> Measurement:
    return Measurement(subject=subject, metric=metric, problem=cause)
