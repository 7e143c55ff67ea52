"""How many values of a column may be missing.

What it measures
    Rows without a value, against all rows. Null is missing; in CSV an empty field is null. So is every
    value that `missing:` names for the column. NaN is a value here, with the rule `nans` for it.

Why it matters
    A join that loses rows, or a producer that stops filling a field, shows as nulls first.

When it misleads
    Sentinels such as -1 or "unknown" are values until `missing:` names them. An empty text is a value in
    Parquet and in JSON, and null in CSV: `missing: ['']` makes them alike.

Example
    amount: {nulls: 1%}
    age: {nulls: 5%, missing: [-1, 999, n/a]}
    comment: {nulls: 50%, missing: ['']}

Elsewhere
    Great Expectations: expect_column_values_to_not_be_null(mostly)
    Soda: missing_count, missing_percent, missing values
    pandera: nullable
    pointblank: col_vals_not_null, col_pct_null
    Deequ: isComplete, hasCompleteness
    dbt: not_null, dbt_utils.not_null_proportion
    ODCS: required, nullValues, missingValues

References
    None; a count.
"""

from mlval.domain.grammar import ToleranceSpec
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps
from mlval.domain.tolerance import within


class Nulls(Rule[ToleranceSpec]):
    """At most this share (`1%`) or number (`10`) of rows may lack a value."""

    name = "nulls"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Count all rows, and those without a value."""
        return within(self.root, self.name, setting, counted=setting.filters, unwanted=setting.absent)
