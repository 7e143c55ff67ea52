"""A number of each row that a contract writes as an expression, as SQL."""

from mlval.domain.asks import Expression
from mlval.domain.errors import Unmeasurable
from mlval.measure.conditions import Conditions
from mlval.measure.literals import identifier
from mlval.measure.predicate import Parser, PredicateError, compile_number


def row_value(asked: Expression, conditions: Conditions, parse: Parser) -> str:
    """Return the SQL of an expression as a double, null where it has no value.

    The engine orders NaN above every number and equal to itself: a row whose NaN is not looked for by the
    expression itself has no value.

    Raises
    ------
    Unmeasurable
        If the text is no expression, or not an allowed one.
    """
    columns = conditions.table.shape.columns
    kinds = {column.name: column.kind for column in columns}
    try:
        found = compile_number(asked.text, parse=parse, columns=kinds, words=dict(asked.words))
    except PredicateError as error:
        raise Unmeasurable(str(error)) from error
    value = f"TRY_CAST({found.sql} AS DOUBLE)"
    if "isnan(" in found.sql or "isfinite(" in found.sql:
        return value
    floats = [one.name for one in columns if one.name in found.columns and one.stored in {"FLOAT", "DOUBLE"}]
    nan = " OR ".join(f"isnan({identifier(name)})" for name in floats)
    return f"CASE WHEN {nan} THEN NULL ELSE {value} END" if nan else value
