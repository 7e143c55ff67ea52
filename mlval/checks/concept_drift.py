"""Whether a model is still as good as it was: a metric of the newest rows against the rows before.

What it measures
    One metric on the last `window` rows by the dataset's `time`, and on all rows before them (or on the
    dataset named as `reference:`). The value is how the metric changed: `1.5x` judges the ratio, `5%` the
    ratio less one, a plain number the difference. Its interval is made of those of the two metrics, which
    rest on different rows (MOVER), and must clear the bound with it. Rows without a time or a truth are left
    out.

Why it matters
    When the world changes, the columns may look as before while the answers no longer follow from them.
    Only the truth shows it, and it shows in the newest rows first.

When it misleads
    Truth that comes late leaves out the newest rows. A change of the mix of rows changes a metric too,
    though the model answers each as well as before: see `drift`. A weekly cycle needs a window of whole
    weeks. Rows that depend on each other make the interval too narrow. The rows before may hold an older
    change, which a `reference:` does not.

Example
    - type: concept_drift
      dataset: holdout
      metric: log_loss
      window: 1000
      max_increase: 1.5x

References
    Zou and Donner (2008), Construction of confidence limits about effect measures.
    Donner and Zou (2012), Closed-form confidence intervals for functions of the normal mean and standard
    deviation.
"""

from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from mlval.domain import roles
from mlval.domain.asks import Count, Last, Rows, Scored, Scores
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.grammar import Share
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Interval, Measurement, Path
from mlval.domain.metric import Estimated, Evidence, Metric
from mlval.domain.predicate import NotNull
from mlval.domain.rounding import significant
from mlval.domain.shift import DecreaseSpec, IncreaseSpec, Scale, Shift
from mlval.domain.steps import Asking, Steps, ask_all, together
from mlval.domain.tighter import DOWN
from mlval.evidence.gathering import GATHER, WHOLE, Labelled
from mlval.evidence.known_metrics import METRICS, SPELLINGS
from mlval.stats.errors import Undefined

if TYPE_CHECKING:
    from mlval.stats.independent import Compared

WINDOW = 1000


