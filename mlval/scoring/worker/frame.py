"""A batch of features inside the cage: columns as they came, as a matrix, or as a pandas table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from mlval.scoring.worker.libraries import library_or_none
from mlval.scoring.worker.refusal import Refused

if TYPE_CHECKING:
    from numpy.typing import NDArray

_EXACT = 2**53


@dataclass(frozen=True)
class Column:
    """One feature; `levels` are the texts that the values are codes of, −1 being none."""

    name: str
    values: NDArray[np.generic]
    nulls: NDArray[np.bool_] | None = None
    levels: NDArray[np.object_] | None = None

    def filled(self) -> NDArray[np.generic]:
        """Return the values with nulls as a model expects them: NaN, NaT, or None among texts and booleans.

        Raises
        ------
        Refused
            If an integer beside a null is beyond 2⁵³, where it cannot be a float exactly.
        """
        if self.levels is not None:
            filled: NDArray[np.generic] = self.levels[self.values.astype(np.intp)]
            return filled
        if self.nulls is None:
            return self.values
        kind = self.values.dtype.kind
        if kind == "b":
            booleans = self.values.astype(object)
            booleans[self.nulls] = None
            return booleans
        if kind == "M":
            times = self.values.copy()
            times[self.nulls] = np.datetime64("NaT")
            return times
        if kind == "f":
            floats = self.values.copy()
        else:
            known = self.values[~self.nulls]
            if known.size and (int(known.max()) > _EXACT or int(known.min()) < -_EXACT):
                detail = f"the feature {self.name!r} has nulls beside integers too large for a float"
                raise Refused("features", detail)
            floats = self.values.astype(np.float64)
        floats[self.nulls] = np.nan
        return floats


@dataclass(frozen=True)
class Frame:
    """Some rows of all features, in the order in which the parent sent them."""

    rows: int
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the features."""
        return tuple(column.name for column in self.columns)

    def matrix(self) -> NDArray[np.generic]:
        """Return rows × features in row order: of the common type, of objects where there is text."""
        parts = [column.filled() for column in self.columns]
        mixed = any(part.dtype.kind in "OM" for part in parts)
        kind = np.dtype(object) if mixed else np.result_type(*parts) if parts else np.dtype(np.float64)
        whole: NDArray[np.generic] = np.empty((self.rows, len(parts)), dtype=kind)
        for place, part in enumerate(parts):
            whole[:, place] = part
        return whole

    def table(self, *, categories: bool = False) -> Any:  # noqa: ANN401 - pandas may be absent
        """Return a pandas table, None where pandas is not in the environment.

        `categories` makes text categorical, as models want it that were fitted so.
        """
        pandas = library_or_none("pandas")
        if pandas is None:
            return None
        parts = {
            column.name: pandas.Categorical.from_codes(column.values, categories=list(column.levels[:-1]))
            if categories and column.levels is not None
            else column.filled()
            for column in self.columns
        }
        return pandas.DataFrame(parts, columns=list(self.names), copy=False)

    def has_text(self) -> bool:
        """Say whether any feature is text."""
        return any(column.levels is not None for column in self.columns)
