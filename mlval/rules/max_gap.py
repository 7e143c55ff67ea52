"""The longest time that may pass between two neighbouring rows.

What it measures
    The largest difference, in seconds, between two times that follow one another once all are sorted.
    Times with a zone are compared as instants, others as they stand.

Why it matters
    An outage of a sensor or of a producer is a hole in time, and no single row shows it.

When it misleads
    Nights and weekends are gaps too. What is missing before the first row or after the last is no gap:
    `max_age` sees the end. Where clocks change, times without a zone show a gap that was none.

Example
    measured_at: {max_gap: 1h}

Elsewhere
    dbt: dbt_utils.sequential_values

References
    None; a difference.
"""

from mlval.domain.asks import (
    Count,
)
from mlval.domain.asks_of_time import Gaps
from mlval.domain.bound import Bound
from mlval.domain.duration import DurationSpec, spelled
from mlval.domain.errors import Unmeasurable
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask


class MaxGap(Rule[DurationSpec]):
    """No more time than this, such as `1h`, passes between two neighbouring rows."""

    name = "max_gap"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Find the largest gap."""
        name = setting.under.name
        of = yield from ask(Count(setting.rows, setting.present))
        times = yield from ask(Gaps(setting.rows, name, "year", setting.present))
        if of == 1:
            raise Unmeasurable("a gap needs two times, and there is one")
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=Bound(max=self.root, unit="seconds"),
                value=times.largest_gap,
                of=of,
                details={"demands": spelled(self.root)},
                path=setting.path,
                severity=setting.severity,
            ),
        )
