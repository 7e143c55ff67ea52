"""Generic tests of dbt, dbt_utils and dbt_expectations as rules of a contract."""

from collections.abc import Callable, Mapping

from mlval.interchange import amounts, sql_text
from mlval.interchange.dbt_terms import referred
from mlval.interchange.demand import Demand, Mapped, Terms, Unmappable
from mlval.interchange.gx_arguments import Arguments
from mlval.interchange.json_text import Value
from mlval.interchange.odcs_terms import spelled

Test = Callable[[Arguments, Terms, str | None], Mapped]
"""A test with its arguments, its terms, and the column that it stands under."""

_COUNTS = "there different values are counted, here rows, of which there are at least as many"
_PERIODS = {"minute": 60, "hour": 3_600, "day": 86_400, "week": 604_800}


def under(column: str | None) -> str:
    """Return the column that a test stands under."""
    if column is None:
        raise Unmappable("this test stands under a column")
    return column


def _not_null(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del given
    limit: Value = 0 if terms.allow is None else terms.allow
    return Mapped((Terms(None, terms.where, terms.severity).column(under(column), {"nulls": limit}),))


def _unique(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del given
    mapped = Mapped((terms.column(under(column), {"unique": True}),))
    return mapped if terms.allow is None else mapped.noted(_COUNTS)


def _accepted(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    return _values(given, terms, column, rule="in")


def _not_accepted(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    return _values(given, terms, column, rule="not_in")


def _values(given: Arguments, terms: Terms, column: str | None, *, rule: str) -> Mapped:
    values, _ = given.values("values")
    if given.get("quote") is False:
        values = tuple(_number(value) for value in values)
    mapped = Mapped((terms.column(under(column), {rule: values}),))
    return mapped if terms.allow is None else mapped.noted(_COUNTS)


def _number(value: Value) -> Value:
    """Return text without quotes as the number that SQL would read."""
    if not isinstance(value, str):
        return value
    try:
        return int(value) if value.lstrip("-").isdigit() else float(value)
    except ValueError as error:
        raise Unmappable("`quote: false` makes SQL of the values") from error


def _relationships(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    other = referred(given.get("to"))
    rule: Value = {"dataset": other, "column": given.text("field")}
    return Mapped((terms.column(under(column), {"references": rule}),), datasets=(other,))


def _expression(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    expression = given.text("expression")
    if "{{" in expression:
        raise Unmappable("`expression` is a template")
    sql = f"({expression})" if column is None else f"{sql_text.name(column)} {expression}"
    mapped = Mapped((terms.expect(f"coalesce({sql}, false)"),))
    return mapped.noted("an expression without an answer fails, as it does there")


def _range(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    low, high = given.get("min_value"), given.get("max_value")
    inclusive = given.flag("inclusive", default=True)
    name = under(column)
    if inclusive and low is not None and high is not None:
        return Mapped((terms.column(name, {"range": (low, high)}),))
    words = ("min", "max") if inclusive else ("above", "below")
    rules = {word: end for word, end in zip(words, (low, high), strict=True) if end is not None}
    if len(rules) == 2 and terms.allow is not None:
        text = sql_text.name(name)
        that = f"{text} > {sql_text.literal(low)} AND {text} < {sql_text.literal(high)}"
        return Mapped((terms.expect(that),))
    if not rules:
        raise Unmappable("neither `min_value` nor `max_value` is given")
    return Mapped((terms.column(name, rules),))


def _not_null_share(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    low, high = given.share("at_least"), given.share("at_most")
    if low is None or (high is not None and high != 1):
        raise Unmappable("there is no rule that a column must lack values (`at_most`)")
    own = Terms(None, terms.where, terms.severity)
    return Mapped((own.column(under(column), {"nulls": amounts.rest(low)}),))


def _combination(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del column
    columns = given.names("combination_of_columns")
    given.get("quote_columns")
    mapped = Mapped((Demand({"duplicates": {"columns": columns, **terms.beside}}),))
    return mapped if terms.allow is None else mapped.noted(_COUNTS)


def _not_constant(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del given
    return Mapped((terms.column(under(column), {"constant": "forbid"}),))


def _at_least_one(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del given
    return Mapped((terms.column(under(column), {"distinct": {"min": 1}}),))


def _not_empty(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    name = sql_text.name(under(column))
    text = f"trim({name})" if given.flag("trim_whitespace", default=True) else name
    return Mapped((terms.expect(f"{text} <> ''"),))


def _same_rows(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    return _rows_against(given, terms, column, limits=(0, 0))


def _fewer_rows(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    return _rows_against(given, terms, column, limits=(None, -1))


def _rows_against(
    given: Arguments, terms: Terms, column: str | None, *, limits: tuple[int | None, int]
) -> Mapped:
    del column
    other = referred(given.get("compare_model"))
    rule: Value = {"dataset": other, "rows": {"difference": limits}}
    return Mapped((terms.table({"against": rule}),), datasets=(other,))


def _recency(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del column
    given.get("ignore_time_component")
    return recent(given.text("field"), given, terms)


def recent(column: str, given: Arguments, terms: Terms) -> Mapped:
    """Return a limit of the age of the newest value of a column."""
    period, count = given.text("datepart"), given.number("interval")
    if period not in _PERIODS or count is None or count <= 0 or not float(count).is_integer():
        raise Unmappable("the age has no fixed length")
    own = Terms(None, terms.where, terms.severity)
    mapped = Mapped((own.column(column, {"max_age": spelled(int(count) * _PERIODS[period])}),))
    return mapped.noted("the age is against the time of the run, and not cut to whole periods")


TESTS: Mapping[str, Test] = {
    "not_null": _not_null,
    "unique": _unique,
    "accepted_values": _accepted,
    "relationships": _relationships,
    "dbt_utils.expression_is_true": _expression,
    "dbt_utils.accepted_range": _range,
    "dbt_utils.not_null_proportion": _not_null_share,
    "dbt_utils.not_accepted_values": _not_accepted,
    "dbt_utils.unique_combination_of_columns": _combination,
    "dbt_utils.not_constant": _not_constant,
    "dbt_utils.at_least_one": _at_least_one,
    "dbt_utils.not_empty_string": _not_empty,
    "dbt_utils.equal_rowcount": _same_rows,
    "dbt_utils.fewer_rows_than": _fewer_rows,
    "dbt_utils.recency": _recency,
}
