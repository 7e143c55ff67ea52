"""How the rows that a model is shown may be changed, to see whether its predictions change with them.

Each is a frozen value. What is random depends on the position of a row, the column and `seed` alone. Where
`columns` is empty, all are meant that such a change can be made to.
"""

from dataclasses import dataclass

from mlval.domain.asks import Ask, Change, Column


@dataclass(frozen=True, slots=True)
class Jitter(Change):
    """Numbers are moved by normal noise of `size` standard deviations; none leaves the range of its column.

    Whole numbers are moved by whole numbers.
    """

    size: float
    columns: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Missing(Change):
    """A share of the values, chosen for each column by itself, is taken away."""

    share: float
    columns: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Swap(Change):
    """A share of the values, chosen for each column by itself, is replaced by those of other rows.

    Without `columns`: of text and truth values.
    """

    share: float
    columns: tuple[str, ...] = ()
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Permuted(Change):
    """The values of columns are dealt out anew among the rows; several columns stay together."""

    columns: tuple[str, ...]
    seed: int = 0


@dataclass(frozen=True, slots=True)
class ColumnOrder(Change):
    """The columns come in the reverse order."""


@dataclass(frozen=True, slots=True)
class ExtraColumn(Change):
    """One more column, of numbers that mean nothing, comes after the others."""


@dataclass(frozen=True, slots=True)
class BatchSize(Change):
    """The rows come in batches of so many, of at most half of them where there are few."""

    rows: int


@dataclass(frozen=True, slots=True)
class RowOrder(Change):
    """The rows come in another order."""

    seed: int = 0


@dataclass(frozen=True, slots=True)
class Again(Change):
    """Nothing is changed: the same rows are predicted once more."""


@dataclass(frozen=True, slots=True)
class ShownFeatures(Ask[tuple[Column, ...]]):
    """The columns of a dataset that a model is shown, in their order."""

    model: str
    dataset: str
