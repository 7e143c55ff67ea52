"""A dataset beside the predictions of a model: joined by key once, then a table like any other."""

from dataclasses import dataclass

import duckdb

from mlval.domain.asks import Scored
from mlval.domain.classes import positive_class
from mlval.domain.errors import Unmeasurable
from mlval.domain.inputs import Dataset, Predictions
from mlval.domain.text import shown
from mlval.measure.literals import identifier, literal, text
from mlval.measure.splits import as_text
from mlval.measure.tables import Table, shape_of

LABEL, SCORE = "mlval:label", "mlval:score"


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
        If a key is missing or stands twice, a prediction belongs to no row, or a labelled row has
        no prediction; with counts.
    """
    added = _predicted(connection, pairing)
    columns = ", ".join(f"{sql} AS {identifier(name)}" for name, sql in added.items())
    source, kind = f"{pairing.dataset.sql} AS d", "VIEW"
    if pairing.predictions is not None:
        match = _matching_keys(connection, pairing, pairing.predictions)
        # Joined once and kept: as a view, every ask would join again.
        source, kind = f"{source} LEFT JOIN {pairing.predictions.sql} AS p ON {match}", "TABLE"
    connection.execute(f"CREATE {kind} {identifier(pairing.name)} AS SELECT d.*, {columns} FROM {source}")
    _refuse_missing(connection, pairing, tuple(added))
    table = Table(
        name=pairing.name, shape=shape_of(connection, pairing.name), untyped=pairing.dataset.untyped
    )
    return table, Scored(pairing.name, *(name if name in added else None for name in (LABEL, SCORE)))


def _predicted(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> dict[str, str]:
    """Return the SQL of the label and the score, as far as the contract names them."""
    holder, side = (pairing.dataset, "d") if pairing.predictions is None else (pairing.predictions, "p")
    added: dict[str, str] = {}
    for name, column in ((LABEL, pairing.columns.label), (SCORE, pairing.columns.score)):
        if column is not None:
            if holder.column(column) is None:
                message = f"the predictions have no column {shown(column)!r}"
                raise Unmeasurable(message, remedy=f"columns: {shown(', '.join(holder.shape.names))}")
            added[name] = f"{side}.{identifier(column)}"
    if LABEL not in added and pairing.columns.threshold is not None:
        negative, positive = _classes(connection, pairing)
        score = added[SCORE]
        above = f"{score} >= {literal(pairing.columns.threshold)}"
        added[LABEL] = (
            f"CASE WHEN {above} THEN {text(positive)} WHEN {score} IS NOT NULL THEN {text(negative)} END"
        )
    return added


def _classes(connection: duckdb.DuckDBPyConnection, pairing: Pairing) -> tuple[str, str]:
    """Return the negative and the positive class of the target, as text."""
    target = pairing.dataset.column(pairing.roles.target or "")
    if target is None:
        message = "a `threshold:` needs the dataset's `target:` to know the classes"
        raise Unmeasurable(message)
    value = as_text(target)
    known = f"FROM {pairing.dataset.sql} WHERE {value} IS NOT NULL"
    query = f"SELECT DISTINCT {value} AS level {known} ORDER BY level LIMIT 3"
    found = [row[0] for row in connection.execute(query).fetchall()]
    positive = positive_class(found, pairing.roles.positive)
    others = [level for level in found if level != positive]
    if len(others) != 1:
        message = f"a `threshold:` needs two classes; {shown(target.name)!r} has {len(found)} or more"
        raise Unmeasurable(message)
    return others[0], positive


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
    pairs = zip(own, theirs, strict=True)
    match = " AND ".join(f"d.{identifier(mine)} = p.{identifier(yours)}" for mine, yours in pairs)
    orphans = f"SELECT count(*) FROM {predictions.sql} AS p ANTI JOIN {pairing.dataset.sql} AS d ON {match}"
    _refuse(connection, orphans, "predictions belong to no row of the dataset")
    return match


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


def _refuse_missing(connection: duckdb.DuckDBPyConnection, pairing: Pairing, added: tuple[str, ...]) -> None:
    """Refuse labelled rows whose prediction is missing."""
    target = pairing.roles.target
    labelled = f"{identifier(target)} IS NOT NULL AND " if target and pairing.dataset.column(target) else ""
    for name in added:
        query = f"SELECT count(*) FROM {identifier(pairing.name)} WHERE {labelled}{identifier(name)} IS NULL"
        _refuse(connection, query, "labelled rows have no prediction")


def _refuse(connection: duckdb.DuckDBPyConnection, query: str, what: str) -> None:
    (count,) = connection.execute(query).fetchone() or (0,)
    if count:
        message = f"{count:,} {what}"
        raise Unmeasurable(message)
