"""Asking for two samples of one column, in the form in which a method compares them."""

import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from mlval.domain import drift, level_folding
from mlval.domain.asks import (
    Aggregate,
    Binned,
    Bins,
    Count,
    Distinct,
    Edges,
    Kind,
    Level,
    LevelCounts,
    Levels,
    Rows,
    TableShape,
    Vectors,
)
from mlval.domain.drift import LevelPair, Method, NumberPair
from mlval.domain.errors import Unmeasurable
from mlval.domain.predicate import IsInfinite, IsNaN, Not, NotNull, Predicate
from mlval.domain.steps import Asking, ask, ask_all
from mlval.domain.text import shown

FEW_VALUES = 20
"""Whole numbers with at most so many different values are levels."""
MANY_VALUES = 1_003
"""Edges where each value has a bin of its own, the ends included, are at most so many."""
FEW_ROWS = 20
"""Rows below which all values may well be different."""
LARGEST = sys.float_info.max
CLASSES = {
    "int": "number",
    "float": "number",
    "date": "time",
    "timestamp": "time",
    "string": "level",
    "bool": "level",
}
IDENTIFIER = "an identifier has no distribution; leave it out, or name it as the dataset's `key:`"

Pair = tuple[Rows, Rows]


@dataclass(frozen=True, slots=True)
class Asked:
    """One column of two selections of rows, and how it is to be compared.

    Attributes
    ----------
    rows, shapes : reference first
    profiled : which of the two is a profile
    exact : whether whole columns fit
    vocabulary : the levels that may be named
    called : what reports call the column where its name is one of ours
    """

    name: str
    rows: Pair
    shapes: tuple[TableShape, TableShape]
    method: Method
    profiled: tuple[bool, bool] = (False, False)
    exact: bool = True
    vocabulary: frozenset[str] = frozenset()
    called: str | None = None

    @property
    def kinds(self) -> tuple[Kind, Kind]:
        """What the column holds on both sides.

        Raises
        ------
        Unmeasurable
            If one side does not have it.
        """
        before, after = (self._kind(side) for side in (0, 1))
        return before, after

    @property
    def title(self) -> str:
        """The column as shown in messages."""
        return self.called or repr(shown(self.name))

    def _kind(self, side: int) -> Kind:
        kind = self.shapes[side].kind_of(self.name)
        if kind is None:
            message = f"there is no column {self.title} in {shown(self.rows[side].table)!r}"
            raise Unmeasurable(message)
        return kind


def evidence(asked: Asked) -> Asking[LevelPair | NumberPair]:
    """Ask for what the method compares.

    Raises
    ------
    Unmeasurable
        If a side does not have the column, its types cannot be compared, the method does not suit them, or
        it is an identifier.
    """
    kinds = asked.kinds
    classes = {CLASSES.get(kind, kind) for kind in kinds}
    if len(classes) > 1:
        return (yield from _of_two_types(asked, kinds))
    if classes == {"level"} and asked.method in drift.NUMBERS:
        message = f"{asked.title} holds {kinds[0]} values; `{asked.method}` compares numbers"
        raise Unmeasurable(message, remedy="use `method: auto`, or one for levels such as `chi2`")
    if classes == {"level"}:
        return (yield from _levels(asked, kinds))
    if asked.method in drift.ORDERED and asked.exact and not any(asked.profiled):
        return (yield from _atoms(asked))
    edges = yield from _edges(asked)
    few = len(edges) <= FEW_VALUES + 1 and all(edge.is_integer() for edge in edges[1:])
    if not edges or (few and "time" not in classes and asked.method not in drift.NUMBERS):
        return (yield from _levels(asked, kinds))
    return (yield from _numbers(asked, edges))


def running_number(asked: Asked) -> Asking[bool]:
    """Say whether whole numbers on both sides are all different and nearly without gaps."""
    if asked.kinds != ("int", "int"):
        return False
    for rows in asked.rows:
        of = (NotNull((asked.name,)),)
        try:
            present, distinct = yield from ask_all([Count(rows, of), Distinct(rows, (asked.name,), of)])
            low, high = yield from ask_all(
                [Aggregate(rows, "min", asked.name, of), Aggregate(rows, "max", asked.name, of)]
            )
        except Unmeasurable:
            return False
        if low is None or high is None or present < FEW_ROWS or distinct < present:
            return False
        if high - low >= 2 * present:
            return False
    return True


