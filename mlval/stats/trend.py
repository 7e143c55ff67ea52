"""Changes of level in a short series of stored values, such as a metric of each run."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.excursion import Direction, Excursions, excursions
from mlval.stats.monitor import SLACKS, Method, Scored, scored
from mlval.stats.run_length import cusum_threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """A place where the statistic passed the threshold.

    Attributes
    ----------
    index : place of the value, from 0
    direction : where the values went
    start : the place where the change began, as estimated: after the last time the statistic was zero
    statistic : above the threshold, in standard deviations
    mean : of the values before the start, back to the alarm before this one
    sd : standard deviation of those about their mean (that of their phase); 0 where they were all equal
    change : how far the values from the start to the index lie from those before (of their phase), on
        average, in their unit
    """

    index: int
    direction: Direction
    start: int
    statistic: float
    mean: float
    sd: float
    change: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a series shows after its last value.

    Attributes
    ----------
    alarms : in order of time; after each, monitoring starts afresh with the next value
    alarmed : the last value raised an alarm
    learning : the last value could not be judged, since too few came before it, back to the last alarm: this is no
        pass
    statistic : after the last value, in standard deviations: that of the alarm if it raised one, 0 while
        learning
    threshold : of the statistic, in standard deviations
    mean, sd : the mean of the values before the last one (of its phase) and their standard deviation, back to
        the last alarm; those of the alarm if the last value raised one; None while learning
    """

    alarms: tuple[Alarm, ...]
    alarmed: bool
    learning: bool
    statistic: float
    threshold: float
    mean: float | None
    sd: float | None


