"""Rows that have any number of labels: what is asked of columns of lists, and the answer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mlval.domain.asks import Ask, Rows, Split

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class LabelledRows:
    """Which labels each row has, by column of lists; only rows of which the first is known.

    Attributes
    ----------
    labels : every label that any of the columns holds, in the order of their text
    sides : for each column, shape (rows, labels): whether the row has the label
    values : the numbers that were asked for beside them
    codes, levels : for each split the code of every row's level, -1 where it has none
    """

    labels: tuple[str, ...]
    sides: "tuple[NDArray[np.bool_], ...]"
    values: "Mapping[str, NDArray[np.float64]]"
    codes: "tuple[NDArray[np.int32], ...]" = ()
    levels: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class LabelSets(Ask[LabelledRows]):
    """Which labels the rows have in `columns` of lists, of which the first is the truth.

    An empty list is a row without labels; a label that stands in a list twice counts once. Rows without a
    truth (null) are left out. A row with a truth and without another of the lists is refused, and so is a
    list with a null in it. `numbers` are columns of numbers that are wanted beside them.
    """

    rows: Rows
    columns: tuple[str, ...]
    by: tuple[Split, ...] = ()
    numbers: tuple[str, ...] = ()
