"""How old the newest value of a column may be.

What it measures
    The seconds from the newest time of the column to the time of the run (`--now`). A date counts from
    its midnight. Times without a zone are read in `tz`, UTC unless said otherwise; where clocks go back
    and a time occurs twice, as the earlier of the two. A newest time in the future fails too, except
    within `slack` (5 minutes unless said otherwise), for clocks differ.

Why it matters
    A job that stopped leaves yesterday's table, which passes every other rule.

When it misleads
    One row from a wrong clock hides that all the others are old; forbid the future with `max` as well.

Example
    signup_at: {max_age: 24h}

Elsewhere
    Great Expectations: expect_column_max_to_be_between
    Soda: freshness
    pointblank: data_freshness
    Deequ: DataFreshness
    dbt: dbt_utils.recency
    ODCS: slaProperties: freshness

References
    Time zones: the IANA database, https://www.iana.org/time-zones
"""

from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from mlval.domain.asks import Aggregate, Column, Count
from mlval.domain.bound import Bound
from mlval.domain.duration import DurationSpec, Zone, spelled
from mlval.domain.errors import Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.measurement import Measurement
from mlval.domain.rule import Rule, Setting
from mlval.domain.steps import Steps, ask
from mlval.domain.text import shown
from mlval.domain.tighter import DOWN

SLACK = 300
"""Seconds by which clocks may differ."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Age(Frozen):
    """How old the newest value may be, and how times are read."""

    max: Annotated[DurationSpec, DOWN] = Field(description="The greatest age, such as `24h`.")
    tz: Zone | None = Field(default=None, description="The zone of times without one; default UTC.")
    slack: DurationSpec | None = Field(
        default=None, description="How far in the future the newest value may lie; default `5m`."
    )


class MaxAge(Rule[DurationSpec | Age]):
    """The newest value is no older than this, such as `24h`, and does not lie in the future."""

    name = "max_age"
    tighter = "down"

    def steps(self, setting: Setting) -> Steps:
        """Find the newest value, and hold it against the time of the run."""
        column, asked = setting.under, self.root
        age = asked if isinstance(asked, Age) else Age.model_construct(max=asked, tz=None, slack=None)
        if column.kind not in {"date", "timestamp"}:
            message = f"{shown(column.name)!r} holds {column.kind} values; an age needs dates or times"
            raise Unmeasurable(message)
        if setting.inputs.now is None:
            raise Unmeasurable("the time of the run is not known")
        of = yield from ask(Count(setting.rows, setting.present))
        newest = yield from ask(Aggregate(setting.rows, "max", column.name, setting.present))
        value = None
        if newest is not None:
            value = _seconds(setting.inputs.now) - _instant(column, newest, zone=age.tz)
        return (
            Measurement(
                subject=column.name,
                metric=self.name,
                limit=Bound(min=-(SLACK if age.slack is None else age.slack), max=age.max, unit="seconds"),
                value=value,
                of=of,
                details={"demands": spelled(age.max)},
                path=setting.path,
                severity=setting.severity,
            ),
        )


def _seconds(now: str) -> float:
    moment = datetime.fromisoformat(now)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def _instant(column: Column, seconds: float, *, zone: str | None) -> float:
    """Return the instant of a value, whose zone is its own or `zone`, in seconds since 1970 (UTC)."""
    if zone is None or column.stored == "TIMESTAMP WITH TIME ZONE":
        return seconds
    # The database of time zones is wanted by few
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        there = ZoneInfo(zone)
        wall = _EPOCH + timedelta(seconds=seconds)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        message = f"there is no time zone {shown(zone)!r}"
        raise Unmeasurable(message, remedy="name one of the IANA database, such as Europe/Berlin") from error
    except OverflowError as error:
        raise Unmeasurable("the newest value lies outside the years 1 to 9999") from error
    return wall.replace(tzinfo=there).timestamp()
