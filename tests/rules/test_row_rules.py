"""Row rules on small tables: how many values break them, of how many that were looked at."""

from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome
from tests.checks.world import measured, results
from tests.measure.world import World, lines

# rule and value, the values of a column, how many break it, of how many
COUNTS: dict[str, tuple[str, Any, tuple[str, ...], int, int]] = {
    "above": ("above", 0, ("-1", "0", "1", ""), 2, 3),
    "above, NaN": ("above", -1, ("NaN", "inf", "-inf"), 2, 3),
    "above a day": ("above", "2026-01-31", ("2026-01-31", "2026-02-01"), 1, 2),
    "below": ("below", 1, ("0.5", "1", "1.5", "NaN", ""), 3, 4),
    "not_regex": ("not_regex", "[0-9]{3}", ("a1234", "a12", ""), 1, 2),
    "not_regex, any of a list": ("not_regex", ("^a", "b$"), ("ac", "cb", "ab", "c"), 3, 4),
    "regex, one of a list": ("regex", ("^a", "b$"), ("ac", "cb", "ab", "c", ""), 1, 4),
    "length": ("length", 2, ("ab", "é\u0301", "abc", "a", ""), 2, 4),
    "length from": ("length", {"min": 2}, ("a", "ab", "abc"), 1, 3),
    "length up to": ("length", (None, 2), ("a", "ab", "abc"), 1, 3),
    "length of codes": ("length", 3, ("123", "12"), 1, 2),
    "length 0 in a text file": ("length", {"max": 0}, ("a", ""), 1, 1),
    "decimals": ("decimals", 2, ("0.25", "0.125", "3", "1e-3", "1e3", "NaN", "inf", ""), 4, 7),
    "decimals of whole numbers": ("decimals", 0, ("1", "2", ""), 0, 2),
    "multiple_of": ("multiple_of", 12, ("24", "0", "-12", "13", ""), 1, 4),
    "multiple_of a fraction": ("multiple_of", 0.05, ("0.15", "0.3", "0.05", "0.07", "1"), 1, 5),
    "format": ("format", "email", ("a@b.co", "a@b", ""), 1, 2),
    "format, a pattern": ("format", "%d.%m.%Y", ("31.1.2026", "31.2.2026", "x"), 2, 3),
    "nans": ("nans", 1, ("NaN", "nan", "1.5", "inf", ""), 2, 4),
    "nans of whole numbers": ("nans", 0, ("1", "2", ""), 0, 2),
    "nans as a share": ("nans", "50%", ("NaN", "1.5", "2", "3", ""), 1, 4),
    "infinities": ("infinities", 0, ("inf", "-inf", "NaN", "1.5", ""), 2, 4),
    "monotonic": ("monotonic", "increasing", ("1", "3", "2", "", "2", "4"), 1, 5),
    "monotonic, strictly": ("monotonic", "strictly_increasing", ("1", "3", "2", "", "2", "4"), 2, 5),
    "monotonic, falling": ("monotonic", "decreasing", ("3", "3", "1", "2"), 1, 4),
    "monotonic, strictly falling": ("monotonic", "strictly_decreasing", ("3", "3", "1", "2"), 2, 4),
    "monotonic, in the order of the file": ("monotonic", "increasing", ("b", "a", "c"), 1, 3),
}  # fmt: skip


def measure(world: World, table: str, **settings: Any) -> tuple[Measurement, ...]:  # noqa: ANN401
    """Measure a data validation on a table; that the columns are there is left out."""
    check = Data.read({"type": "data", "dataset": table, **settings})
    found = measured(check, Inputs({table: Dataset(path="t.csv")}), world.engine.answer)
    assert isinstance(found, tuple), found
    return tuple(one for one in found if one.metric != "required")


def column(values: tuple[str, ...]) -> str:
    return lines("x,y", [f"{value},{index % 2}" for index, value in enumerate(values)])


