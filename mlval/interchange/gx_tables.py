"""Great Expectations about whole tables, and about several columns of a row."""

from collections.abc import Mapping
from itertools import combinations

from mlval.interchange import sql_text
from mlval.interchange.demand import Demand, Mapped, Terms, Unmappable
from mlval.interchange.gx_arguments import Arguments, ends
from mlval.interchange.gx_values import Mapper, halved, repeats
from mlval.interchange.json_text import Value
from mlval.interchange.names import dataset_name

_PAIR = ("both_values_are_missing", "either_value_is_missing", "neither")
_MANY = ("all_values_are_missing", "any_value_is_missing", "never")


def row_count_between(given: Arguments, terms: Terms) -> Mapped:
    """How many rows there are."""
    return Mapped((terms.table({"rows": ends(given).bound(whole=True)}),))


def row_count(given: Arguments, terms: Terms) -> Mapped:
    """How many rows there are, exactly."""
    return Mapped((terms.table({"rows": _exactly(given)}),))


def column_count_between(given: Arguments, terms: Terms) -> Mapped:
    """How many columns there are."""
    return Mapped((terms.table({"column_count": ends(given).bound(whole=True)}),))


def column_count(given: Arguments, terms: Terms) -> Mapped:
    """How many columns there are, exactly."""
    return Mapped((terms.table({"column_count": _exactly(given)}),))


def _exactly(given: Arguments) -> dict[str, Value]:
    value = given.number("value")
    if value is None:
        raise Unmappable("`value` is missing")
    return {"min": value, "max": value}


def columns_in_order(given: Arguments, terms: Terms) -> Mapped:
    """All columns, in their order."""
    return Mapped((terms.table({"column_order": {"exactly": given.names("column_list")}}),))


def columns_in_set(given: Arguments, terms: Terms) -> Mapped:
    """All columns, in any order; or some that must be there."""
    names = tuple(dict.fromkeys(given.names("column_set")))
    demands = tuple(Demand({}, name) for name in names)
    if given.flag("exact_match", default=True):
        count: Value = {"min": len(names), "max": len(names)}
        demands += (terms.table({"column_count": count}),)
    mapped = Mapped(demands)
    if terms.severity is not None:
        return mapped.noted("a missing column blocks: only whole validations can warn of one")
    return mapped


def same_row_count(given: Arguments, terms: Terms) -> Mapped:
    """As many rows as another table."""
    other = dataset_name(given.text("other_table_name"))
    demand = terms.table({"against": {"dataset": other, "rows": {"difference": 0}}})
    return Mapped((demand,), datasets=(other,))


def compound_unique(given: Arguments, terms: Terms) -> Mapped:
    """Columns that together identify a row."""
    columns = given.names("column_list")
    where = _present(given, [sql_text.name(one) for one in columns])
    own = halved(terms).also(where)
    return Mapped((Demand({"duplicates": {"columns": columns, **own.beside}}),)).noted(*repeats(terms))


def unique_within_record(given: Arguments, terms: Terms) -> Mapped:
    """Columns of which no two hold the same value in one row."""
    names = [sql_text.name(one) for one in given.names("column_list")]
    if len(names) < 2:
        raise Unmappable("one column alone")
    sign = "<>" if given.choice("ignore_row_if", _MANY) == _MANY[1] else "IS DISTINCT FROM"
    parts = [f"{left} {sign} {right}" for left, right in combinations(names, 2)]
    return Mapped((terms.expect(sql_text.joined(parts, "AND"), also_where=_present(given, names)),))


def all_equal(given: Arguments, terms: Terms) -> Mapped:
    """Columns that all hold the same value in one row."""
    first, *others = [sql_text.name(one) for one in given.names("column_list")]
    if not others:
        raise Unmappable("one column alone")
    given.choice("ignore_row_if", _MANY)
    parts = [f"{first} IS NOT DISTINCT FROM {other}" for other in others]
    where = _present(given, [first, *others])
    return Mapped((terms.expect(sql_text.joined(parts, "AND"), also_where=where),))


