"""Whether a model's predictions hold when what it is shown changes a little, or only in form.

What it measures
    The rows are predicted, changed, and predicted again. `jitter` moves numbers by normal noise of `size`
    standard deviations, within the range of their column; `missing` takes away a share of the values of each
    column; `swap` replaces a share of the categories by those of other rows. Their measure is the share of
    rows with another class, or for numbers the mean absolute change in standard deviations of the
    predictions, against `max_change`; with `metric:` also how much worse it becomes, against `max_drop`.
    `column_order`, `extra_column`, `batch_size`, `row_order` and `determinism` (predict twice) must
    change no prediction at all, beyond a millionth.

Why it matters
    A model that depends on the rows beside it, on the order of columns or on chance passes every metric on a
    file, and predicts something else in service.

When it misleads
    Only a model that the gate loads can be shown anything: predictions made elsewhere cannot be tested. A
    model that refuses missing values, another order of columns or a column too many fails here with an
    error, which is the truth but may be what you want: leave that test out. Numbers that are codes should
    not be jittered: name `columns:`. Without `rows` at most 20,000 rows are shown, those with the smallest
    hash of their position, and fewer where there are very many columns.

Example
    - type: robustness
      dataset: holdout
      metric: roc_auc
      tests:
        jitter: {size: 0.1, max_change: 5%, max_drop: 0.01}
        missing: {share: 10%, max_change: 10%}
        swap: {columns: [plan], share: 10%, max_change: 10%}
        column_order: true
        batch_size: true
        row_order: true
        determinism: true

References
    Breck et al. (2017), The ML test score: a rubric for production readiness.
    Ribeiro et al. (2020), Beyond accuracy: behavioral testing of NLP models with CheckList.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlval.domain import grammar, roles
from mlval.domain.asks import Change, Rows, Scored, Scores, Shape
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Failure, MlvalError, Unmeasurable
from mlval.domain.feature_change import (
    Again,
    BatchSize,
    ColumnOrder,
    ExtraColumn,
    Jitter,
    Missing,
    RowOrder,
    Swap,
)
from mlval.domain.frozen import Frozen
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Measurement, Path
from mlval.domain.steps import Asking, Steps, ask, ask_all, together
from mlval.domain.tighter import DOWN, SUPERSET, WANTED
from mlval.evidence.gathering import Labelled
from mlval.evidence.known_metrics import SPELLINGS
from mlval.evidence.prediction_changes import (
    PredictionChange,
    metric_on,
    metric_problem,
    prediction_change,
    worsening,
)

_BATCH = 10
_CHANGE = 0.05

Columns = Annotated[tuple[str, ...], Field(min_length=1)]


class Disturbance(Frozen):
    """Values are changed a little."""

    columns: Columns | None = Field(default=None, description="Which columns; default: all that can be.")
    max_change: Annotated[grammar.Share | None, DOWN] = Field(
        default=None,
        description="The largest share of rows with another class, or the largest mean change of numbers in "
        "standard deviations; default 5% where there is no `max_drop`.",
    )
    max_drop: Annotated[float | None, DOWN] = Field(
        default=None,
        ge=0,
        allow_inf_nan=False,
        description="How much worse `metric` may become, in its unit.",
    )

    def change(self) -> Change:
        """Return what is done to the features."""
        raise NotImplementedError


class JitterTest(Disturbance):
    """Numbers are moved by noise."""

    size: float = Field(default=0.1, gt=0, le=10, description="The noise, in standard deviations.")

    def change(self) -> Change:
        """Return what is done to the features."""
        return Jitter(self.size, self.columns or ())


class MissingTest(Disturbance):
    """Values are taken away."""

    share: grammar.Share = Field(default=0.1, gt=0, le=1, description="The share of values of each column.")

    def change(self) -> Change:
        """Return what is done to the features."""
        return Missing(self.share, self.columns or ())


class SwapTest(Disturbance):
    """Categories are replaced by those of other rows."""

    share: grammar.Share = Field(default=0.1, gt=0, le=1, description="The share of values of each column.")

    def change(self) -> Change:
        """Return what is done to the features."""
        return Swap(self.share, self.columns or ())


class Tests(Frozen):
    """What is tried."""

    jitter: Annotated[JitterTest | None, SUPERSET] = Field(
        default=None, description="Numbers are moved by noise."
    )
    missing: Annotated[MissingTest | None, SUPERSET] = Field(
        default=None, description="Values are taken away."
    )
    swap: Annotated[SwapTest | None, SUPERSET] = Field(
        default=None, description="Categories are those of other rows."
    )
    column_order: Annotated[bool, WANTED] = Field(
        default=False, description="The columns come in the reverse order."
    )
    extra_column: Annotated[bool, WANTED] = Field(
        default=False, description="There is one more column, of noise."
    )
    batch_size: Annotated[bool, WANTED] = Field(
        default=False, description=f"The rows come in batches of {_BATCH}."
    )
    row_order: Annotated[bool, WANTED] = Field(default=False, description="The rows come in another order.")
    determinism: Annotated[bool, WANTED] = Field(
        default=False, description="The same rows are predicted twice."
    )

    def disturbances(self) -> dict[str, Disturbance]:
        """Return those that are asked for and have a limit, by name."""
        named = {"jitter": self.jitter, "missing": self.missing, "swap": self.swap}
        return {name: test for name, test in named.items() if test is not None}

    def changes(self) -> dict[str, Change]:
        """Return every change that is asked for, by the name of its test."""
        forms: dict[str, tuple[bool, Change]] = {
            "column_order": (self.column_order, ColumnOrder()),
            "extra_column": (self.extra_column, ExtraColumn()),
            "batch_size": (self.batch_size, BatchSize(_BATCH)),
            "row_order": (self.row_order, RowOrder()),
            "determinism": (self.determinism, Again()),
        }
        disturbing = {name: test.change() for name, test in self.disturbances().items()}
        return disturbing | {name: change for name, (wanted, change) in forms.items() if wanted}

    @model_validator(mode="after")
    def _any(self) -> "Tests":
        if not self.changes():
            message = "no test; there are jitter, missing, swap, column_order, extra_column, batch_size,"
            raise ValueError(f"{message} row_order and determinism")
        return self


@dataclass(frozen=True, slots=True)
class _Before:
    """The predictions of unchanged rows, and the metric on them where one is wanted."""

    scored: Scored
    rows: Rows
    metric: float | MlvalError | None
    details: Mapping[str, Detail]


class Robustness(Check):
    """Predictions hold where what the model is shown changes a little, or only in form."""

    name = "robustness"

    type: Literal["robustness"] = Field(description="The kind of validation.")
    dataset: str | None = Field(default=None, description="Whose rows are shown; default: the only dataset.")
    model: str | None = Field(default=None, description="Which model; default: `candidate`, or the only one.")
    tests: Tests = Field(description="What is tried.")
    metric: str | None = Field(default=None, description="The metric that `max_drop` limits.")
    rows: int = Field(default=20_000, ge=2, le=1_000_000, description="How many rows are shown, at most.")

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name roles that nobody plays, a metric that is not one, a drop that nothing measures."""
        dataset, missing = roles.playing(inputs, self.dataset, self.model)
        if dataset is None:
            return missing
        found: list[tuple[Path, str]] = [*missing]
        drops = [name for name, one in self.tests.disturbances().items() if one.max_drop is not None]
        if self.metric is None:
            found += [(("tests", name, "max_drop"), "a drop needs a `metric:`") for name in drops]
        elif (wrong := metric_problem(self.metric)) is not None:
            found.append((("metric",), wrong))
        elif not drops:
            found.append((("metric",), "no test has a `max_drop:` for it"))
        elif dataset.target is None:
            found.append((("dataset",), "the dataset needs a `target:`, the column with the truth"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the dataset and the model."""
        return Uses((self._dataset(inputs),), (self._model(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Have the rows predicted as they are and changed, in one session; compare row by row."""
        name, model = self._dataset(inputs), self._model(inputs)
        changes = self.tests.changes()
        asks = [Scores(model, name, change, self.rows) for change in (None, *changes.values())]
        plain, *others = yield from together([ask(one) for one in asks])
        if isinstance(plain, Failure):
            raise plain.cause
        rows = Rows(plain.table, self.where)
        metric: float | MlvalError | None = None
        if self.metric is not None:
            (found,) = yield from together([metric_on(self.metric, self._labelled(plain, inputs))])
            metric = found.cause if isinstance(found, Failure) else found
        shape, taken = yield from ask_all((Shape(name), Shape(plain.table)))
        details = {"rows_of_dataset": shape.rows} if taken.rows < shape.rows else {}
        before = _Before(plain, rows, metric, details)
        parts = [
            self._of_test(test, other, before=before, inputs=inputs)
            for test, other in zip(changes, others, strict=True)
        ]
        measured = yield from together(parts)
        return tuple(
            one
            for test, part in zip(changes, measured, strict=True)
            for one in (_failed(test, part, model) if isinstance(part, Failure) else part)
        )

    def _of_test(self, test: str, after: Scored | Failure, *, before: _Before, inputs: Inputs) -> Steps:
        if isinstance(after, Failure):
            raise after.cause
        change = yield from prediction_change(before.rows, before.scored, after)
        found = self._change(test, change, details=before.details, inputs=inputs)
        disturbance = self.tests.disturbances().get(test)
        if disturbance is None or disturbance.max_drop is None or self.metric is None:
            return (found,)
        (drop,) = yield from together([self._drop(after, before, inputs)])
        lost = Measurement(
            subject=found.subject,
            metric=f"{test}: {SPELLINGS[self.metric]}",
            limit=Bound(max=disturbance.max_drop),
            value=None if isinstance(drop, Failure) else drop,
            of=change.rows,
            details=before.details,
            path=("tests", test, "max_drop"),
            problem=drop.cause if isinstance(drop, Failure) else None,
        )
        return (lost,) if disturbance.max_change is None else (found, lost)

    def _change(
        self, test: str, change: PredictionChange, *, details: Mapping[str, Detail], inputs: Inputs
    ) -> Measurement:
        """Return how many predictions changed, or how far; what changes only the form may change none."""
        disturbance = self.tests.disturbances().get(test)
        value: float | None = None
        if change.rows:
            value = change.moved / change.rows if disturbance is None else change.share
        most = 0.0 if disturbance is None else disturbance.max_change
        return Measurement(
            subject=self._model(inputs),
            metric=test,
            limit=Bound(max=_CHANGE if most is None else most, unit="share"),
            value=value,
            n=change.moved if disturbance is None else change.flipped,
            of=change.rows,
            details=details,
            path=("tests", test),
        )

    def _drop(self, after: Scored, before: _Before, inputs: Inputs) -> Asking[float]:
        name = self.metric or ""
        if not isinstance(before.metric, float):
            raise before.metric or Unmeasurable("the metric was not measured")
        changed = yield from metric_on(name, self._labelled(after, inputs))
        return worsening(name, before.metric, changed)

    def _labelled(self, scored: Scored, inputs: Inputs) -> Labelled:
        dataset = inputs.datasets[self._dataset(inputs)]
        return Labelled(Rows(scored.table, self.where), scored, dataset)

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _model(self, inputs: Inputs) -> str:
        return roles.candidate(inputs, self.model)


def _failed(test: str, failure: Failure, model: str) -> tuple[Measurement, ...]:
    return (Measurement(subject=model, metric=test, problem=failure.cause, path=("tests", test)),)
