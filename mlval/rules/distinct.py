"""How many different values a column has.

What it measures
    The number of different values, nulls left out, or their share of all values that are there.
    NaN is one value. A count is a whole number; a share carries its `%`.

Why it matters
    A category that lost most of its levels, or an identifier that repeats, keeps its type and its range.

When it misleads
    The share falls as a table grows: a million rows of ten levels have a share of 0.001%. Bound the
    count for categories, and the share for what should identify a row.

Example
    plan: {distinct: {min: 2, max: 50}}

Elsewhere
    Great Expectations: expect_column_unique_value_count_to_be_between, …_proportion_of_unique_values_…
    Soda: distinct_count
    Deequ: hasNumberOfDistinctValues, hasDistinctness
    dbt: dbt_expectations.expect_column_unique_value_count_to_be_between

References
    None; a count.
"""

from mlval.domain.amount import AmountSpec
from mlval.domain.asks import Count, Distinct
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask_all


class DistinctCount(Rule[AmountSpec]):
    """The number of different values, or their share of all values (with `%`), lies within these bounds."""

    name = "distinct"
    tighter = "within"

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and the different ones."""
        name = setting.under.name
        of, different = yield from ask_all(
            (Count(setting.rows, setting.present), Distinct(setting.rows, (name,), setting.present))
        )
        is_share = self.root.unit == "share"
        value = None if of == 0 else different / of if is_share else different
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=self.root,
                value=value,
                n=different if is_share else None,
                of=of,
                path=setting.path,
                severity=setting.severity,
            ),
        )
