"""A predicate that every row must satisfy.

What it measures
    Rows for which the SQL predicate is false, against those for which it is true or false. Where
    it is null, because a value is missing, the row is not looked at.

Why it matters
    Rules across columns: a trip ends after it begins, a total is the sum of its parts.

When it misleads
    `a <> b` is null where either is null; add null rules for the columns.

Example
    expect: ["dropoff_at >= pickup_at", {that: "total >= fare", allow: 0.1%}]

Elsewhere
    Great Expectations: expect_column_pair_values_a_to_be_greater_than_b, expect_multicolumn_sum_to_equal
    Soda: failed rows
    pandera: Check (whole table)
    pointblank: col_vals_expr
    Deequ: satisfies
    dbt: dbt_utils.expression_is_true
    ODCS: quality.type: sql

References
    None; a count.
"""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Severity
from mlval.domain.predicate import Breaks, Decided
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Steps
from mlval.domain.tighter import SEVERITY, TOLERANCE


class Expectation(Frozen):
    """One predicate with its own tolerance."""

    that: str = Field(description="An SQL predicate over the columns of one row.")
    allow: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None, description="How many rows may break it."
    )
    where: str | None = Field(default=None, description="Only rows for which this SQL predicate holds.")
    severity: Annotated[Literal["block", "warn"] | None, SEVERITY] = Field(
        default=None, description="Where it differs from the validation's."
    )


class Expect(Rule[str | Expectation | Annotated[tuple[str | Expectation, ...], Field(min_length=1)]]):
    """An SQL predicate that every row satisfies, one with its own tolerance, or a list of them."""

    name = "expect"
    on = "table"
    tighter = "superset"

    @property
    def expectations(self) -> tuple[Expectation, ...]:
        """Every predicate in its long form."""
        listed = self.root if isinstance(self.root, tuple) else (self.root,)
        return tuple(Expectation(that=one) if isinstance(one, str) else one for one in listed)

    def long_form(self) -> object:
        """Return the demand in its long form."""
        return self.expectations

    def steps(self, setting: Setting) -> Steps:
        """Count, for each predicate, the rows that it can be decided for, and those that break it."""
        measured: tuple[Measurement, ...] = ()
        for index, one in enumerate(self.expectations):
            own = replace(
                setting,
                where=one.where,
                allow=one.allow or setting.allow,
                severity=Severity(one.severity) if one.severity else setting.severity,
                path=(*setting.path, index) if isinstance(self.root, tuple) else setting.path,
            )
            measurement = yield from tolerated(
                self.name,
                own,
                subject=one.that,
                counted=(*own.filters, Decided(one.that)),
                broken=(*own.filters, Breaks(one.that)),
                columns=(),
            )
            measured += (measurement,)
        return measured
