"""Great Expectations about one column as a whole: its statistics, its distinct values, that it exists."""

from collections.abc import Mapping

from mlval.interchange import amounts
from mlval.interchange.coverage import Fate
from mlval.interchange.demand import Demand, Mapped, Terms, Unmappable
from mlval.interchange.gx_arguments import Arguments, ends
from mlval.interchange.gx_values import Mapper
from mlval.interchange.json_text import Value


def statistic(rule: str) -> Mapper:
    """Return the mapper of an expectation that bounds one statistic."""

    def mapped(given: Arguments, terms: Terms) -> Mapped:
        limits = ends(given)
        notes: tuple[str, ...] = ()
        if limits.low_is_strict or limits.high_is_strict:
            notes = ("a strict limit is written as the next number of nine digits",)
        return Mapped((terms.column(given.text("column"), {rule: limits.bound()}),)).noted(*notes)

    return mapped


def extreme(rule: str) -> Mapper:
    """Return the mapper of an expectation that bounds the smallest or the largest value."""

    def mapped(given: Arguments, terms: Terms) -> Mapped:
        limits = ends(given, times=True)
        if not isinstance(limits.low, str) and not isinstance(limits.high, str):
            return statistic(rule)(given, terms)
        return Mapped((terms.column(given.text("column"), {rule: _times(limits.low, limits.high)}),)).noted(
            *(("a strict limit passes here",) if limits.low_is_strict or limits.high_is_strict else ())
        )

    return mapped


def _times(low: Value, high: Value) -> dict[str, Value]:
    return {key: end for key, end in (("min", low), ("max", high)) if end is not None}


def quantiles(given: Arguments, terms: Terms) -> Mapped:
    """Limits of several quantiles."""
    given.get("allow_relative_error")
    asked = given.get("quantile_ranges")
    shares = asked.get("quantiles") if isinstance(asked, Mapping) else None
    ranges = asked.get("value_ranges") if isinstance(asked, Mapping) else None
    if not isinstance(shares, tuple) or not isinstance(ranges, tuple) or len(shares) != len(ranges):
        raise Unmappable("`quantile_ranges` is not a list of quantiles and one of ranges")
    limits: dict[str, Value] = {}
    for share, pair in zip(shares, ranges, strict=True):
        if not isinstance(pair, tuple) or len(pair) != 2 or pair == (None, None):
            raise Unmappable("a range of a quantile has not two ends")
        limits[str(amounts.number(share, "a quantile"))] = tuple(
            None if end is None else amounts.number(end, "the end of a range") for end in pair
        )
    mapped = Mapped((terms.column(given.text("column"), {"quantiles": limits}),))
    return mapped.noted("between two values the quantile is interpolated here, there the nearest is taken")


def distinct_in(given: Arguments, terms: Terms) -> Mapped:
    """Values that may occur."""
    values, _ = given.values("value_set")
    if not values:
        raise Unmappable("`value_set` is empty, so that no value could pass")
    return Mapped((terms.column(given.text("column"), {"in": values}),))


def distinct_contain(given: Arguments, terms: Terms) -> Mapped:
    """Values that must occur."""
    values, had_null = given.values("value_set")
    if not values:
        raise Unmappable("`value_set` names no value")
    mapped = Mapped((terms.column(given.text("column"), {"includes": values}),))
    return mapped.noted("the null in the list is left out") if had_null else mapped


def distinct_equal(given: Arguments, terms: Terms) -> Mapped:
    """Values that must occur, and no others may."""
    values, _ = given.values("value_set")
    if not values:
        raise Unmappable("`value_set` names no value")
    return Mapped((terms.column(given.text("column"), {"in": values, "includes": values}),))


def most_common(given: Arguments, terms: Terms) -> Mapped:
    """Values of which the most frequent is one."""
    values, _ = given.values("value_set")
    ties = "any" if given.flag("ties_okay") else "all"
    rule: Value = values if ties == "all" else {"in": values, "ties": ties}
    return Mapped((terms.column(given.text("column"), {"most_common": rule}),))


def distinct_count(given: Arguments, terms: Terms) -> Mapped:
    """How many different values there are."""
    return Mapped((terms.column(given.text("column"), {"distinct": ends(given).bound(whole=True)}),))


def distinct_share(given: Arguments, terms: Terms) -> Mapped:
    """How many different values there are, as a share of the values."""
    return Mapped((terms.column(given.text("column"), {"distinct": _shares(given)}),))


def non_null_share(given: Arguments, terms: Terms) -> Mapped:
    """How many rows have a value."""
    bound, column = _shares(given), given.text("column")
    low, high = given.share("min_value"), given.share("max_value")
    kept: tuple[Demand, ...] = ()
    if low is not None:
        least = float(str(bound["min"]).removesuffix("%"))
        kept = (terms.column(column, {"nulls": amounts.rest(amounts.scaled(least, 0.01))}),)
    if high is not None and not (high == 1 and not given.flag("strict_max")):
        raise Unmappable("there is no rule that a column must lack values (`max_value`)", kept)
    return Mapped(kept)


def _shares(given: Arguments) -> dict[str, Value]:
    given.share("min_value")
    given.share("max_value")
    return ends(given).bound(share=True)


def exists(given: Arguments, terms: Terms) -> Mapped:
    """Demand that a column is there."""
    demand = Demand({}, given.text("column"))
    mapped = Mapped((demand,))
    if given.get("column_index") is not None:
        why = "that the column exists is kept, its position is not; `column_order:` compares columns"
        return Mapped((demand,), (why,), Fate.UNMAPPED)
    if terms.severity is not None:
        return mapped.noted("a missing column blocks: only whole validations can warn of one")
    return mapped


STATISTICS: Mapping[str, Mapper] = {
    "expect_column_mean_to_be_between": statistic("mean"),
    "expect_column_median_to_be_between": statistic("median"),
    "expect_column_stdev_to_be_between": statistic("std"),
    "expect_column_sum_to_be_between": statistic("sum"),
    "expect_column_min_to_be_between": extreme("smallest"),
    "expect_column_max_to_be_between": extreme("largest"),
    "expect_column_quantile_values_to_be_between": quantiles,
    "expect_column_distinct_values_to_be_in_set": distinct_in,
    "expect_column_distinct_values_to_contain_set": distinct_contain,
    "expect_column_distinct_values_to_equal_set": distinct_equal,
    "expect_column_most_common_value_to_be_in_set": most_common,
    "expect_column_unique_value_count_to_be_between": distinct_count,
    "expect_column_proportion_of_unique_values_to_be_between": distinct_share,
    "expect_column_proportion_of_non_null_values_to_be_between": non_null_share,
    "expect_column_to_exist": exists,
}
