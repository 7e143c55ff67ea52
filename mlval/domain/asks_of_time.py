"""Asks about columns that hold times: what lies between them, in which order values came, in which zone."""

from dataclasses import dataclass
from typing import Literal

from mlval.domain.asks import Ask, Rows
from mlval.domain.predicate import Predicate

Period = Literal["minute", "hour", "day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Coverage:
    """How times follow one another: calendar periods from the first to the last time, those without a row.

    `largest_gap` is the longest time between two neighbours, in seconds; None below two times.
    """

    periods: int
    empty: int
    largest_gap: float | None


@dataclass(frozen=True, slots=True)
class Gaps(Ask[Coverage]):
    """How the times of a column cover the span from the first to the last of them."""

    rows: Rows
    column: str
    every: Period
    of: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Timeline:
    """Values in the order of time. `times` is their text: ISO 8601 of times, the first day of periods."""

    times: tuple[str, ...]
    values: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Series(Ask[Timeline]):
    """The values of a column in the order of `time`, which holds times or whole numbers.

    Without `every` each row is a point, and no two may have the same time. With it a point is what
    `function` makes of the values of a day or a week (UTC; a week begins on Monday); a period without rows
    is no point, but counts and sums of it are 0. Without a `column` rows are counted. A row
    without time, a point without value, and more than `limit` points are refused.
    """

    rows: Rows
    time: str
    column: str | None
    every: Literal["day", "week"] | None = None
    function: Literal["mean", "median", "sum", "count", "max", "min"] = "mean"
    limit: int = 10_000


@dataclass(frozen=True, slots=True)
class OffZone(Ask[int]):
    """How many values are no times of a zone; with None, how many are no times without any zone.

    Text shows the offset that a time was written with, which must be that of the zone at this time.
    Typed files keep instants alone: there a time with a zone is a time of every zone.
    """

    rows: Rows
    column: str
    zone: str | None
    of: tuple[Predicate, ...] = ()
