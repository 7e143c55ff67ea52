"""Columns of sampled rows as cells that segments are made of, and what a segment is called."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mlval.domain.classes import as_level
from mlval.stats.arrays import FloatArray, IntArray
from mlval.stats.segment_search import Condition, Feature, Segment

BINS = 10
NULL, RARE = "(null)", "rare levels"


@dataclass(frozen=True, slots=True)
class SegmentColumn:
    """One column as cells: of numbers between `edges`, of text the `levels` that are frequent enough.

    `levels` are pairs of value and rank in the order of the text, rank 0 for all rare ones together.
    """

    name: str
    feature: Feature
    edges: tuple[float, ...] = ()
    levels: tuple[tuple[str, int], ...] = ()


def numbers(name: str, values: FloatArray) -> SegmentColumn:
    """Cut a column of numbers into ten cells of about equal mass; NaN stands for no value.

    Edges are rounded to four digits before anything is counted, so that no value is told exactly.
    """
    present = values[~np.isnan(values)]
    finite = np.sort(present[np.isfinite(present)])
    places = [len(finite) * step // BINS for step in range(1, BINS)] if len(finite) else []
    edges = sorted({float(f"{finite[place]:.4g}") for place in places})
    codes = np.searchsorted(np.array(edges), values, side="right").astype(np.int64)
    codes[np.isnan(values)] = len(edges) + 1
    return SegmentColumn(name, Feature(codes, len(edges) + 2, ordered=True), edges=tuple(edges))


def texts(
    name: str, values: "np.ma.MaskedArray[tuple[int], np.dtype[np.object_]]", *, min_rows: float
) -> SegmentColumn:
    """Give each value of a column of text a cell, but all that have fewer rows one together."""
    missing = np.ma.getmaskarray(values)
    known, places, counts = np.unique(
        np.ma.getdata(values)[~missing].astype(str), return_inverse=True, return_counts=True
    )
    frequent = counts >= min_rows
    cell_of = np.where(frequent, np.cumsum(frequent) - 1, int(frequent.sum()))
    codes: IntArray = np.full(len(missing), int(frequent.sum()) + 1, dtype=np.int64)
    codes[~missing] = cell_of[places.ravel()]
    levels = [(str(known[rank]), int(rank) + 1) for rank in np.flatnonzero(frequent)]
    return SegmentColumn(
        name,
        Feature(codes, int(frequent.sum()) + 2, ordered=False),
        levels=(*levels, (RARE, 0), (NULL, 0)),
    )


def wrong(
    truth: "np.ma.MaskedArray[tuple[int], np.dtype[np.object_]]",
    label: "np.ma.MaskedArray[tuple[int], np.dtype[np.object_]]",
) -> FloatArray:
    """Return 1 where the predicted class is not the true one, NaN where the truth is not known."""
    unlike: NDArray[np.bool_] = np.ma.getdata(truth) != np.ma.getdata(label)
    lost = np.where(unlike | np.ma.getmaskarray(label), 1.0, 0.0)
    lost[np.ma.getmaskarray(truth)] = np.nan
    return lost


def named(
    columns: Sequence[SegmentColumn], segment: Segment, *, vocabulary: frozenset[str], hidden: frozenset[str]
) -> str:
    """Return what a segment is called; values are told only if the contract spells them.

    Parameters
    ----------
    vocabulary : the levels of text that may be told
    hidden : columns whose values may not be told at all
    """
    parts = [_condition(columns[one.feature], one, vocabulary=vocabulary, hidden=hidden) for one in segment]
    return " and ".join(parts)


def _condition(
    column: SegmentColumn, condition: Condition, *, vocabulary: frozenset[str], hidden: frozenset[str]
) -> str:
    _, first, last = condition
    if not column.feature.ordered:
        level, rank = column.levels[first]
        is_told = rank == 0 or (level in vocabulary and column.name not in hidden)
        return f"{column.name}={level if is_told else f'level {rank}'}"
    if first == column.feature.cells - 1:
        return f"{column.name}={NULL}"
    if column.name in hidden:
        return f"{column.name} in tenths {first + 1} to {last + 1}"
    return column.name + _range(column.edges, first, last)


def _range(edges: Sequence[float], first: int, last: int) -> str:
    low = None if first == 0 else as_level(edges[first - 1])
    high = None if last == len(edges) else as_level(edges[last])
    if low is None:
        return f" < {high}"
    return f" >= {low}" if high is None else f" {low} to < {high}"


def kept(columns: Mapping[str, SegmentColumn]) -> tuple[SegmentColumn, ...]:
    """Return the columns with more than one cell that has rows: others cannot part anything."""
    return tuple(one for _, one in sorted(columns.items()) if len(np.unique(one.feature.codes)) > 1)
