"""Row predicates of a contract: hostile text in, SQL of our own out."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from mlval.domain.asks import Kind
from mlval.domain.text import shown
from mlval.measure.predicate_node import Node, Written, as_list, as_object
from mlval.measure.predicate_part import Part
from mlval.measure.predicate_text import PredicateError, check
from mlval.measure.predicate_tree import Rewriting

if TYPE_CHECKING:
    import duckdb

__all__ = ["Parser", "PredicateError", "columns_of", "compile_predicate", "parser"]

Parser = Callable[[str], str]
"""The engine's `json_serialize_sql`: takes SQL, returns its tree, or the error, as JSON."""

_BEFORE = "SELECT (\n"
_AFTER = "\n)"


def parser(connection: "duckdb.DuckDBPyConnection") -> Parser:
    """Return the parser of an engine. It only reads: nothing of the text is bound or run."""

    def parse(sql: str) -> str:
        row = connection.cursor().execute("SELECT json_serialize_sql(?)", [sql]).fetchone()
        return str(row[0]) if row else ""

    return parse


def compile_predicate(text: str, *, parse: Parser, columns: Mapping[str, Kind] | None) -> str:
    """Return a predicate as SQL that is true, false or null of a row.

    `columns` are the columns of the table and what they hold. Names are found as the engine finds them,
    whatever their case, and written as the table has them. With None every name is accepted, and a name
    alone counts as a truth value.

    Raises
    ------
    PredicateError
        If the text is no predicate, or not an allowed one.
    """
    return _read(text, parse, columns).sql


def compile_number(
    text: str, *, parse: Parser, columns: Mapping[str, Kind], words: Mapping[str, str]
) -> Part:
    """Return a number of each row as SQL, by the same grammar, and the columns it names.

    `words` stand for columns of other names.

    Raises
    ------
    PredicateError
        If the text is no expression, or not an allowed one.
    """
    return Rewriting(columns, words).value(_node(text, parse))


def columns_of(text: str, *, parse: Parser) -> frozenset[str]:
    """Return the columns that a predicate names, as they are written in it.

    Raises
    ------
    PredicateError
        If the text is no predicate, or not an allowed one.
    """
    return _read(text, parse, None).columns


def _read(text: str, parse: Parser, columns: Mapping[str, Kind] | None) -> Part:
    return Rewriting(columns).predicate(_node(text, parse))


def _node(text: str, parse: Parser) -> Node:
    check(text)
    written = Written(text, len(_BEFORE))
    answer = _tree(parse(_BEFORE + text + _AFTER))
    if answer.get("error") is not False:
        raise _syntax_error(answer, written)
    return Node(_only_expression(answer), written)


def _tree(answer: str) -> Mapping[str, object]:
    try:
        return as_object(json.loads(answer))
    except RecursionError as error:
        raise PredicateError("the predicate is nested too deeply") from error


def _syntax_error(answer: Mapping[str, object], written: Written) -> PredicateError:
    message = str(answer.get("error_message", ""))
    if "expression depth" in message:
        return PredicateError("the predicate is nested too deeply")
    location = str(answer.get("position", ""))
    if not location.isdecimal():
        return PredicateError(shown(message))
    position = written.position(int(location))
    if position is None:
        return PredicateError("the predicate ends before it is complete")
    return PredicateError(shown(message), position=position)


def _only_expression(answer: Mapping[str, object]) -> Mapping[str, object]:
    """Return the one expression of the one statement; whatever else there is must be empty."""
    usual = {"type": "SELECT_NODE", "aggregate_handling": "STANDARD_HANDLING", "cte_map": {"map": []}}
    statements = as_list(answer.get("statements"))
    if len(statements) == 1:
        statement = as_object(statements[0])
        node = dict(as_object(statement.get("node")))
        selected = as_list(node.pop("select_list", []))
        source = as_object(node.pop("from_table", {}))
        rest = [key for key, value in node.items() if value and value != usual.get(key)]
        if len(selected) == 1 and source.get("type") == "EMPTY" and not rest:
            return as_object(selected[0])
    raise PredicateError("a predicate is one expression, and nothing besides")
