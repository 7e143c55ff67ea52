"""Calendar periods, from the first to the last time of a column, that have no row.

What it measures
    Empty periods, as a number or as a share of all periods. Periods are those of the calendar in UTC
    (a week begins on Monday); times without a zone are taken as they stand.

Why it matters
    A day that was never loaded is missing from every average over days.

When it misleads
    Days of a local calendar are no days in UTC. What is missing before the first row or after the last
    is not seen here: `max_age` sees the end.

Example
    day: {every: day}

Elsewhere
    dbt: dbt_expectations.expect_row_values_to_have_data_for_every_n_datepart

References
    ISO 8601, for weeks
"""

from typing import Annotated

from pydantic import Field

from mlval.domain.asks import (
    Count,
)
from mlval.domain.asks_of_time import Gaps, Period
from mlval.domain.bound import Bound
from mlval.domain.frozen import Frozen
from mlval.domain.grammar import ToleranceSpec
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask
from mlval.domain.tighter import TOLERANCE


class Periods(Frozen):
    """Which periods, and how many of them may be empty."""

    period: Period = Field(description="The length of a period.")
    allow: Annotated[ToleranceSpec | None, TOLERANCE] = Field(
        default=None, description="How many periods may be empty: `2` or `1%`; default none."
    )


class Every(Rule[Period | Periods]):
    """Every calendar period between the first and the last time has a row."""

    name = "every"

    def steps(self, setting: Setting) -> Steps:
        """Count the periods, and those without a row."""
        name = setting.under.name
        asked = self.root if isinstance(self.root, Periods) else Periods(period=self.root)
        of = yield from ask(Count(setting.rows, setting.present))
        times = yield from ask(Gaps(setting.rows, name, asked.period, setting.present))
        allow = asked.allow or Bound(max=0)
        is_share = allow.unit == "share"
        empty = times.empty / times.periods if is_share and times.periods else times.empty
        return (
            Measurement(
                subject=name,
                metric=self.name,
                # What is counted are periods: only the share of them reads like that of rows.
                limit=Bound(max=allow.max, unit="share" if is_share else "value"),
                value=empty if of else None,
                of=of,
                details={"demands": asked.period, "periods": times.periods, "empty": times.empty},
                path=setting.path,
                severity=setting.severity,
            ),
        )
