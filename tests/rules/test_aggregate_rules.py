"""Rules about one number that is computed from a column, judged on small tables."""

import math
import statistics
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from mlval.checks.data import Data
from mlval.domain.bound import Bound
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.verdict import Result
from tests.checks.world import results
from tests.measure.world import World, lines

VALUES = (1, 2, 2, 3, 10)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


def judged(world: World, values: Sequence[object], rules: object, **table: Any) -> list[Result]:  # noqa: ANN401
    """Judge rules for the column x."""
    name = world.csv(lines("x,y", [f"{'' if one is None else one},{n}" for n, one in enumerate(values)]))
    return on(world, name, columns={"x": rules}, **table)


def on(world: World, name: str, sensitive: tuple[str, ...] = (), **rules: object) -> list[Result]:
    check = Data.read({"type": "data", "dataset": name, **rules})
    inputs = Inputs({name: Dataset(path="t.csv", sensitive=sensitive)})
    return [
        one for one in results(check, inputs, world.engine.answer) if one.measurement.metric != "required"
    ]


def problem(found: Result) -> str:
    assert found.outcome == "errored", found
    assert found.measurement.problem is not None
    return f"{found.measurement.problem.message}; {found.measurement.problem.remedy}"


NUMBERS: dict[str, tuple[Any, Any, float]] = {
    "mean": ([3, 4], {"max": 3.5}, 3.6),
    "median": ({"min": 2}, {"max": 1.5}, 2),
    "std": ([3, 4], {"max": 3}, statistics.stdev(VALUES)),
    "sum": (">= 18", {"min": 19}, 18),
    "smallest": ([1, 1], "<= 0", 1),
    "largest": ({"max": 10}, {"max": 9.5}, 10),
    "skewness": ([1, 3], {"max": 0}, 2.0286991),
    "kurtosis": ([4, 5], {"max": 0}, 4.2721465),
}


@pytest.mark.parametrize("rule", NUMBERS)
def test_a_number_is_held_against_its_bounds(world: World, rule: str) -> None:
    good, bad, value = NUMBERS[rule]
    passed, failed = judged(world, (*VALUES, None), ({rule: good}, {rule: bad, "severity": "warn"}))
    assert (passed.outcome, failed.outcome) == ("passed", "failed")
    assert passed.measurement.value == pytest.approx(value, rel=1e-4)
    assert (passed.measurement.of, passed.measurement.subject, passed.measurement.metric) == (5, "x", rule)
    assert passed.measurement.path == ("columns", "x", 0, rule)
    assert failed.severity == "warn"


@pytest.mark.parametrize("rule", NUMBERS)
def test_filters_and_stand_ins_are_left_out(world: World, rule: str) -> None:
    good, *_ = NUMBERS[rule]
    values = (*VALUES, -999, -999, None, 77)
    (found,) = judged(world, values, {rule: good, "missing": (-999,), "where": "x <> 77"})
    assert (found.outcome, found.measurement.of) == ("passed", 5)


@pytest.mark.parametrize("rule", NUMBERS)
def test_nan_is_an_error_that_names_the_way_out(world: World, rule: str) -> None:
    bound = {"min": -1e9, "max": 1e9}
    (found,) = judged(world, (1, "nan", 2, 5, 7), {rule: bound})
    assert "where:" in problem(found)
    assert "nans:" in problem(found)
    (found,) = judged(world, (1, "nan", 2, 5, 7), {rule: bound, "where": "isfinite(x)"})
    assert found.outcome == "passed"


@pytest.mark.parametrize("rule", [rule for rule in NUMBERS if rule not in {"smallest", "median"}])
def test_infinity_never_passes(world: World, rule: str) -> None:
    (found,) = judged(world, (1, "inf", 2, 5, 7), {rule: {"min": -1e9, "max": 1e300}})
    assert found.outcome == "errored"


