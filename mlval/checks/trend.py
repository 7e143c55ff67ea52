"""Whether a number that is measured again and again has left its usual level.

What it measures
    A column in the order of time: each row a point, or with `every:` what a `function` makes of each day or
    week; or one value out of the stored results of earlier runs. Each point is judged by those before it.
    A sum of what points lie above (and below) their usual level, less a slack, grows when the level changes;
    where it passes a threshold there is an alarm, and monitoring starts afresh. The result has this sum in
    standard deviations, the threshold, and since when the level is another.
    `method: ranks` compares ranks, and alarms as rarely as asked for whatever the distribution. `cusum` and
    `page_hinkley` compare sizes: they see one value that is far off at once, and are made for values that
    are about normal. The default is `ranks`; `page_hinkley` with `dependent: true`.

Why it matters
    A fixed limit is passed long after the change, or again and again by noise. Here the limit is how
    often a false alarm may come: `false_alarm_every: 100` is once in a hundred points when nothing changes.

When it misleads
    Values that are like the one before make false alarms frequent; the result says how frequent, and
    `dependent: true` takes that out, at the price of seeing changes later. A weekly cycle hides changes;
    `cycle: 7` compares each day with the same day of earlier weeks. What is not seen soon becomes the usual
    level. Without five earlier points (back to the last alarm) nothing can be said, which is inconclusive.
    Every run that is repeated on the same points judges the same last point again. The day or week that is
    not over at the time of the run has fewer rows: counts and sums leave it out.

Example
    - type: trend
      dataset: holdout
      column: amount
      every: day
      function: median
      cycle: 7
      false_alarm_every: 365

References
    Page (1954), Continuous inspection schemes.
    Hinkley (1971), Inference about the change-point from cumulative sum tests.
    Hawkins (1987), Self-starting CUSUM charts for location and scale.
    McDonald (1990), A CUSUM procedure based on sequential ranks.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from mlval.domain import roles
from mlval.domain.asks import (
    Count,
    Rows,
)
from mlval.domain.asks_of_time import Series, Timeline
from mlval.domain.bound import Bound
from mlval.domain.check import Check
from mlval.domain.errors import Unmeasurable
from mlval.domain.frozen import Frozen
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.measurement import Detail, Measurement, Path
from mlval.domain.rounding import significant
from mlval.domain.steps import Steps, ask
from mlval.domain.text import shown
from mlval.domain.tighter import UP

if TYPE_CHECKING:
    from mlval.stats.monitor import Method
    from mlval.stats.trend import Trend as Seen
    from mlval.stats.watch import Alarm

WEEK = 7
_DATE = len("2026-01-31")
_OF_ROWS = ("dataset", "column", "by", "every", "function", "where")
_KEPT = 0.75
"""The share of the run length that was asked for below which dependence is worth a word."""


class Of(Frozen):
    """Which value of each stored result."""

    validation: str = Field(description="The id of the validation.")
    subject: str | None = Field(default=None, description="The subject, where the validation has several.")
    metric: str | None = Field(default=None, description="The metric, where the subject has several.")


@dataclass(frozen=True, slots=True)
class _Quiet:
    """How points depend on each other where their level is the same, and what that does to the promise."""

    neighbours: float | None = None
    weekly: float | None = None
    about_every: float | None = None


class Trend(Check):
    """A number that is measured again and again keeps its level."""

    name = "trend"

    type: Literal["trend"] = Field(description="The kind of validation.")
    dataset: str | None = Field(
        default=None, description="The dataset with the points; default: the only one."
    )
    column: str | None = Field(default=None, description="The number; `function: count` needs none.")
    by: str | None = Field(
        default=None,
        description="The order of points: times or whole numbers; default: the dataset's `time`.",
    )
    every: Literal["day", "week"] | None = Field(
        default=None, description="Make one point of the rows of each day or week; default: a row is a point."
    )
    function: Literal["mean", "median", "sum", "count", "max", "min"] | None = Field(
        default=None, description="What is made of the values of a day or week; default: mean."
    )
    results: str | None = Field(
        default=None,
        min_length=1,
        description="Stored `result.json` files instead of a dataset: a path or pattern relative to the "
        "contract, ordered by the time of their run.",
    )
    of: Of | None = Field(default=None, description="Which value of the stored results.")
    method: Literal["ranks", "cusum", "page_hinkley"] | None = Field(
        default=None, description="How points are compared; default: ranks, with `dependent` page_hinkley."
    )
    false_alarm_every: float = Field(
        default=100,
        ge=5,
        le=100_000,
        description="Points until a false alarm, on average, if nothing changes.",
    )
    direction: Literal["up", "down", "both"] = Field(
        default="both", description="Which changes raise an alarm."
    )
    cycle: int | None = Field(
        default=None, ge=2, le=366, description="Points in a regular cycle: 7 for days of the week."
    )
    dependent: bool = Field(default=False, description="Take out what a point shares with the one before.")
    recent: Annotated[int, UP] = Field(
        default=1, ge=1, le=1000, description="Fail if one of so many last points alarmed."
    )

    def problems(self, inputs: Inputs) -> tuple[tuple[Path, str], ...]:
        """Name what contradicts or is missing."""
        found: list[tuple[Path, str]] = []
        if self.direction != "both" and self.false_alarm_every < 10:
            found.append((("false_alarm_every",), "with one `direction:` it is at least 10"))
        if self.results is not None:
            extra = next((key for key in _OF_ROWS if getattr(self, key) is not None), None)
            if extra is not None:
                found.append(((extra,), f"`{extra}:` is about a dataset; `results:` are stored results"))
            if self.of is None:
                found.append((("results",), "say which value: `of: {validation: ID, metric: NAME}`"))
            return tuple(found)
        if self.of is not None:
            found.append((("of",), "`of:` is about stored `results:`, and there are none"))
        try:
            dataset = inputs.datasets[self._dataset(inputs)]
        except Unmeasurable as error:
            return (*found, (("dataset",), error.message))
        if self.by is None and dataset.time is None:
            found.append((("dataset",), "what is the order? give the dataset a `time:`, or say `by:`"))
        if self.column is None and self.function != "count":
            found.append((("column",), "name the column, or count rows with `function: count`"))
        if self.function is not None and self.every is None:
            found.append((("function",), "a function is of the rows of a period: say `every: day` or `week`"))
        return tuple(found)

    def uses(self, inputs: Inputs) -> Uses:
        """Return the dataset; stored results are no dataset."""
        return Uses() if self.results is not None else Uses((self._dataset(inputs),))

    def steps(self, inputs: Inputs) -> Steps:
        """Get the points in order, and judge them."""
        if self.results is not None:
            raise Unmeasurable("the stored results were not read")
        name = self._dataset(inputs)
        dataset = inputs.datasets[name]
        time = self.by or dataset.time or ""
        rows = Rows(name, self.where)
        if (yield from ask(Count(rows))) == 0:
            return (Measurement(subject=name, metric="rows", of=0),)
        line = yield from ask(Series(rows, time, self.column, self.every, self.function or "mean"))
        line, running = self._without_running(line, inputs.now)
        details: dict[str, Detail] = {} if running is None else {"left_out": f"{running} is not over"}
        told = time not in dataset.sensitive
        return (self.measured(line, subject=self.column or name, details=details, told=told),)

    def measured(
        self, line: Timeline, *, subject: str, details: dict[str, Detail] | None = None, told: bool = True
    ) -> Measurement:
        """Judge the points by one another.

        Parameters
        ----------
        line : the points, oldest first
        subject : what they are of
        details : what is told beside
        told : whether the time of a change may be shown
        """
        # numpy is wanted where there are points only
        import numpy as np

        from mlval.stats.errors import Undefined
        from mlval.stats.monitor import SLACKS
        from mlval.stats.run_length import cusum_threshold
        from mlval.stats.trend import NoHistory, trend

        size = len(line.values)
        details = {**(details or {}), "points": size}
        phases = self._phases(line)
        # Both sides alarm equally often, either alone half as often.
        every = self.false_alarm_every / (1 if self.direction == "both" else 2)
        limit = Bound(max=cusum_threshold(every, slack=SLACKS[self._method]))
        try:
            seen = trend(
                np.array(line.values, dtype=np.float64),
                false_alarm_every=every,
                method=self._method,
                phases=phases,
                dependent=self.dependent,
            )
        except NoHistory:
            reason = f"no history yet: {_counted(size, self._unit)} are too few to judge the last by"
            return Measurement(
                subject=subject, metric="trend", limit=limit, undecided=reason, details=details
            )
        except Undefined as error:
            return Measurement(
                subject=subject, metric="trend", problem=Unmeasurable(str(error)), details=details
            )
        alarm = self._alarm(seen, size)
        quiet = self._quiet(line, phases, seen)
        details |= self._details(seen, quiet) | self._since(alarm, line, told=told)
        undecided = None
        if alarm is None and seen.learning:
            after = _counted(size - 1 - seen.alarms[-1].index, self._unit) if seen.alarms else ""
            undecided = f"learning the new level: {after} after the last change are too few to judge by"
        remarks = [*self._told_alarm(alarm, line, told=told), self._promise(), *self._warnings(quiet)]
        return Measurement(
            subject=subject,
            metric="trend",
            limit=limit,
            value=None if undecided else self._statistic(seen, alarm),
            undecided=undecided,
            details={**details, "remark": "; ".join(remarks)},
        )

    @property
    def _unit(self) -> str:
        return "run" if self.results is not None else self.every or "row"

    @property
    def _method(self) -> "Method":
        return self.method or ("page_hinkley" if self.dependent else "ranks")

    def _dataset(self, inputs: Inputs) -> str:
        return roles.resolve(inputs.datasets, self.dataset, role="dataset", kind="dataset")

    def _without_running(self, line: Timeline, now: str | None) -> tuple[Timeline, str | None]:
        """Leave out the period that the run falls into, where the points are counts or sums."""
        if now is None or self.every is None or self.function not in {"count", "sum"} or not line.times:
            return line, None
        moment = datetime.fromisoformat(now)
        today = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).date()
        first = today if self.every == "day" else today - timedelta(days=today.weekday())
        if line.times[-1] != first.isoformat():
            return line, None
        return Timeline(line.times[:-1], line.values[:-1]), line.times[-1]

    def _phases(self, line: Timeline) -> tuple[Hashable, ...] | None:
        """Return where in the cycle each point stands: by its date, so that gaps do not matter, or place."""
        if self.cycle is None:
            return None
        if self.results is None and all(len(time) == _DATE for time in line.times):
            days = [date.fromisoformat(time).toordinal() for time in line.times]
            places = [day // WEEK for day in days] if self.every == "week" else days
        else:
            places = list(range(len(line.times)))
        return tuple(place % self.cycle for place in places)

    def _alarm(self, seen: "Seen", size: int) -> "Alarm | None":
        """Return the last alarm that is recent and on a side that is watched."""
        watched = (one for one in reversed(seen.alarms) if one.index >= size - self.recent)
        return next((one for one in watched if self.direction in {"both", one.direction}), None)

    def _statistic(self, seen: "Seen", alarm: "Alarm | None") -> float:
        if alarm is not None:
            return alarm.statistic
        return {"up": seen.up, "down": seen.down, "both": seen.statistic}[self.direction]

    def _quiet(self, line: Timeline, phases: Sequence[Hashable] | None, seen: "Seen") -> _Quiet:
        import numpy as np

        from mlval.stats.dependence import dependence, dependent_run_length
        from mlval.stats.errors import Undefined
        from mlval.stats.monitor import SLACKS

        values = np.array(line.values, dtype=np.float64)
        starts = tuple(sorted({alarm.start for alarm in seen.alarms if alarm.start > 0}))
        try:
            neighbours = dependence(values, starts=starts, phases=phases)
        except Undefined:
            return _Quiet()
        weekly = None
        if self.cycle is None and self.every != "week":
            try:
                weekly = dependence(values, starts=starts, lag=WEEK)
            except Undefined:
                weekly = None
        weekly = weekly if weekly is not None and weekly > max(0.3, 3 / values.size**0.5) else None
        about = None
        if not self.dependent and neighbours > 2 / values.size**0.5:
            sides = 1 if self.direction == "both" else 2
            about = sides * dependent_run_length(
                self.false_alarm_every / sides,
                slack=SLACKS[self._method],
                autocorrelation=min(neighbours, 0.95),
            )
            about = about if about < _KEPT * self.false_alarm_every else None
        return _Quiet(neighbours, weekly, about)

    def _details(self, seen: "Seen", quiet: _Quiet) -> dict[str, Detail]:
        details: dict[str, Detail] = {
            "method": self._method,
            "false_alarm_every": self.false_alarm_every,
            "usual_mean": seen.mean,
            "usual_sd": seen.sd,
            "alarms": len(seen.alarms),
            "autocorrelation": quiet.neighbours,
            "autocorrelation_7": quiet.weekly,
            "false_alarms_about_every": None if quiet.about_every is None else round(quiet.about_every),
        }
        return {key: value for key, value in details.items() if value is not None}

    def _since(self, alarm: "Alarm | None", line: Timeline, *, told: bool) -> dict[str, Detail]:
        if alarm is None:
            return {}
        details: dict[str, Detail] = {
            "direction": alarm.direction,
            "usual_mean": alarm.mean,
            "usual_sd": alarm.sd,
            "change": alarm.change,
            "since_point": alarm.start + 1,
        }
        return {**details, "since": line.times[alarm.start]} if told else details

    def _told_alarm(self, alarm: "Alarm | None", line: Timeline, *, told: bool) -> list[str]:
        if alarm is None:
            return []
        since = shown(line.times[alarm.start], 40) if told else f"point {alarm.start + 1}"
        change, mean, sd = (f"{significant(one):.4g}" for one in (abs(alarm.change), alarm.mean, alarm.sd))
        return [f"{alarm.direction} by {change} since {since}, from {mean} (standard deviation {sd})"]

    def _promise(self) -> str:
        every = f"{self.false_alarm_every:g}"
        return f"if nothing changes, a false alarm comes about once in {every} {self._unit}s"

    def _warnings(self, quiet: _Quiet) -> list[str]:
        """Say what breaks the promise, and which key mends it."""
        if quiet.weekly is not None:
            return [f"values repeat after 7 ({quiet.weekly:.2f}), which hides changes: say `cycle: 7`"]
        if quiet.about_every is None:
            return []
        depend = f"values depend on each other ({quiet.neighbours:.2f})"
        about = max(1, round(quiet.about_every))
        return [f"{depend}: false alarms come about every {about} {self._unit}s; say `dependent: true`"]


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
