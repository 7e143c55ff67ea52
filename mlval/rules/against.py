"""The number of rows, and what is computed of columns, against another dataset.

What it measures
    The relative change, (value - other) / other, or with `difference:` value - other. Of the rows:
    their number. Of a column: mean, median, std, sum, min, max, its share of nulls, and how many
    different values it has. The validation's `where` holds for both datasets.

Why it matters
    A file of half the rows or of ten times the sum keeps every type and range.

When it misleads
    What grows every day leaves any fixed range one day. A mean of few rows jumps by chance: `drift`
    knows how much. Where the other value is 0 there is no relative change, which is an error: demand
    a difference. Times are seconds, and have differences only.

Example
    against: {dataset: yesterday, rows: [-20%, 50%], columns: {amount: {mean: 5%, nulls: {difference: 1%}}}}

Elsewhere
    Great Expectations: expect_table_row_count_to_equal_other_table
    Soda: row_count same as
    pointblank: row_count_match
    Deequ: RowCountMatch, AggregateMatch
    dbt: dbt_utils.equal_rowcount, dbt_utils.fewer_rows_than

References
    None; differences.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

from pydantic import Field, model_validator

from mlval.domain.asks import Aggregate, Count, Distinct, Function, Rows
from mlval.domain.change import Change, ChangeSpec
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.measurement import Measurement
from mlval.domain.predicate import IsNull
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Asking, Steps, ask, together
from mlval.domain.text import shown

_AGGREGATES: Mapping[str, tuple[Function, float | None]] = {
    "mean": ("mean", None),
    "median": ("quantile", 0.5),
    "std": ("std", None),
    "sum": ("sum", None),
    "min": ("min", None),
    "max": ("max", None),
}
_OF_THE_DATA = frozenset({"min", "max", "median"})
"""What may be a value of a row, which is told nowhere."""


@dataclass(frozen=True, slots=True)
class _Demand:
    """What is computed of a column, or of the rows, and by how much it may differ."""

    column: str | None
    function: str
    change: Change


class ColumnChanges(Frozen):
    """By how much what is computed of a column may differ."""

    mean: ChangeSpec | None = Field(default=None, description="The mean.")
    median: ChangeSpec | None = Field(default=None, description="The median.")
    std: ChangeSpec | None = Field(default=None, description="The standard deviation.")
    sum: ChangeSpec | None = Field(default=None, description="The sum.")
    min: ChangeSpec | None = Field(default=None, description="The smallest value.")
    max: ChangeSpec | None = Field(default=None, description="The largest value.")
    nulls: ChangeSpec | None = Field(default=None, description="The share of rows without a value.")
    distinct: ChangeSpec | None = Field(default=None, description="The number of different values.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if not self.demands():
            message = f"say what may differ by how much: {', '.join(type(self).model_fields)}"
            raise ValueError(message)
        return self

    def demands(self) -> dict[str, Change]:
        """Return what is demanded, by the name of what is computed."""
        named = {name: getattr(self, name) for name in type(self).model_fields}
        return {name: demanded for name, demanded in named.items() if demanded is not None}


class Comparison(Frozen):
    """Another dataset, and by how much this one may differ from it."""

    dataset: str = Field(description="The other dataset.")
    rows: ChangeSpec | None = Field(default=None, description="The number of rows.")
    columns: dict[str, ColumnChanges] = Field(default={}, description="By column, what is computed of it.")

    @model_validator(mode="after")
    def _something(self) -> Self:
        if self.rows is None and not self.columns:
            raise ValueError("say what may differ by how much: `rows:`, `columns:` or both")
        return self


class Against(Rule[Comparison]):
    """The number of rows and what is computed of columns differ from another dataset by this much at most."""

    name = "against"
    on = "table"
    grouped = False

    def uses(self) -> tuple[str, ...]:
        """Return the other dataset."""
        return (self.root.dataset,)

    def steps(self, setting: Setting) -> Steps:
        """Measure both sides of every demand."""
        demands = [] if self.root.rows is None else [_Demand(None, "rows", self.root.rows)]
        for column, changes in self.root.columns.items():
            demands += [_Demand(column, function, one) for function, one in changes.demands().items()]
        found = yield from together([self._compared(setting, demand) for demand in demands])
        return tuple(
            self._measurement(setting, demand, compared)
            for demand, compared in zip(demands, found, strict=True)
        )

    def _compared(self, setting: Setting, demand: _Demand) -> Asking[tuple[float, float]]:
        """Return what is computed here and there."""
        if demand.function in _AGGREGATES and demand.change.relative:
            _refuse_times(setting, demand.column or "")
        sides = setting.rows, Rows(self.root.dataset, setting.rows.where)
        found = yield from together([_computed(rows, demand) for rows in sides])
        values = []
        for rows, value in zip(sides, found, strict=True):
            if isinstance(value, Failure):
                message = f"{shown(rows.table)}: {value.cause.message}"
                raise Unmeasurable(message, remedy=value.cause.remedy) from value.cause
            values.append(value)
        return values[0], values[1]

    def _measurement(
        self, setting: Setting, demand: _Demand, compared: tuple[float, float] | Failure
    ) -> Measurement:
        place = ("rows",) if demand.column is None else ("columns", demand.column, demand.function)
        blank = Measurement(
            subject=demand.column or setting.dataset,
            metric=f"{demand.function} {'change' if demand.change.relative else 'difference'}",
            limit=demand.change.bound,
            details={"dataset": self.root.dataset},
            path=(*setting.path, *place),
            severity=setting.severity,
        )
        if isinstance(compared, Failure):
            return replace(blank, problem=compared.cause)
        now, before = compared
        if demand.change.relative and before == 0:
            message = f"in {shown(self.root.dataset)!r} it is 0, from which there is no relative change"
            problem = Unmeasurable(message, remedy="demand a difference: `{difference: [-3, 3]}`")
            return replace(blank, problem=problem)
        value = (now - before) / before if demand.change.relative else now - before
        if demand.function in _OF_THE_DATA:
            return replace(blank, value=value)
        return replace(blank, value=value, details={**blank.details, "value": now, "other": before})


def _computed(rows: Rows, demand: _Demand) -> Asking[float]:
    """Return what is computed of one dataset; an empty one has nothing that could be compared."""
    if demand.function in _AGGREGATES:
        name, at = _AGGREGATES[demand.function]
        value = yield from ask(Aggregate(rows, name, demand.column or "", at=at))
        if value is None:
            message = f"{shown(demand.column)!r} has no values, or too few"
            raise Unmeasurable(message)
        return value
    of = yield from ask(Count(rows))
    if of == 0:
        raise Unmeasurable("there are no rows")
    if demand.column is None:
        return of
    nulls = yield from ask(Count(rows, (IsNull(demand.column),)))
    if demand.function == "nulls":
        return nulls / of
    if nulls == of:
        message = f"{shown(demand.column)!r} has no values"
        raise Unmeasurable(message)
    return (yield from ask(Distinct(rows, (demand.column,))))


def _refuse_times(setting: Setting, column: str) -> None:
    if setting.shape.kind_of(column) in {"date", "timestamp"}:
        message = f"{shown(column)!r} holds times, which have no relative change"
        raise Unmeasurable(message, remedy="demand a difference, in seconds: `{difference: [0, 86400]}`")
