"""The order in which the values of a column follow one another.

What it measures
    Values that are smaller than the one before them (larger, where the order falls; equal as well, where it
    is strict), against all values that are there. Rows stand as in the file, or by the column `by`, where
    rows that are equal in it keep their places; a row without `by` is not looked at. With `per`, each
    combination of values has a sequence of its own. NaN is always out of order, and the numbers around it
    are compared with one another.

Why it matters
    A counter that falls was reset, a log out of order was merged; a time series model learns from the order.

When it misleads
    One value that is much too large breaks the rule once, at the value after it. Text is ordered by code
    points: `10` comes before `9`.

Example
    reading: {monotonic: {order: increasing, by: read_at, per: meter_id}}
    id: {monotonic: strictly_increasing}

Elsewhere
    Great Expectations: expect_column_values_to_be_increasing, expect_column_values_to_be_decreasing
    pointblank: col_vals_increasing, col_vals_decreasing
    dbt: dbt_expectations.expect_column_values_to_be_increasing and ..._to_be_decreasing

References
    None; a count.
"""

from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.frozen import Frozen
from mlval.domain.predicate import Holds, NotNull, OutOfOrder
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Steps

Order = Literal["increasing", "strictly_increasing", "decreasing", "strictly_decreasing"]


class Sequence(Frozen):
    """An order, and the rows that follow one another."""

    order: Order = Field(description="Which way the values go; `strictly` forbids equal neighbours.")
    by: str | None = Field(default=None, description="The column that orders the rows; default: the file.")
    per: str | Annotated[tuple[str, ...], Field(min_length=1, max_length=8)] | None = Field(
        default=None, description="The column or columns whose values have a sequence each."
    )

    @property
    def apart(self) -> tuple[str, ...]:
        """The columns of `per`."""
        return (self.per,) if isinstance(self.per, str) else self.per or ()


class Monotonic(Rule[Order | Sequence]):
    """Values follow one another in this order, in the file or by another column."""

    name = "monotonic"

    @property
    def sequence(self) -> Sequence:
        """The rule in its long form."""
        return self.root if isinstance(self.root, Sequence) else Sequence(order=self.root)

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that do not follow the one before them."""
        name, asked = setting.under.name, self.sequence
        by = () if asked.by is None else (asked.by,)
        counted = (*setting.present, *((NotNull(by),) if by else ()))
        grouped = tuple(column for column, _ in setting.rows.group)
        kept = () if setting.rows.where is None else (Holds(setting.rows.where),)
        broken = OutOfOrder(
            name,
            falling=asked.order.endswith("decreasing"),
            strict=asked.order.startswith("strictly"),
            by=asked.by,
            per=(*asked.apart, *grouped),
            among=(*kept, *counted),
        )
        measurement = yield from tolerated(
            self.name,
            setting,
            subject=name,
            counted=counted,
            broken=(*counted, broken),
            columns=(name, *by),
        )
        return (measurement,)
