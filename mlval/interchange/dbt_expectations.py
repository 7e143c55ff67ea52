"""Tests of dbt_expectations, which have the names of Great Expectations and some arguments of their own."""

from collections.abc import Mapping

from mlval.interchange.dbt_terms import referred
from mlval.interchange.dbt_tests import Test, recent, under
from mlval.interchange.demand import Demand, Mapped, Terms, Unmappable
from mlval.interchange.gx_arguments import Arguments
from mlval.interchange.gx_statistics import STATISTICS
from mlval.interchange.gx_tables import TABLES
from mlval.interchange.gx_values import VALUES
from mlval.interchange.json_text import Value

_RENAMED = {"column_type": "type_", "column_type_list": "type_list"}
_DROPPED = frozenset({"quote_values", "quote_columns", "is_raw"})
_SHARED = {**VALUES, **STATISTICS, **TABLES}


def test_of(name: str) -> Test | None:
    """Return the test of a name without its package, None where it is not known."""
    if name in _OWN:
        return _OWN[name]
    if name.lower() not in _SHARED:
        return None
    mapper = _SHARED[name.lower()]

    def mapped(given: Arguments, terms: Terms, column: str | None) -> Mapped:
        arguments = Arguments(_adapted(given, column))
        found = mapper(arguments, _filtered(given, terms))
        if unread := arguments.unread():
            raise Unmappable(f"the argument {unread[0]!r} is not known")
        given.read.update(given.given)
        return found

    return mapped


def _adapted(given: Arguments, column: str | None) -> dict[str, Value]:
    """Return the arguments as Great Expectations has them."""
    adapted: dict[str, Value] = {} if column is None else {"column": column}
    has_limits = bool({"min_value", "max_value"} & set(given.given))
    for key, value in given.given.items():
        if key == "flags" and value:
            raise Unmappable("`flags` of a regular expression")
        if key == "strictly" and has_limits:
            adapted |= {"strict_min": value, "strict_max": value}
        elif key not in _DROPPED | {"row_condition", "flags"}:
            adapted[_RENAMED.get(key, key)] = value
    return adapted


def _filtered(given: Arguments, terms: Terms) -> Terms:
    condition = given.get("row_condition")
    if condition is None:
        return terms
    if not isinstance(condition, str) or "{{" in condition:
        raise Unmappable("`row_condition` is a template, or no text")
    return terms.also(condition)


def _quantile(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    share, low, high = given.share("quantile"), given.number("min_value"), given.number("max_value")
    if share is None or (low is None and high is None):
        raise Unmappable("`quantile` or its limits are missing")
    if given.flag("strictly"):
        raise Unmappable("a strict limit of a quantile")
    rule: Value = {str(share): (low, high)}
    return Mapped((_filtered(given, terms).column(under(column), {"quantiles": rule}),))


def _distinct(key: str, step: int) -> Test:
    def mapped(given: Arguments, terms: Terms, column: str | None) -> Mapped:
        value = given.number("value")
        if value is None or not float(value).is_integer():
            raise Unmappable("`value` is no whole number")
        keys = ("min", "max") if key == "both" else (key,)
        rule: Value = dict.fromkeys(keys, int(value) + step)
        return Mapped((_filtered(given, terms).column(under(column), {"distinct": rule}),))

    return mapped


def _contain(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del terms, column
    given.get("transform")
    return Mapped(tuple(Demand({}, name) for name in given.names("column_list")))


def _ordered_columns(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del column
    given.get("transform")
    return Mapped((terms.table({"column_order": {"exactly": given.names("column_list")}}),))


def _column_set(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del column
    given.get("transform")
    names = tuple(dict.fromkeys(given.names("column_list")))
    count = terms.table({"column_count": {"min": len(names), "max": len(names)}})
    return Mapped((*(Demand({}, name) for name in names), count))


def _other_table(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    del column
    other = referred(given.get("compare_model"))
    rule: Value = {"dataset": other, "rows": {"difference": 0}}
    return Mapped((terms.table({"against": rule}),), datasets=(other,))


def _recent(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    return recent(under(column), given, _filtered(given, terms))


def _deviations(given: Arguments, terms: Terms, column: str | None) -> Mapped:
    if given.get("group_by") is not None:
        raise Unmappable("`group_by` compares groups, not rows")
    factor = given.number("sigma_threshold")
    setting: dict[str, Value] = {"by": "z", "factor": 3 if factor is None else factor}
    tolerance: dict[str, Value] = {} if terms.allow is None else {"allow": terms.allow}
    own = _filtered(given, Terms(None, terms.where, terms.severity))
    return Mapped((own.column(under(column), {"outliers": {**setting, **tolerance}}),))


_OWN: Mapping[str, Test] = {
    "expect_column_quantile_values_to_be_between": _quantile,
    "expect_column_distinct_count_to_equal": _distinct("both", 0),
    "expect_column_distinct_count_to_be_greater_than": _distinct("min", 1),
    "expect_column_distinct_count_to_be_less_than": _distinct("max", -1),
    "expect_table_columns_to_contain_set": _contain,
    "expect_table_columns_to_match_ordered_list": _ordered_columns,
    "expect_table_columns_to_match_set": _column_set,
    "expect_table_row_count_to_equal_other_table": _other_table,
    "expect_row_values_to_have_recent_data": _recent,
    "expect_column_values_to_be_within_n_stdevs": _deviations,
}
