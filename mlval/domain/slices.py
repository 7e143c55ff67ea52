"""How a contract spells slices of rows, and the splits that they stand for."""

import json
from collections.abc import Collection
from typing import Annotated, Literal

from pydantic import Field, model_validator

from mlval.domain.asks import ByBins, ByColumn, ByPeriod, ByPredicate, Crossed, Split
from mlval.domain.frozen import Frozen

OneSplit = ByColumn | ByBins | ByPeriod | ByPredicate


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
    def split(self) -> OneSplit:
        """The split that this stands for."""
        return ByBins(self.by, tuple(float(edge) for edge in self.bins))


class ByPeriodSpec(Frozen):
    """Slices by calendar period."""

    by: str = Field(description="A column of dates or times.")
    every: Literal["day", "week", "month", "quarter", "year"] = Field(description="The period.")

    @property
    def split(self) -> OneSplit:
        """The split that this stands for."""
        return ByPeriod(self.by, self.every)


class ByPredicateSpec(Frozen):
    """One slice: the rows for which a predicate holds."""

    name: str = Field(min_length=1, max_length=64, description="What the slice is called in reports.")
    where: str = Field(description="An SQL predicate.")

    @property
    def split(self) -> OneSplit:
        """The split that this stands for."""
        return ByPredicate(self.name, self.where)


OneSpec = str | ByBinsSpec | ByPeriodSpec | ByPredicateSpec
SliceSpec = OneSpec | Annotated[tuple[OneSpec, ...], Field(min_length=2, max_length=4)]
"""An entry of `slices:`; a list is crossed: a slice for every combination."""


def split_of(spec: SliceSpec) -> Split:
    """Return the split that an entry of `slices:` stands for; a plain name is a column.

    >>> split_of("plan")
    ByColumn(column='plan', nulls='(null)')
    """
    return Crossed(tuple(map(single, spec))) if isinstance(spec, tuple) else single(spec)


def single(spec: OneSpec) -> OneSplit:
    """Return the split of an entry that is not crossed."""
    return ByColumn(spec, nulls="(null)") if isinstance(spec, str) else spec.split


def title(split: OneSplit) -> str:
    """Return what a split is called before its level: `plan=` for a column, nothing for a named predicate.

    >>> title(ByColumn("plan"))
    'plan='
    """
    return "" if isinstance(split, ByPredicate) else f"{split.column}="


def heading(split: Split) -> str:
    """Return what all slices of a split are called together.

    >>> heading(Crossed((ByColumn("plan"), ByPredicate("airport", "zone = 1"))))
    'plan and airport'
    """
    if isinstance(split, Crossed):
        return " and ".join(map(heading, split.by))
    return split.name if isinstance(split, ByPredicate) else split.column


def called(split: Split, level: str, *, rank: int, vocabulary: Collection[str]) -> str:
    """Return the name of a slice. A level that is a value of the data is told only if it may be.

    Parameters
    ----------
    rank : the place of the level in the order of their text, from 1: it gives no value away
    vocabulary : the values that the contract spells

    Examples
    --------
    >>> called(ByColumn("plan"), "pro", rank=2, vocabulary={"pro"})
    'plan=pro'
    >>> crossed = Crossed((ByColumn("plan"), ByBins("age", (30.0,))))
    >>> called(crossed, '["pro", "< 30"]', rank=3, vocabulary=())
    'plan and age=level 3'
    """
    splits = split.by if isinstance(split, Crossed) else (split,)
    levels = json.loads(level) if isinstance(split, Crossed) else [level]
    pairs = list(zip(splits, levels, strict=True))
    if all(not isinstance(one, ByColumn) or of in {*vocabulary, one.nulls} for one, of in pairs):
        return " and ".join(f"{title(one)}{of}" for one, of in pairs)
    return f"{heading(split)}=level {rank}"
