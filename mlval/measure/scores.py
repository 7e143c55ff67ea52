"""A dataset beside the predictions of a model: joined by key once, then a table like any other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import duckdb

from mlval.domain.asks import Column, Scored
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Predictions
from mlval.domain.text import shown
from mlval.measure.comparison import number
from mlval.measure.label_lists import are_lists
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier, text
from mlval.measure.tables import Table, shape_of

LABEL, SCORE = "mlval:label", "mlval:score"
_OF_CLASS = f"{SCORE}:"
_MATCHED = "mlval:matched"
_WITH_NAN = {"FLOAT", "DOUBLE"}


@dataclass(frozen=True, slots=True)
class Pairing:
    """A dataset with its roles, and predictions for it: its own columns, or a table joined by key.

    `clear` says that every row of the dataset is known to have a key of its own.
    """

    name: str
    dataset: Table
    roles: Dataset
    columns: Predictions
    predictions: Table | None = None
    clear: bool = False


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
    name = identifier(pairing.name)
    if pairing.predictions is None:
        connection.execute(f"CREATE VIEW {name} AS SELECT d.*, {columns} FROM {pairing.dataset.sql} AS d")
    else:
        _join(connection, pairing, pairing.predictions, columns=columns)
    table = Table(
        name=pairing.name, shape=shape_of(connection, pairing.name), written=pairing.dataset.written
    )
    _refuse_missing(connection, table, added, target=pairing.roles.target)
    label, score = (name if name in added else None for name in (LABEL, SCORE))
    lists = are_lists(table.column(pairing.roles.target or ""), table.column(LABEL))
    return table, Scored(pairing.name, label, score, tuple(_of_classes(pairing.columns)), lists)


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


def _join(
    connection: duckdb.DuckDBPyConnection, pairing: Pairing, predictions: Table, *, columns: str
) -> None:
    """Make the joined table once and keep it: as a view, every ask would join again.

    Where the keys of the dataset are clear, as many joined rows as the dataset has, and as many matches as
    there are predictions, mean that those of the predictions are clear as well and none is left over.
    """
    own, theirs = _keys(pairing, predictions)
    match = " AND ".join(
        f"d.{identifier(mine)} = p.{identifier(yours)}" for mine, yours in zip(own, theirs, strict=True)
    )
    if not pairing.clear:
        _refuse_unclear_keys(connection, pairing.dataset, keys=own, what="the dataset")
    name, first = identifier(pairing.name), identifier(theirs[0])
    connection.execute(
        f"CREATE TABLE {name} AS SELECT d.*, {columns}, p.{first} IS NOT NULL AS {identifier(_MATCHED)}"
        f" FROM {pairing.dataset.sql} AS d LEFT JOIN {predictions.sql} AS p ON {match}"
    )
    counted = f"SELECT count(*), count(*) FILTER ({identifier(_MATCHED)}) FROM {name}"
    if connection.execute(counted).fetchone() != (pairing.dataset.shape.rows, predictions.shape.rows):
        _refuse_unclear_keys(connection, predictions, keys=theirs, what="the predictions")
        orphans = f"FROM {predictions.sql} AS p ANTI JOIN {pairing.dataset.sql} AS d ON {match}"
        _refuse(connection, f"SELECT count(*) {orphans}", "predictions belong to no row of the dataset")
    connection.execute(f"ALTER TABLE {name} DROP COLUMN {identifier(_MATCHED)}")


def _keys(pairing: Pairing, predictions: Table) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the key columns of both sides, which are alike in number and kind."""
    own = pairing.roles.keys
    if not own:
        message = "predictions are joined by key, and the dataset names none"
        raise Unmeasurable(message, remedy="add `key:` to the dataset")
    theirs = pairing.columns.keys or own
    if len(own) != len(theirs):
        message = f"the dataset has {len(own)} key columns, the predictions {len(theirs)}"
        raise Unmeasurable(message)
    _require_keys(pairing.dataset, own, what="the dataset")
    _require_keys(predictions, theirs, what="the predictions")
    for mine, yours in zip(own, theirs, strict=True):
        _refuse_unlike(pairing.dataset.column(mine), predictions.column(yours))
    return own, theirs


def _require_keys(table: Table, keys: tuple[str, ...], *, what: str) -> None:
    for key in keys:
        if table.column(key) is None:
            message = f"no key column {shown(key)!r} in {what}"
            raise Unmeasurable(message)


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
    connection: duckdb.DuckDBPyConnection, scored: Table, added: Iterable[str], *, target: str | None
) -> None:
    """Refuse labelled rows whose prediction is missing, or not a number where it should be one."""
    missing = []
    for name in added:
        column = scored.column(name)
        is_nan = column is not None and column.stored in _WITH_NAN
        missing.append(f"{identifier(name)} IS NULL" + (f" OR isnan({identifier(name)})" if is_nan else ""))
    labelled = f" WHERE {identifier(target)} IS NOT NULL" if target and scored.column(target) else ""
    counts = ", ".join(f"count(*) FILTER ({one})" for one in missing)
    for count in connection.execute(f"SELECT {counts} FROM {scored.sql}{labelled}").fetchone() or ():
        _refuse_some(count, "labelled rows have no prediction")


def _refuse(connection: duckdb.DuckDBPyConnection, query: str, what: str) -> None:
    (count,) = connection.execute(query).fetchone() or (0,)
    _refuse_some(count, what)


def _refuse_some(count: int, what: str) -> None:
    if count:
        message = f"{count:,} {what}"
        raise Unmeasurable(message)
