"""Columns whose values, alone or together, identify a row.

What it measures
    Rows that repeat an earlier row's values, against all rows in which none of the columns is
    null: three equal keys count two.

Why it matters
    A join that multiplies rows shows as repeated keys; every later metric counts them twice.

When it misleads
    Rows with a null among the columns are not looked at; add a `nulls` rule.

Example
    unique: [customer_id, [store, day]]

Elsewhere
    Great Expectations: expect_column_values_to_be_unique, expect_compound_columns_to_be_unique
    Soda: duplicate_count, duplicate_percent
    pandera: unique
    pointblank: rows_distinct
    Deequ: isUnique, areUnique, isPrimaryKey
    dbt: unique, dbt_utils.unique_combination_of_columns
    ODCS: unique, primaryKey, duplicateValues

References
    None; a count.
"""

from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.asks import Count, Distinct
from mlval.domain.demand import apart, looked_at
from mlval.domain.measurement import Failing, Measurement, Path
from mlval.domain.predicate import NotNull, Repeated
from mlval.domain.rule import Rule, Setting, counted_value
from mlval.domain.steps import Asking, Steps, ask_all

_Together = Annotated[tuple[str, ...], Field(min_length=1)]
_Listed = Annotated[tuple[str | _Together, ...], Field(min_length=1)]


class Unique(Rule[Literal[True] | str | _Listed]):
    """A column, or a list: each entry is one rule, an inner list means together. Under a column: `true`."""

    name = "unique"
    on = "both"
    tighter = "superset"

    def keys(self, setting: Setting) -> tuple[tuple[str, ...], ...]:
        """Return the sets of columns that must not repeat."""
        if self.root is True:
            return ((setting.under.name,),)
        listed = (self.root,) if isinstance(self.root, str) else self.root
        return tuple((one,) if isinstance(one, str) else one for one in listed)

    def steps(self, setting: Setting) -> Steps:
        """Measure every set of columns."""
        measured: tuple[Measurement, ...] = ()
        for index, columns in enumerate(self.keys(setting)):
            path = setting.path if isinstance(self.root, str | bool) else (*setting.path, index)
            measured += ((yield from _repeats(setting, columns, path)),)
        return measured


def _repeats(setting: Setting, columns: tuple[str, ...], path: Path) -> Asking[Measurement]:
    present = (*setting.filters, NotNull(columns))
    of, different = yield from ask_all(
        (Count(setting.rows, present), Distinct(setting.rows, columns, setting.filters))
    )
    n = of - different
    among = (*looked_at(setting), NotNull(columns))
    return Measurement(
        subject=", ".join(columns),
        metric=Unique.name,
        limit=setting.allow,
        value=counted_value(n, of, setting.allow),
        n=n,
        of=of,
        failing=Failing(setting.rows, (*present, Repeated(apart(setting, columns), among)), columns),
        path=path,
        severity=setting.severity,
    )
