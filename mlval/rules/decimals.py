"""How many digits the numbers of a column have after the point.

What it measures
    Numbers with more digits after the point, against all values that are there. Zeros at the end do not
    count. A float has the digits of the shortest decimal number that is read back as this float: 0.1 has one.
    NaN and infinity have none that could be counted, and break the rule.

Why it matters
    Money with a tenth of a cent, a measurement finer than its instrument: traces of arithmetic, or of
    another unit.

When it misleads
    A float that was computed has digits that nobody wrote: 0.1 + 0.2 has 17. Round in the producer, or store
    decimals.

Example
    price: {decimals: 2}

Elsewhere
    Soda: numeric_scale

References
    G. L. Steele, J. L. White, "How to print floating-point numbers accurately", PLDI 1990.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Column
from mlval.domain.predicate import MoreDecimals, Predicate
from mlval.domain.rule import RowRule


class Decimals(RowRule[Annotated[int, Field(ge=0, le=30)]]):
    """No number has more digits than this after the point."""

    name = "decimals"
    tighter = "down"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a number with more digits."""
        return MoreDecimals(column.name, self.root)
