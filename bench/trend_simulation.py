"""How often the methods of `mlval.stats.trend` alarm when nothing changes, and how soon when something does.

python bench/trend_simulation.py           the tables of the documentation, as Markdown
python bench/trend_simulation.py --quick   fewer series a cell
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from mlval.stats.arrays import FloatArray
from mlval.stats.excursion import excursions
from mlval.stats.monitor import SLACKS, Method, scored
from mlval.stats.run_length import cusum_threshold
from mlval.stats.trend import trend

Draw = Callable[[np.random.Generator, int, int], FloatArray]
"""A generator, a number of series and a length, to series of that length, one a row."""

METHODS: tuple[Method, ...] = ("ranks", "cusum", "page_hinkley")
EVERY = (20, 50, 100, 200, 500, 1000)
STORED = (20, 50, 200)
WEEK = 7
CELLS = 2_000_000
"""Values drawn at once, which bounds the memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """One cell: the series, how many values are stored before monitoring starts, and how it is done."""

    method: Method
    draw: Draw
    every: int = 100
    stored: int = 50
    weekly: bool = False
    dependent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Run lengths of a cell: values judged until an alarm, cut off at the end of the series."""

    lengths: FloatArray
    ended: int

    @property
    def average(self) -> float:
        """Values judged for each alarm: the maximum-likelihood mean of waiting times that were cut off."""
        return float(self.lengths.sum()) / self.ended if self.ended else math.inf

    @property
    def error(self) -> float:
        """Standard error of the average, as of exponential waiting times."""
        return self.average / math.sqrt(self.ended) if self.ended else math.inf


def normal(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return standard normal values."""
    return draw.normal(size=(series, length))


def heavy(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return values of Student's t with 4 degrees of freedom."""
    return draw.standard_t(4, size=(series, length))


def skewed(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return lognormal values, the logarithm with standard deviation 1."""
    return draw.lognormal(size=(series, length))


def autocorrelated(draw: np.random.Generator, series: int, length: int, *, by: float) -> FloatArray:
    """Return values of an autoregression of first order with standard deviation 1."""
    values = draw.normal(size=(series, length))
    for place in range(1, length):
        values[:, place] = by * values[:, place - 1] + math.sqrt(1 - by * by) * values[:, place]
    return values


def weekly(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return standard normal values that are lower by 2 on two of seven days."""
    return draw.normal(size=(series, length)) - 2.0 * (np.arange(length) % WEEK >= WEEK - 2)


def moved(draw: np.random.Generator, series: int, length: int, *, of: Draw, stored: int, by: float) -> FloatArray:
    """Return series whose values after the stored ones are higher by so many standard deviations."""
    values = of(draw, series, length)
    values[:, stored:] += by
    return values


def measure(setup: Setup, *, series: int, longest: int, seed: int) -> Measured:
    """Simulate a cell; monitoring starts with the statistic at zero, after the stored values."""
    slack = SLACKS[setup.method]
    threshold = cusum_threshold(float(setup.every), slack=slack)
    length = setup.stored + longest
    phases = [place % WEEK for place in range(length)] if setup.weekly else None
    random = np.random.default_rng(seed)
    lengths, ended, left = [], 0, series
    while left:
        now = min(left, max(1, CELLS // length))
        values = setup.draw(random, now, length)
        marks = scored(values, method=setup.method, phases=phases, dependent=setup.dependent)
        above = excursions(marks.scores[:, setup.stored :], slack=slack).larger > threshold
        alarmed = above.any(axis=1)
        lengths.append(np.where(alarmed, above.argmax(axis=1) + 1.0, float(longest)))
        ended += int(alarmed.sum())
        left -= now
    return Measured(lengths=np.concatenate(lengths), ended=ended)


def spacing(method: Method, *, every: int, series: int, length: int, seed: int) -> float:
    """Return the values for each alarm of `trend` itself, which starts afresh after each."""
    random = np.random.default_rng(seed)
    found = [trend(random.normal(size=length), false_alarm_every=every, method=method) for _ in range(series)]
    return series * length / sum(len(seen.alarms) for seen in found)


def rates(*, series: int, stored: Sequence[int] = STORED) -> list[tuple[Method, int, int, Measured]]:
    """Return method, wanted run length, stored values and what was measured, for normal values."""
    return [
        (
            method,
            every,
            before,
            measure(
                Setup(method=method, draw=normal, every=every, stored=before),
                series=series,
                longest=4 * every,
                seed=every + before,
            ),
        )
        for method in METHODS
        for every in EVERY
        for before in stored
    ]


def delays(*, series: int, stored: Sequence[int], by: float) -> list[tuple[Method, int, Measured]]:
    """Return method, stored values and delays until an alarm at one false alarm in 100 runs."""
    return [
        (
            method,
            before,
            measure(
                Setup(method=method, draw=partial(moved, of=normal, stored=before, by=by), stored=before),
                series=series,
                longest=400,
                seed=before,
            ),
        )
        for method in METHODS
        for before in stored
    ]


CONDITIONS: tuple[tuple[str, Draw, bool, bool], ...] = (
    ("normal", normal, False, False),
    ("heavy tails (t, 4 df)", heavy, False, False),
    ("skewed (lognormal)", skewed, False, False),
    ("autocorrelation 0.3", partial(autocorrelated, by=0.3), False, False),
    ("autocorrelation 0.3, `dependent`", partial(autocorrelated, by=0.3), False, True),
    ("autocorrelation 0.6", partial(autocorrelated, by=0.6), False, False),
    ("autocorrelation 0.6, `dependent`", partial(autocorrelated, by=0.6), False, True),
    ("normal, `dependent`", normal, False, True),
    ("weekly cycle", weekly, False, False),
    ("weekly cycle, `phases`", weekly, True, False),
    ("normal, `phases`", normal, True, False),
)
"""What is drawn, whether it is compared within days of the week, and whether dependence is taken out."""


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def rate_table(*, series: int) -> str:
    """Return the table of run lengths for normal values."""
    cells = {(method, every, before): found for method, every, before, found in rates(series=series)}
    rows = [
        [
            method,
            str(before),
            *(f"{cells[method, every, before].average:.0f}" for every in EVERY),
        ]
        for method in METHODS
        for before in STORED
    ]
    return table(["method", "stored values", *(f"N = {every}" for every in EVERY)], rows)


def delay_table(*, series: int) -> str:
    """Return the table of delays at one false alarm in 100 runs."""
    stored = (20, 30, 50, 100, 200)
    rows = []
    for by in (0.5, 1.0, 2.0, 5.0):
        for method, before, found in delays(series=series, stored=stored, by=by):
            within = float(np.mean(found.lengths <= 15))
            rows.append(
                [
                    f"{by:g} sd",
                    method,
                    str(before),
                    f"{found.lengths.mean():.1f}",
                    f"{np.median(found.lengths):.0f}",
                    f"{within:.0%}",
                ]
            )
    return table(["change", "method", "stored values", "mean runs", "median", "within 15 runs"], rows)


def condition_table(*, series: int, every: int) -> str:
    """Return the table of run lengths where values are not normal or not independent."""
    rows = []
    for name, draw, by_phase, dependent in CONDITIONS:
        row = [name]
        for method in METHODS:
            for before in (20, 50):
                setup = Setup(
                    method=method, draw=draw, every=every, stored=before, weekly=by_phase, dependent=dependent
                )
                found = measure(setup, series=series, longest=4 * every, seed=before)
                row.append(f"{found.average:.0f}")
        rows.append(row)
    heads = [f"{method}, {before} stored" for method in METHODS for before in (20, 50)]
    return table([f"N = {every}", *heads], rows)
