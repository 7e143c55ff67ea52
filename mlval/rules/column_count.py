"""How many columns a table has.

What it measures
    The number of columns.

Why it matters
    A join or a pivot that went wrong adds columns by the dozen, and every named one is still there.

When it misleads
    One column lost and another gained leave the number as it was; `column_order` and `extra_columns`
    name them.

Example
    column_count: {min: 10, max: 20}

Elsewhere
    Great Expectations: expect_table_column_count_to_be_between
    pointblank: col_count_match
    Deequ: hasColumnCount
    dbt: dbt_expectations.expect_table_column_count_to_be_between

References
    None; a count.
"""

from mlval.domain.amount import CountSpec
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps


class ColumnCount(Rule[CountSpec]):
    """The number of columns lies within these bounds."""

    name = "column_count"
    on = "table"
    tighter = "within"
    grouped = False

    def steps(self, setting: Setting) -> Steps:
        """Count the columns."""
        yield from ()
        return (
            Measurement(
                subject=setting.dataset,
                metric=self.name,
                limit=self.root,
                value=len(setting.shape.columns),
                path=setting.path,
                severity=setting.severity,
            ),
        )
