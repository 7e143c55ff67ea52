r"""The pattern that all text of a column follows.

What it measures
    Values in which the pattern is not found, against all values that are there. Of a list one has to be
    found, whichever. The pattern may match anywhere; anchor it with `^` and `$` for the whole value.

Why it matters
    Identifiers and codes with a shape tell early when two columns were swapped.

When it misleads
    RE2 syntax: no look-around and no back-references, and for it no pattern that takes forever.

Example
    sku: {regex: '^SKU-[0-9]{5}$'}
    phone: {regex: ['^\+[0-9]{7,15}$', '^0[0-9]{6,14}$']}

Elsewhere
    Great Expectations: expect_column_values_to_match_regex, expect_column_values_to_match_regex_list
    Soda: valid regex
    pandera: str_matches, str_contains, str_startswith, str_endswith
    pointblank: col_vals_regex
    Deequ: hasPattern
    dbt: dbt_expectations.expect_column_values_to_match_regex
    ODCS: logicalTypeOptions.pattern

References
    RE2 syntax, https://github.com/google/re2/wiki/Syntax
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.predicate import Either, Matching, Not, NotMatching, Predicate
from mlval.domain.rule import RowRule

_Pattern = Annotated[str, Field(min_length=1, max_length=1000)]


class Regex(RowRule[_Pattern | Annotated[tuple[_Pattern, ...], Field(min_length=1, max_length=100)]]):
    """Every value contains a match of this regular expression, or of one in a list."""

    name = "regex"
    tighter = "subset"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value without a match."""
        match self.root:
            case str() as pattern:
                return NotMatching(column.name, pattern)
            case patterns:
                return Not(Either(tuple(Matching(column.name, pattern) for pattern in patterns)))