@pytest.mark.parametrize("name", COUNTS)
def test_counts(world: World, name: str) -> None:
    rule, value, values, n, of = COUNTS[name]
    (found,) = measure(world, world.csv(column(values)), columns={"x": {rule: value, "severity": "warn"}})
    assert found.problem is None
    assert (found.subject, found.metric, found.n, found.of) == ("x", rule, n, of)
    assert found.value == (n / of if isinstance(value, str) and value.endswith("%") else n)
    assert (found.path, found.severity) == (("columns", "x", rule), "warn")


@pytest.mark.parametrize("name", COUNTS)
def test_rows_that_break_a_rule_can_be_found(world: World, name: str) -> None:
    rule, value, values, n, _ = COUNTS[name]
    (found,) = measure(world, world.csv(column(values)), columns={"x": {rule: value}})
    assert found.failing is not None
    assert world.count(found.failing.rows.table, *found.failing.of) == n


@pytest.mark.parametrize("name", COUNTS)
def test_no_value_is_no_pass(world: World, name: str) -> None:
    rule, value, *_ = COUNTS[name]
    table = world.csv("x,y\n,1\n,2\n")
    check = Data.read({"type": "data", "dataset": table, "columns": {"x": {rule: value}}})
    judged = results(check, Inputs({table: Dataset(path="t.csv")}), world.engine.answer)
    assert [one.outcome for one in judged if one.measurement.metric == rule] == [Outcome.ERRORED]


METERS = "at,meter,x\n3,a,5\n1,a,1\n,a,0\n2,a,7\n1,b,4\n2,b,4\n2,b,3\n"


@pytest.mark.parametrize(
    "asked, n, of",
    [
        ("increasing", 4, 7),
        ({"order": "increasing", "by": "at"}, 2, 6),
        ({"order": "increasing", "per": "meter"}, 3, 7),
        ({"order": "increasing", "by": "at", "per": ("meter",)}, 2, 6),
        ({"order": "strictly_increasing", "by": "at", "per": "meter"}, 3, 6),
    ],
)
def test_order_by_a_column_and_in_each_group(world: World, asked: Any, n: int, of: int) -> None:  # noqa: ANN401
    (found,) = measure(world, world.csv(METERS), columns={"x": {"monotonic": asked}})
    assert (found.n, found.of) == (n, of)


def test_order_is_that_of_the_rows_that_are_looked_at(world: World) -> None:
    table = world.csv("x,keep,also\n1,1,1\n9,0,1\n2,1,1\n8,1,0\n3,1,1\n")
    (found,) = measure(
        world, table, where="keep = 1", columns={"x": {"monotonic": "increasing", "where": "also = 1"}}
    )
    assert (found.n, found.of) == (0, 3)


def test_order_in_groups_of_the_validation_is_that_of_each_group(world: World) -> None:
    found = measure(world, world.csv(METERS), per="meter", columns={"x": {"monotonic": "increasing"}})
    assert [(one.n, one.of) for one in found] == [(2, 4), (1, 3)]


def test_order_needs_its_columns(world: World) -> None:
    for asked in ({"order": "increasing", "by": "no"}, {"order": "increasing", "per": "no"}):
        (found,) = measure(world, world.csv(METERS), columns={"x": {"monotonic": asked}})
        assert found.problem is not None
        assert "no column" in found.problem.message


SENTINELS: dict[str, tuple[tuple[Any, ...], tuple[str, ...], int]] = {
    "numbers": ((-1, 999), ("-1", "999", "5", ""), 3),
    "a number, however it is written": ((-1,), ("-1.0", "-1e0", "5"), 2),
    "words among numbers": (("n/a", -1), ("n/a", "-1", "-1.0", "5"), 3),
    "of another kind": (("n/a", True, "2026-01-31"), ("1", "0", "5"), 0),
    "days": (("1900-01-01", 0), ("1900-01-01", "2026-01-31"), 1),
    "truth": ((False, 0), ("false", "true"), 1),
    "the empty text, null in a text file": (("",), ("", "a"), 1),
    "none": ((), ("", "a"), 1),
}


