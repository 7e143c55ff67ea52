"""Answers from a profile: what its counts and numbers say exactly, and a refusal for everything else."""

import math
from collections.abc import Sequence
from itertools import accumulate
from typing import Any

from mlval.domain.asks import (
    Aggregate,
    Ask,
    Binned,
    Bins,
    Column,
    Count,
    Distinct,
    Edges,
    Folded,
    Level,
    LevelCounts,
    Levels,
    Rows,
    Shape,
    TableShape,
)
from mlval.domain.predicate import NotNull
from mlval.domain.profile import ColumnProfile, Numbers, Profile
from mlval.domain.text import shown
from mlval.measure.profiled_counts import at_most, column_of, count, numbers_of, untold, without_values


def answer(profile: Profile, ask: Ask[Any]) -> Any:  # noqa: ANN401 - the type of an answer is known to its ask only
    """Answer one ask about a dataset of which there is only a profile.

    Raises
    ------
    Unmeasurable
        If the profile does not hold the answer.
    """
    if isinstance(ask, Shape):
        columns = tuple(Column(each.name, each.kind, each.stored) for each in profile.columns)
        return TableShape(columns, profile.dataset.rows)
    if isinstance(ask, Count | Distinct | Edges | Bins | Levels | Aggregate):
        _require_whole(profile, ask.rows)
        return _answered(profile, ask)
    raise untold(f"it has no rows for {type(ask).__name__.lower()}")


def _answered(
    profile: Profile, ask: Count | Distinct | Edges | Bins | Levels | Aggregate
) -> int | float | tuple[float, ...] | Binned | LevelCounts | None:
    match ask:
        case Count(_, of):
            return count(profile, of)
        case Distinct(_, (name,)):
            return _distinct(column_of(profile, name), ask)
        case Distinct():
            raise untold("how many combinations of values there are")
        case Edges(_, name):
            return numbers_of(profile, name).bounds
        case Bins(_, name, edges):
            return _binned(column_of(profile, name), numbers_of(profile, name), edges)
        case Levels(_, name):
            return _levels(profile, name)
        case Aggregate():
            return _aggregate(profile, ask)


def _require_whole(profile: Profile, rows: Rows) -> None:
    """Refuse a choice among the rows, but for the one that the profile itself was made with."""
    if rows.where not in {None, profile.where}:
        raise untold("it has no rows to filter by `where`")
    if rows.last is not None or rows.group or rows.part is not None:
        raise untold("it has no rows to choose from")


def _levels(profile: Profile, name: str) -> LevelCounts:
    column = column_of(profile, name)
    if column.levels is None:
        raise without_values(column, "levels")
    counts: dict[Level, int] = dict(column.levels.top)
    if column.nulls:
        counts[None] = column.nulls
    other = column.levels.other
    return LevelCounts(counts, Folded(other.levels, other.rows, hashed=profile.settings.hashed))


def _binned(column: ColumnProfile, numbers: Numbers, edges: Sequence[float]) -> Binned:
    """Count on edges that are among those of the profile."""
    if tuple(edges) == numbers.bounds:
        return Binned(numbers.counts, nulls=column.nulls, nans=column.nans)
    known = dict(zip(numbers.bounds, accumulate(numbers.counts), strict=False))
    up_to = [known[edge] if edge in known else at_most(column, numbers, edge) for edge in edges]
    total = sum(numbers.counts)
    counts = [high - low for low, high in zip([0, *up_to], [*up_to, total], strict=True)]
    return Binned(counts=tuple(counts), nulls=column.nulls, nans=column.nans)


def _distinct(column: ColumnProfile, ask: Distinct) -> int:
    if column.distinct is None or not set(ask.of) <= {NotNull(ask.columns)}:
        raise untold("how many different values some of the rows have")
    return column.distinct + (1 if ask.nulls and column.nulls and not ask.of else 0)


def _aggregate(profile: Profile, ask: Aggregate) -> float | None:
    """Return a stored number; NaN where there is NaN among the values, as rows would give it."""
    column = column_of(profile, ask.column)
    if ask.other is not None or not set(ask.of) <= {NotNull((ask.column,))}:
        raise untold(f"the {ask.function} of some of the rows")
    numbers = numbers_of(profile, ask.column)
    if column.nulls == profile.dataset.rows:
        return None
    if column.nans:
        return math.nan
    value: float | None
    match ask.function:
        case "mean" | "std" | "sum" | "min" | "max":
            value = getattr(numbers, ask.function)
        case "quantile":
            value = next((at for share, at in numbers.quantiles if share == ask.at), None)
        case _:
            value = None
    if value is None or any(column.infinite):
        raise untold(f"it does not keep this {ask.function} of {shown(ask.column)!r}")
    return value
