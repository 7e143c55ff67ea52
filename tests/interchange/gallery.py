"""Every expectation of the gallery of Great Expectations 1.x: what it says, and what it becomes.

None as the body means that it is refused; the third member is then a word of the reason.
"""

from typing import Any

C = {"column": "x"}
MANY = {"column_list": ["a", "b"]}
PAIR = {"column_A": "a", "column_B": "b"}
PRESENT = "(a IS NOT NULL) OR (b IS NOT NULL)"
EITHER = "a IS NOT NULL OR b IS NOT NULL"


def col(**rules: Any) -> dict[str, Any]:  # noqa: ANN401 - any value of a rule
    """Return the body of a validation with rules for one column."""
    return {"columns": {"x": rules}}


Case = tuple[dict[str, Any], dict[str, Any] | None, str]

GALLERY: dict[str, Case] = {
    "expect_column_values_to_not_be_null": ({**C, "mostly": 0.99}, col(nulls="1%"), ""),
    "expect_column_values_to_be_null": (
        {**C, "mostly": 0.5},
        {"expect": {"that": "x IS NULL", "allow": "50%"}},
        "",
    ),
    "expect_column_values_to_be_between": (
        {**C, "min_value": 0, "strict_min": True, "max_value": 5},
        col(above=0, max=5),
        "",
    ),
    "expect_column_values_to_be_in_set": (
        {**C, "value_set": ["a", None, 1]},
        col(**{"in": ("a", 1)}),
        "null",
    ),
    "expect_column_values_to_not_be_in_set": ({**C, "value_set": [-1]}, col(not_in=(-1,)), ""),
    "expect_column_values_to_be_of_type": ({**C, "type_": "LongType"}, col(type="int"), "stored type"),
    "expect_column_values_to_be_in_type_list": (
        {**C, "type_list": ["int64", "BIGINT"]},
        col(type="int"),
        "stored type",
    ),
    "expect_column_type_to_be": ({**C, "type_": "VARCHAR(20)"}, col(type="string"), "stored type"),
    "expect_column_values_to_be_unique": (
        {**C, "mostly": 0.9},
        col(unique=True, allow="5%"),
        "half as large",
    ),
    "expect_column_values_to_match_regex": ({**C, "regex": "^a$"}, col(regex="^a$"), ""),
    "expect_column_values_to_match_regex_list": (
        {**C, "regex_list": ["a", "b"]},
        col(regex=("a", "b")),
        "",
    ),
    "expect_column_values_to_not_match_regex": ({**C, "regex": "\\d"}, col(not_regex="\\d"), "ASCII"),
    "expect_column_values_to_not_match_regex_list": (
        {**C, "regex_list": ["a", "b"]},
        col(not_regex=("a", "b")),
        "",
    ),
    "expect_column_values_to_match_like_pattern": (
        {**C, "like_pattern": "a%"},
        {"expect": "x LIKE 'a%'"},
        "",
    ),
    "expect_column_values_to_match_like_pattern_list": (
        {**C, "like_pattern_list": ["a%", "b%"], "match_on": "any"},
        {"expect": "(x LIKE 'a%') OR (x LIKE 'b%')"},
        "",
    ),
    "expect_column_values_to_not_match_like_pattern": (
        {**C, "like_pattern": "a%"},
        {"expect": "x NOT LIKE 'a%'"},
        "",
    ),
    "expect_column_values_to_not_match_like_pattern_list": (
        {**C, "like_pattern_list": ["a%", "b%"]},
        {"expect": "(x NOT LIKE 'a%') AND (x NOT LIKE 'b%')"},
        "",
    ),
    "expect_column_values_to_match_strftime_format": (
        {**C, "strftime_format": "%Y-%m-%d"},
        col(format="%Y-%m-%d"),
        "",
    ),
    "expect_column_values_to_be_dateutil_parseable": (C, None, "format"),
    "expect_column_values_to_be_json_parseable": (C, col(format="json"), ""),
    "expect_column_values_to_match_json_schema": ({**C, "json_schema": {}}, None, "schema of JSON"),
    "expect_column_value_lengths_to_be_between": (
        {**C, "min_value": 1, "max_value": 5, "strict_max": True},
        col(length={"min": 1, "max": 4}),
        "",
    ),
    "expect_column_value_lengths_to_equal": ({**C, "value": 5}, col(length=5), ""),
    "expect_column_values_to_be_increasing": (
        {**C, "strictly": True},
        col(monotonic="strictly_increasing"),
        "",
    ),
    "expect_column_values_to_be_decreasing": (C, col(monotonic="decreasing"), ""),
    "expect_column_value_z_scores_to_be_less_than": (
        {**C, "threshold": 3, "double_sided": False, "mostly": 0.99},
        col(outliers={"by": "z", "factor": 3, "allow": "1%"}),
        "both tails",
    ),
    "expect_column_values_to_not_be_outliers": (
        {**C, "method": "iqr", "multiplier": 2},
        col(outliers={"by": "iqr", "factor": 2}),
        "median",
    ),
    "expect_column_mean_to_be_between": (
        {**C, "min_value": 1, "max_value": 2, "strict_max": True},
        col(mean={"min": 1, "max": 1.99999999}),
        "strict",
    ),
    "expect_column_median_to_be_between": ({**C, "min_value": 1}, col(median={"min": 1}), ""),
    "expect_column_stdev_to_be_between": ({**C, "max_value": 2}, col(std={"max": 2}), ""),
    "expect_column_sum_to_be_between": ({**C, "max_value": 2}, col(sum={"max": 2}), ""),
    "expect_column_min_to_be_between": ({**C, "min_value": 2}, col(smallest={"min": 2}), ""),
    "expect_column_max_to_be_between": ({**C, "max_value": 2}, col(largest={"max": 2}), ""),
    "expect_column_quantile_values_to_be_between": (
        {**C, "quantile_ranges": {"quantiles": [0.5, 0.9], "value_ranges": [[1, 2], [None, 9]]}},
        col(quantiles={"0.5": (1, 2), "0.9": (None, 9)}),
        "interpolated",
    ),
    "expect_column_distinct_values_to_be_in_set": ({**C, "value_set": ["a"]}, col(**{"in": ("a",)}), ""),
    "expect_column_distinct_values_to_contain_set": ({**C, "value_set": ["a"]}, col(includes=("a",)), ""),
    "expect_column_distinct_values_to_equal_set": (
        {**C, "value_set": ["a"]},
        col(**{"in": ("a",), "includes": ("a",)}),
        "",
    ),
    "expect_column_most_common_value_to_be_in_set": (
        {**C, "value_set": ["a"], "ties_okay": True},
        col(most_common={"in": ("a",), "ties": "any"}),
        "",
    ),
    "expect_column_unique_value_count_to_be_between": (
        {**C, "min_value": 2, "strict_min": True},
        col(distinct={"min": 3}),
        "",
    ),
    "expect_column_proportion_of_unique_values_to_be_between": (
        {**C, "min_value": 0.1, "max_value": 1},
        col(distinct={"min": "10%", "max": "100%"}),
        "",
    ),
    "expect_column_proportion_of_non_null_values_to_be_between": (
        {**C, "min_value": 0.9},
        col(nulls="10%"),
        "",
    ),
    "expect_column_to_exist": (C, col(required=True), ""),
    "expect_column_kl_divergence_to_be_less_than": (C, None, "type: drift"),
    "expect_column_chisquare_test_p_value_to_be_greater_than": (C, None, "type: drift"),
    "expect_column_bootstrapped_ks_test_p_value_to_be_greater_than": (C, None, "type: drift"),
    "expect_column_parameterized_distribution_ks_test_p_value_to_be_greater_than": (C, None, "type: drift"),
    "expect_column_pair_cramers_phi_value_to_be_less_than": (PAIR, None, "two categories"),
    "expect_column_pair_values_to_be_equal": (
        PAIR,
        {"expect": {"that": "coalesce(a = b, false)", "where": EITHER}},
        "",
    ),
    "expect_column_pair_values_a_to_be_greater_than_b": (
        {**PAIR, "or_equal": True, "ignore_row_if": "either_value_is_missing"},
        {"expect": "a >= b"},
        "",
    ),
    "expect_column_pair_values_to_be_in_set": (
        {**PAIR, "value_pairs_set": [["x", 1], ["y", None]], "ignore_row_if": "neither"},
        {"expect": "coalesce((a = 'x' AND b = 1) OR (a = 'y' AND b IS NULL), false)"},
        "",
    ),
    "expect_compound_columns_to_be_unique": (
        {**MANY, "mostly": 0.9},
        {"duplicates": {"columns": ("a", "b"), "allow": "5%", "where": PRESENT}},
        "half as large",
    ),
    "expect_multicolumn_values_to_be_unique": (
        {**MANY, "ignore_row_if": "never"},
        {"expect": "a IS DISTINCT FROM b"},
        "",
    ),
    "expect_select_column_values_to_be_unique_within_record": (
        {**MANY, "ignore_row_if": "any_value_is_missing"},
        {"expect": {"that": "a <> b", "where": "(a IS NOT NULL) AND (b IS NOT NULL)"}},
        "",
    ),
    "expect_multicolumn_values_to_be_equal": (
        MANY,
        {"expect": {"that": "a IS NOT DISTINCT FROM b", "where": PRESENT}},
        "",
    ),
    "expect_multicolumn_sum_to_equal": (
        {**MANY, "sum_total": 10},
        {"expect": {"that": "coalesce(a, 0) + coalesce(b, 0) = 10", "where": PRESENT}},
        "",
    ),
    "expect_table_row_count_to_be_between": (
        {"min_value": 1, "max_value": 9, "strict_max": True},
        {"rows": {"min": 1, "max": 8}},
        "",
    ),
    "expect_table_row_count_to_equal": ({"value": 9}, {"rows": {"min": 9, "max": 9}}, ""),
    "expect_table_row_count_to_equal_other_table": (
        {"other_table_name": "other"},
        {"against": {"dataset": "other", "rows": {"difference": 0}}},
        "",
    ),
    "expect_table_column_count_to_be_between": ({"max_value": 9}, {"column_count": {"max": 9}}, ""),
    "expect_table_column_count_to_equal": ({"value": 9}, {"column_count": {"min": 9, "max": 9}}, ""),
    "expect_table_columns_to_match_ordered_list": (
        MANY,
        {"column_order": {"exactly": ("a", "b")}},
        "",
    ),
    "expect_table_columns_to_match_set": (
        {"column_set": ["a", "b"]},
        {
            "column_count": {"min": 2, "max": 2},
            "columns": {"a": {"required": True}, "b": {"required": True}},
        },
        "",
    ),
    "expect_query_results_to_match_comparison": ({}, None, "SQL"),
    "expect_query_results_to_match_source": ({}, None, "SQL"),
    "unexpected_rows_expectation": ({"unexpected_rows_query": "SELECT 1"}, None, "SQL"),
}
