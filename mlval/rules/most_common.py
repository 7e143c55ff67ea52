"""The values of which one must be the most frequent of a column.

What it measures
    By how many rows the most frequent of the listed values leads the most frequent other value.
    The lead is at least 1 where none but listed values may be the most frequent (`ties: all`, the
    default: all that are level must be listed), at least 0 where it is enough that one of those that
    are level is listed (`ties: any`).

Why it matters
    A swap of two codes keeps the set of values and turns their frequencies around.

When it misleads
    Two values of nearly the same frequency change places by chance.

Example
    payment: {most_common: [card]}

Elsewhere
    Great Expectations: expect_column_most_common_value_to_be_in_set(ties_okay)
    Deequ: hasHistogramValues
    dbt: dbt_expectations.expect_column_most_common_value_to_be_in_set

References
    None; a count.
"""

from typing import Annotated, Literal

from pydantic import Field

from mlval.domain.asks import Count, Top
from mlval.domain.bound import Bound
from mlval.domain.frozen import Frozen
from mlval.domain.limits import Value
from mlval.domain.measurement import Measurement
from mlval.domain.predicate import In, NotIn
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask, ask_all
from mlval.domain.tighter import SUBSET, ladder

_Values = Annotated[tuple[Value, ...], Field(min_length=1, max_length=10_000)]


class Leading(Frozen):
    """Values that may be the most frequent, and what is demanded where several are level."""

    among: Annotated[_Values, SUBSET] = Field(
        alias="in", description="The values of which one must be the most frequent."
    )
    ties: Annotated[Literal["all", "any"], ladder("any", "all")] = Field(
        default="all",
        description="Of values that are equally frequent, whether all must be listed, or any one of them.",
    )


class MostCommon(Rule[_Values | Leading]):
    """The most frequent value is one of these; of several that are level all are, unless `ties: any`."""

    name = "most_common"
    tighter = "subset"

    def steps(self, setting: Setting) -> Steps:
        """Count the most frequent of the listed values, and of the others."""
        name = setting.under.name
        asked = self.root if isinstance(self.root, Leading) else Leading.model_validate({"in": self.root})
        listed = (*setting.present, In(name, asked.among))
        others = (*setting.present, NotIn(name, asked.among))
        of = yield from ask(Count(setting.rows, setting.present))
        first, second = yield from ask_all((Top(setting.rows, name, listed), Top(setting.rows, name, others)))
        own, other = (top[0][1] if top else 0 for top in (first, second))
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=Bound(min=1 if asked.ties == "all" else 0),
                value=own - other if of else None,
                of=of,
                details={"listed": own, "others": other},
                path=setting.path,
                severity=setting.severity,
            ),
        )
