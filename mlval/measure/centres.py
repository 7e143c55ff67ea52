"""The second scan: sums of values shifted by the means that the first scan found, in each group its own."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import duckdb

from mlval.domain.asks import Aggregate
from mlval.domain.errors import Failure
from mlval.measure.aggregates import Reading
from mlval.measure.literals import identifier, literal, text
from mlval.measure.moments import Moments, Spread, Variable
from mlval.measure.scan import Key, Source, read, scan

_CENTRES = identifier("mlval:centres")


@dataclass(frozen=True, slots=True)
class Undecided:
    """An ask about one group, and the spread of each of its variables there."""

    ask: Aggregate
    key: Key
    moments: Moments
    spreads: tuple[Spread, ...]


def decided(
    connection: duckdb.DuckDBPyConnection, source: Source, undecided: Sequence[Undecided]
) -> dict[Aggregate, float | Failure | None]:
    """Answer asks whose first pass is over, all of one source in one scan."""
    if not undecided:
        return {}
    keys = list(dict.fromkeys(one.key for one in undecided))
    spreads = _by_variable(undecided)
    wide = {variable: any(one.wide for one in found.values()) for variable, found in spreads.items()}
    if source.by:
        shifted = {
            variable: variable.shifted(_middle(index), _scale(index), wide=wide[variable])
            for index, variable in enumerate(spreads)
        }
        source = replace(source, sql=_joined(source, keys, spreads, wide=wide))
    else:
        shifted = {
            variable: variable.shifted(
                variable.middle(found[()], wide=wide[variable]), literal(found[()].scale), wide=wide[variable]
            )
            for variable, found in spreads.items()
        }
    readings = [
        Reading(
            one.moments.second([shifted[variable] for variable in one.moments.variables]),
            partial(one.moments.read, one.spreads),
        )
        for one in undecided
    ]
    found = scan(connection, source, [part for reading in readings for part in reading.parts], keys=keys)
    answers: dict[Aggregate, float | Failure | None] = {}
    for one, reading in zip(undecided, readings, strict=True):
        answer = read(reading, found, one.key)
        answers[one.ask] = answer
    return answers


def _by_variable(undecided: Sequence[Undecided]) -> dict[Variable, dict[Key, Spread]]:
    spreads: dict[Variable, dict[Key, Spread]] = {}
    for one in undecided:
        for variable, spread in zip(one.moments.variables, one.spreads, strict=True):
            spreads.setdefault(variable, {})[one.key] = spread
    return spreads


def _joined(
    source: Source,
    keys: Sequence[Key],
    spreads: dict[Variable, dict[Key, Spread]],
    *,
    wide: dict[Variable, bool],
) -> str:
    """Return the source with the middle and the scale of every variable beside each row of a group."""
    rows = []
    for key in keys:
        cells = [f"{'NULL' if level is None else text(level)}::VARCHAR" for level in key]
        for variable, found in spreads.items():
            spread = found.get(key)
            if spread is None:
                cells += [f"NULL::{variable.kind(wide=wide[variable])}", "NULL::DOUBLE"]
            else:
                cells += [variable.middle(spread, wide=wide[variable]), f"{literal(spread.scale)}::DOUBLE"]
        rows.append(f"({', '.join(cells)})")
    places = range(len(spreads))
    names = [_key(index) for index in range(len(source.by))]
    names += [name for index in places for name in (_middle(index), _scale(index))]
    same = " AND ".join(f"{level} IS NOT DISTINCT FROM {_key(i)}" for i, level in enumerate(source.by))
    return f"{source.sql} JOIN (VALUES {', '.join(rows)}) AS {_CENTRES}({', '.join(names)}) ON {same}"


def _key(index: int) -> str:
    return identifier(f"mlval:key{index}")


def _middle(index: int) -> str:
    return identifier(f"mlval:middle{index}")


def _scale(index: int) -> str:
    return identifier(f"mlval:scale{index}")