@pytest.mark.parametrize("rule", NUMBERS)
def test_no_value_and_no_number_never_pass(world: World, rule: str) -> None:
    bound = {"min": -1e9, "max": 1e9}
    assert judged(world, (None, None), {rule: bound})[0].outcome == "errored"
    assert "string" in problem(judged(world, ("a", "b"), {rule: bound})[0])


@pytest.mark.parametrize("rule", ["std", "skewness", "kurtosis"])
def test_too_few_values_are_an_error(world: World, rule: str) -> None:
    (found,) = judged(world, (5,), {rule: {"max": 1}})
    assert "too few values" in problem(found)


@settings(max_examples=25)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=5, max_size=30, unique=True))
def test_numbers_are_those_of_python(world: World, values: list[int]) -> None:
    wanted = {
        "mean": statistics.fmean(values),
        "median": statistics.median(values),
        "std": statistics.stdev(values),
        "sum": sum(values),
        "smallest": min(values),
        "largest": max(values),
    }
    found = judged(world, values, {rule: [-(10**9), 10**9] for rule in wanted})
    assert {one.measurement.metric: one.measurement.value for one in found} == {
        rule: pytest.approx(value, rel=1e-8) for rule, value in wanted.items()
    }


def test_whole_numbers_are_compared_to_the_last_digit(world: World) -> None:
    large = 1_234_567_890_123
    passed, failed, below = judged(
        world,
        (large, 5),
        ({"largest": {"max": large}}, {"largest": {"max": large - 1}}, {"smallest": {"min": 5}}),
    )
    assert [one.outcome for one in (passed, failed, below)] == ["passed", "failed", "passed"]
    assert passed.measurement.value == large


DAYS = ("2026-01-01 12:00:00", "2026-01-31 23:59:59.5")
TIMES: list[tuple[object, str, float]] = [
    ({"smallest": {"min": "2026-01-01"}}, "passed", 43_200),
    ({"smallest": {"min": "2026-01-01T12:00:00.5"}}, "failed", -0.5),
    ({"smallest": {"max": "2026-01-01T12:00:00+00:00"}}, "passed", 0),
    ({"smallest": {"max": "2026-01-01T12:00:00+01:00"}}, "failed", 3600),
    ({"largest": ">= 2026-02-01"}, "failed", -0.5),
    ({"largest": ["2026-01-31", "2026-02-01"]}, "passed", 86_399.5),
    ({"largest": ["2026-01-01", "2026-01-31T23:59:59"]}, "failed", 31 * 86_400 - 0.5),
    ({"largest": [None, "2026-02-01"]}, "passed", -0.5),
]


@pytest.mark.parametrize("rule, outcome, value", TIMES, ids=str)
def test_times_are_told_in_seconds_from_the_bound(
    world: World, rule: object, outcome: str, value: float
) -> None:
    (found,) = judged(world, (*DAYS, None), rule)
    assert (found.outcome, found.measurement.value) == (outcome, value)
    assert "seconds after 2026-0" in str(found.measurement.details["demands"])


@pytest.mark.parametrize("rule", [{"smallest": {"min": 5}}, {"largest": [0, None]}])
def test_times_are_not_held_against_numbers(world: World, rule: object) -> None:
    assert "timestamp values" in problem(judged(world, DAYS, rule)[0])
    (numeric,) = judged(world, VALUES, {"smallest": {"min": "2026-01-01"}})
    assert "int values" in problem(numeric)


def test_rows_beyond_show_an_extreme_that_fails(world: World) -> None:
    first, second = judged(world, VALUES, ({"largest": {"max": 5}}, {"largest": {"min": 50}}))
    assert first.measurement.failing is not None
    assert second.measurement.failing is None


def test_quantiles_are_one_result_each(world: World) -> None:
    values = list(range(101))
    rule = {"quantiles": {"5%": {"min": 6}, "0.95": [0, 95], 1: {"max": 100}, "0.125": "<= 12.5"}}
    found = judged(world, values, rule)
    assert [one.outcome for one in found] == ["failed", "passed", "passed", "passed"]
    assert [one.measurement.value for one in found] == [5, 95, 100, 12.5]
    assert [one.measurement.path[-1] for one in found] == ["5%", "0.95", "1", "0.125"]
    assert [one.measurement.details["demands"] for one in found] == ["5%", "95%", "100%", "12.5%"]
    assert found[0].measurement.limit == Bound(min=6)


