"""What a check wants measured, and the answers. Asks are hashable: equal asks are measured once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Generic, Literal, TypeVar

from mlval.domain.predicate import Predicate

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

A = TypeVar("A")

Kind = Literal["bool", "int", "float", "string", "date", "timestamp", "other"]
Level = str | None


@dataclass(frozen=True, slots=True)
class Last:
    """The last `count` rows by a time column; ties are broken by position in the file.

    With `before` they are all the others that have a time.
    """

    time: str
    count: int
    before: bool = False


@dataclass(frozen=True, slots=True)
class Rows:
    """Which rows of which table: all of them, those where a predicate holds, the last ones, one group.

    `group` leaves the rows with these levels: (column, level) pairs, None for the null level. Asks
    that differ in the levels only are answered by one group-by. `part` leaves the rows that have this
    level in a split.
    """

    table: str
    where: str | None = None
    last: Last | None = None
    group: tuple[tuple[str, Level], ...] = ()
    part: "tuple[Split, str] | None" = None


@dataclass(frozen=True, slots=True)
class ByColumn:
    """Split rows by the value of a column; rows without a value have `nulls` as their level, or none."""

    column: str
    nulls: str | None = None


@dataclass(frozen=True, slots=True)
class ByBins:
    """Split rows by intervals of a number: below the first edge, [edge, next edge), from the last edge on."""

    column: str
    edges: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class ByPeriod:
    """Split rows by calendar period of a date or timestamp."""

    column: str
    every: Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class ByPredicate:
    """Split off the rows where a predicate of the contract holds; the others have no level."""

    name: str
    where: str


@dataclass(frozen=True, slots=True)
class Crossed:
    """Split rows by several splits at once. A level is a JSON list of theirs; rows without one have none."""

    by: "tuple[ByColumn | ByBins | ByPeriod | ByPredicate, ...]"


Split = ByColumn | ByBins | ByPeriod | ByPredicate | Crossed


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: its name, what it holds, and the engine's own name of the type."""

    name: str
    kind: Kind
    stored: str


@dataclass(frozen=True, slots=True)
class TableShape:
    """The columns of a table in order, and its number of rows."""

    columns: tuple[Column, ...]
    rows: int

    def kind_of(self, name: str) -> Kind | None:
        """Return what a column holds, or None where there is no such column."""
        return next((c.kind for c in self.columns if c.name == name), None)

    def has(self, name: str) -> bool:
        """Say whether there is a column of this name."""
        return self.kind_of(name) is not None

    @property
    def names(self) -> tuple[str, ...]:
        """The names in the order of the table."""
        return tuple(c.name for c in self.columns)


@dataclass(frozen=True, slots=True)
class Binned:
    """How the rows of one column fall on edges: `counts` has one more entry than there are edges.

    Bin i holds edges[i-1] < x <= edges[i]; the first and the last are open. Infinities fall into
    the open bins, nulls and NaN are counted apart.
    """

    counts: tuple[int, ...]
    nulls: int
    nans: int


@dataclass(frozen=True, slots=True)
class Folded:
    """What a profile does not tell of its levels: how many there are, and how many rows have them.

    `hashed` says that the levels that it does tell are digests (`mlval.domain.level_folding`).
    """

    levels: int
    rows: int
    hashed: bool = False


@dataclass(frozen=True, slots=True)
class LevelCounts:
    """How often each value occurs, as text; None is the null level. At most `Levels.limit` are told apart.

    `folded` is there where a profile answered: its rows are not among the `counts`.
    """

    counts: Mapping[Level, int]
    folded: Folded | None = None


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How often each combination of values occurs."""

    counts: "Mapping[tuple[Level, ...], int]"


@dataclass(frozen=True, slots=True)
class Columns:
    """Aligned columns as arrays, and for each split the code of every row's level (-1: no level)."""

    values: "Mapping[str, NDArray[np.float64]]"
    codes: "tuple[NDArray[np.int32], ...]" = ()
    levels: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Guessed:
    """How far guesses are from the truth over all rows: by a column, and blind.

    Of classes it is the number of wrong guesses; of numbers the number of bins between guess and truth.
    """

    rows: int
    by_column: int
    blind: int


@dataclass(frozen=True, slots=True)
class Scored:
    """A dataset joined with the predictions of one model: a table that can be asked like any other.

    `score` is the column with the probability of the positive class. `scores` has the column of each class,
    where a model that the gate loaded gives probabilities. With `lists` truth and label are lists of labels.
    """

    table: str
    label: str | None
    score: str | None
    scores: tuple[tuple[str, str], ...] = ()
    lists: bool = False


@dataclass(frozen=True, slots=True)
class Ask(Generic[A]):
    """Something to be measured whose answer has type A."""


@dataclass(frozen=True, slots=True)
class Shape(Ask[TableShape]):
    """Which columns a table has, and how many rows."""

    table: str


@dataclass(frozen=True, slots=True)
class Count(Ask[int]):
    """How many of the rows satisfy all the predicates."""

    rows: Rows
    of: tuple[Predicate, ...] = ()


