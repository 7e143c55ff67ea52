r"""The patterns that no text of a column may contain.

What it measures
    Values in which the pattern is found, against all values that are there. Of a list none may be found.
    The pattern may match anywhere; anchor it with `^` and `$` for the whole value.

Why it matters
    Card numbers in a comment field, placeholders that a template left behind, line breaks in a name.

When it misleads
    A value that is spelled a little differently passes; where the good shape is known, demand it with
    `regex`.

Example
    comment: {not_regex: '[0-9]{13,16}'}
    title: {not_regex: ['\{\{', '(?i)lorem ipsum']}

Elsewhere
    Great Expectations: expect_column_values_to_not_match_regex, ..._regex_list
    Soda: invalid regex
    pointblank: col_vals_regex(inverse)
    dbt: dbt_expectations.expect_column_values_to_not_match_regex

References
    RE2 syntax, https://github.com/google/re2/wiki/Syntax
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.predicate import Either, Matching, Predicate
from mlval.domain.rule import RowRule

_Pattern = Annotated[str, Field(min_length=1, max_length=1000)]


class NotRegex(RowRule[_Pattern | Annotated[tuple[_Pattern, ...], Field(min_length=1, max_length=100)]]):
    """No value contains a match of this regular expression, or of any in a list."""

    name = "not_regex"
    tighter = "superset"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value with a match."""
        patterns = (self.root,) if isinstance(self.root, str) else self.root
        found = tuple(Matching(column.name, pattern) for pattern in patterns)
        return found[0] if len(found) == 1 else Either(found)