def _of_two_types(asked: Asked, kinds: tuple[Kind, Kind]) -> Asking[NumberPair]:
    """Compare a column that has values on one side only; others cannot be compared."""
    present = yield from ask_all([Count(one, (NotNull((asked.name,)),)) for one in asked.rows])
    if min(present) == 0 < max(present):
        totals = yield from ask_all([Count(one) for one in asked.rows])
        before, after = (np.array([min(1, there)]) for there in present)
        missing = totals[0] - present[0], totals[1] - present[1]
        return NumberPair(before, after, missing, (totals[0], totals[1]))
    message = f"{asked.title} held {kinds[0]} values and now holds {kinds[1]} values"
    raise Unmeasurable(message)


def _levels(asked: Asked, kinds: tuple[Kind, Kind]) -> Asking[LevelPair]:
    """Ask for shares of levels, nulls being one of them."""
    tables = yield from ask_all([Levels(one, asked.name) for one in asked.rows])
    if "string" in kinds and all(_is_identifier(table) for table in tables):
        message = f"{asked.title} has as many different values as rows"
        raise Unmeasurable(message, remedy=IDENTIFIER)
    before, after = level_folding.alike(*tables)
    told = asked.vocabulary.union(*(level_folding.told(table) for table in tables))
    if set(before) <= {None} and set(after) <= {None}:
        message = f"{asked.title} has no values on either side"
        raise Unmeasurable(message)
    # The most frequent first, so that reports can say "level 1"; ties and unseen levels by their text.
    order: list[Level] = sorted(
        {*before, *after},
        key=lambda level: (level is None, level == level_folding.OTHER, -before.get(level, 0), str(level)),
    )
    return LevelPair(
        labels=tuple(_label(level, rank, told) for rank, level in enumerate(order, 1)),
        before=tuple(before.get(level, 0) for level in order),
        after=tuple(after.get(level, 0) for level in order),
        nulls=None in order,
        other=order.index(level_folding.OTHER) if level_folding.OTHER in order else None,
    )


def _is_identifier(table: LevelCounts) -> bool:
    counts = [count for level, count in table.counts.items() if level is not None]
    return table.folded is None and len(counts) >= FEW_ROWS and max(counts) == 1


def _label(level: Level, rank: int, told: frozenset[str]) -> str:
    """Return what reports call a level: its value only where the contract spells it out, else its rank."""
    if level is None:
        return "null"
    if level == level_folding.OTHER:
        return "other levels"
    return level if level in told else f"level {rank}"


def _edges(asked: Asked) -> Asking[tuple[float, ...]]:
    """Return edges of the reference; of the current rows where it has no finite value."""
    for rows in asked.rows:
        edges = yield from ask(Edges(rows, asked.name))
        if edges:
            return edges
    return ()


def _numbers(asked: Asked, edges: tuple[float, ...]) -> Asking[NumberPair]:
    """Count on edges; infinities fall beyond the largest numbers, into bins of their own."""
    is_float = "float" in asked.kinds
    ends = (-LARGEST, LARGEST) if is_float else ()
    known = (yield from _known(asked, tuple(sorted({*ends, *edges})))) if asked.profiled[0] else None
    if known is not None or not any(asked.profiled):
        edges = _between_values(edges)
    at = tuple(sorted({*ends, *edges}))
    if known is None:
        before, after = yield from ask_all([Bins(one, asked.name, at) for one in asked.rows])
    else:
        before, after = known.on(at), (yield from ask(Bins(asked.rows[1], asked.name, at)))
    inner = slice(1, -1) if is_float else slice(None)
    samples = [np.array(one.counts[inner], dtype=np.int64) for one in (before, after)]
    there = bool(samples[0].any() and samples[1].any())
    totals = _total(before), _total(after)
    return NumberPair(
        before=samples[0],
        after=samples[1],
        missing=(totals[0] - int(samples[0].sum()), totals[1] - int(samples[1].sum())),
        totals=totals,
        edges=np.array(at[1:-1] if is_float else at),
        whole=asked.kinds == ("int", "int"),
        bounded=known is None and (any(asked.profiled) or asked.method in drift.ORDERED),
        moments=(yield from _moments(asked)) if there and asked.method == "mean_shift" else None,
        ends=(yield from _ends(asked)) if there and asked.method == "wasserstein" else None,
    )


