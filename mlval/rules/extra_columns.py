"""Whether a table may have columns that the contract does not name.

What it measures
    Columns that stand neither under `columns:` nor among the dataset's roles (key, target, time,
    features).

Why it matters
    A new column is often a leak of the target, or a change of schema that nobody announced.

When it misleads
    A contract that names few columns forbids most of the table.

Example
    extra_columns: forbid

Elsewhere
    Great Expectations: expect_table_columns_to_match_set(exact_match)
    Soda: schema (forbid), allow_extra_columns
    pandera: strict
    pointblank: col_schema_match(complete)
    Deequ: SchemaMatch
    dbt: dbt_expectations.expect_table_columns_to_match_set

References
    None; a count.
"""

from typing import Literal

from mlval.domain.rule import Rule, Setting, unwanted_columns
from mlval.domain.steps import Steps


class ExtraColumns(Rule[Literal["forbid"]]):
    """`forbid`: every column must be named in the contract. Without it, others are ignored."""

    name = "extra_columns"
    on = "table"
    grouped = False

    def steps(self, setting: Setting) -> Steps:
        """Compare the table's columns with those of the contract."""
        extra = tuple(name for name in setting.shape.names if name not in setting.known)
        yield from ()
        return (unwanted_columns(self.name, setting, extra),)