def sum_equal(given: Arguments, terms: Terms) -> Mapped:
    """Columns whose sum is the same in every row."""
    names = [sql_text.name(one) for one in given.names("column_list")]
    total = given.number("sum_total")
    if total is None:
        raise Unmappable("`sum_total` is missing")
    where = _present(given, names)
    parts = " + ".join(f"coalesce({name}, 0)" for name in names)
    sql = sql_text.joined([f"{parts} = {sql_text.literal(total)}"], "AND")
    return Mapped((terms.expect(sql, also_where=where),))


def _present(given: Arguments, names: list[str]) -> str | None:
    """Return which rows are looked at, by what is missing in them."""
    match given.choice("ignore_row_if", _MANY):
        case "all_values_are_missing":
            return sql_text.joined([f"{name} IS NOT NULL" for name in names], "OR")
        case "any_value_is_missing":
            return sql_text.joined([f"{name} IS NOT NULL" for name in names], "AND")
    return None


def pair_equal(given: Arguments, terms: Terms) -> Mapped:
    """Two columns that hold the same value in each row."""
    return _pair(given, terms, "=")


def pair_greater(given: Arguments, terms: Terms) -> Mapped:
    """Two columns of which the first holds the larger value in each row."""
    return _pair(given, terms, ">=" if given.flag("or_equal") else ">")


def _pair(given: Arguments, terms: Terms, sign: str) -> Mapped:
    left, right = sql_text.name(given.text("column_A")), sql_text.name(given.text("column_B"))
    ignored = given.choice("ignore_row_if", _PAIR)
    if ignored == "either_value_is_missing":
        return Mapped((terms.expect(f"{left} {sign} {right}"),))
    where = f"{left} IS NOT NULL OR {right} IS NOT NULL" if ignored == _PAIR[0] else None
    return Mapped((terms.expect(f"coalesce({left} {sign} {right}, false)", also_where=where),))


def pair_in_set(given: Arguments, terms: Terms) -> Mapped:
    """Two columns whose pair of values is one of a list."""
    left, right = sql_text.name(given.text("column_A")), sql_text.name(given.text("column_B"))
    ignored = given.choice("ignore_row_if", _PAIR)
    pairs = given.get("value_pairs_set")
    if not isinstance(pairs, tuple) or not pairs:
        raise Unmappable("`value_pairs_set` is no list of pairs")
    parts = []
    for pair in pairs:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise Unmappable("`value_pairs_set` has an entry that is no pair")
        parts.append(f"{_is(left, pair[0])} AND {_is(right, pair[1])}")
    word = {_PAIR[0]: "OR", _PAIR[1]: "AND"}.get(ignored)
    where = f"{left} IS NOT NULL {word} {right} IS NOT NULL" if word else None
    return Mapped((terms.expect(f"coalesce({sql_text.joined(parts, 'OR')}, false)", also_where=where),))


def _is(name: str, value: Value) -> str:
    return f"{name} IS NULL" if value is None else f"{name} = {sql_text.literal(value)}"


TABLES: Mapping[str, Mapper] = {
    "expect_table_row_count_to_be_between": row_count_between,
    "expect_table_row_count_to_equal": row_count,
    "expect_table_row_count_to_equal_other_table": same_row_count,
    "expect_table_column_count_to_be_between": column_count_between,
    "expect_table_column_count_to_equal": column_count,
    "expect_table_columns_to_match_ordered_list": columns_in_order,
    "expect_table_columns_to_match_set": columns_in_set,
    "expect_compound_columns_to_be_unique": compound_unique,
    "expect_multicolumn_values_to_be_unique": unique_within_record,
    "expect_select_column_values_to_be_unique_within_record": unique_within_record,
    "expect_multicolumn_values_to_be_equal": all_equal,
    "expect_multicolumn_sum_to_equal": sum_equal,
    "expect_column_pair_values_to_be_equal": pair_equal,
    "expect_column_pair_values_a_to_be_greater_than_b": pair_greater,
    "expect_column_pair_values_to_be_in_set": pair_in_set,
}
