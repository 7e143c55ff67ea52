"""How a contract spells slices of rows, and the splits that they stand for."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate, Split
from mlval.domain.frozen import Frozen


class ByBinsSpec(Frozen):
    """Slices by intervals of a number."""

    by: str = Field(description="A column of numbers.")
    bins: Annotated[tuple[int | float, ...], Field(min_length=1, max_length=100)] = Field(
        description="Where one slice ends and the next begins, rising."
    )

    @model_validator(mode="after")
    def _rising(self) -> "ByBinsSpec":
        if list(self.bins) != sorted(set(self.bins)):
            message = "bins must rise"
            raise ValueError(message)
        return self

    @property
    def split(self) -> Split:
        """The split that this stands for."""
        return ByBins(self.by, tuple(float(edge) for edge in self.bins))


class ByPeriodSpec(Frozen):
    """Slices by calendar period."""

    by: str = Field(description="A column of dates or times.")
    every: Literal["day", "week", "month", "quarter", "year"] = Field(description="The period.")

    @property
    def split(self) -> Split:
        """The split that this stands for."""
        return ByPeriod(self.by, self.every)


class ByPredicateSpec(Frozen):
    """One slice: the rows for which a predicate holds."""

    name: str = Field(min_length=1, max_length=64, description="What the slice is called in reports.")
    where: str = Field(description="An SQL predicate.")

    @property
    def split(self) -> Split:
        """The split that this stands for."""
        return ByPredicate(self.name, self.where)


SliceSpec = str | ByBinsSpec | ByPeriodSpec | ByPredicateSpec


def split_of(spec: SliceSpec) -> Split:
    """Return the split that an entry of `slices:` stands for; a plain name is a column.

    >>> split_of("plan")
    ByColumn(column='plan', nulls='(null)')
    """
    return ByColumn(spec, nulls="(null)") if isinstance(spec, str) else spec.split


def title(split: Split) -> str:
    """Return what a split is called before its level: `plan=` for a column, nothing for a named predicate.

    >>> title(ByColumn("plan"))
    'plan='
    """
    return "" if isinstance(split, ByPredicate) else f"{split.column}="
