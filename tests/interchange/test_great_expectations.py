"""Suites of Great Expectations: every expectation is mapped or refused with a reason, none is lost."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.interchange.coverage import Fate
from mlval.interchange.great_expectations import MAPPERS, REASONS
from mlval.interchange.json_text import JsonRefused
from tests.interchange.gallery import GALLERY
from tests.interchange.world import body, expectation, loaded, only, suite

MADE_UP = {"expect_column_wasserstein_distance_to_be_less_than"}


def test_the_gallery_below_has_every_expectation() -> None:
    assert set(GALLERY) | MADE_UP == {*MAPPERS, *REASONS}


@pytest.mark.parametrize("kind", GALLERY)
def test_every_expectation_is_mapped_or_refused_with_a_reason(kind: str) -> None:
    kwargs, demanded, word = GALLERY[kind]
    fragment, coverage = expectation(kind, **kwargs)
    item = only(coverage)
    assert word in item.note
    if demanded is None:
        assert (item.fate, fragment.validations) == (Fate.UNMAPPED, ())
        return
    assert body(fragment) == demanded
    assert item.fate is (Fate.DIFFERENT if word else Fate.MAPPED)
    loaded(fragment)


def test_both_spellings_of_a_suite_say_the_same() -> None:
    old = {
        "expectation_suite_name": "trips",
        "data_asset_type": None,
        "expectations": [
            {
                "expectation_type": "expect_column_values_to_be_unique",
                "kwargs": {"column": "id"},
                "meta": {"notes": "key"},
            }
        ],
        "meta": {"great_expectations_version": "0.18.1"},
    }
    new = {
        "name": "trips",
        "id": "7a",
        "expectations": [
            {"type": "expect_column_values_to_be_unique", "kwargs": {"column": "id"}, "id": "8b", "meta": {}}
        ],
        "notes": None,
    }
    assert suite(old)[0] == suite(new)[0]


REFUSED: dict[str, tuple[str, dict[str, Any], str]] = {
    "an argument nobody knows": (
        "expect_column_values_to_be_unique",
        {"column": "x", "windows": [1]},
        "windows",
    ),
    "a parameter": (
        "expect_column_max_to_be_between",
        {"column": "x", "min_value": {"$PARAMETER": "now()"}},
        "run",
    ),
    "no column": ("expect_column_values_to_be_unique", {}, "`column`"),
    "a look behind": ("expect_column_values_to_match_regex", {"column": "x", "regex": "(?<=a)b"}, "RE2"),
    "two kinds of type": (
        "expect_column_values_to_be_in_type_list",
        {"column": "x", "type_list": ["str", "int"]},
        "different kinds",
    ),
    "limits the wrong way round": (
        "expect_column_values_to_be_between",
        {"column": "x", "min_value": 5, "max_value": 1},
        "nothing could pass",
    ),
    "a time that is none": (
        "expect_column_values_to_be_between",
        {"column": "x", "min_value": "now"},
        "time",
    ),
    "a condition in Python": (
        "expect_column_values_to_be_unique",
        {"column": "x", "row_condition": "y.str.len() > 3", "condition_parser": "pandas"},
        "row condition",
    ),
    "mostly beyond all": ("expect_column_values_to_be_unique", {"column": "x", "mostly": 1.5}, "share"),
    "a position": ("expect_column_to_exist", {"column": "x", "column_index": 3}, "position"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_counterpart_is_refused_with_the_reason(name: str) -> None:
    kind, kwargs, word = REFUSED[name]
    item = only(expectation(kind, **kwargs)[1])
    assert item.fate is Fate.UNMAPPED
    assert word in item.note


def test_two_sided_strict_limits_with_a_tolerance_are_one_predicate() -> None:
    fragment, _ = expectation(
        "expect_column_values_to_be_between",
        column="x",
        min_value=0,
        max_value=1,
        strict_max=True,
        mostly=0.9,
    )
    assert body(fragment) == {"expect": {"that": "x >= 0 AND x < 1", "allow": "10%"}}


def test_rules_of_one_column_stand_in_one_set_where_their_terms_agree() -> None:
    between = {"type": "expect_column_values_to_be_between", "kwargs": {"column": "x", "min_value": 0}}
    rare = {"type": between["type"], "kwargs": {"column": "x", "max_value": 9, "mostly": 0.5}}
    kind = {"type": "expect_column_values_to_be_of_type", "kwargs": {"column": "x", "type_": "float"}}
    fragment, _ = suite({"name": "s", "expectations": [between, rare, kind]})
    assert body(fragment)["columns"] == {"x": ({"min": 0, "type": "float"}, {"max": 9, "allow": "50%"})}
    assert fragment.origins == {
        (0, "columns", "x", 0, "min"): 0,
        (0, "columns", "x", 1, "max"): 1,
        (0, "columns", "x", 0, "type"): 2,
    }


def test_severity_and_condition_of_a_rule_of_the_table_make_a_validation_of_their_own() -> None:
    rows = {"type": "expect_table_row_count_to_equal", "kwargs": {"value": 1}}
    warns = {**rows, "severity": "info"}
    some = {
        "type": rows["type"],
        "kwargs": {"value": 2, "row_condition": 'col("a") == 1', "condition_parser": "spark"},
    }
    fragment, _ = suite({"name": "s", "expectations": [rows, warns, some]})
    assert [{"severity", "where"} & set(one) for one in fragment.validations] == [
        set(),
        {"severity"},
        {"where"},
    ]
    loaded(fragment)


@pytest.mark.parametrize("text", ["[]", "1", "{}", '{"expectations": {}}'])
def test_what_is_no_suite_is_refused(text: str) -> None:
    with pytest.raises(JsonRefused):
        suite(text)


TEXT = st.characters(codec="utf-8", exclude_characters="\0")
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9, 9**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(TEXT, max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(TEXT, max_size=5), inner, max_size=3),
    max_leaves=6,
)
ARGUMENTS = sorted(
    {name for kwargs, *_ in GALLERY.values() for name in kwargs} | {"row_condition", "severity"}
)
sensible = st.sampled_from([kwargs for kwargs, *_ in GALLERY.values()])
kwargs_of = st.tuples(sensible, st.dictionaries(st.sampled_from(ARGUMENTS), values, max_size=3)).map(
    lambda pair: {**pair[0], **pair[1]}
)
entries = values | st.fixed_dictionaries(
    {"type": st.sampled_from(sorted(GALLERY)), "kwargs": kwargs_of},
    optional={"severity": st.sampled_from(["critical", "warning", "info"]) | values, "meta": values},
)


@given(st.lists(entries, max_size=5))
def test_any_suite_gives_a_contract_that_loads_and_a_word_for_every_entry(listed: list[Any]) -> None:
    fragment, coverage = suite(json.dumps({"name": "s", "expectations": listed}))
    assert len(coverage.items) == len(listed)
    assert all(item.note for item in coverage.items if item.fate is not Fate.MAPPED)
    if fragment.validations:
        loaded(fragment)
    else:
        assert not any(item.fate is Fate.MAPPED for item in coverage.items)
