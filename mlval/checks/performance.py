"""Whether a model is good enough on labelled rows, and in every slice of them.

What it measures
    Metrics from the dataset's `target` and the model's predictions, for all rows and for each
    level of each slice. A bound is judged on the value; with `confidence:` the whole interval
    must clear it. Rows without a truth are left out and counted. `baseline` demands that the model
    is better than one that looks at no feature.

Why it matters
    A mean hides the group that the model fails.

When it misleads
    Metrics of small slices jump; `per_slice.min_rows` says below which size a slice is not judged.
    Labels chosen by a threshold make accuracy, precision and recall depend on it. The trivial model is
    fitted to the rows that it is judged on, and metrics that it does not define (the precision of a
    model that never says yes) are an error.

Example
    - type: performance
      dataset: holdout
      metrics: {roc_auc: 0.85, log_loss: {max: 0.40, confidence: 95%}}
      slices: [plan, {by: age, bins: [25, 40, 65]}]
      per_slice: {min_rows: 200, metrics: {roc_auc: 0.80}}
      baseline: {metrics: {log_loss: 0.05}}

References
    See the pages of the metrics.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, create_model, model_validator

from mlval.domain import roles
from mlval.domain.asks import Count, Last, Rows, Scores
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import PLAIN_SCHEMAS
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Interval, Measurement, Path
from mlval.domain.metric import Evidence, Metric
from mlval.domain.predicate import IsNull, NotNull
from mlval.domain.slices import SliceSpec, called, heading, split_of
from mlval.domain.steps import Steps, ask, ask_all, together
from mlval.domain.tighter import DOWN, SUPERSET, UP
from mlval.evidence.gathering import WHOLE, Labelled, Need, Part, gather, need_of
from mlval.evidence.known_metrics import METRICS, SPELLINGS
from mlval.evidence.over_baseline import over_baseline
from mlval.stats.errors import Undefined

_CONFIDENCE = 0.95
Gathered = Mapping[Need, Mapping[Part, Evidence] | Failure]


class _Metrics(Frozen):
    """Bounds by metric."""

    @model_validator(mode="after")
    def _one_spelling_each(self) -> Self:
        named = [SPELLINGS[spelling] for spelling in self.model_fields_set]
        repeated = sorted({name for name in named if named.count(name) > 1})
        if repeated:
            message = f"{repeated[0]} is given twice under two spellings"
            raise ValueError(message)
        return self

    def demands(self) -> tuple[tuple[str, Metric], ...]:
        """Return the metrics that are set with the spelling that the contract uses, by name."""
        found = (
            (spelling, getattr(self, spelling)) for spelling in sorted(SPELLINGS, key=SPELLINGS.__getitem__)
        )
        return tuple((spelling, metric) for spelling, metric in found if metric is not None)


_KEYS: dict[str, Any] = {
    spelling: (
        Annotated[METRICS[name] | None, SUPERSET],
        Field(default=None, description=METRICS[name].__doc__),
    )
    for spelling, name in SPELLINGS.items()
}
Metrics = create_model("Metrics", __base__=_Metrics, __doc__=_Metrics.__doc__, **_KEYS)


class PerSlice(Frozen):
    """What every slice must meet."""

    min_rows: Annotated[int, DOWN] = Field(
        default=30, ge=1, description="Slices with fewer labelled rows are not judged, only listed."
    )
    metrics: Metrics | None = Field(
        default=None, description="Bounds for each slice; default: those of the whole."
    )


class Baseline(Frozen):
    """A trivial model that must be beaten."""

    predict: Literal["constant", "last"] = Field(
        default="constant",
        description="`constant`: the most frequent class, the share of each class, the mean; `last`: the "
        "true value before, by the dataset's `time`, and within its `group`.",
    )
    metrics: Annotated[dict[str, Annotated[int | float, Field(gt=0)]], UP] = Field(
        min_length=1,
        description="By metric, how much better than the trivial model this one is at least, in its unit.",
    )


def _with_short_form(schema: dict[str, Any]) -> None:
    """Describe `metric:` with `threshold:`, which the validator reads as `metrics:`."""
    keys = schema["properties"]
    keys["metric"] = {"enum": sorted(SPELLINGS), "description": "The one metric, in the short form."}
    keys["threshold"] = {"anyOf": PLAIN_SCHEMAS, "description": "Its bound, in the short form."}
    schema["required"].remove("metrics")
    schema["anyOf"] = [{"required": ["metrics"]}, {"required": ["metric", "threshold"]}]


class Performance(Check):
    """A model's metrics meet their bounds, on all rows and in every slice."""

    model_config = ConfigDict(json_schema_extra=_with_short_form)

    name = "performance"

    type: Literal["performance"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    metrics: Metrics = Field(description="Bounds by metric.")
    window: int | None = Field(default=None, ge=1, description="Only the last rows, by the dataset's `time`.")
    slices: Annotated[tuple[SliceSpec, ...], SUPERSET] = Field(
        default=(), description="Columns, bins, periods or predicates to split by; an inner list is crossed."
    )
    per_slice: PerSlice = Field(default=PerSlice(), description="What every slice must meet.")

    baseline: Annotated[Baseline | None, SUPERSET] = Field(
        default=None, description="A trivial model that must be beaten."
    )

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, raw: Any) -> Any:  # noqa: ANN401 - text of the contract
        """Read `metric: accuracy, threshold: 0.85` as `metrics: {accuracy: 0.85}`."""
        if not isinstance(raw, dict) or "metric" not in raw:
            return raw
        raw = dict(raw)
        if not isinstance(raw["metric"], str):
            message = "`metric:` is the name of one metric; several stand under `metrics:`"
            raise ValueError(message)
        if "metrics" in raw:
            message = "give `metric:` with `threshold:`, or `metrics:`, not both"
            raise ValueError(message)
        if "threshold" not in raw:
            message = "`metric:` needs a `threshold:`"
            raise ValueError(message)
        raw["metrics"] = {raw.pop("metric"): raw.pop("threshold")}
        return raw

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, and what the dataset must say about its columns."""
        dataset, missing = roles.labelled(inputs, self.dataset, self.model)
        if dataset is None:
            return missing
        found: list[tuple[Path, str]] = [*missing]
        if self.window is not None and dataset.time is None:
            found.append((("window",), "a window needs the dataset's `time:` column"))
        if not self.metrics.demands():
            found.append((("metrics",), f"no metric; there are {', '.join(METRICS)}"))
        found += self._baseline_problems(dataset.time)
        if self.per_slice.metrics is not None and not self.per_slice.metrics.demands():
            path = ("per_slice", "metrics")
            found.append((path, "no metric for slices; leave it out to demand those of the whole"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the labelled dataset and the model."""
        return Uses((self._dataset(inputs),), (self._model(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Join the predictions, gather the evidence that the metrics need, compute them on every part."""
        name, model = self._dataset(inputs), self._model(inputs)
        dataset = inputs.datasets[name]
        scored = yield from ask(Scores(model, name))
        last = None if self.window is None else Last(dataset.time or "", self.window)
        rows = Rows(scored.table, self.where, last)
        target = dataset.target or ""
        known, unknown = yield from ask_all(
            (Count(rows, (NotNull((target,)),)), Count(rows, (IsNull(target),)))
        )
        if known == 0:
            return (Measurement(subject=model, metric="rows", of=0),)
        labelled = Labelled(rows, scored, dataset, tuple(split_of(spec) for spec in self.slices))
        demanded = (metric for part in (WHOLE, None) for _, _, metric in self._demands(part))
        needs = sorted({need_of(metric, labelled) for metric in demanded})
        gathered = yield from together([gather(need, labelled) for need in needs])
        evidence: Gathered = dict(zip(needs, gathered, strict=True))
        baseline: tuple[Measurement, ...] = ()
        if self.baseline is not None:
            baseline = yield from over_baseline(
                self.baseline.metrics,
                labelled,
                last=self.baseline.predict == "last",
                subject=model,
                known=evidence,
            )
        return (
            *self._on(WHOLE, model, labelled=labelled, evidence=evidence, unknown=unknown),
            *baseline,
            *(
                measurement
                for part in _parts(evidence, len(labelled.splits))
                for measurement in self._on(
                    part, _subject(part, labelled, inputs), labelled=labelled, evidence=evidence, unknown=0
                )
            ),
        )

    def _demands(self, part: Part | None) -> tuple[tuple[Path, str, Metric], ...]:
        """Return path, name and metric of what is demanded of the whole, or of every slice."""
        own = None if part == WHOLE else self.per_slice.metrics
        path: Path = ("metrics",) if own is None else ("per_slice", "metrics")
        return tuple(
            ((*path, spelling), metric.name, metric) for spelling, metric in (own or self.metrics).demands()
        )

    def _on(
        self,
        part: Part,
        subject: str,
        *,
        labelled: Labelled,
        evidence: Gathered,
        unknown: int,
    ) -> list[Measurement]:
        """Compute what is demanded on one part of the rows."""
        measured = []
        told = {need_of(metric, labelled) for _, _, metric in self._demands(WHOLE)}
        for path, name, metric in self._demands(part):
            need = need_of(metric, labelled)
            gathered = evidence[need]
            if isinstance(gathered, Failure):
                # Said once, of the whole, unless nothing is demanded there that would say it.
                if part == WHOLE or need not in told:
                    measured.append(
                        Measurement(subject=subject, metric=name, problem=gathered.cause, path=path)
                    )
                continue
            found = gathered.get(part)
            rows = 0 if found is None else found.rows
            if part.rank and rows < self.per_slice.min_rows:
                reason = f"{rows} labelled rows are fewer than `min_rows: {self.per_slice.min_rows}`"
                measured.append(
                    Measurement(
                        subject=subject, metric=name, of=rows, absent=reason, expected=True, path=path
                    )
                )
            elif found is None:
                measured.append(Measurement(subject=subject, metric=name, of=0, path=path))
            else:
                measured.append(_estimated(metric, found, subject=subject, path=path, unknown=unknown))
        return measured

    def _baseline_problems(self, time: str | None) -> list[tuple[Path, str]]:
        """Name metrics that a baseline cannot be compared by, and a time that is wanted."""
        if self.baseline is None:
            return []
        found: list[tuple[Path, str]] = []
        if self.baseline.predict == "last" and time is None:
            found.append((("baseline", "predict"), "the last value needs the dataset's `time:` column"))
        named = [SPELLINGS.get(spelling) for spelling in self.baseline.metrics]
        for spelling, name in zip(self.baseline.metrics, named, strict=True):
            path: Path = ("baseline", "metrics", spelling)
            if name is None:
                found.append((path, f"no such metric; there are {', '.join(METRICS)}"))
            elif METRICS[name].needs in {"groups", "expression", "label_sets"}:
                found.append((path, "no trivial model has this metric"))
            elif named.count(name) > 1:
                found.append((path, f"{name} is given twice under two spellings"))
        return found

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)


def _parts(evidence: Gathered, splits: int) -> list[Part]:
    """Return every slice that any evidence knows, in the order of the contract and then of the levels.

    A split without any level stands as a part of its own: it has no rows, which is not a pass.
    """
    known = {part for found in evidence.values() if not isinstance(found, Failure) for part in found}
    present = {part.split for part in known}
    known |= {Part(split) for split in range(splits) if split not in present}
    return sorted(known - {WHOLE}, key=lambda part: (part.split or 0, part.level))


def _subject(part: Part, labelled: Labelled, inputs: Inputs) -> str:
    """Name a slice. A level that is a value of the data is told only if the contract spells it out."""
    split = labelled.splits[part.split or 0]
    if not part.rank:
        return heading(split)
    return called(split, part.level, rank=part.rank, vocabulary=inputs.vocabulary)


def _estimated(metric: Metric, evidence: Evidence, *, subject: str, path: Path, unknown: int) -> Measurement:
    confidence = metric.confidence or _CONFIDENCE
    problem: MlvalError | None = None
    try:
        found = metric.estimate(evidence, confidence=confidence)
    except Undefined as error:
        problem = Unmeasurable(str(error))
        return Measurement(
            subject=subject, metric=metric.name, limit=metric.bound, problem=problem, path=path
        )
    return Measurement(
        subject=subject,
        metric=metric.name,
        limit=metric.bound,
        value=found.value,
        n=found.n,
        of=evidence.rows,
        interval=None if found.interval is None else Interval(*found.interval, confidence),
        details={"unlabelled_rows": unknown} if unknown else {},
        path=path,
    )
