"""Exact quantiles of more values than are held in memory: exact counts narrow the values down first.

Counts on edges tell which bins hold the values at the ranks that are wanted; only the values of these
bins are fetched. Edges come from a sample, so that a bin holds a small part of the values; they decide
how many scans it takes, never the answer.
"""

import math
import sys
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import duckdb

from mlval.domain.asks import Aggregate
from mlval.measure import aggregates, counting, scan
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier, literal
from mlval.measure.relations import selected
from mlval.measure.tables import ROW, Table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SAMPLE = 100_000
_BINS = 500


@dataclass(frozen=True, slots=True)
class _Span:
    """`count` finite values in (after, upto], of which `below` others are smaller."""

    after: float
    upto: float
    below: int
    count: int

    @property
    def is_one_value(self) -> bool:
        """Whether only one double lies in the span."""
        return math.nextafter(self.after, math.inf) == self.upto


@dataclass(frozen=True, slots=True)
class _Values:
    """Where values come from: the SQL of one as a double, and a FROM part with the rows of finite ones."""

    connection: duckdb.DuckDBPyConnection
    sql: str
    rows: str

    def row(self, wanted: str, span: _Span, further: str = "true") -> Sequence[Any]:
        """Return aggregates over the values of a span."""
        query = f"SELECT {wanted} FROM {self.rows} AND {self._inside(span)} AND {further}"
        return self.connection.execute(query).fetchone() or ()

    def sorted(self, spans: Sequence[_Span]) -> "NDArray[np.float64]":
        """Return the values of some spans in rising order."""
        inside = " OR ".join(f"({self._inside(span)})" for span in spans)
        query = f"SELECT {self.sql} AS value FROM {self.rows} AND ({inside})"
        found: NDArray[np.float64] = self.connection.execute(query).fetchnumpy()["value"]
        # The engine's arrays are masked where a column may hold nulls; here none is left.
        values = getattr(found, "data", found) if hasattr(found, "mask") else found
        values.sort()
        return values

    def _inside(self, span: _Span) -> str:
        # The least of all doubles has none below it that could be written.
        after = literal(max(span.after, -sys.float_info.max))
        is_open = span.after >= -sys.float_info.max
        return f"{self.sql} {'>' if is_open else '>='} {after} AND {self.sql} <= {literal(span.upto)}"


def is_large(table: Table, ask: Aggregate) -> bool:
    """Whether a quantile is one of more values than may be held in memory."""
    return ask.function == "quantile" and table.shape.rows > scan.IN_MEMORY


def answer(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, asks: Sequence[Aggregate]
) -> dict[Aggregate, float | None]:
    """Return exact quantiles, interpolated between neighbours, in bounded memory.

    The asks differ in nothing but the share.
    """
    ask = asks[0]
    values = aggregates.number(conditions.column(ask.column))
    where = counting.condition(conditions, None, aggregates.needed(ask))
    sql, kept = values.double, [where] if where else []
    counted = f"count({values.name}), count({sql}), count_if(isnan({sql}))"
    ends = f"count_if({sql} = '-inf'::DOUBLE), count_if({sql} = 'inf'::DOUBLE)"
    finite = f"FILTER (WHERE isfinite({sql}))"
    rows = selected(conditions, ask.rows, *kept)
    query = f"SELECT {counted}, {ends}, min({sql}) {finite}, max({sql}) {finite} FROM {rows}"
    *counts, low, high = connection.execute(query).fetchone() or ()
    total, numbers, nans, below, above = (int(count or 0) for count in counts)
    if not total:
        return dict.fromkeys(asks)
    if nans or numbers < total:
        return dict.fromkeys(asks, math.nan)
    places = {one: (total - 1) * aggregates.share_of(one) for one in asks}
    ranks = {rank for place in places.values() for rank in (math.floor(place), math.ceil(place))}
    at = {rank: -math.inf if rank < below else math.inf for rank in ranks}
    inner = sorted(rank for rank in ranks if below <= rank < total - above)
    if inner:
        found = _Values(connection, sql, selected(conditions, ask.rows, *kept, f"isfinite({sql})"))
        span = _Span(math.nextafter(low, -math.inf), high, below, total - below - above)
        at |= _at(found, span, inner)
    return {one: _between(at, place) * float(values.unit) for one, place in places.items()}


def _between(at: Mapping[int, float], place: float) -> float:
    low, high = at[math.floor(place)], at[math.ceil(place)]
    return low if low == high else low + (high - low) * (place - math.floor(place))


def _at(values: _Values, whole: _Span, ranks: Sequence[int]) -> dict[int, float]:
    """Return the values at some ranks, which lie in a span, narrowing spans until their values fit."""
    found: dict[int, float] = {}
    spans = {whole: list(ranks)}
    while spans:
        narrowed: dict[_Span, list[int]] = {}
        fitting: dict[_Span, list[int]] = {}
        for span, inside in spans.items():
            if span.is_one_value:
                found |= dict.fromkeys(inside, span.upto)
            elif span.count <= scan.IN_MEMORY:
                fitting[span] = inside
            else:
                narrowed |= _narrowed(values, span, inside)
        found |= _fetched(values, fitting)
        spans = narrowed
    return found


def _fetched(values: _Values, spans: Mapping[_Span, Sequence[int]]) -> dict[int, float]:
    """Fetch the values of spans, together where they fit, and return those at the ranks."""
    found: dict[int, float] = {}
    waiting = sorted(spans, key=lambda span: span.below)
    while waiting:
        together, count = [waiting.pop(0)], 0
        while waiting and count + together[-1].count + waiting[0].count <= scan.IN_MEMORY:
            count += together[-1].count
            together.append(waiting.pop(0))
        fetched, start = values.sorted(together), 0
        for span in together:
            found |= {rank: float(fetched[start + rank - span.below]) for rank in spans[span]}
            start += span.count
    return found


def _narrowed(values: _Values, span: _Span, ranks: Sequence[int]) -> dict[_Span, list[int]]:
    """Return the parts of a span, cut at edges, that hold the values at some ranks."""
    edges = _edges(values, span)
    listed = ", ".join(literal(edge) for edge in edges)
    (histogram,) = values.row(f"histogram({values.sql}, [{listed}]::DOUBLE[])", span)
    counts = [int(histogram.get(edge, 0)) for edge in edges]
    counts.append(span.count - sum(counts))
    smaller = list(accumulate(counts[:-1], initial=span.below))
    parts: dict[_Span, list[int]] = {}
    for rank in ranks:
        index = bisect_right(smaller, rank) - 1
        after = edges[index - 1] if index else span.after
        upto = edges[index] if index < len(edges) else span.upto
        parts.setdefault(_Span(after, upto, smaller[index], counts[index]), []).append(rank)
    return parts


def _edges(values: _Values, span: _Span) -> list[float]:
    """Return edges inside a span; a frequent value gets a bin of its own."""
    shares = ", ".join(literal(index / _BINS) for index in range(1, _BINS))
    sampled = f"hash({identifier(ROW)}) % {max(1, span.count // _SAMPLE)} = 0"
    (sample,) = values.row(f"quantile_disc({values.sql}, [{shares}]::DOUBLE[])", span, sampled)
    edges = {span.after / 2 + span.upto / 2, span.upto, *(sample or ())}
    edges |= {math.nextafter(edge, -math.inf) for edge in edges}
    return sorted(edge for edge in edges if span.after < edge < span.upto)
