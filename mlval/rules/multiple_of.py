"""The step that all numbers of a column are multiples of.

What it measures
    Numbers that are no whole multiple, against all values that are there. It is reckoned in decimals, as the
    numbers are written: 0.15 is three times 0.05. A float is taken for the shortest decimal number that is
    read back as this float, a whole number for exactly what it is. NaN and infinity break the rule.

Why it matters
    Prices in steps of five cents, quantities that are sold in dozens, times on the hour: what lies between
    comes from another unit, or from arithmetic.

When it misleads
    Zero and negative numbers are multiples too; add `above: 0`.

Example
    quantity: {multiple_of: 12}
    price: {multiple_of: 0.05}

Elsewhere
    ODCS: logicalTypeOptions.multipleOf

References
    JSON Schema, `multipleOf`, https://json-schema.org/draft/2020-12/json-schema-validation
"""

from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, WithJsonSchema

from mlval.domain.asks import Column
from mlval.domain.predicate import NotMultiple, Predicate
from mlval.domain.rule import RowRule

_MOST_DIGITS = 15


def _written_short(step: float) -> float:
    if step <= 0 or step > 10**_MOST_DIGITS:
        message = f"a step is above 0 and at most 10^{_MOST_DIGITS}"
        raise ValueError(message)
    number = Decimal(str(step))
    places = max(0, -int(number.normalize().as_tuple().exponent))
    if places > _MOST_DIGITS or number.scaleb(places) > 10**_MOST_DIGITS:
        message = f"a step has at most {_MOST_DIGITS} digits"
        raise ValueError(message)
    return step


_JSON_SCHEMA: dict[str, object] = {"type": "number", "exclusiveMinimum": 0}
_Step = Annotated[int | float, AfterValidator(_written_short), WithJsonSchema(_JSON_SCHEMA)]


class MultipleOf(RowRule[_Step]):
    """Every number is a whole multiple of this one."""

    name = "multiple_of"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a number that is no multiple."""
        return NotMultiple(column.name, self.root)
