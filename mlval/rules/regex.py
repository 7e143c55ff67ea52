r"""The pattern that all text of a column follows.

What it measures
    Values in which the pattern is not found, against all values that are there. The pattern may
    match anywhere; anchor it with `^` and `$` for the whole value.

Why it matters
    Identifiers and codes with a shape tell early when two columns were swapped.

When it misleads
    RE2 syntax: no look-around and no back-references, and for it no pattern that takes forever.

Example
    sku: {regex: '^SKU-[0-9]{5}$'}

References
    RE2 syntax, https://github.com/google/re2/wiki/Syntax
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.predicate import NotMatching, Predicate
from mlval.domain.rule import RowRule


class Regex(RowRule[Annotated[str, Field(min_length=1, max_length=1000)]]):
    """Every value contains a match of this regular expression."""

    name = "regex"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value without a match."""
        return NotMatching(column.name, self.root)