def trend(
    values: Sequence[float] | FloatArray,
    *,
    false_alarm_every: float = 100,
    method: Method = "ranks",
    phases: Sequence[Hashable] | None = None,
    dependent: bool = False,
    baseline: int = 0,
) -> Trend:
    """Judge each value of a series by those before it, and say where its level changed.

    Nothing is judged by later values: an alarm stays where it is when the series grows.

    `ranks` keeps its rate of false alarms whatever the distribution, heavy tails and skew included. `cusum`
    (Hawkins 1987) and `page_hinkley` keep it for normal values, and see one value that is very far off at
    once.

    It misleads where values depend on each other. If a value is like the one before, false alarms are
    frequent (`autocorrelation` shows it, `dependent=True` takes it out). A weekly cycle hides changes or looks
    like them (`phases` takes it out). Every method learns from what comes: a change that is not seen soon
    becomes the usual level, most of all with few stored values.

    Parameters
    ----------
    values : shape (n,), finite, oldest first
    false_alarm_every : from 5 to 100,000: when nothing changes, the average number of values judged until an
        alarm
    method : how values are compared with the earlier ones
    phases : n labels, such as days of the week; each value is compared with earlier ones of its phase
    dependent : take out what a value shares with the one before
    baseline : the number of first values that are only compared with, never judged

    Raises
    ------
    Undefined
        If there are too few values to judge a single one, or some are NaN or infinite.
    ValueError
        If the method is unknown, a parameter is outside its range, or there are not as many phases as values.

    Examples
    --------
    >>> stored = [0.90, 0.91, 0.89, 0.92, 0.90, 0.91, 0.90, 0.89, 0.91, 0.90, 0.85, 0.84, 0.85, 0.83, 0.84]
    >>> [(alarm.index, alarm.direction, alarm.start) for alarm in trend(stored, method="cusum").alarms]
    [(11, 'down', 10)]
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or baseline < 0:
        raise ValueError(f"one flat series and a baseline from 0 are needed, not {series.shape}, {baseline}")
    if method not in SLACKS:
        raise ValueError(f"a trend is seen by {', '.join(SLACKS)}, not by {method!r}")
    threshold = cusum_threshold(float(false_alarm_every), slack=SLACKS[method])
    if phases is not None and len(phases) != series.size:
        raise ValueError(f"{series.size} values need as many phases, not {len(phases)}")
    if series.size:
        require_finite(series, "values")
    exponent = math.frexp(float(np.max(np.abs(series), initial=0.0)))[1]
    watch = _Watch(
        values=np.ldexp(series, -exponent),
        exponent=exponent,
        phases=phases,
        method=method,
        dependent=dependent,
        baseline=baseline,
        threshold=threshold,
        first_look=math.ceil(4 * false_alarm_every),
    )
    return watch.result()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """The values since an alarm: all arrays of shape (n,)."""

    marks: Scored
    judged: BoolArray
    sides: Excursions
    alarm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Watch:
    """A series divided by a power of two, so that its squares do not overflow, and how it is watched."""

    values: FloatArray
    exponent: int
    phases: Sequence[Hashable] | None
    method: Method
    dependent: bool
    baseline: int
    threshold: float
    first_look: int

    def result(self) -> Trend:
        begin, stretch = 0, self.stretch_from(0)
        if not stretch.judged.any():
            known = self.values.size
            raise Undefined(f"no history yet: none of {known} values has enough before it to be judged by")
        alarms: list[Alarm] = []
        while stretch.alarm is not None:
            alarms.append(self.described(stretch, stretch.alarm, begin=begin))
            begin = alarms[-1].index + 1
            stretch = self.stretch_from(begin)
        if begin == self.values.size:
            last = alarms[-1]
            return self.state(alarms, statistic=last.statistic, mean=last.mean, sd=last.sd)
        if not stretch.judged[-1]:
            return self.state(alarms)
        return self.state(
            alarms,
            statistic=float(stretch.sides.larger[-1]),
            mean=self.in_unit(stretch.marks.found.expected[-1]),
            sd=self.in_unit(stretch.marks.found.scale[-1]),
        )

    def state(
        self,
        alarms: Sequence[Alarm],
        *,
        statistic: float = 0.0,
        mean: float | None = None,
        sd: float | None = None,
    ) -> Trend:
        return Trend(
            alarms=tuple(alarms),
            alarmed=bool(alarms) and alarms[-1].index == self.values.size - 1,
            learning=mean is None,
            statistic=statistic,
            threshold=self.threshold,
            mean=mean,
            sd=sd,
        )

    def stretch_from(self, begin: int) -> _Stretch:
        """Score values up to the first alarm; as scores know the past only, a short look sees the same."""
        look = self.first_look
        while True:
            stretch = self.scored(begin, min(self.values.size, begin + look))
            if stretch.alarm is not None or begin + look >= self.values.size:
                return stretch
            look *= 2

    def scored(self, begin: int, end: int) -> _Stretch:
        marks = scored(
            self.values[begin:end],
            method=self.method,
            phases=None if self.phases is None else self.phases[begin:end],
            dependent=self.dependent,
        )
        judged = ~np.isnan(marks.scores) & (np.arange(begin, end) >= self.baseline)
        sides = excursions(np.where(judged, marks.scores, np.nan), slack=SLACKS[self.method])
        above = np.flatnonzero(sides.larger > self.threshold)
        return _Stretch(marks=marks, judged=judged, sides=sides, alarm=int(above[0]) if above.size else None)

    def described(self, stretch: _Stretch, place: int, *, begin: int) -> Alarm:
        start = stretch.sides.start(place)
        return Alarm(
            index=begin + place,
            direction=stretch.sides.direction(place),
            start=begin + start,
            statistic=float(stretch.sides.larger[place]),
            mean=self.in_unit(self.values[begin : begin + start].mean()),
            sd=self.in_unit(stretch.marks.found.scale[start]),
            change=self.in_unit(self.change(begin, begin + start, end=begin + place + 1)),
        )

    def change(self, begin: int, start: int, *, end: int) -> float:
        phases = [None] * self.values.size if self.phases is None else self.phases
        before: dict[Hashable, list[float]] = {}
        for index in range(begin, start):
            before.setdefault(phases[index], []).append(float(self.values[index]))
        usual = {phase: math.fsum(members) / len(members) for phase, members in before.items()}
        moved = [
            float(self.values[index]) - usual[phases[index]]
            for index in range(start, end)
            if phases[index] in usual
        ]
        return math.fsum(moved) / len(moved)

    def in_unit(self, scaled: float) -> float:
        return math.ldexp(float(scaled), self.exponent)
