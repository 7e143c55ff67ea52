"""Answers to all asks that one scan can give: however many there are of one table, one query answers them.

Asks that differ only in the levels of their group share one group-by. What needs the mean first
takes a second scan, again together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import duckdb

from mlval.domain.asks import Aggregate, Count, Distinct
from mlval.domain.errors import Failure, MlvalError
from mlval.measure import aggregates, centres, counting, moments, quantiles
from mlval.measure.aggregates import Reading
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.moments import Moments
from mlval.measure.relations import relation, unmeasurable
from mlval.measure.scan import Key, Source, read, scan

Fused = Count | Distinct | Aggregate
Answer = float | Failure | None


@dataclass(frozen=True, slots=True)
class _Task:
    """An ask, what is read for it first, and how it goes on where that is not the answer."""

    ask: Fused
    source: Source
    first: Reading[Any]
    two_passes: Moments | None = None

    @property
    def key(self) -> Key:
        """The levels of the group that the ask is about."""
        return tuple(level for _, level in self.ask.rows.group)


def answer(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, asks: Sequence[Fused]
) -> Mapping[Fused, Answer]:
    """Answer the asks of one table; one that the engine refuses takes no other along."""
    answers: dict[Fused, Answer] = {}
    by_source: dict[Source, list[_Task]] = {}
    by_values: dict[Aggregate, list[Aggregate]] = {}
    shares = _shares(asks)
    for ask in asks:
        try:
            if isinstance(ask, Aggregate) and quantiles.is_large(conditions.table, ask):
                aggregates.share_of(ask)
                by_values.setdefault(replace(ask, at=None), []).append(ask)
            else:
                task = _task(conditions, ask, shares)
                by_source.setdefault(task.source, []).append(task)
        except MlvalError as error:
            answers[ask] = Failure(error)
    for source, tasks in by_source.items():
        answers |= _answered(connection, source, tasks)
    for large in by_values.values():
        answers |= _quantiles(connection, conditions, large)
    return answers


def _quantiles(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, asks: Sequence[Aggregate]
) -> Mapping[Fused, Answer]:
    try:
        return dict(quantiles.answer(connection, conditions, asks).items())
    except MlvalError as error:
        return dict.fromkeys(asks, Failure(error))
    except duckdb.InterruptException:
        raise
    except duckdb.Error as error:
        return dict.fromkeys(asks, Failure(unmeasurable(error)))


def _answered(
    connection: duckdb.DuckDBPyConnection, source: Source, tasks: Sequence[_Task]
) -> dict[Fused, Answer]:
    """Scan once for everything, and once more for what depends on what was found."""
    keys = list(dict.fromkeys(task.key for task in tasks))
    found = scan(connection, source, [part for task in tasks for part in task.first.parts], keys=keys)
    answers = {task.ask: read(task.first, found, task.key) for task in tasks}
    undecided = [
        centres.Undecided(task.ask, task.key, task.two_passes, spreads)
        for task in tasks
        if task.two_passes and isinstance(task.ask, Aggregate)
        if isinstance(spreads := answers[task.ask], tuple)
    ]
    answers.update(centres.decided(connection, source, undecided).items())
    return answers


def _task(conditions: Conditions, ask: Fused, shares: Mapping[Aggregate, Sequence[float]]) -> _Task:
    by = tuple(as_text(conditions.column(name)) for name, _ in ask.rows.group)
    source = Source(relation(conditions, ask.rows), conditions.table.shape.rows, by)
    if not isinstance(ask, Aggregate):
        return _Task(ask, source, counting.reading(conditions, ask))
    where = counting.condition(conditions, ask.rows.where, aggregates.needed(ask))
    if ask.function in moments.FUNCTIONS:
        planned = moments.moments(conditions, ask, where)
        return _Task(ask, source, planned.first, planned)
    values = aggregates.number(conditions.column(ask.column))
    return _Task(ask, source, aggregates.reading(ask, values, where, shares=shares.get(_family(ask), ())))


def _shares(asks: Sequence[Fused]) -> dict[Aggregate, tuple[float, ...]]:
    """Return all shares at which quantiles are wanted that differ in nothing else, or in their group."""
    shares: dict[Aggregate, set[float]] = {}
    for ask in asks:
        if isinstance(ask, Aggregate) and ask.at is not None and 0 <= ask.at <= 1:
            shares.setdefault(_family(ask), set()).add(ask.at)
    return {family: tuple(sorted(wanted)) for family, wanted in shares.items()}


def _family(ask: Aggregate) -> Aggregate:
    return replace(ask, at=None, rows=replace(ask.rows, group=()))
