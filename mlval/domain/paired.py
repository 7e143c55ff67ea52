"""Two models on the same rows: what is asked to get their predictions side by side, and the answer."""

from dataclasses import dataclass

from mlval.domain.asks import Ask, Rows, Scored


@dataclass(frozen=True, slots=True)
class PairedScores:
    """A table in which every row has the predictions of both models.

    Attributes
    ----------
    first, second : the same table, and which of its columns are whose
    group : the column with a whole number for the group that a row belongs to, where groups were asked for
    """

    first: Scored
    second: Scored
    group: str | None = None

    @property
    def table(self) -> str:
        """The table's name."""
        return self.first.table


@dataclass(frozen=True, slots=True)
class Paired(Ask[PairedScores]):
    """The table in which the rows of one scored table stand beside the predictions of another.

    Both come from one dataset. `rows` are rows of the first; `columns` of the dataset are kept, all where
    there are none; rows of one value of `group` belong together.
    """

    rows: Rows
    first: Scored
    second: Scored
    columns: tuple[str, ...] | None = None
    group: str | None = None
