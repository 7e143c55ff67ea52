"""Great Expectations about the values of one column, row by row: `expect_column_values_*`."""

import re
from collections.abc import Callable, Mapping

from mlval.domain.formats import DIRECTIVES
from mlval.interchange import amounts, sql_text
from mlval.interchange.demand import Demand, Mapped, Terms, Unmappable
from mlval.interchange.gx_arguments import Arguments, Ends, ends
from mlval.interchange.gx_types import type_of
from mlval.interchange.json_text import Value
from mlval.interchange.patterns import differences

Mapper = Callable[[Arguments, Terms], Mapped]

_HALVED = (
    "there all rows of a repeated value count, here those after the first: `allow` is half as large, so that "
    "nothing passes here that fails there"
)


def not_null(given: Arguments, terms: Terms) -> Mapped:
    """Nulls, against all rows."""
    limit: Value = 0 if terms.allow is None else terms.allow
    own = Terms(None, terms.where, terms.severity)
    return Mapped((own.column(given.text("column"), {"nulls": limit}),))


def null(given: Arguments, terms: Terms) -> Mapped:
    """Values where there should be none."""
    return Mapped((terms.expect(f"{sql_text.name(given.text('column'))} IS NULL"),))


def between(given: Arguments, terms: Terms) -> Mapped:
    """Limits of values, either of which may be strict or open."""
    column, limits = given.text("column"), ends(given, times=True)
    rules = _limits(limits)
    if not rules:
        raise Unmappable("neither `min_value` nor `max_value` is given")
    if len(rules) == 2 and terms.allow is not None:
        # Each rule would tolerate its own share of rows; the expectation tolerates one for both.
        return Mapped((terms.expect(_between(column, limits)),))
    return Mapped((terms.column(column, rules),))


def _limits(limits: Ends) -> dict[str, Value]:
    if None not in {limits.low, limits.high} and not (limits.low_is_strict or limits.high_is_strict):
        return {"range": (limits.low, limits.high)}
    rules: dict[str, Value] = {}
    if limits.low is not None:
        rules["above" if limits.low_is_strict else "min"] = limits.low
    if limits.high is not None:
        rules["below" if limits.high_is_strict else "max"] = limits.high
    return rules


def _between(column: str, limits: Ends) -> str:
    name = sql_text.name(column)
    low = f"{name} {'>' if limits.low_is_strict else '>='} {sql_text.literal(limits.low)}"
    return f"{low} AND {name} {'<' if limits.high_is_strict else '<='} {sql_text.literal(limits.high)}"


def in_set(given: Arguments, terms: Terms) -> Mapped:
    """Values that may occur."""
    values, had_null = given.values("value_set")
    if not values:
        raise Unmappable("`value_set` is empty, so that no value could pass")
    mapped = Mapped((terms.column(given.text("column"), {"in": values}),))
    return mapped.noted("the null in the list is left out: nulls are left to `nulls`") if had_null else mapped


def not_in_set(given: Arguments, terms: Terms) -> Mapped:
    """Values that may not occur."""
    values, had_null = given.values("value_set")
    column = given.text("column")
    if not values:
        return Mapped((_exists(column),)).noted("`value_set` is empty: nothing is forbidden")
    mapped = Mapped((terms.column(column, {"not_in": values}),))
    return mapped.noted("the null in the list is left out: nulls are left to `nulls`") if had_null else mapped


def of_type(given: Arguments, terms: Terms) -> Mapped:
    """Name the type of a column, by one name or by several."""
    names = (given.text("type_"),) if given.get("type_") is not None else given.names("type_list")
    found, notes = type_of(names)
    mapped = Mapped((terms.column(given.text("column"), {"type": found}),))
    return mapped.noted("each value is looked at, not the name of the stored type", *notes)


def unique(given: Arguments, terms: Terms) -> Mapped:
    """Values that do not repeat."""
    return Mapped((halved(terms).column(given.text("column"), {"unique": True}),)).noted(*repeats(terms))