def _between_values(edges: tuple[float, ...]) -> tuple[float, ...]:
    """Part the values that have a bin each from those that may lie between them in the other sample."""
    if len(edges) < 2 or len(edges) > MANY_VALUES or math.nextafter(edges[1], -math.inf) != edges[0]:
        return edges
    below = (math.nextafter(edge, -math.inf) for edge in edges[1:])
    return tuple(sorted({*edges, *below}))


@dataclass(frozen=True, slots=True)
class _Known:
    """Every value of a profile that has few: each is the upper end of its bin."""

    at: tuple[float, ...]
    told: Binned

    def on(self, edges: tuple[float, ...]) -> Binned:
        """Return the counts on finer edges."""
        counts = dict(zip(self.at, self.told.counts, strict=False))
        return replace(self.told, counts=(*(counts.get(edge, 0) for edge in edges), self.told.counts[-1]))


def _known(asked: Asked, at: tuple[float, ...]) -> Asking[_Known | None]:
    """Return all values of a profile where it has a bin for each of them, and the other side has rows."""
    if asked.profiled[1] or len(at) > MANY_VALUES:
        return None
    rows = asked.rows[0]
    try:
        told = yield from ask(Bins(rows, asked.name, at))
        distinct = yield from ask(Distinct(rows, (asked.name,)))
    except Unmeasurable:
        return None
    beyond = told.counts[-2 if at[-1] == LARGEST else -1]
    occupied = sum(map(bool, told.counts)) + bool(told.nans)
    return _Known(at, told) if occupied == distinct and not beyond else None


def _finite(asked: Asked, side: int) -> tuple[Predicate, ...]:
    """Return what is true of finite values; of a profile only all values can be asked."""
    present = NotNull((asked.name,))
    if asked.profiled[side] or asked.kinds[side] != "float":
        return (present,)
    return present, Not(IsNaN(asked.name)), Not(IsInfinite(asked.name))


def _moments(asked: Asked) -> Asking[tuple[drift.Moments, drift.Moments]]:
    asks = [
        Aggregate(rows, function, asked.name, _finite(asked, side))
        for side, rows in enumerate(asked.rows)
        for function in ("mean", "std")
    ]
    found = _there(asked, (yield from ask_all(asks)))
    return drift.Moments(found[0], found[1]), drift.Moments(found[2], found[3])


def _ends(asked: Asked) -> Asking[tuple[float, float]]:
    asks = [
        Aggregate(rows, function, asked.name, _finite(asked, side))
        for function in ("min", "max")
        for side, rows in enumerate(asked.rows)
    ]
    found = _there(asked, (yield from ask_all(asks)))
    return min(found[:2]), max(found[2:])


def _there(asked: Asked, numbers: Sequence[float | None]) -> list[float]:
    found = [number for number in numbers if number is not None]
    if len(found) < len(numbers):
        message = f"there are too few values of {asked.title}"
        raise Unmeasurable(message)
    return found


def _atoms(asked: Asked) -> Asking[NumberPair]:
    """Count every different value of both samples."""
    columns = yield from ask_all([Vectors(one, (asked.name,)) for one in asked.rows])
    whole = [one.values[asked.name] for one in columns]
    finite = [np.sort(each[np.isfinite(each)]) + 0.0 for each in whole]
    values = np.unique(np.concatenate(finite))
    before, after = (
        np.diff(np.concatenate(([0], np.searchsorted(each, values, side="right")))) for each in finite
    )
    return NumberPair(
        before=before,
        after=after,
        missing=(whole[0].size - finite[0].size, whole[1].size - finite[1].size),
        totals=(whole[0].size, whole[1].size),
        values=values,
    )


def _total(sample: Binned) -> int:
    return sum(sample.counts) + sample.nulls + sample.nans
