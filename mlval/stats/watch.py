"""A series under watch: its values from one alarm to the next, and what is known of an alarm."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import BoolArray, FloatArray
from mlval.stats.excursion import Direction, Excursions, excursions
from mlval.stats.monitor import SLACKS, Method, Scored, scored


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
class Stretch:
    """The values since an alarm, up to the next one or the last value.

    Attributes
    ----------
    begin : the place in the series of the first of them
    marks : their scores
    judged : shape (n,), which of them have a score and are not of the baseline
    sides : the statistic after each
    alarm : the place among them of the first above the threshold
    """

    begin: int
    marks: Scored
    judged: BoolArray
    sides: Excursions
    alarm: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """How a series is watched.

    Attributes
    ----------
    values : shape (n,), divided by a power of two, so that squares do not overflow
    exponent : of that power
    phases, method, dependent, baseline : as in `trend`
    threshold : of the statistic
    first_look : how many values are scored before looking for an alarm; a matter of speed alone
    """

    values: FloatArray
    exponent: int
    phases: Sequence[Hashable] | None
    method: Method
    dependent: bool
    baseline: int
    threshold: float
    first_look: int

    def stretch_from(self, begin: int) -> Stretch:
        """Score the values from a place on; as scores know the past only, a short look sees the same."""
        look = self.first_look
        while True:
            stretch = self._scored(begin, min(self.values.size, begin + look))
            if stretch.alarm is not None or begin + look >= self.values.size:
                return stretch
            look *= 2

    def _scored(self, begin: int, end: int) -> Stretch:
        marks = scored(
            self.values[begin:end],
            method=self.method,
            phases=None if self.phases is None else self.phases[begin:end],
            dependent=self.dependent,
        )
        judged = ~np.isnan(marks.scores) & (np.arange(begin, end) >= self.baseline)
        sides = excursions(np.where(judged, marks.scores, np.nan), slack=SLACKS[self.method])
        above = np.flatnonzero(sides.larger > self.threshold)
        alarm = int(above[0]) if above.size else None
        return Stretch(begin=begin, marks=marks, judged=judged, sides=sides, alarm=alarm)

    def described(self, stretch: Stretch, place: int) -> Alarm:
        """Return what is known of an alarm at a place of a stretch."""
        begin, start = stretch.begin, stretch.sides.start(place)
        return Alarm(
            index=begin + place,
            direction=stretch.sides.direction(place),
            start=begin + start,
            statistic=float(stretch.sides.larger[place]),
            mean=self.in_unit(self.values[begin : begin + start].mean()),
            sd=self.in_unit(stretch.marks.found.scale[start]),
            change=self.in_unit(self._change(begin, begin + start, end=begin + place + 1)),
        )

    def _change(self, begin: int, start: int, *, end: int) -> float:
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
        """Return a number in the unit of the series."""
        return math.ldexp(float(scaled), self.exponent)