@dataclass(frozen=True, slots=True)
class Distinct(Ask[int]):
    """How many different combinations of values there are, among rows where none of them is null.

    With `nulls`, rows with nulls count too, and nulls are equal to one another.
    """

    rows: Rows
    columns: tuple[str, ...]
    of: tuple[Predicate, ...] = ()
    nulls: bool = False


Function = Literal["sum", "mean", "std", "min", "max", "quantile", "skewness", "kurtosis", "correlation"]


@dataclass(frozen=True, slots=True)
class Aggregate(Ask[float | None]):
    """One number over the values of a column that are there; None where there are none, or too few.

    Numbers as they are, truth as 0 and 1, times in seconds since 1970 (UTC). NaN among the values
    makes the answer NaN. `std` divides by n - 1; `quantile` interpolates between neighbours (as
    numpy's default) at the share `at`; `correlation` is Pearson's between `column` and `other`,
    over the rows that have both.
    """

    rows: Rows
    function: Function
    column: str
    of: tuple[Predicate, ...] = ()
    at: float | None = None
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Top(Ask[tuple[tuple[Level, int], ...]]):
    """The most frequent values of a column as text, and how often each occurs; nulls are left out.

    In the order of falling counts, then of the text. The values level with the last one that
    `limit` lets in are all there, but never more than `limit` + 1,000.
    """

    rows: Rows
    column: str
    of: tuple[Predicate, ...] = ()
    limit: int = 1


@dataclass(frozen=True, slots=True)
class Misnamed(Ask[tuple[str, ...]]):
    """The columns in whose name a regular expression (RE2) is not found, in the order of the table."""

    table: str
    pattern: str


@dataclass(frozen=True, slots=True)
class Edges(Ask[tuple[float, ...]]):
    """Edges that split the finite values of a column into about `bins` bins of equal mass.

    Computed on a fixed stride of at most 100,000 rows; with `whole` on all of them as long as they
    fit, so that their order does not matter. A value that is frequent gets a bin of its own; where
    there are few values each has one.
    """

    rows: Rows
    column: str
    bins: int = 1000
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Bins(Ask[Binned]):
    """How all rows of a column fall on edges."""

    rows: Rows
    column: str
    edges: tuple[float, ...] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Levels(Ask[LevelCounts]):
    """How often each value of a column occurs; unanswerable beyond `limit` different values.

    Numbers are written so that 1 and 1.0 are one level.
    """

    rows: Rows
    column: str
    limit: int = 10_000


@dataclass(frozen=True, slots=True)
class Groups(Ask[GroupCounts]):
    """One group-by: how often each combination of levels of these splits occurs."""

    rows: Rows
    by: tuple[Split, ...]
    limit: int = 100_000


@dataclass(frozen=True, slots=True)
class Expression:
    """A number of each row, as a contract writes it; `words` stand for columns, by (word, column)."""

    name: str
    text: str
    words: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Vectors(Ask[Columns]):
    """Whole columns as float64 arrays, aligned, with level codes for the splits.

    Text is refused; booleans are 0 and 1. Nulls are NaN. An entry of
    `equals` is (name, column, level): an array of that name, 1 where the column has the level, 0
    where it has another, NaN where it is null. An entry of `ranks` is (name, column): the number of the row's
    value in the order of their texts, from 0. `expressions` are NaN where they have no value.
    """

    rows: Rows
    columns: tuple[str, ...] = ()
    equals: tuple[tuple[str, str, str], ...] = ()
    by: tuple[Split, ...] = ()
    limit: int = 50_000_000
    ranks: tuple[tuple[str, str], ...] = ()
    expressions: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class Guesses(Ask[Guessed]):
    """How well one column tells the target of rows that were not looked at.

    The rows that have a target fall into two halves by a hash of their `keys`, or of their position where
    there are none. The guess for a row is learnt from the other half: of the rows with its value in
    `column` the most frequent class, or, where `steps` split the target into bins, the lower median bin;
    for a value that the other half does not have, as for a blind guess, that of all its rows. Ties go to
    the class whose text comes first. `edges` split a column of numbers into bins (as `Bins`); nulls and
    NaN are values of their own.
    """

    rows: Rows
    column: str
    target: str
    keys: tuple[str, ...] = ()
    edges: tuple[float, ...] | None = field(default=None, repr=False)
    steps: tuple[float, ...] | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Change:
    """What is changed in the features of rows before a model sees them; see `mlval.domain.feature_change`."""


@dataclass(frozen=True, slots=True)
class Scores(Ask[Scored]):
    """The table in which a dataset stands beside the predictions of a model.

    With `rows` it has at most so many: those with the smallest hash of their position. With a `change` the
    model is shown changed features; the table has those of the dataset.
    """

    model: str
    dataset: str
    change: Change | None = None
    rows: int | None = None


@dataclass(frozen=True, slots=True)
class Examples(Ask[tuple[tuple[Level, ...], ...]]):
    """Rows that satisfy all the predicates, in a total order, as text."""

    rows: Rows
    of: tuple[Predicate, ...]
    columns: tuple[str, ...]
    limit: int = 5
