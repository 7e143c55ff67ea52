"""How many rows a table has.

What it measures
    The number of rows, after `where`.

Why it matters
    Half a table passes every other rule.

When it misleads
    A lower limit alone lets a doubled table pass; give both ends where you know them.

Example
    rows: {min: 1000}

Elsewhere
    Great Expectations: expect_table_row_count_to_be_between, expect_table_row_count_to_equal
    Soda: row_count
    pointblank: row_count_match
    Deequ: hasSize
    dbt: dbt_expectations.expect_table_row_count_to_be_between
    ODCS: rowCount

References
    None; a count.
"""

from mlval.domain.asks import Count
from mlval.domain.grammar import BoundSpec
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask


class RowCount(Rule[BoundSpec]):
    """The number of rows lies within these bounds."""

    name = "rows"
    on = "table"
    tighter = "within"

    def steps(self, setting: Setting) -> Steps:
        """Count the rows."""
        count = yield from ask(Count(setting.rows, setting.filters))
        return (
            Measurement(
                subject=setting.dataset,
                metric=self.name,
                limit=self.root,
                value=count,
                of=count,
                path=setting.path,
                severity=setting.severity,
            ),
        )
