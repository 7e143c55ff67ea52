"""Columns that must all have a value in the same row.

What it measures
    Rows in which at least one of the columns is null, against all rows.

Why it matters
    Each column may lack few values while the rows that lack none are few: models that drop
    incomplete rows then see a small part of the table.

When it misleads
    It does not say which column is empty: add `nulls` rules.

Example
    complete: {columns: [age, income, plan], allow: 2%}

Elsewhere
    pointblank: rows_complete
    Deequ: areComplete

References
    None; a count.
"""

from pydantic import Field

from mlval.domain.demand import Demand, Names
from mlval.domain.predicate import Either, IsNull
from mlval.domain.rule import Rule, Setting, tolerated
from mlval.domain.steps import Steps


class Completeness(Demand):
    """Which columns have a value together, and how many rows may lack one."""

    columns: Names = Field(description="The columns that have a value in every row.")


class Complete(Rule[Names | Completeness]):
    """In every row, all of these columns have a value."""

    name = "complete"
    on = "table"
    tighter = "down"

    @property
    def demand(self) -> Completeness:
        """The demand in its long form."""
        return self.root if isinstance(self.root, Completeness) else Completeness(columns=self.root)

    def long_form(self) -> object:
        """Return the demand in its long form."""
        return self.demand

    def steps(self, setting: Setting) -> Steps:
        """Count the rows, and those that lack a value."""
        own, columns = self.demand.within(setting), self.demand.columns
        lacking = Either(tuple(IsNull(column) for column in columns))
        measurement = yield from tolerated(
            self.name,
            own,
            subject=", ".join(columns),
            counted=own.filters,
            broken=(*own.filters, lacking),
            columns=columns,
        )
        return (measurement,)
