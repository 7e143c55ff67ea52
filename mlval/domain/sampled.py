"""Rows that stand for a table: chosen by a hash, so that neither order nor threads decide."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mlval.domain.asks import Ask, Column, Rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_VECTOR = re.compile(r"(?:FLOAT|DOUBLE|U?(?:TINY|SMALL|BIG)INT|U?INTEGER|DECIMAL\([0-9,]+\))\[[0-9]*\]")


@dataclass(frozen=True, slots=True)
class SampledRows:
    """Some rows of a table in the order of their hashes, the first as good a sample as all of them.

    Attributes
    ----------
    hashes : shape (rows,), of the key, else of the position
    numbers : shape (rows,) each, of the columns of numbers, truth values and times; NaN where there is no
        value
    marks : shape (rows,) each, of the columns of text, whole numbers and truth values: a number for each
        value, so that no text leaves the table; masked where there is no value
    of : the rows that they were chosen from
    texts : shape (rows,) each, of the columns that were asked for as text: as levels are written; masked
        where there is no value
    """

    hashes: "NDArray[np.uint64]"
    numbers: "Mapping[str, NDArray[np.float64]]"
    marks: "Mapping[str, np.ma.MaskedArray[tuple[int], np.dtype[np.uint64]]]"
    of: int
    texts: "Mapping[str, np.ma.MaskedArray[tuple[int], np.dtype[np.object_]]]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SampledVectors:
    """The usable vectors of a column in the order of the hashes of their rows, and what the others are.

    Attributes
    ----------
    hashes : shape (rows,), of the rows whose vector is usable
    vectors : shape (rows, length), finite, float32 where they are stored so, else float64
    rows : that were looked at
    nulls : rows without a vector
    ragged : rows with a vector of another length than most have
    broken : rows with a vector that holds nulls, NaN or infinity
    of : the rows that they were chosen from
    """

    hashes: "NDArray[np.uint64]"
    vectors: "NDArray[np.float32] | NDArray[np.float64]"
    rows: int
    nulls: int
    ragged: int
    broken: int
    of: int

    @property
    def unusable(self) -> int:
        """How many of the rows have no vector that can be compared."""
        return self.nulls + self.ragged + self.broken


@dataclass(frozen=True, slots=True)
class RowSample(Ask[SampledRows]):
    """Whole rows of at most `limit` rows: those with the smallest hash of their `keys`.

    A row without a key, and every row where there are no `keys`, is hashed by its position. `texts` are
    columns whose values are wanted as the text of levels.
    """

    rows: Rows
    columns: tuple[str, ...]
    keys: tuple[str, ...] = ()
    limit: int = 20_000
    texts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class VectorSample(Ask[SampledVectors]):
    """The vectors of one column, of the rows that `RowSample` chooses; fewer where vectors are long.

    The length is that of most vectors that are looked at, the longer of two as frequent; none holds more
    than `cells` numbers.
    """

    rows: Rows
    column: str
    keys: tuple[str, ...] = ()
    limit: int = 20_000
    cells: int = 40_000_000


def holds_vectors(column: Column) -> bool:
    """Say whether a column holds lists of numbers, which may be embeddings.

    >>> [holds_vectors(Column("v", "other", stored)) for stored in ("FLOAT[384]", "DOUBLE[]", "VARCHAR[]")]
    [True, True, False]
    """
    return _VECTOR.fullmatch(column.stored) is not None
