"""The predictions of two models side by side: joined once by the position of the row, in its order."""

import duckdb

from mlval.domain.asks import Scored
from mlval.domain.errors import Unmeasurable
from mlval.domain.paired import Paired, PairedScores
from mlval.domain.text import shown
from mlval.measure.conditions import Conditions
from mlval.measure.level_text import as_text
from mlval.measure.literals import identifier
from mlval.measure.relations import selected
from mlval.measure.tables import OWN_NAMES, ROW, Table, shape_of

GROUP = f"{OWN_NAMES}group"


def pair(
    connection: duckdb.DuckDBPyConnection, conditions: Conditions, second: Table, *, ask: Paired, name: str
) -> tuple[Table, PairedScores]:
    """Make the table of both predictions, ordered by the position of the rows.

    Raises
    ------
    Unmeasurable
        If the two do not have the same rows, or a row belongs to no group; with counts.
    """
    first = conditions.table
    selects = [f"a.{identifier(ROW)}"]
    kept = _kept(conditions, ask)
    selects += [f"a.{identifier(column)}" for column in kept]
    for number, (side, scored) in enumerate((("a", ask.first), ("b", ask.second)), 1):
        selects += [
            f"{side}.{identifier(column)} AS {identifier(_renamed(column, number))}"
            for column in _columns(scored)
        ]
    if ask.group is not None:
        value = as_text(conditions.column(ask.group))
        selects.append(f"dense_rank() OVER (ORDER BY a.grouped NULLS FIRST) - 1 AS {identifier(GROUP)}")
        chosen = f"(SELECT *, {value} AS grouped FROM {selected(conditions, ask.rows)})"
        _refuse(connection, f"SELECT count(*) FROM {chosen} WHERE grouped IS NULL", "rows belong to no group")
    else:
        chosen = f"(SELECT * FROM {selected(conditions, ask.rows)})"
    own = identifier(ROW)
    connection.execute(
        f"CREATE TABLE {identifier(name)} AS SELECT {', '.join(selects)} FROM {chosen} AS a"
        f" JOIN {second.sql} AS b ON a.{own} = b.{own} ORDER BY a.{own}"
    )
    table = Table(name=name, shape=shape_of(connection, name), written=first.written & set(kept))
    # Rows are unique by their position: as many pairs as each side has rows means that the rows are the same.
    if not table.shape.rows == first.shape.rows == second.shape.rows:
        _refuse_other_rows(connection, first, second)
    group = None if ask.group is None else GROUP
    return table, PairedScores(_side(ask.first, 1, name), _side(ask.second, 2, name), group)


def _kept(conditions: Conditions, ask: Paired) -> tuple[str, ...]:
    """Return the columns of the dataset that are kept; the gate's own go by other names."""
    if ask.columns is not None:
        return tuple(conditions.column(column).name for column in ask.columns)
    return tuple(name for name in conditions.table.shape.names if not name.startswith(OWN_NAMES))


def _columns(scored: Scored) -> tuple[str, ...]:
    named = (scored.label, scored.score, *(column for _, column in scored.scores))
    return tuple(dict.fromkeys(column for column in named if column is not None))


def _renamed(column: str, number: int) -> str:
    return f"{OWN_NAMES}{number}:{column.removeprefix(OWN_NAMES)}"


def _side(scored: Scored, number: int, name: str) -> Scored:
    label, score = (
        None if column is None else _renamed(column, number) for column in (scored.label, scored.score)
    )
    scores = tuple((known, _renamed(column, number)) for known, column in scored.scores)
    return Scored(name, label, score, scores, scored.lists)


def _refuse_other_rows(connection: duckdb.DuckDBPyConnection, first: Table, second: Table) -> None:
    own = identifier(ROW)
    for here, there, what in ((first, second, "second"), (second, first, "first")):
        missing = f"SELECT count(*) FROM {here.sql} AS a ANTI JOIN {there.sql} AS b ON a.{own} = b.{own}"
        _refuse(connection, missing, f"rows of one model are not among those of the {what}")


def _refuse(connection: duckdb.DuckDBPyConnection, query: str, what: str) -> None:
    (count,) = connection.execute(query).fetchone() or (0,)
    if count:
        message = f"{count:,} {shown(what)}"
        raise Unmeasurable(message)
