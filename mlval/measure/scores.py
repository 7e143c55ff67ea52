"""A dataset beside the predictions of a model: joined by key once, then a table like any other."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from mlval.domain.asks import Column, Scored
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Predictions
from mlval.domain.text import shown
from mlval.measure.comparison import number
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, text
from mlval.measure.tables import Table, shape_of

LABEL, SCORE = "mlval:label", "mlval:score"
_OF_CLASS = f"{SCORE}:"
_WITH_NAN = {"FLOAT", "DOUBLE"}


@dataclass(frozen=True, slots=True)
class Pairing:
    """A dataset with its roles, and predictions for it: its own columns, or a table joined by key."""

    name: str
    dataset: Table
    roles: Dataset
    columns: Predictions
    predictions: Table | None = None


def pair(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> tuple[Table, Scored]:
    """Make the table in which every row of the dataset stands beside its prediction.

    Raises
    ------
    Unmeasurable
        If a key is missing or stands twice, a prediction belongs to no row, a truth is NaN, or a
        labelled row has no prediction; with counts.
    """
    _refuse_nan(connection, pairing)
    added = _predicted(connection, pairing)
    columns = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in added.items())
    source, kind = f"{pairing.dataset.sql} AS d", "VIEW"
    if pairing.predictions is not None:
        match = _matching_keys(connection, pairing, pairing.predictions)
        # Joined once and kept: as a view, every ask would join again.
        source, kind = f"{source} LEFT JOIN {pairing.predictions.sql} AS p ON {match}", "TABLE"
    connection.execute(f"CREATE {kind} {identifier(pairing.name)} AS SELECT d.*, {columns} FROM {source}")
    table = Table(
        name=pairing.name, shape=shape_of(connection, pairing.name), written=pairing.dataset.written
    )
    for name in added:
        _refuse_missing(connection, table, name, target=pairing.roles.target)
    label, score = (name if name in added else None for name in (LABEL, SCORE))
    return table, Scored(pairing.name, label, score, tuple(_of_classes(pairing.columns)))


def _predicted(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> dict[str, str]:
    """Return the SQL of the label and the score, as far as the contract names them."""
    holder, side = (pairing.dataset, "d") if pairing.predictions is None else (pairing.predictions, "p")
    added: dict[str, str] = {}
    for name, column in ((LABEL, pairing.columns.label), (SCORE, pairing.columns.score)):
        if column is not None:
            _require(holder, column, is_score=name == SCORE)
            added[name] = f"{side}.{identifier(column)}"
    by_class = pairing.columns.scores or {}
    for one, name in _of_classes(pairing.columns):
        _require(holder, by_class[one], is_score=True)
        added[name] = f"{side}.{identifier(by_class[one])}"
    score = pairing.columns.score
    if by_class and (positive := positive_of(tuple(by_class), pairing.roles)) is not None:
        score = by_class[positive]
        added[SCORE] = f"{side}.{identifier(score)}"
    if LABEL not in added and pairing.columns.threshold is not None:
        if score is None:
            message = "a `threshold:` needs to know which class is positive"
            raise Unmeasurable(message, remedy="add `positive:` to the dataset")
        negative, positive = _classes(connection, pairing)
        above = (
            f"{added[SCORE]} >= {number(_require(holder, score, is_score=True), pairing.columns.threshold)}"
        )
        missing = f"WHEN {added[SCORE]} IS NOT NULL THEN {text(negative)}"
        added[LABEL] = f"CASE WHEN {above} THEN {text(positive)} {missing} END"
    elif LABEL not in added and by_class:
        added[LABEL] = _most_probable(pairing.columns, added)
    return added


def _of_classes(columns: Predictions) -> list[tuple[str, str]]:
    """Return the classes that have scores, in the order of their text, and what their columns are called."""
    return [(one, f"{_OF_CLASS}{index}") for index, one in enumerate(sorted(columns.scores or {}))]


def _most_probable(columns: Predictions, added: Mapping[str, str]) -> str:
    """Return the SQL of the class with the highest score, the first of several; null where one is missing."""
    scores = [(one, f"{added[name]}::DOUBLE") for one, name in _of_classes(columns)]
    highest = f"greatest({', '.join(score for _, score in scores)})"
    missing = " OR ".join(f"{score} IS NULL" for _, score in scores)
    cases = " ".join(f"WHEN {score} = {highest} THEN {text(one)}" for one, score in scores)
    return f"CASE WHEN {missing} THEN NULL {cases} END"


def positive_of(classes: Sequence[str], roles: Dataset) -> str | None:
    """Return the positive class where there are two and it can be told; what needs it says why not."""
    if len(classes) != 2:
        return None
    try:
        found = positive_class(classes, roles.positive)
    except Unmeasurable:
        return None
    return found if found in classes else None


def _require(table: Table, name: str, *, is_score: bool) -> Column:
    column = table.column(name)
    if column is None:
        message = f"the predictions have no column {shown(name)!r}"
        raise Unmeasurable(message, remedy=f"columns: {shown(', '.join(table.shape.names))}")
    if is_score and column.kind not in {"int", "float"}:
        message = f"the score {shown(name)!r} holds {column.kind} values, not numbers"
        raise Unmeasurable(message)
    return column


def _classes(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> tuple[str, str]:
    """Return the negative and the positive class of the target, as text."""
    target = pairing.dataset.column(pairing.roles.target or "")
    if target is None:
        message = "a `threshold:` needs the dataset's `target:` to know the classes"
        raise Unmeasurable(message)
    value = as_text(target)
    known = f"FROM {pairing.dataset.sql} WHERE {value} IS NOT NULL"
    query = f"SELECT DISTINCT {value} {known} ORDER BY 1 LIMIT 3"
    found = [row[0] for row in connection.execute(query).fetchall()]
    if len(found) != 2:
        count = "more than two" if len(found) > 2 else "fewer than two"
        message = f"a `threshold:` needs two classes; {shown(target.name)!r} has {count}"
        raise Unmeasurable(message)
    positive = positive_class(found, pairing.roles.positive)
    if positive not in found:
        message = f"no row is {shown(positive)!r}, which the contract calls positive"
        raise Unmeasurable(message)
    return found[1 - found.index(positive)], positive


def _matching_keys(connection: duckdb.DuckDBPyConnection, pairing: Pairing, predictions: Table) -> str:
    """Return the join condition, after making sure that each key stands once on both sides."""
    own = pairing.roles.keys
    if not own:
        message = "predictions are joined by key, and the dataset names none"
        raise Unmeasurable(message, remedy="add `key:` to the dataset")
    theirs = pairing.columns.keys or own
    if len(own) != len(theirs):
        message = f"the dataset has {len(own)} key columns, the predictions {len(theirs)}"
        raise Unmeasurable(message)
    for table, keys, what in (
        (pairing.dataset, own, "the dataset"),
        (predictions, theirs, "the predictions"),
    ):
        _refuse_unclear_keys(connection, table, keys=keys, what=what)
    pairs = list(zip(own, theirs, strict=True))
    for mine, yours in pairs:
        _refuse_unlike(pairing.dataset.column(mine), predictions.column(yours))
    match = " AND ".join(f"d.{identifier(mine)} = p.{identifier(yours)}" for mine, yours in pairs)
    orphans = f"SELECT count(*) FROM {predictions.sql} AS p ANTI JOIN {pairing.dataset.sql} AS d ON {match}"
    _refuse(connection, orphans, "predictions belong to no row of the dataset")
    return match


def _refuse_unlike(mine: Column | None, yours: Column | None) -> None:
    """Refuse keys of different kinds: the engine would convert one, and match 7 with 007."""
    if mine is None or yours is None or _comparable(mine) == _comparable(yours):
        return
    message = (
        f"the key {shown(mine.name)!r} holds {mine.kind} values,"
        f" and {shown(yours.name)!r} of the predictions {yours.kind} values"
    )
    raise Unmeasurable(message, remedy="write both in the same way")


def _comparable(column: Column) -> str:
    return {"float": "int", "timestamp": "date"}.get(column.kind, column.kind)


def _refuse_unclear_keys(
    connection: duckdb.DuckDBPyConnection, table: Table, *, keys: tuple[str, ...], what: str
) -> None:
    for key in keys:
        if table.column(key) is None:
            message = f"no key column {shown(key)!r} in {what}"
            raise Unmeasurable(message)
    names = ", ".join(identifier(key) for key in keys)
    missing = " OR ".join(f"{identifier(key)} IS NULL" for key in keys)
    _refuse(connection, f"SELECT count(*) FROM {table.sql} WHERE {missing}", f"rows of {what} have no key")
    sizes = f"SELECT count(*) AS n FROM {table.sql} GROUP BY {names}"
    repeated = f"SELECT coalesce(sum(n - 1), 0)::BIGINT FROM ({sizes})"
    _refuse(connection, repeated, f"rows of {what} repeat a key")


def _refuse_nan(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> None:
    """Refuse a truth that is NaN: it is neither unknown, as null is, nor a class, nor a number."""
    target = pairing.dataset.column(pairing.roles.target or "")
    if target is not None and target.stored in _WITH_NAN:
        query = f"SELECT count(*) FROM {pairing.dataset.sql} WHERE isnan({identifier(target.name)})"
        _refuse(connection, query, "rows have NaN for a truth")


def _refuse_missing(
    connection: duckdb.DuckDBPyConnection, scored: Table, name: str, *, target: str | None
) -> None:
    """Refuse labelled rows whose prediction is missing, or not a number where it should be one."""
    column = scored.column(name)
    missing = f"{identifier(name)} IS NULL"
    if column is not None and column.stored in _WITH_NAN:
        missing = f"({missing} OR isnan({identifier(name)}))"
    labelled = f"{identifier(target)} IS NOT NULL AND " if target and scored.column(target) else ""
    query = f"SELECT count(*) FROM {scored.sql} WHERE {labelled}{missing}"
    _refuse(connection, query, "labelled rows have no prediction")


def _refuse(connection: duckdb.DuckDBPyConnection, query: str, what: str) -> None:
    (count,) = connection.execute(query).fetchone() or (0,)
    if count:
        message = f"{count:,} {what}"
        raise Unmeasurable(message)
