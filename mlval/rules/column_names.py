"""The pattern that the name of every column follows.

What it measures
    Columns in whose name the pattern is not found. It may match anywhere; anchor it with `^` and `$`
    for the whole name.

Why it matters
    Spaces, capitals and `Unnamed: 0` break the queries and the code that come after.

When it misleads
    RE2 syntax: no look-around and no back-references, and for it no pattern that takes forever.

Example
    column_names: '^[a-z][a-z0-9_]*$'

Elsewhere
    Deequ: ColumnNamesMatchPattern

References
    RE2 syntax, https://github.com/google/re2/wiki/Syntax
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Misnamed
from mlval.domain.rule import Rule, Setting, unwanted_columns
from mlval.domain.steps import Steps, ask


class ColumnNames(Rule[Annotated[str, Field(min_length=1, max_length=1000)]]):
    """Every column name contains a match of this regular expression."""

    name = "column_names"
    on = "table"
    grouped = False

    def steps(self, setting: Setting) -> Steps:
        """Find the names without a match."""
        wrong = yield from ask(Misnamed(setting.rows.table, self.root))
        return (unwanted_columns(self.name, setting, wrong),)
