"""How strongly two columns move together.

What it measures
    Pearson's correlation of two columns of numbers, over the rows that have both. NaN or infinity among
    the values is an error: leave them out with `where:`, and bound them with `nans:`.

Why it matters
    A join by the wrong key, or rows that are shifted by one, keep each column as it was and tear the
    columns apart. Two features that are one and the same show as 1.

When it misleads
    It sees straight lines only, and a few far values can make or hide one. A constant column has none,
    which is an error.

Example
    correlation: [{columns: [fare, distance], min: 0.5}]

Elsewhere
    Deequ: hasCorrelation

References
    Pearson (1895): Notes on regression and inheritance in the case of two parents.
"""

from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mlval.domain.aggregated import computed
from mlval.domain.asks import Aggregate
from mlval.domain.bound import Bound
from mlval.domain.errors import Failure
from mlval.domain.frozen import Frozen
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Severity
from mlval.domain.predicate import NotNull
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Asking, Steps, together
from mlval.domain.tighter import DOWN, SEVERITY, UP

_End = Annotated[float, Field(ge=-1, le=1)]


class Pair(Frozen):
    """Two columns, and the bounds of their correlation."""

    columns: tuple[str, str] = Field(description="The two columns.")
    min: Annotated[_End | None, UP] = Field(default=None, description="The least correlation, from -1 to 1.")
    max: Annotated[_End | None, DOWN] = Field(
        default=None, description="The greatest correlation, from -1 to 1."
    )
    method: Literal["pearson"] = Field(default="pearson", description="Which correlation.")
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    severity: Annotated[Literal["block", "warn"] | None, SEVERITY] = Field(
        default=None, description="Where it differs from the validation's."
    )

    @model_validator(mode="after")
    def _possible(self) -> Self:
        message = ""
        if self.min is None and self.max is None:
            message = "a bound needs min, max or both"
        elif self.min is not None and self.max is not None and self.min > self.max:
            message = f"min {self.min} is above max {self.max}: nothing could pass"
        elif self.columns[0] == self.columns[1]:
            message = "a column and itself always correlate: name two"
        if message:
            raise ValueError(message)
        return self


class Correlation(Rule[Annotated[tuple[Pair, ...], Field(min_length=1, max_length=1000)]]):
    """A list of two columns each, and the bounds of their correlation."""

    name = "correlation"
    on = "table"
    tighter = "superset"

    def steps(self, setting: Setting) -> Steps:
        """Measure every pair."""
        settings = [_within(setting, pair, index) for index, pair in enumerate(self.root)]
        found = yield from together(
            [_measured(own, pair) for own, pair in zip(settings, self.root, strict=True)]
        )
        return tuple(
            Measurement(
                subject=", ".join(pair.columns),
                metric=self.name,
                problem=one.cause,
                path=own.path,
                severity=own.severity,
            )
            if isinstance(one, Failure)
            else one
            for one, pair, own in zip(found, self.root, settings, strict=True)
        )


def _within(setting: Setting, pair: Pair, index: int) -> Setting:
    severity = Severity(pair.severity) if pair.severity else setting.severity
    return replace(setting, where=pair.where, severity=severity, path=(*setting.path, index))


def _measured(setting: Setting, pair: Pair) -> Asking[Measurement]:
    first, second = pair.columns
    both = (*setting.filters, NotNull(pair.columns))
    question = Aggregate(setting.rows, "correlation", first, both, other=second)
    measured = yield from computed(Correlation.name, setting, question, counted=both)
    return replace(measured, limit=Bound(min=pair.min, max=pair.max))
