"""Changes of level in a short series of stored values, such as a metric of each run."""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np

from mlval.stats.arrays import FloatArray, require_finite
from mlval.stats.errors import Undefined
from mlval.stats.monitor import SLACKS, Method
from mlval.stats.run_length import cusum_threshold
from mlval.stats.watch import Alarm, Watch


class NoHistory(Undefined):
    """There are too few values to judge a single one."""


LARGEST = 1e300
"""Values from here on, either sign, are refused: their standard deviation might not be a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """What a series shows after its last value.

    Attributes
    ----------
    alarms : in order of time; after each, monitoring starts afresh with the next value
    alarmed : the last value raised an alarm
    learning : the last value could not be judged, since too few came before it, back to the last alarm: this
        is no pass
    statistic : after the last value, in standard deviations: that of the alarm if it raised one, 0 while
        learning
    up, down : the statistic of either side; the larger of them is `statistic`
    threshold : of the statistic, in standard deviations
    mean, sd : the mean of the values before the last one (of its phase) and their standard deviation, back to
        the last alarm; those of the alarm if the last value raised one; None while learning
    """

    alarms: tuple[Alarm, ...]
    alarmed: bool
    learning: bool
    statistic: float
    up: float
    down: float
    threshold: float
    mean: float | None
    sd: float | None


def trend(
    values: Sequence[float] | FloatArray,
    *,
    false_alarm_every: float = 100,
    method: Method | None = None,
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
    frequent (`autocorrelation` shows it, `dependent=True` takes it out). A weekly cycle hides changes
    (`phases` takes it out). Every method learns from what comes: a change that is not seen soon becomes the
    usual level, most of all with few stored values.

    Parameters
    ----------
    values : shape (n,), finite, oldest first
    false_alarm_every : from 5 to 100,000: when nothing changes, the average number of values judged until an
        alarm
    method : how values are compared with the earlier ones; by default `ranks`, and `page_hinkley` where
        dependence is taken out, since what is left of a change is small and it sees that soonest
    phases : n labels, such as days of the week; each value is compared with earlier ones of its phase
    dependent : take out what a value shares with the one before
    baseline : the number of first values that are only compared with, never judged

    Raises
    ------
    NoHistory
        If there are too few values to judge a single one.
    Undefined
        If some values are NaN, infinite or too large.
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
    method = method or ("page_hinkley" if dependent else "ranks")
    if method not in SLACKS:
        raise ValueError(f"a trend is seen by {', '.join(SLACKS)}, not by {method!r}")
    threshold = cusum_threshold(float(false_alarm_every), slack=SLACKS[method])
    if phases is not None and len(phases) != series.size:
        raise ValueError(f"{series.size} values need as many phases, not {len(phases)}")
    if series.size:
        require_finite(np.where(np.abs(series) < LARGEST, series, np.inf), "values")
    exponent = math.frexp(float(np.max(np.abs(series), initial=0.0)))[1]
    watch = Watch(
        values=np.ldexp(series, -exponent),
        exponent=exponent,
        phases=phases,
        method=method,
        dependent=dependent,
        baseline=baseline,
        threshold=threshold,
        first_look=math.ceil(4 * false_alarm_every),
    )
    return _judged(watch)


def _judged(watch: Watch) -> Trend:
    size, stretch = watch.values.size, watch.stretch_from(0)
    if not stretch.judged.any():
        raise NoHistory(f"no history yet: none of {size} values has enough before it to be judged by")
    alarms: list[Alarm] = []
    up = down = 0.0
    while stretch.alarm is not None:
        alarms.append(watch.described(stretch, stretch.alarm))
        up, down = float(stretch.sides.up[stretch.alarm]), float(stretch.sides.down[stretch.alarm])
        stretch = watch.stretch_from(alarms[-1].index + 1)
    mean, sd = None, None
    alarmed = stretch.begin == size
    if alarmed:
        mean, sd = alarms[-1].mean, alarms[-1].sd
    elif stretch.judged[-1]:
        found = stretch.marks.found
        up, down = float(stretch.sides.up[-1]), float(stretch.sides.down[-1])
        mean, sd = watch.in_unit(found.expected[-1]), watch.in_unit(found.scale[-1])
    else:
        up = down = 0.0
    return Trend(
        alarms=tuple(alarms),
        alarmed=alarmed,
        learning=mean is None,
        statistic=max(up, down),
        up=up,
        down=down,
        threshold=watch.threshold,
        mean=mean,
        sd=sd,
    )
