"""How often the methods of `mlval.stats.trend` alarm when nothing changes, and how soon when something does.

python bench/trend_simulation.py           the tables of the documentation, as Markdown
python bench/trend_simulation.py --quick   fewer series a cell
"""

import argparse
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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
SOON = 15
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
    """Return values of Student's t with 4 degrees of freedom, with standard deviation 1."""
    return draw.standard_t(4, size=(series, length)) / math.sqrt(2)


def skewed(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return lognormal values with standard deviation 1; their logarithm has the same."""
    return draw.lognormal(size=(series, length)) / math.sqrt(math.e * (math.e - 1))


def rounded(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return standard normal values rounded to whole standard deviations."""
    return np.round(draw.normal(size=(series, length)))


def mostly_zero(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return values of which nine in ten are 0, the others between 0 and 1."""
    values = draw.random(size=(series, length))
    return np.where(draw.random(size=(series, length)) < 0.9, 0.0, values)


def autocorrelated(draw: np.random.Generator, series: int, length: int, *, by: float) -> FloatArray:
    """Return values of an autoregression of first order with standard deviation 1."""
    values = draw.normal(size=(series, length))
    for place in range(1, length):
        values[:, place] = by * values[:, place - 1] + math.sqrt(1 - by * by) * values[:, place]
    return values


def weekly(draw: np.random.Generator, series: int, length: int) -> FloatArray:
    """Return standard normal values that are lower by 2 on two of seven days."""
    return draw.normal(size=(series, length)) - 2.0 * (np.arange(length) % WEEK >= WEEK - 2)


def moved(
    draw: np.random.Generator, series: int, length: int, *, of: Draw, stored: int, by: float
) -> FloatArray:
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


def delay(setup: Setup, *, by: float, series: int) -> Measured:
    """Measure the delay until an alarm when all values after the stored ones are higher by so many sd."""
    draw = partial(moved, of=setup.draw, stored=setup.stored, by=by)
    return measure(replace(setup, draw=draw), series=series, longest=4 * setup.every, seed=setup.stored)


CONDITIONS: tuple[tuple[str, Draw, bool, bool], ...] = (
    ("normal", normal, False, False),
    ("heavy tails (t, 4 df)", heavy, False, False),
    ("skewed (lognormal)", skewed, False, False),
    ("rounded to 1 sd", rounded, False, False),
    ("0 in nine of ten runs", mostly_zero, False, False),
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
        [method, str(before), *(f"{cells[method, every, before].average:.0f}" for every in EVERY)]
        for method in METHODS
        for before in STORED
    ]
    return table(["method", "stored values", *(f"N = {every}" for every in EVERY)], rows)


def condition_table(*, series: int, every: int, stored: int) -> str:
    """Return the table of run lengths where values are not normal or not independent."""

    def cell(method: Method, draw: Draw, **how: bool) -> str:
        setup = Setup(method=method, draw=draw, every=every, stored=stored, **how)
        return f"{measure(setup, series=series, longest=4 * every, seed=stored).average:.0f}"

    rows = [
        [name, *(cell(method, draw, weekly=by_phase, dependent=dependent) for method in METHODS)]
        for name, draw, by_phase, dependent in CONDITIONS
    ]
    return table(["values", *METHODS], rows)


def delay_table(*, series: int) -> str:
    """Return the table of delays for normal values."""

    def cell(method: Method, stored: int, by: float) -> str:
        return in_words(delay(Setup(method=method, draw=normal, stored=stored), by=by, series=series))

    rows = [
        [f"{by:g} sd", str(stored), *(cell(method, stored, by) for method in METHODS)]
        for by in (0.5, 1.0, 2.0, 5.0)
        for stored in (20, 30, 50, 200)
    ]
    return table(["change", "stored values", *METHODS], rows)


def hidden_table(*, series: int, stored: int) -> str:
    """Return the table of delays of a change by one sd where values are not normal or not independent."""

    def cell(method: Method, draw: Draw, **how: bool) -> str:
        return in_words(delay(Setup(method=method, draw=draw, stored=stored, **how), by=1.0, series=series))

    rows = [
        [name, *(cell(method, draw, weekly=by_phase, dependent=dependent) for method in METHODS)]
        for name, draw, by_phase, dependent in CONDITIONS
        if draw not in (rounded, mostly_zero)
    ]
    return table(["values", *METHODS], rows)


def in_words(found: Measured) -> str:
    """Return mean, median and share within 15 runs."""
    within = float(np.mean(found.lengths <= SOON))
    return f"{found.lengths.mean():.1f} ({np.median(found.lengths):.0f}, {within:.0%})"


def spacing_table(*, series: int) -> str:
    """Return the table of how far apart alarms of `trend` are on a long series."""
    rows = [
        [
            method,
            *(
                f"{spacing(method, every=every, series=series, length=20 * every, seed=every):.0f}"
                for every in (20, 100, 500)
            ),
        ]
        for method in METHODS
    ]
    return table(["method", "N = 20", "N = 100", "N = 500"], rows)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer series a cell")
    series = 100 if parser.parse_args(arguments).quick else 1000
    error = 1 / math.sqrt(series)
    print(f"{series} series a cell; the standard error of a run length is {error:.0%} of it.\n")
    print("Runs until a false alarm, normal values, monitoring starts after the stored ones:\n")
    print(rate_table(series=series))
    print("\nRuns between alarms of one long normal series, starting afresh after each (5 runs to learn):\n")
    print(spacing_table(series=max(5, series // 20)))
    for every in (100, 500):
        print(f"\nRuns until a false alarm, N = {every}, 50 stored values:\n")
        print(condition_table(series=series // 2, every=every, stored=50))
    print(f"\nRuns until a change is seen, N = 100: mean (median, share within {SOON}), none above 400:\n")
    print(delay_table(series=series))
    print("\nThe same for a change by 1 sd with 50 stored values:\n")
    print(hidden_table(series=series // 2, stored=50))


if __name__ == "__main__":
    main()