@pytest.mark.parametrize("name", SENTINELS)
def test_sentinels_count_as_nulls(world: World, name: str) -> None:
    missing, values, n = SENTINELS[name]
    table = world.csv(column(values))
    nans, nulls = measure(world, table, columns={"x": {"nulls": "10%", "nans": 0, "missing": missing}})
    assert (nulls.n, nulls.of, nulls.value) == (n, len(values), n / len(values))
    assert (nans.n, nans.of) == (0, len(values) - n)


def test_an_empty_text_is_a_value_of_a_typed_file_unless_it_is_named(world: World) -> None:
    table = world.parquet("SELECT unnest(['', 'a', NULL]) AS x")
    for missing, n in (((), 1), (("",), 2)):
        rules = {"nulls": 0, "length": {"min": 1}, "missing": missing}
        length, nulls = measure(world, table, columns={"x": rules})
        assert (nulls.n, nulls.of) == (n, 3)
        assert (length.n, length.of) == (2 - n, 3 - n)


def test_numbers_in_a_text_file_are_judged_where_a_sentinel_made_text_of_them(world: World) -> None:
    table = world.csv(column(("5", "n/a", "-3", "12.5", "oops")))
    rules = {"min": 0, "max": 10, "type": "float", "missing": ("n/a",)}
    found = measure(world, table, columns={"x": rules})
    assert {one.metric: (one.n, one.of) for one in found} == {"max": (2, 4), "min": (2, 4), "type": (1, 4)}


REFUSED: list[dict[str, Any]] = [
    {"above": "noon"},
    {"below": True},
    {"not_regex": ""},
    {"not_regex": ()},
    {"regex": ()},
    {"regex": ("a", 5)},
    {"length": -1},
    {"length": 1.5},
    {"length": True},
    {"length": {}},
    {"length": {"min": 3, "max": 2}},
    {"length": (None, None)},
    {"length": {"most": 2}},
    {"decimals": -1},
    {"decimals": 2.5},
    {"multiple_of": 0},
    {"multiple_of": -1},
    {"multiple_of": True},
    {"multiple_of": 1e-16},
    {"multiple_of": 1e300},
    {"multiple_of": 123456789.123456789},
    {"multiple_of": 10**400},
    {"format": "dates"},
    {"format": "%q"},
    {"format": "%"},
    {"format": "%d %d"},
    {"format": "%I:%M"},
    {"format": 5},
    {"nans": 0.5},
    {"infinities": "101%"},
    {"monotonic": "rising"},
    {"monotonic": True},
    {"monotonic": {"by": "t"}},
    {"monotonic": {"order": "increasing", "per": ()}},
]


@pytest.mark.parametrize("rules", REFUSED, ids=str)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "columns": {"x": rules}})


WRONG_KIND = [
    ("SELECT 5 AS x", {"length": 1}),
    ("SELECT 5 AS x", {"not_regex": "5"}),
    ("SELECT 5 AS x", {"format": "json"}),
    ("SELECT 'a' AS x", {"decimals": 1}),
    ("SELECT 'a' AS x", {"multiple_of": 1}),
    ("SELECT true AS x", {"multiple_of": 1}),
    ("SELECT 'a' AS x", {"above": 0}),
    ("SELECT [1] AS x", {"monotonic": "increasing"}),
    ("SELECT 'a' AS x", {"not_regex": "("}),
]


@pytest.mark.parametrize("query, rules", WRONG_KIND, ids=str)
def test_what_a_column_cannot_be_asked_is_an_error(world: World, query: str, rules: dict[str, Any]) -> None:
    (found,) = measure(world, world.parquet(query), columns={"x": rules})
    assert found.problem is not None
    assert found.value is None


def test_lengths_that_a_text_file_has_lost_are_an_error(world: World) -> None:
    (found,) = measure(world, world.csv("x,y\n1.50,1\n"), columns={"x": {"length": 4}})
    assert found.problem is not None
    assert "not kept" in found.problem.message