def halved(terms: Terms) -> Terms:
    """Return a tolerance under which nothing passes that would fail there.

    There every row of a repeated value counts, here those after the first: at least half as many.
    """
    if not isinstance(terms.allow, str):
        return terms
    share = amounts.scaled(float(terms.allow.removesuffix("%")), 0.005)
    return Terms(amounts.percent(share), terms.where, terms.severity)


def repeats(terms: Terms) -> tuple[str, ...]:
    """Return what differs where repeated rows are tolerated."""
    if terms.allow is None:
        return ()
    return (_HALVED,)


def regex(given: Arguments, terms: Terms) -> Mapped:
    """Look for a pattern that values contain."""
    return _matching(given, terms, rule="regex", patterns=(given.text("regex"),))


def regex_list(given: Arguments, terms: Terms) -> Mapped:
    """Several patterns, of which values contain one, or all."""
    patterns = given.names("regex_list")
    if given.choice("match_on", ("any", "all")) == "any" or len(patterns) == 1:
        return _matching(given, terms, rule="regex", patterns=patterns)
    name = sql_text.name(given.text("column"))
    found = [f"regexp_matches({name}, {sql_text.text(one)})" for one in patterns]
    return Mapped((terms.expect(sql_text.joined(found, "AND")),)).noted(*differences(patterns))


def not_regex(given: Arguments, terms: Terms) -> Mapped:
    """Look for a pattern that values do not contain."""
    return _matching(given, terms, rule="not_regex", patterns=(given.text("regex"),))


def not_regex_list(given: Arguments, terms: Terms) -> Mapped:
    """Several patterns, none of which values contain."""
    return _matching(given, terms, rule="not_regex", patterns=given.names("regex_list"))


def _matching(given: Arguments, terms: Terms, *, rule: str, patterns: tuple[str, ...]) -> Mapped:
    value: Value = patterns[0] if len(patterns) == 1 else patterns
    mapped = Mapped((terms.column(given.text("column"), {rule: value}),))
    return mapped.noted(*differences(patterns))


def like(given: Arguments, terms: Terms) -> Mapped:
    """Compare values with an SQL pattern that they have."""
    return _like(given, terms, (given.text("like_pattern"),))


def like_list(given: Arguments, terms: Terms) -> Mapped:
    """Several SQL patterns, of which values have one, or all."""
    word = "OR" if given.choice("match_on", ("any", "all")) == "any" else "AND"
    return _like(given, terms, given.names("like_pattern_list"), word=word)


def not_like(given: Arguments, terms: Terms) -> Mapped:
    """Compare values with an SQL pattern that they do not have."""
    return _like(given, terms, (given.text("like_pattern"),), sign="NOT LIKE")


def not_like_list(given: Arguments, terms: Terms) -> Mapped:
    """Several SQL patterns, none of which values have."""
    return _like(given, terms, given.names("like_pattern_list"), sign="NOT LIKE", word="AND")


def _like(
    given: Arguments, terms: Terms, patterns: tuple[str, ...], *, sign: str = "LIKE", word: str = "OR"
) -> Mapped:
    name = sql_text.name(given.text("column"))
    parts = [f"{name} {sign} {sql_text.text(pattern)}" for pattern in patterns]
    return Mapped((terms.expect(sql_text.joined(parts, word)),))


def strftime(given: Arguments, terms: Terms) -> Mapped:
    """Read dates or times that are written in a format."""
    pattern = given.text("strftime_format")
    unknown = [one for one in re.findall("%(.)", pattern) if one != "%" and one not in DIRECTIVES]
    if unknown:
        raise Unmappable(f"the format has %{unknown[0]}, which is not known here")
    return Mapped((terms.column(given.text("column"), {"format": pattern}),))


def json(given: Arguments, terms: Terms) -> Mapped:
    """Text that is JSON."""
    return Mapped((terms.column(given.text("column"), {"format": "json"}),))


