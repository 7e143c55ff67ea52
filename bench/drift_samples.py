"""Tables of twenty independent columns, drawn from a seed, and answers to what a drift check asks of them.

A column of numbers is its sorted values; one of levels is its counts, drawn at once, which is what counting
independent rows would give.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from mlval.domain.asks import Ask, Binned, Bins, Column, Count, Edges, LevelCounts, Levels, Shape, TableShape
from mlval.stats import bins
from mlval.stats.arrays import FloatArray, IntArray

Numbers = Callable[[np.random.Generator, int], FloatArray]


def _zero_inflated(draw: np.random.Generator, rows: int) -> FloatArray:
    return np.where(draw.random(rows) < 0.7, 0.0, draw.exponential(size=rows))


def _even(levels: int) -> FloatArray:
    return np.full(levels, 1 / levels)


def _falling(levels: int) -> FloatArray:
    """Return shares that fall as one over the rank."""
    shares = 1 / np.arange(1, levels + 1)
    return shares / shares.sum()


NUMBERS: Mapping[str, Numbers] = {
    **{f"normal_{i}": lambda draw, rows: draw.normal(size=rows) for i in range(4)},
    **{f"lognormal_{i}": lambda draw, rows: draw.lognormal(size=rows) for i in range(4)},
    **{f"zero_inflated_{i}": _zero_inflated for i in range(3)},
    "few_integers": lambda draw, rows: draw.poisson(3, rows).astype(float),
    "integers": lambda draw, rows: draw.poisson(40, rows).astype(float),
    "many_integers": lambda draw, rows: np.floor(draw.lognormal(6, 1, rows)),
}
LEVELS: Mapping[str, FloatArray] = {
    "levels_5": _even(5),
    "levels_10": _falling(10),
    "levels_20": _even(20),
    "levels_50": _falling(50),
    "levels_100": _even(100),
    "levels_100_uneven": _falling(100),
}
CONTINUOUS = tuple(name for name in NUMBERS if name.startswith(("normal", "lognormal")))
MOVED = "normal_0"
"""The column that moves where one does; its standard deviation is 1."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of one table: sorted values or counts of levels, by column; `kept` remembers answers."""

    rows: int
    numbers: Mapping[str, FloatArray]
    levels: Mapping[str, IntArray] = field(default_factory=dict)
    kept: dict[Ask[Any], Any] = field(default_factory=dict)

    def moved(self, by: float) -> "Sample":
        """Return the sample with one column shifted."""
        return Sample(self.rows, {**self.numbers, MOVED: self.numbers[MOVED] + by}, self.levels)


def sample(draw: np.random.Generator, rows: int) -> Sample:
    """Draw a table."""
    return Sample(
        rows,
        {name: np.sort(numbers(draw, rows)) for name, numbers in NUMBERS.items()},
        {name: draw.multinomial(rows, shares) for name, shares in LEVELS.items()},
    )


def answers(tables: Mapping[str, Sample], asks: Sequence[Ask[Any]]) -> tuple[Any, ...]:
    """Answer as the engine does, from arrays; the tables have no nulls."""
    return tuple(_kept(tables, ask) for ask in asks)


def plain(answer: Any) -> Any:  # noqa: ANN401 - as answers are
    """Return an answer as Python's own values, to be compared with that of the engine."""
    match answer:
        case LevelCounts(counts):
            return dict(counts)
        case Binned():
            return (tuple(answer.counts), answer.nulls, answer.nans)
    return answer


def _kept(tables: Mapping[str, Sample], ask: Ask[Any]) -> Any:  # noqa: ANN401 - known to the ask only
    rows = getattr(ask, "rows", None)
    table = tables[getattr(ask, "table", "") or rows.table]
    if ask not in table.kept:
        table.kept[ask] = _answer(table, ask)
    return table.kept[ask]


def _answer(table: Sample, ask: Ask[Any]) -> Any:  # noqa: ANN401 - as above
    match ask:
        case Shape():
            numbers = [Column(name, "float", "DOUBLE") for name in table.numbers]
            levels = [Column(name, "string", "VARCHAR") for name in table.levels]
            return TableShape((*numbers, *levels), table.rows)
        case Count():
            return table.rows
        case Edges(_, name):
            return tuple(bins.edges(table.numbers[name], ask.bins).tolist())
        case Bins(_, name, edges):
            counts = bins.count(table.numbers[name], np.array(edges))
            return Binned(tuple(counts.tolist()), nulls=0, nans=0)
        case Levels(_, name) if name in table.levels:
            counted = table.levels[name].tolist()
            return LevelCounts({f"{rank:03}": count for rank, count in enumerate(counted) if count})
        case Levels(_, name):
            values, occurs = np.unique(table.numbers[name], return_counts=True)
            return LevelCounts({f"{value:g}": int(n) for value, n in zip(values, occurs, strict=True)})
    message = f"nobody answers {type(ask).__name__}"
    raise TypeError(message)
