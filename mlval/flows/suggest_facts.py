"""What is known of a table before rules are suggested for it: plain counts and a few numbers a column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from mlval.domain.asks import Column


@dataclass(frozen=True, slots=True)
class Spread:
    """Where the finite values of a column lie; times are in seconds since 1970.

    `low` and `high` leave about one value in a thousand outside, each; with few values they are the ends.
    `negative` counts values below zero; `apart` is a customary stand-in for missing values, far from the
    others.
    """

    least: float
    low: float
    middle: float
    high: float
    most: float
    negative: int = 0
    apart: float | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """A range for the values of a column; None is an open end.

    `taken` counts the ends that come from the sample, not from what such numbers are; `outside` the values
    that lie beyond.
    """

    low: float | None
    high: float | None
    taken: int
    outside: int = 0


@dataclass(frozen=True, slots=True)
class Wording:
    """How the text of a column is written: a named format or a pattern, and how many values are not."""

    rule: str
    value: str
    broken: int
    space: float = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnFacts:
    """One column: how many values it has, and what they are.

    Attributes
    ----------
    rows, present, distinct : of the table, with a value, different values
    nans, infinities : among the values
    levels : how often each value occurs, as text, where there are few
    spread, limits : of numbers and times
    wording : of text that follows a form
    numeric_text : whether all text can be read as numbers
    whole : whether all numbers are whole
    """

    column: Column
    rows: int
    present: int = 0
    distinct: int = 0
    nans: int = 0
    infinities: int = 0
    levels: Mapping[str, int] | None = None
    spread: Spread | None = None
    limits: Limits | None = None
    wording: Wording | None = None
    numeric_text: bool = False
    whole: bool = False

    @property
    def nulls(self) -> int:
        """Rows without a value."""
        return self.rows - self.present


@dataclass(frozen=True, slots=True)
class TableFacts:
    """One table: its rows, and its columns in order; those that could not be measured are in `unknown`."""

    rows: int
    columns: tuple[ColumnFacts, ...]
    unknown: Mapping[str, str] = field(default_factory=dict)
