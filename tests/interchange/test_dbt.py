"""Schema files of dbt as contracts, test by test."""

from typing import Any

import pytest

from mlval.domain.errors import UsageError
from mlval.interchange.coverage import Fate
from tests.interchange.world import body, dbt, loaded, only


def column(test: str) -> str:
    return f"version: 2\nmodels:\n- name: t\n  columns:\n  - name: x\n    data_tests:\n    - {test}\n"


def table(test: str) -> str:
    return f"version: 2\nmodels:\n- name: t\n  tests:\n  - {test}\n"


COLUMNS: dict[str, tuple[str, dict[str, Any]]] = {
    "not null": ("not_null", {"nulls": 0}),
    "a few nulls": ("not_null: {config: {error_if: '> 10', warn_if: '> 10'}}", {"nulls": 10}),
    "unique, with a filter": ("unique: {config: {where: y > 0}}", {"unique": True, "where": "y > 0"}),
    "a warning": ("unique: {severity: warn}", {"unique": True, "severity": "warn"}),
    "accepted values": ("accepted_values: {values: [a, b]}", {"in": ("a", "b")}),
    "accepted values, newer": ("accepted_values: {arguments: {values: [a, b]}}", {"in": ("a", "b")}),
    "accepted numbers": ("accepted_values: {values: ['1', '2'], quote: false}", {"in": (1, 2)}),
    "a name of its own": ("{name: mine, test_name: not_null}", {"nulls": 0}),
    "relationships": (
        "relationships: {to: ref('customers'), field: id}",
        {"references": {"dataset": "customers", "column": "id"}},
    ),
    "a range": ("dbt_utils.accepted_range: {min_value: 0, inclusive: false}", {"above": 0}),
    "a share": ("dbt_utils.not_null_proportion: {at_least: 0.95}", {"nulls": "5%"}),
    "not constant": ("dbt_utils.not_constant", {"constant": "forbid"}),
    "an expectation": (
        "dbt_expectations.expect_column_values_to_be_between: {min_value: 0, row_condition: y = 0}",
        {"min": 0, "where": "y = 0"},
    ),
    "a strict expectation": (
        "dbt_expectations.expect_column_mean_to_be_between: {min_value: 1, strictly: true}",
        {"mean": {"min": 1.00000001}},
    ),
    "a type": ("dbt_expectations.expect_column_values_to_be_of_type: {column_type: int64}", {"type": "int"}),
    "recent data": (
        "dbt_expectations.expect_row_values_to_have_recent_data: {datepart: day, interval: 2}",
        {"max_age": "2d"},
    ),
    "deviations": (
        "dbt_expectations.expect_column_values_to_be_within_n_stdevs: {sigma_threshold: 4}",
        {"outliers": {"by": "z", "factor": 4}},
    ),
}


@pytest.mark.parametrize("name", COLUMNS)
def test_tests_of_a_column(name: str) -> None:
    test, rules = COLUMNS[name]
    fragment, coverage = dbt(column(test))
    assert body(fragment) == {"columns": {"x": rules}}
    assert only(coverage).fate is not Fate.UNMAPPED
    loaded(fragment)


TABLES: dict[str, tuple[str, dict[str, Any]]] = {
    "an expression": (
        "dbt_utils.expression_is_true: {expression: a > b}",
        {"expect": "coalesce((a > b), false)"},
    ),
    "unique together": (
        "dbt_utils.unique_combination_of_columns: {combination_of_columns: [a, b]}",
        {"duplicates": {"columns": ("a", "b")}},
    ),
    "recency": (
        "dbt_utils.recency: {datepart: hour, field: at, interval: 6}",
        {"columns": {"at": {"max_age": "6h"}}},
    ),
    "as many rows": (
        "dbt_utils.equal_rowcount: {compare_model: \"source('raw', 'o')\"}",
        {"against": {"dataset": "raw_o", "rows": {"difference": (0, 0)}}},
    ),
    "rows": (
        "dbt_expectations.expect_table_row_count_to_be_between: {min_value: 1}",
        {"rows": {"min": 1}},
    ),
}


@pytest.mark.parametrize("name", TABLES)
def test_tests_of_a_table(name: str) -> None:
    test, rules = TABLES[name]
    fragment, _ = dbt(table(test))
    assert body(fragment) == rules
    loaded(fragment)


REFUSED = {
    "a test of one's own": ("is_good", "no test of this name"),
    "a template": ("accepted_values: {values: '{{ var(1) }}'}", "template"),
    "a template as a filter": ('unique: {config: {where: "{{ x }}"}}', "template"),
    "a filter that is no predicate": ("unique: {config: {where: id in (select 1)}}", "select"),
    "a threshold the other way round": ("unique: {config: {error_if: '= 0'}}", "threshold"),
    "an argument": ("unique: {group_by: [a]}", "group_by"),
    "groups": (
        "dbt_expectations.expect_column_values_to_be_within_n_stdevs: {group_by: day}",
        "group_by",
    ),
    "a table that is no reference": ("relationships: {to: customers, field: id}", "ref("),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name: str) -> None:
    test, word = REFUSED[name]
    fragment, coverage = dbt(column(test))
    assert only(coverage).fate is Fate.UNMAPPED
    assert word in only(coverage).note
    assert fragment.validations == ()


def test_a_threshold_that_blocks_and_one_that_warns_are_two_rules() -> None:
    fragment, _ = dbt(column("not_null: {config: {error_if: '>= 100'}}"))
    assert body(fragment) == {"columns": {"x": ({"nulls": 99}, {"nulls": 0, "severity": "warn"})}}


def test_a_test_that_is_switched_off_is_no_rule() -> None:
    fragment, coverage = dbt(column("unique: {config: {enabled: false}}"))
    assert fragment.validations == ()
    assert "switched off" in only(coverage).note


WHOLE = """
version: 2
sources:
- name: raw
  freshness: {warn_after: {count: 12, period: hour}, error_after: {count: 1, period: day}}
  loaded_at_field: loaded_at
  tables:
  - name: trips
    columns: [{name: id, tests: [unique, not_null]}]
models:
- name: trips
  config: {contract: {enforced: true}}
  columns:
  - {name: fare, data_type: numeric, constraints: [{type: not_null}, {type: check, expression: fare > 0}]}
macros: [{name: m}]
"""


def test_sources_and_models() -> None:
    fragment, coverage = dbt(WHOLE)
    trips, raw = fragment.validations
    assert (trips["dataset"], raw["dataset"]) == ("trips", "raw_trips")
    assert trips["columns"] == {"fare": {"type": "float", "nulls": 0}}
    assert trips["expect"] == "fare > 0"
    assert raw["columns"] == {
        "id": {"unique": True, "nulls": 0},
        "loaded_at": ({"max_age": "1d"}, {"max_age": "12h", "severity": "warn"}),
    }
    assert [item.source for item in coverage.items if item.fate is Fate.UNMAPPED] == ["macros"]
    loaded(fragment)


@pytest.mark.parametrize("text", ["[]", "version: 2", "models: 1"])
def test_what_is_no_schema_file(text: str) -> None:
    with pytest.raises(UsageError):
        dbt(text)
