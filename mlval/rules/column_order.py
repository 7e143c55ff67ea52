"""The order in which columns stand.

What it measures
    Listed columns that are absent, or stand before one that the list has earlier. Others may stand
    between them; `exactly` counts those as well.

Why it matters
    A reader that goes by position takes one column for another and reports nothing.

When it misleads
    Formats that name their columns, such as Parquet, seldom need it.

Example
    column_order: [customer_id, signup_at, amount]

Elsewhere
    Great Expectations: expect_table_columns_to_match_ordered_list
    Soda: schema, allow_other_column_order: false
    pandera: ordered
    pointblank: col_schema_match(in_order)
    dbt: dbt_expectations.expect_table_columns_to_match_ordered_list

References
    None; a count.
"""

from typing import Annotated

from pydantic import AfterValidator, Field

from mlval.domain.frozen import Frozen
from mlval.domain.rule import Rule, Setting, unwanted_columns
from mlval.domain.steps import Steps


def _once(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise ValueError("a column is listed twice: it stands in one place only")
    return names


_Names = Annotated[tuple[str, ...], Field(min_length=1, max_length=10_000), AfterValidator(_once)]


class Exactly(Frozen):
    """The columns of a table, all of them."""

    exactly: _Names = Field(description="All columns, in their order.")


class ColumnOrder(Rule[_Names | Exactly]):
    """These columns stand in this order; others may stand between, unless it is `{exactly: […]}`."""

    name = "column_order"
    on = "table"
    grouped = False

    def steps(self, setting: Setting) -> Steps:
        """Compare the table's columns with the list."""
        yield from ()
        is_all = isinstance(self.root, Exactly)
        listed = self.root.exactly if isinstance(self.root, Exactly) else self.root
        wrong = _misplaced(listed, setting.shape.names)
        if is_all:
            wrong += tuple(name for name in setting.shape.names if name not in listed)
        return (unwanted_columns(self.name, setting, wrong),)


def _misplaced(listed: tuple[str, ...], names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the listed columns that are absent, or stand before one that is listed earlier."""
    places = {name: place for place, name in enumerate(names)}
    wrong, last = [], -1
    for name in listed:
        place = places.get(name, -1)
        if place < last or name not in places:
            wrong.append(name)
        last = max(last, place)
    return tuple(wrong)
