"""What is asked of a table to describe it, column by column: in a few rounds that all columns share.

Nothing is kept that few rows have: rare levels and rare values are folded into their neighbours,
edges are rounded before anything is counted on them, extremes need many values.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from mlval.domain.asks import Aggregate, Bins, Column, Count, Distinct, Edges, Function, Rows, Top
from mlval.domain.level_folding import kept_as
from mlval.domain.predicate import Above, IsInfinite, IsNaN, IsNull, Not, Predicate
from mlval.domain.profile import (
    FEW_ROWS,
    MOST_LEVELS,
    ColumnProfile,
    LevelTable,
    Numbers,
    Other,
    Settings,
)
from mlval.domain.rounding import significant
from mlval.domain.steps import Asking, ask, ask_all
from mlval.stats import coarse_edges

QUANTILES = (0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99)
FEW_VALUES = 20
"""Whole numbers up to so many are compared as levels, and so are kept as such too."""
_TIMES = {"date", "timestamp"}
_EPOCH = "1970-01-01"
_MANY = 100
_ALIKE = 0.9
"""The share of rows that differ in an identifier, where there are many rows."""


@dataclass(frozen=True, slots=True)
class _Counted:
    """The counts of a column: rows with a value, different values, and those that are not finite."""

    column: Column
    present: int
    distinct: int
    nulls: int
    nans: int
    infinite: tuple[int, int]

    @property
    def finite(self) -> int:
        """How many values are finite."""
        return self.present - self.nans - sum(self.infinite)

    @property
    def finite_values(self) -> int:
        """How many different values are finite."""
        return self.distinct - sum(map(bool, (self.nans, *self.infinite)))


def describe(
    column: Column, rows: Rows, settings: Settings, *, is_key: bool, is_sensitive: bool
) -> Asking[ColumnProfile]:
    """Ask all that the profile of a column needs."""
    if column.kind == "other":
        nulls = yield from ask(Count(rows, (IsNull(column.name),)))
        return ColumnProfile(name=column.name, kind=column.kind, stored=column.stored, nulls=nulls)
    counted = yield from _counted(column, rows)
    found = ColumnProfile(
        name=column.name,
        kind=column.kind,
        stored=column.stored,
        nulls=counted.nulls,
        nans=counted.nans,
        infinite=counted.infinite,
        distinct=counted.distinct,
    )
    if is_sensitive or is_key:
        return found.model_copy(update={"withheld": "sensitive" if is_sensitive else "key"})
    if column.kind in {"string", "bool"}:
        if counted.distinct > _MANY and counted.distinct > _ALIKE * counted.present:
            return found.model_copy(update={"withheld": "identifier"})
        return found.model_copy(update={"levels": (yield from _levels(counted, rows, settings))})
    numbers = yield from _numbers(counted, rows, settings)
    if column.kind in _TIMES or not _are_levels(counted, numbers):
        return found.model_copy(update={"numbers": numbers})
    levels = yield from _levels(counted, rows, settings)
    return found.model_copy(update={"numbers": numbers, "levels": levels})


def _counted(column: Column, rows: Rows) -> Asking[_Counted]:
    name = column.name
    asks: list[Count | Distinct] = [
        Count(rows),
        Count(rows, (IsNull(name),)),
        Distinct(rows, (name,)),
    ]
    if column.kind in {"float", *_TIMES}:
        above = Above(name, _EPOCH if column.kind in _TIMES else 0)
        asks += [Count(rows, (IsInfinite(name),)), Count(rows, (IsInfinite(name), above))]
    if column.kind == "float":
        asks.append(Count(rows, (IsNaN(name),)))
    total, nulls, distinct, *rest = yield from ask_all(asks)
    infinite, high, nans = (*rest, 0, 0, 0)[:3]
    return _Counted(column, total - nulls, distinct, nulls, nans, (infinite - high, high))


def _levels(counted: _Counted, rows: Rows, settings: Settings) -> Asking[LevelTable]:
    """Keep the most frequent levels, as long as they are not rare."""
    found = yield from ask(Top(rows, counted.column.name, limit=MOST_LEVELS))
    frequent = sorted(
        (entry for entry in found if entry[1] >= settings.rare), key=lambda entry: (-entry[1], str(entry[0]))
    )[:MOST_LEVELS]
    told = [(kept_as(str(level), hashed=settings.hashed), count) for level, count in frequent]
    other = counted.present - sum(count for _, count in told)
    return LevelTable(
        top=tuple(sorted(told, key=lambda entry: (-entry[1], entry[0]))),
        other=Other(levels=max(counted.distinct - len(told), 1) if other else 0, rows=other),
    )


def _numbers(counted: _Counted, rows: Rows, settings: Settings) -> Asking[Numbers]:
    values = yield from _values(counted, rows, settings)
    moments = yield from _moments(counted, rows, settings)
    return values.model_copy(update=moments)


def _values(counted: _Counted, rows: Rows, settings: Settings) -> Asking[Numbers]:
    """Count on the values themselves where there are few, else on rounded edges and atoms."""
    name = counted.column.name
    uncounted = Numbers(counts=(counted.present - counted.nans,))
    if counted.finite < 2 * settings.rare:
        return uncounted
    bins = max(2, min(settings.bins, counted.finite // settings.rare))
    edges = yield from ask(Edges(rows, name, bins, whole=True))
    plain, atoms = coarse_edges.split(edges)
    if counted.finite_values <= bins:
        candidates = tuple(sorted({*plain, *atoms}))
        own = (yield from ask(Bins(rows, name, candidates))).counts
        kept = tuple(v for v, count in zip(candidates, own, strict=False) if count >= settings.rare)
        draft = _on(values=kept)
    else:
        rounded = coarse_edges.coarse(plain, atoms)
        if counted.column.kind not in _TIMES:
            rounded = coarse_edges.between_whole(rounded)
        draft = _on(edges=tuple(edge for edge in rounded if edge not in atoms), atoms=atoms)
    found = yield from ask(Bins(rows, name, draft.bounds))
    return draft.model_copy(update={"counts": found.counts})


def _on(
    *, values: tuple[float, ...] = (), edges: tuple[float, ...] = (), atoms: tuple[float, ...] = ()
) -> Numbers:
    """Return numbers on these edges that are not counted yet."""
    return Numbers.model_construct(values=values, edges=edges, atoms=atoms, counts=())


def _moments(counted: _Counted, rows: Rows, settings: Settings) -> Asking[dict[str, object]]:
    """Return what is told of the finite values: less, the fewer there are."""
    if counted.finite < settings.rare:
        return {}
    name = counted.column.name
    finite: tuple[Predicate, ...] = ()
    if counted.nans or any(counted.infinite):
        finite = (Not(IsNaN(name)), Not(IsInfinite(name))) if counted.nans else (Not(IsInfinite(name)),)
    many = counted.finite >= FEW_ROWS
    is_time = counted.column.kind in _TIMES
    wanted: list[Function] = [] if is_time else ["mean", "std", "sum"]
    if many:
        wanted += ["min", "max"]
    shares = QUANTILES if many else ()
    asks = [Aggregate(rows, function, name, finite) for function in wanted]
    asks += [Aggregate(rows, "quantile", name, finite, at=share) for share in shares]
    answers = yield from ask_all(asks)
    found: dict[str, object] = {
        function: told
        for function, answer in zip(wanted, answers, strict=False)
        if (told := _told(answer, exact=is_time or function in {"min", "max"})) is not None
    }
    at = [_told(answer, exact=is_time) for answer in answers[len(wanted) :]]
    quantiles = [(share, value) for share, value in zip(shares, at, strict=True) if value is not None]
    return {**found, "quantiles": tuple(quantiles)}


def _told(answer: float | None, *, exact: bool = False) -> float | None:
    """Return a number as a profile writes it; what is not finite is not written."""
    if answer is None or not math.isfinite(answer):
        return None
    return float(answer) + 0.0 if exact else significant(float(answer))


def _are_levels(counted: _Counted, numbers: Numbers) -> bool:
    """Whether a comparison may take a column's numbers for levels."""
    bounds: Sequence[float] = numbers.bounds
    few = len(bounds) <= FEW_VALUES + 1 and all(bound.is_integer() for bound in bounds[1:])
    return bool(numbers.values) or few or counted.finite_values <= FEW_VALUES
