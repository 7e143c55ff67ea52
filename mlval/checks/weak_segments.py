"""Whether a model is much worse for some rows than for all, wherever they are: a search for weak segments.

What it measures
    Segments are rows with one value of a column of text, or with a range of a column of numbers
    (tenths of equal mass), or both of two columns. Rows fall into two halves by a hash of their key
    (without one, of their position). All segments of at least `min_share` are tried on the first
    half; the worst, and of the rows that are left the worst again, at most five, are measured on the
    second, which nobody looked at before. A segment is weak where its metric is worse than that of all
    rows by more than `max_worse`, significantly so after Holm's correction at 1 - `confidence`.

Why it matters
    A mean hides the rows that the model fails, and nobody writes down the slice that nobody knows.

When it misleads
    A segment smaller than `min_share`, of three or more columns, or of dates is not looked for. What
    is found is where the model is weak, not why. Rows count as independent: many rows of one person say
    less than their number. Of data with very many rows `rows` of them are
    looked at, those with the smallest hashes. Nothing found means: nothing large enough to be seen;
    the drop that would have been seen stands beside it.

Example
    - type: weak_segments
      dataset: holdout
      metric: accuracy
      max_worse: 0.05
      min_share: 5%
      columns: [plan, age, region]

References
    Chung et al. (2019), Slice Finder: automated data slicing for model validation.
    Holm (1979), A simple sequentially rejective multiple test procedure.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context
from typing import Annotated, Literal

import numpy as np
from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema

from mlval.domain import grammar, roles
from mlval.domain.asks import Rows, Scored, Scores, Shape, TableShape
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Interval, Measurement, Path
from mlval.domain.rounding import significant
from mlval.domain.sampled import RowSample, SampledRows
from mlval.domain.steps import Steps, ask
from mlval.domain.text import shown
from mlval.domain.tighter import DOWN
from mlval.evidence import segment_columns as columns
from mlval.evidence.gathering import require_one_label
from mlval.evidence.segment_columns import SegmentColumn
from mlval.stats import excess_loss, multiplicity, segment_search
from mlval.stats.arrays import BoolArray, FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.intervals import mean_interval, wilson
from mlval.stats.sums import moments, ordered_sum

_MOST = 5
"""Segments that are tried on the second half."""
_LEAST = 30
"""Rows that a segment must have in each half."""
_TEXT, _NUMBER = {"string", "bool"}, {"int", "float"}
_POWER = 0.8


def _worse(raw: object) -> Bound:
    if isinstance(raw, Bound):
        return raw
    relative = grammar.percent(raw) if isinstance(raw, str) else None
    amount = grammar.number(raw) if relative is None else relative
    if amount < 0:
        message = f"expected a drop from 0 on, found {amount}"
        raise ValueError(message)
    return Bound(max=amount, unit="value" if relative is None else "share")


_Worse = Annotated[
    Bound,
    BeforeValidator(_worse),
    PlainSerializer(lambda one: grammar.as_percent(one.max) if one.unit == "share" else one.max),
    WithJsonSchema({"anyOf": [{"type": "number", "minimum": 0}, grammar.PERCENT_SCHEMA]}),
]


@dataclass(frozen=True, slots=True)
class _Tried:
    """One segment on the half of the rows on which it was not found."""

    name: str
    losses: FloatArray
    before: float
    p_value: float


@dataclass(frozen=True, slots=True)
class _Halves:
    """Losses of rows in two halves, and what may be lost: on top of the loss of all rows of a half."""

    found: tuple[SegmentColumn, ...]
    losses: FloatArray
    first: BoolArray
    margin: float

    def half(self, *, first: bool) -> FloatArray:
        """Return the losses of one half."""
        return self.losses[self.first if first else ~self.first]


class WeakSegments(Check):
    """No part of the rows is much worse than all of them."""

    name = "weak_segments"

    type: Literal["weak_segments"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    metric: Literal["accuracy", "mean_absolute_error"] = Field(
        default="accuracy", description="Of classes `accuracy`, of numbers `mean_absolute_error`."
    )
    max_worse: Annotated[_Worse, DOWN] = Field(
        description="How much worse than all rows a segment may be, in the metric's unit; or a share of the "
        "metric of all rows, such as 10%."
    )
    min_share: grammar.Share = Field(
        default=0.05, gt=0, le=0.5, description="The smallest share of the rows that is a segment."
    )
    columns: tuple[str, ...] | None = Field(
        default=None,
        min_length=1,
        description="Which columns; default: the features of the dataset, or all but key, target, time and "
        "predictions. Dates are left out.",
    )
    rows: int = Field(
        default=100_000, ge=1_000, le=1_000_000, description="How many rows are looked at, at most."
    )
    confidence: grammar.Share = Field(
        default=0.95, gt=0.5, lt=1, description="With which no segment is reported by chance."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and a target that is missing."""
        return roles.labelled(inputs, self.dataset, self.model)[1]

    def uses(self, inputs: Inputs) -> Uses:
        """Return the labelled dataset and the model."""
        return Uses((self._dataset(inputs),), (self._model(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Fetch rows with their predictions, search one half, measure what was found on the other."""
        name, model = self._dataset(inputs), self._model(inputs)
        dataset = inputs.datasets[name]
        scored = yield from ask(Scores(model, name))
        if scored.label is None:
            message = "the predictions have scores but no labels"
            raise Unmeasurable(message, remedy="add `label:` or `threshold:` to the model's predictions")
        require_one_label(scored)
        shape = yield from ask(Shape(scored.table))
        searched = self._columns(inputs, shape, scored)
        kinds = {one: shape.kind_of(one) for one in searched}
        compared = (dataset.target or "", scored.label)
        is_loss = self.metric == "mean_absolute_error"
        asked_numbers = tuple(one for one, kind in kinds.items() if kind in _NUMBER)
        asked_texts = tuple(one for one, kind in kinds.items() if kind in _TEXT)
        if is_loss and not all(shape.kind_of(one) in _NUMBER for one in compared):
            message = "the mean absolute error is of numbers, and the target or the predictions are none"
            raise Unmeasurable(message)
        sample = yield from ask(
            RowSample(
                Rows(scored.table, self.where),
                tuple(dict.fromkeys((*asked_numbers, *(compared if is_loss else ())))),
                dataset.keys,
                self.rows,
                tuple(dict.fromkeys((*asked_texts, *(() if is_loss else compared)))),
            )
        )
        losses = self._losses(sample, compared)
        known = ~np.isnan(losses)
        count = int(np.count_nonzero(known))
        if count == 0:
            return (Measurement(subject=model, metric="rows", of=0),)
        floor = count / 2 * self.min_share
        if floor < _LEAST:
            wanted = math.ceil(2 * _LEAST / self.min_share)
            message = f"{count:,} labelled rows are too few: {wanted:,} are needed for segments of this share"
            return (Measurement(subject=model, metric=self.metric, undecided=message, path=("max_worse",)),)
        cells = {one: columns.numbers(one, sample.numbers[one][known]) for one in asked_numbers}
        cells |= {
            one: columns.texts(one, sample.texts[one][known], min_rows=count * self.min_share)
            for one in asked_texts
        }
        try:
            return self._judgeable(self._halves(sample, losses, cells), inputs, model=model, of=sample.of)
        except Undefined as error:
            raise Unmeasurable(str(error)) from error

    def _halves(self, sample: SampledRows, losses: FloatArray, cells: Mapping[str, SegmentColumn]) -> _Halves:
        """Part the rows with a truth by the hashes of their keys."""
        known = ~np.isnan(losses)
        value = self._metric(ordered_sum(losses[known]) / int(np.count_nonzero(known)))
        worse = self.max_worse.max or 0.0
        halves = _Halves(
            columns.kept(cells),
            losses[known],
            (sample.hashes[known] & np.uint64(1)) == 0,
            worse * value if self.max_worse.unit == "share" else worse,
        )
        smaller = min(len(halves.half(first=True)), len(halves.half(first=False)))
        if smaller * self.min_share < _LEAST / 2:
            message = "the rows do not fall into two halves by their keys"
            raise Unmeasurable(message, remedy="more rows are needed, with keys that differ")
        return halves

    def _judgeable(self, halves: _Halves, inputs: Inputs, *, model: str, of: int) -> tuple[Measurement, ...]:
        """Return the segments that are weak on both halves, or that there is none."""
        hidden = frozenset(inputs.datasets[self._dataset(inputs)].sensitive)
        second = halves.half(first=False)
        whole = ordered_sum(second) / len(second)
        tried = self._tried(halves, whole, vocabulary=inputs.vocabulary, hidden=hidden)
        adjusted = multiplicity.holm([one.p_value for one in tried])
        weak = [
            self._weak(one, p_value, whole=whole, margin=halves.margin, place=place)
            for place, (one, p_value) in enumerate(zip(tried, adjusted, strict=True))
            if p_value <= 1 - self.confidence and len(one.losses)
        ]
        if weak:
            return tuple(weak)
        return (self._none(halves, model=model, whole=whole, of=of, tried=len(tried)),)

    def _tried(
        self, halves: _Halves, whole: float, *, vocabulary: frozenset[str], hidden: frozenset[str]
    ) -> list[_Tried]:
        """Search the first half, and measure what was found on the second."""
        searched = halves.half(first=True)
        if not halves.found:
            message = "no column parts the rows: each has one value only, or holds neither numbers nor text"
            raise Unmeasurable(message)
        features = [one.feature for one in halves.found]
        first = [
            segment_search.Feature(one.codes[halves.first], one.cells, ordered=one.ordered)
            for one in features
        ]
        share = self.min_share
        # A segment of just this share has fewer rows than that in every other half.
        least = len(searched) * share - segment_search.SLACK * math.sqrt(len(searched) * share * (1 - share))
        excess = searched - (ordered_sum(searched) / len(searched) + halves.margin)
        segments = segment_search.weakest(features=first, excess=excess, min_rows=max(least, 1), most=_MOST)
        names = [
            columns.named(halves.found, segment, vocabulary=vocabulary, hidden=hidden) for segment in segments
        ]
        allowed = whole + halves.margin
        every, tried = [one.feature for one in halves.found], []
        left = np.ones(len(halves.losses), dtype=np.bool_)
        for segment, name in zip(segments, names, strict=True):
            inside = left & segment_search.members(every, segment)
            tried.append(self._one(halves, inside, name=name, allowed=allowed))
            left &= ~inside
        return tried

    def _one(self, halves: _Halves, inside: BoolArray, *, name: str, allowed: float) -> _Tried:
        losses = halves.losses[inside & ~halves.first]
        before = halves.losses[inside & halves.first]
        if len(losses) < 2:
            p_value = 1.0
        elif self.metric == "accuracy":
            p_value = excess_loss.share_p_value(int(losses.sum()), len(losses), allowed=allowed)
        else:
            p_value = excess_loss.mean_p_value(losses, allowed=allowed)
        return _Tried(name, losses, ordered_sum(before) / len(before), p_value)

    def _weak(self, tried: _Tried, p_value: float, *, whole: float, margin: float, place: int) -> Measurement:
        rows, loss = len(tried.losses), ordered_sum(tried.losses) / len(tried.losses)
        limit = self._limit(self._metric(whole + margin))
        return Measurement(
            subject=tried.name,
            metric=self.metric,
            limit=limit,
            value=self._metric(loss),
            n=rows,
            p_value=p_value,
            interval=self._interval(tried.losses),
            details={
                "whole": significant(self._metric(whole)),
                "where_found": significant(self._metric(tried.before)),
                "remark": f"all rows: {self._metric(whole):.3g}; found on one half of the rows, "
                "measured on the other" + (", without those of worse segments" if place else ""),
            },
            path=("max_worse",),
        )

    def _none(self, halves: _Halves, *, model: str, whole: float, of: int, tried: int) -> Measurement:
        """Return that no segment is weak, with the drop that would have been seen in most cases."""
        from scipy.special import ndtri

        rows = len(halves.losses) / 2 * self.min_share
        spread = moments(halves.losses).deviation / math.sqrt(rows)
        reach = float(ndtri(1 - (1 - self.confidence) / _MOST) + ndtri(_POWER))
        visible = (halves.margin + reach * spread) / (1 - self.min_share)
        if self.metric == "accuracy" and visible > 1 - whole:
            message = "these rows are too few: not even a segment without a right prediction would be seen"
            return Measurement(subject=model, metric=self.metric, undecided=message, path=("max_worse",))
        return Measurement(
            subject=model,
            metric="weak_segments",
            limit=Bound(max=0),
            value=0,
            n=len(halves.losses),
            of=of,
            details={
                "columns": tuple(one.name for one in halves.found),
                "tried": tried,
                "visible_drop": significant(visible),
                "remark": f"a segment of {grammar.as_percent(self.min_share)} of the rows would be seen from "
                f"{'a drop' if self.metric == 'accuracy' else 'a rise'} of about {visible:.2g} on",
            },
            path=("max_worse",),
        )

    def _losses(self, sample: SampledRows, compared: tuple[str, str]) -> FloatArray:
        """Return what each row loses, NaN where the truth is not known."""
        truth, label = compared
        if self.metric == "accuracy":
            return columns.wrong(sample.texts[truth], sample.texts[label])
        losses: FloatArray = np.abs(sample.numbers[label] - sample.numbers[truth])
        if np.isinf(losses).any():
            message = "some predictions are infinitely wrong"
            raise Unmeasurable(message)
        return losses

    def _limit(self, value: float) -> Bound:
        """Return the bound in four digits, rounded to the strict side: what is weak is so beyond doubt."""
        if self.metric == "accuracy":
            return Bound(min=float(Context(prec=4, rounding=ROUND_CEILING).create_decimal_from_float(value)))
        return Bound(max=float(Context(prec=4, rounding=ROUND_FLOOR).create_decimal_from_float(value)))

    def _metric(self, loss: float) -> float:
        return 1 - loss if self.metric == "accuracy" else loss

    def _interval(self, losses: FloatArray) -> Interval | None:
        try:
            if self.metric == "accuracy":
                right = len(losses) - int(losses.sum())
                return Interval(*wilson(right, len(losses), confidence=self.confidence), self.confidence)
            return Interval(*mean_interval(losses, self.confidence), self.confidence)
        except Undefined:
            return None

    def _columns(self, inputs: Inputs, shape: TableShape, scored: Scored) -> tuple[str, ...]:
        """Return the columns that segments are made of."""
        if self.columns is not None:
            for name in self.columns:
                if shape.kind_of(name) not in _TEXT | _NUMBER:
                    what = "no such column" if not shape.has(name) else "neither numbers nor text"
                    message = f"{shown(name)!r} cannot make segments: {what}"
                    raise Unmeasurable(message)
            return self.columns
        name = self._dataset(inputs)
        dataset = inputs.datasets[name]
        left_out = {*dataset.keys, dataset.target, dataset.time, *inputs.predicted(name)}
        left_out |= {scored.label, scored.score, *(column for _, column in scored.scores)}
        named = dataset.features or shape.names
        return tuple(
            name for name in named if name not in left_out and shape.kind_of(name) in _TEXT | _NUMBER
        )

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)
