"""What a profile says: the small description of a dataset that stands in its place.

Everything is exact or left out. Counts are of all rows; a value that few rows have is not in it.
"""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlval.domain.asks import Kind
from mlval.domain.frozen import Frozen

MOST_LEVELS = 200
LONGEST_LEVEL = 64
"""Characters of a level that are written out; a longer one is kept as a digest."""
FEW_ROWS = 50
"""Values below which no smallest, largest or quantile is kept: they would be those of a person."""

Whole = Annotated[int, Field(ge=0, lt=2**63)]
Share = Annotated[float, Field(ge=0, le=1)]


class Origin(Frozen):
    """The dataset that was described: its name, the digest of its bytes, its rows after the filter."""

    name: str
    rows: Whole
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Settings(Frozen):
    """How it was described: about how many bins; levels of fewer than `rare` rows are folded into one."""

    bins: int = Field(ge=20, le=1000)
    rare: int = Field(ge=1, le=10**9)
    hashed: bool = False


class Numbers(Frozen):
    """Numbers, or times in seconds since 1970 (UTC).

    Attributes
    ----------
    values : where there are few different ones, those that are not rare; each closes a bin of its own
    edges, atoms : where there are many: rounded edges, and exact values that have a bin of their own
    counts : of all rows that hold a value, infinities included, on `bounds`; one more than there are bounds
    mean, std, sum, min, max, quantiles : of the finite values; quantiles as (share, value)
    """

    values: tuple[float, ...] = ()
    edges: tuple[float, ...] = ()
    atoms: tuple[float, ...] = ()
    counts: tuple[Whole, ...]
    mean: float | None = None
    std: float | None = Field(default=None, ge=0)
    sum: float | None = None
    min: float | None = None
    max: float | None = None
    quantiles: tuple[tuple[Share, float], ...] = ()

    @property
    def bounds(self) -> tuple[float, ...]:
        """The edges of the bins: an atom has one at itself and one at the number just below it."""
        atoms = self.values[:1] + self.atoms
        below = (edge for atom in atoms if math.isfinite(edge := math.nextafter(atom, -math.inf)))
        return tuple(sorted({*self.values, *self.edges, *self.atoms, *below}))

    @model_validator(mode="after")
    def _consistent(self) -> "Numbers":
        for numbers in (self.values, self.edges, self.atoms, tuple(share for share, _ in self.quantiles)):
            if not _rising(numbers):
                raise ValueError("edges, values and shares must rise")
        if self.values and (self.edges or self.atoms):
            raise ValueError("there are `values`, or `edges` and `atoms`")
        if len(self.counts) != len(self.bounds) + 1:
            raise ValueError("there must be one count more than there are edges")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("the smallest value is above the largest")
        return self


class Other(Frozen):
    """The levels that are not told: how many, and how many rows have them."""

    levels: Whole
    rows: Whole


class LevelTable(Frozen):
    """The most frequent levels with their rows, by falling count and then by text; nulls are left out."""

    top: tuple[tuple[str, Annotated[int, Field(ge=1, lt=2**63)]], ...] = Field(max_length=MOST_LEVELS)
    other: Other

    @model_validator(mode="after")
    def _sorted(self) -> "LevelTable":
        if list(self.top) != sorted(self.top, key=lambda entry: (-entry[1], entry[0])):
            raise ValueError("levels must stand in the order of falling counts")
        if len({level for level, _ in self.top}) < len(self.top):
            raise ValueError("a level is told twice")
        if self.other.rows < self.other.levels or (self.other.rows > 0) != (self.other.levels > 0):
            raise ValueError("the other levels and their rows do not go together")
        return self


class ColumnProfile(Frozen):
    """One column. `withheld` says why none of its values are told."""

    name: str = Field(min_length=1)
    kind: Kind
    stored: str
    nulls: Whole
    nans: Whole = 0
    infinite: tuple[Whole, Whole] = (0, 0)
    """How many values are -infinity and +infinity."""
    distinct: Whole | None = None
    numbers: Numbers | None = None
    levels: LevelTable | None = None
    withheld: Literal["key", "sensitive", "identifier"] | None = None


class Profile(Frozen):
    """A dataset in so many words: where it came from, and its columns in their order."""

    tool: str
    dataset: Origin
    settings: Settings
    where: str | None = None
    columns: tuple[ColumnProfile, ...]

    def column(self, name: str) -> ColumnProfile | None:
        """Return a column by its exact name."""
        return next((column for column in self.columns if column.name == name), None)

    @model_validator(mode="after")
    def _adds_up(self) -> "Profile":
        if len({column.name for column in self.columns}) < len(self.columns):
            raise ValueError("a column is told twice")
        for column in self.columns:
            if (problem := _problem(column, self.dataset.rows)) is not None:
                raise ValueError(f"{column.name!r}: {problem}")
        return self


def _problem(column: ColumnProfile, rows: int) -> str | None:
    """Return in which way the counts of a column contradict one another."""
    present = rows - column.nulls
    if present < 0 or column.nans + sum(column.infinite) > present:
        return "more nulls, NaN and infinities than rows"
    if column.distinct is not None and not min(present, 1) <= column.distinct <= present:
        return "the number of different values does not fit the rows"
    if column.numbers is not None and sum(column.numbers.counts) != present - column.nans:
        return "the counts of the bins do not add up to the rows"
    table = column.levels
    if table is not None and sum(count for _, count in table.top) + table.other.rows != present:
        return "the counts of the levels do not add up to the rows"
    if column.withheld and (column.numbers is not None or table is not None):
        return "values are told of a column that is withheld"
    return None


def _rising(numbers: Sequence[float]) -> bool:
    return all(low < high for low, high in pairwise(numbers))