@pytest.mark.parametrize(
    "rules", [{"median": [0, 9]}, {"smallest": [0, 9]}, {"largest": [0, 9]}, {"quantiles": {"50%": [0, 9]}}]
)
def test_a_sensitive_column_keeps_its_values(world: World, rules: dict[str, object]) -> None:
    table = world.csv("x\n1\n2\n")
    (found,) = on(world, table, ("x",), columns={"x": rules})
    assert "sensitive" in problem(found)
    assert found.measurement.value is None
    (mean,) = on(world, table, ("x",), columns={"x": {"mean": [1, 2]}})
    assert mean.outcome == "passed"


PAIRS = "a,b,c,d,s\n1,2,9,5,x\n2,4,7,5,x\n3,6,5,5,y\n,8,3,5,y\n5,,1,5,y\n6,12,2,5,y\n"


def test_pairs_of_columns_correlate(world: World) -> None:
    table = world.csv(PAIRS)
    rule = (
        {"columns": ("a", "b"), "min": 0.99},
        {"columns": ("a", "c"), "min": -0.5, "severity": "warn"},
        {"columns": ("c", "b"), "max": -0.99, "where": "s = 'x'"},
    )
    found = on(world, table, correlation=rule)
    assert [one.outcome for one in found] == ["passed", "failed", "passed"]
    assert [one.measurement.of for one in found] == [4, 5, 2]
    assert [one.measurement.subject for one in found] == ["a, b", "a, c", "c, b"]
    assert found[1].measurement.value == pytest.approx(np.corrcoef([1, 2, 3, 5, 6], [9, 7, 5, 1, 2])[0, 1])
    assert [one.severity for one in found] == ["block", "warn", "block"]
    assert found[2].measurement.path == ("correlation", 2)


@pytest.mark.parametrize("other, said", [("d", "all of them are equal"), ("s", "string"), ("z", "no column")])
def test_what_has_no_correlation_is_an_error_of_its_own(world: World, other: str, said: str) -> None:
    rule = ({"columns": ("a", other), "min": -1}, {"columns": ("a", "b"), "min": 0})
    bad, good = on(world, world.csv(PAIRS), correlation=rule)
    assert said in problem(bad)
    assert good.outcome == "passed"


OUTLIERS: list[tuple[Any, tuple[object, ...], int, int, str]] = [
    ("30%", (1, 2, 2, 3, 100), 1, 5, "passed"),
    ("10%", (1, 2, 2, 3, 100), 1, 5, "failed"),
    (1, (1, 2, 2, 3, 100, None), 1, 5, "passed"),
    ({"by": "iqr", "factor": 100}, (1, 2, 2, 3, 100), 0, 5, "passed"),
    ({"by": "iqr", "allow": "30%"}, (1, 2, 2, 3, "nan", "-inf"), 2, 6, "failed"),
    ({"by": "z", "allow": "1%"}, (*range(50), 10**6), 1, 51, "failed"),
    ({"by": "z", "allow": "5%"}, (*range(50), 10**6), 1, 51, "passed"),
    ({"by": "z", "factor": 1}, (1, 2, 2, 3, 100), 1, 5, "failed"),
    ({"by": "z"}, (5, 5, 5), 0, 3, "passed"),
    ({"by": "iqr"}, (5, 5, 5, 5, 6), 1, 5, "failed"),
    (
        {"by": "iqr"},
        tuple(10**12 + n for n in (1, 2, 3, 9)),
        1,
        4,
        "failed",
    ),
]


