"""Whether every value of a column is of a type.

What it measures
    Values that cannot be read as the type without loss, against all values that are there.
    `int` accepts whole floats (a column of codes with nulls arrives as `1.0`), `float` accepts
    integers, `timestamp` accepts dates. In CSV, where everything is text, every value counts as a
    `string`; in typed files a string that looks like a number is still a string.

Why it matters
    One "n/a" turns a numeric column into text, and every later comparison means something else.

When it misleads
    A column without any value has no type: that is an error, not a pass.

Example
    amount: {type: float}

Elsewhere
    Great Expectations: expect_column_values_to_be_of_type, expect_column_values_to_be_in_type_list
    Soda: schema (types)
    pandera: dtype
    pointblank: col_schema_match
    Deequ: hasDataType
    dbt: dbt_expectations.expect_column_values_to_be_of_type
    ODCS: logicalType, physicalType

References
    None; a count.
"""

from typing import Literal

from mlval.domain.asks import Column
from mlval.domain.predicate import NotOfType, Predicate
from mlval.domain.rule import RowRule


class Type(RowRule[Literal["bool", "int", "float", "string", "date", "timestamp"]]):
    """Every value can be read as this type without loss."""

    name = "type"

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a value of another type."""
        return NotOfType(column.name, self.root)
