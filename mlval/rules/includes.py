"""Values that must occur in a column, each at least once.

What it measures
    The number of listed values that no row holds. Others may occur; `in` forbids them.

Why it matters
    A branch, a class or a day that is missing altogether breaks no rule about the rows that are there.

When it misleads
    A rare value is absent from a small table by chance.

Example
    region: {includes: [north, south, east, west]}

Elsewhere
    Great Expectations: expect_column_distinct_values_to_contain_set
    pandera: unique_values_eq
    dbt: dbt_expectations.expect_column_distinct_values_to_contain_set

References
    None; a count.
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Count
from mlval.domain.bound import Bound
from mlval.domain.classes import as_level
from mlval.domain.limits import Value
from mlval.domain.measurement import Measurement
from mlval.domain.predicate import In
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask_all
from mlval.domain.text import shown

MOST_SHOWN = 20
_NAME_LIMIT = 60


class Includes(Rule[Annotated[tuple[Value, ...], Field(min_length=1, max_length=1000)]]):
    """Every one of these values occurs at least once."""

    name = "includes"
    tighter = "superset"

    def steps(self, setting: Setting) -> Steps:
        """Count the rows of every listed value."""
        name, present = setting.under.name, setting.present
        counted = (Count(setting.rows, (*present, In(name, (value,)))) for value in self.root)
        of, *counts = yield from ask_all((Count(setting.rows, present), *counted))
        absent = [value for value, count in zip(self.root, counts, strict=True) if count == 0]
        told = tuple(shown(as_level(value), _NAME_LIMIT) for value in absent[:MOST_SHOWN])
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=Bound(max=0),
                value=len(absent) if of else None,
                of=of,
                details={"absent": told},
                path=setting.path,
                severity=setting.severity,
            ),
        )
