"""How many characters the text of a column has.

What it measures
    Values with fewer or more characters, against all values that are there. Characters are Unicode code
    points: `é` is one or two of them, as it was written. A number alone is the exact length.

Why it matters
    Codes of a fixed length, texts that a producer began to cut off, a field that swallowed its neighbours.

When it misleads
    Spaces count. A sign that looks like one character may be several code points. In CSV a column of floats
    or of times cannot be asked: the texts that they were read from are not kept.

Example
    country: {length: 2}
    comment: {length: {max: 500}}

Elsewhere
    Great Expectations: expect_column_value_lengths_to_be_between, expect_column_value_lengths_to_equal
    Soda: valid length, valid min length, valid max length
    pandera: str_length
    pointblank: col_vals_str_len
    Deequ: hasMinLength, hasMaxLength
    dbt: dbt_expectations.expect_column_value_lengths_to_be_between
    ODCS: logicalTypeOptions.minLength, logicalTypeOptions.maxLength

References
    None; a count.
"""

from typing import Annotated, Self

from pydantic import Field, model_validator

from mlval.domain.asks import Column
from mlval.domain.frozen import Frozen
from mlval.domain.predicate import LengthOutside, Predicate
from mlval.domain.rule import RowRule
from mlval.domain.tighter import DOWN, UP

_Characters = Annotated[int, Field(ge=0, le=2**31)]


class Ends(Frozen):
    """The least and the largest number of characters."""

    min: Annotated[_Characters | None, UP] = Field(default=None, description="At least so many characters.")
    max: Annotated[_Characters | None, DOWN] = Field(default=None, description="At most so many characters.")


class Length(RowRule[_Characters | Ends | tuple[_Characters | None, _Characters | None]]):
    """Every text has so many characters: a number, `{min:, max:}` or a range `[low, high]`."""

    name = "length"
    tighter = "within"

    @property
    def ends(self) -> tuple[int | None, int | None]:
        """The least and the largest number of characters; None where an end is open."""
        match self.root:
            case int() as exact:
                return exact, exact
            case Ends(min=low, max=high):
                return low, high
            case (low, high):
                return low, high

    def long_form(self) -> object:
        """Return both ends."""
        return self.ends

    @model_validator(mode="after")
    def _possible(self) -> Self:
        low, high = self.ends
        if low is None and high is None:
            message = "a length needs min, max or both"
            raise ValueError(message)
        if low is not None and high is not None and low > high:
            message = f"min {low} is above max {high}: nothing could pass"
            raise ValueError(message)
        return self

    def violation(self, column: Column) -> Predicate:
        """Return what is true of a text that is too short or too long."""
        low, high = self.ends
        return LengthOutside(column.name, low, high)