class ConceptDrift(Check):
    """A model's metric on the newest rows is what it was on those before."""

    name = "concept_drift"

    type: Literal["concept_drift"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="The labelled dataset; default: the only one.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    metric: str = Field(description="A metric of a model, as `performance` has it.")
    average: Literal["binary", "macro", "micro", "weighted"] | None = Field(
        default=None, description="How precision, recall and f1 are averaged over classes."
    )
    window: int | None = Field(
        default=None,
        ge=1,
        description="How many of the last rows, by the dataset's `time`, are the newest; default: 1000, or "
        "all rows where a `reference:` is named.",
    )
    reference: str | None = Field(
        default=None, description="A labelled dataset to compare with, in place of the rows before."
    )
    reference_model: str | None = Field(
        default=None, description="The model whose predictions are those of the reference; default: the same."
    )
    max_increase: Annotated[IncreaseSpec | None, DOWN] = Field(
        default=None,
        description="How much the metric may rise: a factor `1.5x`, a share `5%`, or a difference.",
    )
    max_decrease: Annotated[DecreaseSpec | None, DOWN] = Field(
        default=None,
        description="How much the metric may fall: a factor `0.8x`, a share `5%`, or a difference.",
    )
    confidence: Share = Field(default=0.95, gt=0.5, lt=1, description="Of the interval of the change.")

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name what contradicts or is missing."""
        found: list[tuple[Path, str]] = list(self._own_problems())
        for key, role in (("dataset", self._dataset), ("reference", self._reference)):
            try:
                name = role(inputs)
            except Unmeasurable as error:
                found.append(((key,), error.message))
                continue
            if name is not None and inputs.datasets[name].target is None:
                found.append(((key,), "the dataset needs a `target:`, the column with the truth"))
            if name is not None and key == "dataset" and self._window and inputs.datasets[name].time is None:
                found.append((("window",), "a window needs the dataset's `time:` column"))
            if key == "reference" and name is not None and name == self.dataset:
                found.append(
                    ((key,), "it is the dataset itself; leave it out to compare with the rows before")
                )
        for key, model in (("model", self._model), ("reference_model", self._reference_model)):
            try:
                model(inputs)
            except Unmeasurable as error:
                found.append(((key,), error.message))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the datasets and models."""
        datasets = (self._dataset(inputs), self._reference(inputs))
        models = (self._model(inputs), self._reference_model(inputs))
        known = tuple(dict.fromkeys(name for name in datasets if name is not None))
        return Uses(known, tuple(dict.fromkeys(models)))

    def steps(self, inputs: Inputs) -> Steps:
        """Compute the metric on both parts, and how it changed."""
        model, metric = self._model(inputs), self._metric()
        newest, before = yield from self._parts(inputs)
        known = yield from ask_all(
            [Count(part.rows, (NotNull((part.target,)),)) for part in (newest, before)]
        )
        if known[0] == 0:
            return (Measurement(subject=model, metric="rows", of=0),)
        path: Path = ("metric",)
        if known[1] == 0:
            undecided = f"no labelled rows to compare with: the last {self._window or 0:,} are all"
            if self.reference is not None:
                return (Measurement(subject=model, metric="rows", of=0, path=("reference",)),)
            return (
                Measurement(
                    subject=model, metric=metric.name, limit=self._limit, undecided=undecided, path=path
                ),
            )
        gathered = yield from together([_evidence(part, metric) for part in (newest, before)])
        try:
            now, then = (self._estimated(metric, one) for one in gathered)
            changed = self._compared(now, then)
        except Undefined as error:
            problem = Unmeasurable(str(error))
            return (Measurement(subject=model, metric=metric.name, problem=problem, path=path),)
        return (self._measurement(model, (now, then), changed),)

    def _own_problems(self) -> list[tuple[Path, str]]:
        found: list[tuple[Path, str]] = []
        if self.metric not in SPELLINGS:
            found.append((("metric",), f"no such metric; there are {', '.join(METRICS)}"))
        elif self.average is not None and "average" not in METRICS[SPELLINGS[self.metric]].model_fields:
            found.append((("average",), f"{self.metric} has no average over classes"))
        limits = [one for one in (self.max_increase, self.max_decrease) if one is not None]
        if not limits:
            found.append(((), "say how much it may change: `max_increase: 1.5x`, `max_decrease: 5%`"))
        if len({one.scale for one in limits}) > 1:
            found.append(
                (("max_decrease",), "say both in the same way: two factors, two shares or two differences")
            )
        if self.reference_model is not None and self.reference is None:
            found.append((("reference_model",), "it belongs to a `reference:`, and there is none"))
        return found

    @property
    def _window(self) -> int | None:
        return self.window or (WINDOW if self.reference is None else None)

    @property
    def _scale(self) -> Scale:
        limit = self.max_increase or self.max_decrease
        return "difference" if limit is None else limit.scale

    @property
    def _limit(self) -> Bound:
        """The demand, on the scale of the value."""
        rise, fall = self.max_increase, self.max_decrease
        return Bound(
            min=None if fall is None else _fallen(fall),
            max=None if rise is None else rise.amount,
            confidence=self.confidence,
            unit="share" if self._scale == "share" else "value",
        )

    def _metric(self) -> Metric:
        """Return the metric without a bound of its own."""
        kind = METRICS[SPELLINGS[self.metric]]
        plain = kind.model_construct(min=None, max=None, confidence=None)
        return plain if self.average is None else plain.model_copy(update={"average": self.average})

    def _dataset(self, inputs: Inputs) -> str:
        named = self.dataset
        others = [name for name in inputs.datasets if name != self.reference]
        return roles.resolve(inputs.datasets if named else others, named, role="dataset", kind="dataset")

    def _reference(self, inputs: Inputs) -> str | None:
        if self.reference is None:
            return None
        return roles.resolve(inputs.datasets, self.reference, role="reference", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)

    def _reference_model(self, inputs: Inputs) -> str:
        if self.reference_model is None:
            return self._model(inputs)
        return roles.resolve(inputs.models, self.reference_model, role="reference_model", kind="model")

    def _parts(self, inputs: Inputs) -> Asking[tuple[Labelled, Labelled]]:
        """Return the newest rows, and those that they are compared with."""
        name, reference = self._dataset(inputs), self._reference(inputs)
        dataset = inputs.datasets[name]
        questions = [Scores(self._model(inputs), name)]
        if reference is not None:
            questions.append(Scores(self._reference_model(inputs), reference))
        scored: tuple[Scored, ...] = yield from ask_all(questions)
        time, count = dataset.time or "", self._window
        last = None if count is None else Last(time, count)
        newest = Labelled(Rows(scored[0].table, self.where, last), scored[0], dataset)
        if reference is not None:
            rows = Rows(scored[1].table, self.where)
            return newest, Labelled(rows, scored[1], inputs.datasets[reference])
        earlier = Last(time, count or 0, before=True)
        return newest, Labelled(Rows(scored[0].table, self.where, earlier), scored[0], dataset)

    def _estimated(self, metric: Metric, evidence: Evidence | Failure) -> Estimated:
        if isinstance(evidence, Failure):
            raise evidence.cause
        return metric.estimate(evidence, confidence=self.confidence)

    def _compared(self, now: Estimated, then: Estimated) -> "Compared":
        from mlval.stats.independent import Compared, difference, ratio

        intervals = (now.interval, then.interval)
        if self._scale == "difference":
            return difference(now.value, then.value, intervals=intervals)
        found = ratio(now.value, then.value, intervals=intervals)
        if self._scale == "factor":
            return found
        ends = None if found.interval is None else (found.interval[0] - 1, found.interval[1] - 1)
        return Compared(value=found.value - 1, interval=ends)

    def _measurement(
        self, model: str, values: tuple[Estimated, Estimated], changed: "Compared"
    ) -> Measurement:
        now, then = values
        told = [f"{significant(one.value):.4g} on {one.n:,} rows" for one in values]
        against = "before" if self.reference is None else "in the reference"
        return Measurement(
            subject=model,
            metric=SPELLINGS[self.metric],
            limit=self._limit,
            value=changed.value,
            n=now.n,
            interval=None if changed.interval is None else Interval(*changed.interval, self.confidence),
            details={
                "change": {"factor": "ratio", "share": "relative change"}.get(self._scale, "difference"),
                "current_value": now.value,
                "reference_value": then.value,
                "reference_rows": then.n,
                "interval_by": "MOVER",
                "remark": f"now {told[0]}, {against} {told[1]}",
            },
            path=("max_increase" if self.max_increase is not None else "max_decrease",),
        )


def _evidence(part: Labelled, metric: Metric) -> Asking[Evidence]:
    gathered = yield from GATHER[metric.needs](part)
    found = gathered.get(WHOLE)
    if found is None or found.rows == 0:
        raise Unmeasurable("there are no rows with a truth and a prediction")
    return found


def _fallen(fall: Shift) -> float:
    return fall.amount if fall.scale == "factor" else 0 - fall.amount
