"""Whether times carry a time zone, and which.

What it measures
    Values that are no times of the zone, against all values that are there. `naive`: values that have a
    zone. A zone, `UTC` or a name such as `Europe/Berlin`: values without one; and in text files, where
    each time shows the offset that it was written with, values whose offset is not the one of the zone
    at that time, summer and winter apart.

Why it matters
    A column that changed from local time to UTC moves every event by hours and keeps its type.

When it misleads
    Parquet keeps instants and forgets the offset that they were written with: a time with a zone is there
    a time of every zone, and only its absence can be seen. In winter London writes the offset of UTC.

Example
    signup_at: {type: timestamp, tz: UTC}

Elsewhere
    pandera: DatetimeTZ
    ODCS: logicalTypeOptions.timezone

References
    Time zones: the IANA database, https://www.iana.org/time-zones
"""

from mlval.domain.asks import (
    Count,
)
from mlval.domain.asks_of_time import OffZone
from mlval.domain.duration import Zone
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting, counted_value
from mlval.domain.steps import Steps, ask_all
from mlval.domain.text import shown


class TimeZone(Rule[Zone]):
    """`UTC` or another zone: every time is written in it. `naive`: no time carries a zone."""

    name = "tz"

    def steps(self, setting: Setting) -> Steps:
        """Count the values, and those that are not of the zone."""
        name = setting.under.name
        zone = None if self.root == "naive" else self.root
        of, n = yield from ask_all(
            (Count(setting.rows, setting.present), OffZone(setting.rows, name, zone, setting.present))
        )
        return (
            Measurement(
                subject=name,
                metric=self.name,
                limit=setting.allow,
                value=counted_value(n, of, setting.allow),
                n=n,
                of=of,
                details={"demands": shown(self.root)},
                path=setting.path,
                severity=setting.severity,
            ),
        )