@pytest.mark.parametrize("rule, values, n, of, outcome", OUTLIERS, ids=str)
def test_values_beyond_the_fences_are_counted(
    world: World,
    rule: object,
    values: tuple[object, ...],
    n: int,
    of: int,
    outcome: str,
) -> None:
    (found,) = judged(world, values, {"outliers": rule})
    assert (found.measurement.n, found.measurement.of, found.outcome) == (n, of, outcome)
    assert found.measurement.failing is not None


def test_outliers_take_the_tolerance_of_their_rule_set(world: World) -> None:
    (found,) = judged(world, (1, 2, 2, 3, 100), {"outliers": {"by": "iqr"}, "allow": "20%"})
    assert (found.outcome, found.measurement.value) == ("passed", 0.2)


@settings(max_examples=40)
@given(st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=30), st.sampled_from([0.5, 1.5, 3]))
def test_fences_are_those_of_numpy(world: World, values: list[float], factor: float) -> None:
    low, high = np.quantile(values, [0.25, 0.75])
    reach = factor * (high - low)
    edges = (low - reach, high + reach)
    if any(math.isclose(one, edge, abs_tol=1e-6) for one in values for edge in edges):
        return
    (found,) = judged(world, values, {"outliers": {"by": "iqr", "factor": factor}})
    assert found.measurement.n == sum(not edges[0] <= one <= edges[1] for one in values)


@pytest.mark.parametrize("values", [(None,) * 2, ("a", "b"), DAYS, ("true", "false"), ("nan",) * 2], ids=str)
@pytest.mark.parametrize("by", ["iqr", "z"])
def test_fences_need_numbers(world: World, values: tuple[object, ...], by: str) -> None:
    (found,) = judged(world, values, {"outliers": {"by": by, "allow": "100%"}})
    assert found.outcome == "errored"


REFUSED: list[dict[str, Any]] = [
    {"mean": 5},
    {"mean": {}},
    {"mean": [5, 1]},
    {"mean": {"min": 1, "confidence": "95%"}},
    {"sum": "> 5"},
    {"smallest": 5},
    {"smallest": {"min": "noon"}},
    {"smallest": {"min": "2026-01-01", "max": 5}},
    {"smallest": ["2026-02-01", "2026-01-01"]},
    {"smallest": {"min": "2026-01-01", "confidence": "95%"}},
    {"smallest": {"min": 1, "confidence": "95%"}},
    {"largest": "> 2026-01-01"},
    {"largest": {}},
    {"quantiles": {}},
    {"quantiles": {"150%": [0, 1]}},
    {"quantiles": {"often": [0, 1]}},
    {"quantiles": {"5%": 1}},
    {"quantiles": {"5%": [0, 1], "0.05": [0, 1]}},
    {"quantiles": {"nan": [0, 1]}},
    {"outliers": 0.5},
    {"outliers": {"by": "mad"}},
    {"outliers": {"factor": 0}},
    {"outliers": {"factor": math.inf}},
]


@pytest.mark.parametrize("rules", REFUSED, ids=str)
def test_what_is_no_rule_is_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "columns": {"x": rules}})


@pytest.mark.parametrize(
    "pair",
    [
        {"columns": ("a", "b")},
        {"columns": ("a",), "min": 0},
        {"columns": ("a", "a"), "min": 0},
        {"columns": ("a", "b"), "min": 1.5},
        {"columns": ("a", "b"), "min": 0.5, "max": 0},
        {"columns": ("a", "b"), "min": 0, "method": "kendall"},
    ],
)
def test_what_is_no_correlation_is_refused(pair: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Data.read({"type": "data", "correlation": (pair,)})


def test_rules_read_back_as_they_are_spelled() -> None:
    rules = {"smallest": {"min": "2026-01-01"}, "largest": {"max": 5.5}, "quantiles": {"5%": {"min": 1}}}
    check = Data.read({"type": "data", "columns": {"x": rules}})
    spelled = check.model_dump(mode="json", exclude_none=True)["columns"]["x"]
    assert {key: spelled[key] for key in rules} == rules