def lengths(given: Arguments, terms: Terms) -> Mapped:
    """How many characters text has."""
    bound = ends(given).bound(whole=True)
    for key, end in bound.items():
        if isinstance(end, float):
            whole = int(end) if end.is_integer() else int(end // 1) + (key == "min")
            bound[key] = whole
    return Mapped((terms.column(given.text("column"), {"length": bound}),))


def length(given: Arguments, terms: Terms) -> Mapped:
    """How many characters text has, exactly."""
    value = given.number("value")
    if value is None or not float(value).is_integer():
        raise Unmappable("`value` is no whole number")
    return Mapped((terms.column(given.text("column"), {"length": int(value)}),))


def increasing(given: Arguments, terms: Terms) -> Mapped:
    """Values that do not fall."""
    return _ordered(given, terms, "increasing")


def decreasing(given: Arguments, terms: Terms) -> Mapped:
    """Values that do not rise."""
    return _ordered(given, terms, "decreasing")


def _ordered(given: Arguments, terms: Terms, word: str) -> Mapped:
    value = f"strictly_{word}" if given.flag("strictly") else word
    return Mapped((terms.column(given.text("column"), {"monotonic": value}),))


def z_scores(given: Arguments, terms: Terms) -> Mapped:
    """Values far from the mean."""
    threshold = given.number("threshold")
    if threshold is None:
        raise Unmappable("`threshold` is missing")
    mapped = Mapped((_outliers(given, terms, {"by": "z", "factor": threshold}),))
    if given.flag("double_sided"):
        return mapped
    return mapped.noted("there only values above the mean are looked at, here both tails")


def outliers(given: Arguments, terms: Terms) -> Mapped:
    """Values far from the middle, by quartiles or by standard deviations."""
    method = given.choice("method", ("iqr", "std"))
    factor = given.number("multiplier")
    by = "iqr" if method == "iqr" else "z"
    setting: dict[str, Value] = {"by": by, "factor": 1.5 if factor is None else factor}
    mapped = Mapped((_outliers(given, terms, setting),))
    if method == "std":
        return mapped.noted("a value just at the limit is an outlier there")
    return mapped.noted("there distances are from the median, here from the quartiles")


def _outliers(given: Arguments, terms: Terms, setting: dict[str, Value]) -> Demand:
    own = Terms(None, terms.where, terms.severity)
    tolerance: dict[str, Value] = {} if terms.allow is None else {"allow": terms.allow}
    return own.column(given.text("column"), {"outliers": {**setting, **tolerance}})


def _exists(column: str) -> Demand:
    return Terms().column(column, {})


VALUES: Mapping[str, Mapper] = {
    "expect_column_values_to_not_be_null": not_null,
    "expect_column_values_to_be_null": null,
    "expect_column_values_to_be_between": between,
    "expect_column_values_to_be_in_set": in_set,
    "expect_column_values_to_not_be_in_set": not_in_set,
    "expect_column_values_to_be_of_type": of_type,
    "expect_column_values_to_be_in_type_list": of_type,
    "expect_column_type_to_be": of_type,
    "expect_column_values_to_be_unique": unique,
    "expect_column_values_to_match_regex": regex,
    "expect_column_values_to_match_regex_list": regex_list,
    "expect_column_values_to_not_match_regex": not_regex,
    "expect_column_values_to_not_match_regex_list": not_regex_list,
    "expect_column_values_to_match_like_pattern": like,
    "expect_column_values_to_match_like_pattern_list": like_list,
    "expect_column_values_to_not_match_like_pattern": not_like,
    "expect_column_values_to_not_match_like_pattern_list": not_like_list,
    "expect_column_values_to_match_strftime_format": strftime,
    "expect_column_values_to_be_json_parseable": json,
    "expect_column_value_lengths_to_be_between": lengths,
    "expect_column_value_lengths_to_equal": length,
    "expect_column_values_to_be_increasing": increasing,
    "expect_column_values_to_be_decreasing": decreasing,
    "expect_column_value_z_scores_to_be_less_than": z_scores,
    "expect_column_values_to_not_be_outliers": outliers,
}
