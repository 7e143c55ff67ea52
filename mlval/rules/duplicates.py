"""Rows that stand in a table more than once.

What it measures
    Rows that repeat an earlier row in all columns, or in the columns that are named, against all
    rows: three equal rows count two. Nulls are equal to one another.

Why it matters
    A file that was appended twice, or a join that multiplied rows, weighs some rows double.

When it misleads
    A table with a key has no equal rows: name the columns without it. In a narrow table of few
    values equal rows are no mistake.

Example
    duplicates: {columns: [customer, day, amount], allow: 0.1%}

Elsewhere
    Great Expectations: expect_compound_columns_to_be_unique
    Soda: duplicate_percent
    pandera: unique
    pointblank: rows_distinct
    Deequ: hasDuplicateRowCount
    dbt: dbt_utils.unique_combination_of_columns
    ODCS: duplicateValues

References
    None; a count.
"""

from pydantic import Field

from mlval.domain.asks import Count, Distinct
from mlval.domain.demand import Demand, Names, apart, looked_at
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.measurement import Failing, Measurement
from mlval.domain.predicate import Repeated
from mlval.domain.rule import Rule, Setting, counted_value
from mlval.domain.steps import Steps, ask_all


class Alike(Demand):
    """Which columns make rows alike, and how many rows may repeat an earlier one."""

    columns: Names | None = Field(default=None, description="Which columns; default: all of the table.")


class Duplicates(Rule[ToleranceSpec | Alike]):
    """At most this share (`1%`) or number of rows repeats an earlier row, in all columns or in some."""

    name = "duplicates"
    on = "table"
    tighter = "down"

    @property
    def demand(self) -> Alike:
        """The demand in its long form."""
        return self.root if isinstance(self.root, Alike) else Alike(allow=self.root)

    def long_form(self) -> object:
        """Return the demand in its long form."""
        return self.demand

    def steps(self, setting: Setting) -> Steps:
        """Count the rows, and the different ones."""
        own = self.demand.within(setting)
        named = self.demand.columns
        columns = named or own.shape.names
        of, different = yield from ask_all(
            (Count(own.rows, own.filters), Distinct(own.rows, columns, own.filters, nulls=True))
        )
        n = of - different
        among = looked_at(own)
        return (
            Measurement(
                subject=own.dataset if named is None else ", ".join(named),
                metric=self.name,
                limit=own.allow,
                value=counted_value(n, of, own.allow),
                n=n,
                of=of,
                failing=Failing(own.rows, (*own.filters, Repeated(apart(own, columns), among)), columns),
                path=own.path,
                severity=own.severity,
            ),
        )
