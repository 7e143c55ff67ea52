"""Trends through the engine: what alarms, what is quiet, and what is never a pass."""

import math
import random as shuffling
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mlval.checks.trend import Trend
from mlval.domain.bound import Bound
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.stats.arrays import FloatArray
from mlval.stats.trend import trend
from tests.checks.world import results
from tests.measure.world import World, lines

FIRST = date(2026, 1, 5)
TABLE = Dataset(path="t.csv", time="at")
Judge = Callable[..., Result]


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def judged(
        values: Sequence[object],
        *,
        times: Sequence[object] | None = None,
        dataset: Dataset = TABLE,
        now: str | None = None,
        shuffled: bool = False,
        **settings: Any,  # noqa: ANN401 - settings of the check
    ) -> Result:
        inputs = Inputs({"t": dataset}, now=now)
        world = World(tmp_path, inputs)
        at = times or [FIRST + timedelta(days=day) for day in range(len(values))]
        rows = [f"{time},{value}" for time, value in zip(at, values, strict=True)]
        if shuffled:
            shuffling.Random(3).shuffle(rows)
        world.csv(lines("at,x", rows), name="t")
        check = Trend.model_validate({"type": "trend", "column": "x", **settings})
        assert check.problems(inputs) == ()
        (only,) = results(check, inputs, world.engine.answer)
        return only

    return judged


def quiet(length: int = 40, *, seed: int = 2) -> FloatArray:
    return np.random.default_rng(seed).normal(10, 2, size=length).round(3)


def moved(by: float, *, seed: int = 2) -> FloatArray:
    """Return quiet values up to the first alarm after a change at 40."""
    values = quiet(60, seed=seed)
    values[40:] += by
    (alarm, *_) = (one for one in trend(values).alarms if one.index >= 40)
    return values[: alarm.index + 1]


def test_a_quiet_column_passes(judge: Judge) -> None:
    result = judge(quiet())
    measurement = result.measurement
    assert (result.outcome, measurement.subject, measurement.metric) == (Outcome.PASSED, "x", "trend")
    seen = trend(quiet())
    assert measurement.value == pytest.approx(seen.statistic)
    assert measurement.limit == Bound(max=seen.threshold)
    details = measurement.details
    assert (details["points"], details["alarms"], details["method"]) == (40, 0, "ranks")
    assert details["usual_mean"] == pytest.approx(quiet()[:-1].mean())
    assert details["remark"] == "if nothing changes, a false alarm comes about once in 100 rows"


@pytest.mark.parametrize("by, way", [(4.0, "up"), (-4.0, "down")])
def test_a_change_fails_and_says_since_when(judge: Judge, by: float, way: str) -> None:
    values = moved(by)
    result = judge(values)
    details = result.measurement.details
    (alarm,) = trend(values).alarms
    assert (result.outcome, result.blocks) == (Outcome.FAILED, True)
    assert result.measurement.value == pytest.approx(alarm.statistic)
    assert details["direction"] == way
    assert details["since"] == str(FIRST + timedelta(days=alarm.start))
    assert (details["usual_mean"], details["usual_sd"]) == (alarm.mean, alarm.sd)
    assert f"{way} by" in str(details["remark"])
    assert f"since {details['since']}" in str(details["remark"])


@pytest.mark.parametrize("way, outcome", [("up", Outcome.FAILED), ("down", Outcome.PASSED)])
def test_only_the_watched_direction_fails(judge: Judge, way: str, outcome: Outcome) -> None:
    values = moved(5.0)
    result = judge(values, direction=way, false_alarm_every=200)
    assert result.outcome == outcome
    assert result.measurement.limit == Bound(max=trend(values).threshold)


def test_after_an_alarm_it_learns_anew_which_is_no_pass(judge: Judge) -> None:
    values = [*moved(5.0), 15.0, 15.5]
    result = judge(values)
    assert (result.outcome, result.blocks) == (Outcome.INCONCLUSIVE, False)
    assert result.reason == "learning the new level: 2 rows after the last change are too few to judge by"
    assert judge(values, when_inconclusive="block").blocks
    assert judge(values, recent=3).outcome == Outcome.FAILED
    assert judge(values, recent=2).outcome == Outcome.INCONCLUSIVE


@pytest.mark.parametrize("length", [1, 5])
def test_without_a_history_nothing_is_said(judge: Judge, length: int) -> None:
    result = judge(quiet(length))
    assert result.outcome == Outcome.INCONCLUSIVE
    unit = "row" if length == 1 else "rows"
    assert result.reason == f"no history yet: {length} {unit} are too few to judge the last by"
    assert judge(quiet(length), when_inconclusive="lean").blocks


@pytest.mark.parametrize("if_empty, outcome", [("error", Outcome.ERRORED), ("skip", Outcome.SKIPPED)])
def test_no_rows_are_no_pass(judge: Judge, if_empty: str, outcome: Outcome) -> None:
    assert judge([], if_empty=if_empty).outcome == outcome


def test_the_order_of_rows_does_not_matter(judge: Judge) -> None:
    for values in (quiet(), moved(4.0)):
        assert judge(values, shuffled=True).measurement == judge(values).measurement


def test_a_cycle_is_taken_out_by_date_though_days_are_missing(judge: Judge) -> None:
    days = [FIRST + timedelta(days=day) for day in range(90) if day not in {3, 20, 21, 55}]
    values = [round(value + 20 * (day.weekday() >= 5), 3) for value, day in zip(quiet(86), days, strict=True)]
    value = judge(values, times=days, cycle=7).measurement.value
    phases = [day.weekday() for day in days]
    assert value == pytest.approx(trend(values, phases=phases).statistic)
    remark = judge(values, times=days).measurement.details["remark"]
    assert "values repeat after 7" in str(remark)
    assert "cycle: 7" in str(remark)


def test_dependence_is_told_with_its_price_and_its_remedy(judge: Judge) -> None:
    values = quiet(300, seed=4)
    for place in range(1, 300):
        values[place] = 0.6 * values[place - 1] + 0.8 * values[place]
    details = judge(values.round(6)).measurement.details
    assert details["autocorrelation"] == pytest.approx(0.6, abs=0.1)
    about = details["false_alarms_about_every"]
    assert isinstance(about, int)
    assert about == pytest.approx(22, abs=7)
    assert f"false alarms come about every {about} rows; say `dependent: true`" in str(details["remark"])
    mended = judge(values.round(6), dependent=True).measurement.details
    assert mended["method"] == "page_hinkley"
    assert "false_alarms_about_every" not in mended


@pytest.mark.parametrize("method", ["ranks", "cusum", "page_hinkley"])
def test_methods_are_those_of_the_statistics(judge: Judge, method: Any) -> None:  # noqa: ANN401
    value = judge(quiet(), method=method, false_alarm_every=50).measurement.value
    assert value == pytest.approx(trend(quiet(), method=method, false_alarm_every=50).statistic)


def test_periods_are_points(judge: Judge) -> None:
    values = quiet(28 * 3)
    times = [FIRST + timedelta(days=place // 3) for place in range(len(values))]
    daily = [float(np.median(values[place : place + 3])) for place in range(0, len(values), 3)]
    result = judge(values, times=times, every="day", function="median")
    assert result.measurement.value == pytest.approx(trend(daily).statistic)
    assert result.measurement.details["points"] == 28
    assert "in 100 days" in str(result.measurement.details["remark"])


def test_a_day_that_is_not_over_is_not_counted(judge: Judge) -> None:
    per_day = [9, 10, 11] * 10 + [1]
    times = [FIRST + timedelta(days=day) for day, count in enumerate(per_day) for _ in range(count)]
    how: dict[str, Any] = {"times": times, "every": "day", "function": "count", "column": None}
    running = judge([1] * len(times), now=f"{times[-1]}T12:00:00+00:00", **how)
    over = judge([1] * len(times), now=f"{times[-1] + timedelta(days=1)}T00:00:01+00:00", **how)
    assert running.measurement.details["left_out"] == f"{times[-1]} is not over"
    assert (running.measurement.details["points"], over.measurement.details["points"]) == (30, 31)
    assert (running.measurement.value or 0) < (over.measurement.value or 0)


def test_a_sensitive_time_is_not_told(judge: Judge) -> None:
    hidden = Dataset(path="t.csv", time="at", sensitive=("at",))
    result = judge(moved(5.0), dataset=hidden)
    assert result.outcome == Outcome.FAILED
    assert "2026" not in str((result.reason, result.measurement.details))


BROKEN: list[tuple[Sequence[object], Sequence[object] | None, str]] = [
    (["a", "b"] * 10, None, "'x' holds string values, not numbers"),
    ([*range(19), "nan"], None, "1 of 20 rows have NaN or infinity in 'x'"),
    ([*range(19), ""], None, "1 of 20 rows have no value in 'x'"),
    (range(20), [f"{FIRST}"] * 20, "19 rows have the time of another"),
    (range(20), ["", *range(19)], "1 rows have no time in 'at'"),
    (range(20), [f"r{number}" for number in range(20)], "'at' holds string values"),
    ([*range(19), 1e301], None, "missing, infinite or too large"),
]


@pytest.mark.parametrize("values, times, message", BROKEN)
def test_broken_points_are_errors(
    judge: Judge, values: Sequence[object], times: Sequence[object] | None, message: str
) -> None:
    result = judge(values, times=times)
    assert (result.outcome, result.blocks) == (Outcome.ERRORED, True)
    assert message in result.reason


def test_equal_values_pass_and_the_first_other_ones_fail_in_time(judge: Judge) -> None:
    assert judge([5] * 30).outcome == Outcome.PASSED
    outcomes = [judge([5] * 30 + [6] * more, recent=10).outcome for more in range(1, 12)]
    assert Outcome.FAILED in outcomes


PROBLEMS: list[tuple[dict[str, Any], Dataset, str]] = [
    ({"column": "x"}, Dataset(path="t.csv"), "give the dataset a `time:`"),
    ({}, TABLE, "name the column"),
    ({"column": "x", "function": "sum"}, TABLE, "say `every: day`"),
    ({"column": "x", "dataset": "nobody"}, TABLE, "there is no dataset 'nobody'"),
    ({"column": "x", "direction": "up", "false_alarm_every": 9}, TABLE, "at least 10"),
    ({"column": "x", "of": {"validation": "v"}}, TABLE, "there are none"),
    ({"results": "h/*.json"}, TABLE, "say which value"),
    (
        {"results": "h/*.json", "column": "x", "of": {"validation": "v"}},
        TABLE,
        "`column:` is about a dataset",
    ),
]


@pytest.mark.parametrize("settings, dataset, message", PROBLEMS)
def test_problems_are_known_beforehand(settings: dict[str, Any], dataset: Dataset, message: str) -> None:
    check = Trend.model_validate({"type": "trend", **settings})
    assert message in str(check.problems(Inputs({"t": dataset})))


@pytest.mark.parametrize(
    "settings",
    [
        {"false_alarm_every": 4},
        {"false_alarm_every": math.nan},
        {"method": "adwin"},
        {"cycle": 1},
        {"recent": 0},
        {"every": "hour"},
        {"direction": "sideways"},
        {"results": ""},
    ],
    ids=str,
)
def test_what_is_no_trend_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Trend.model_validate({"type": "trend", **settings})


def test_stored_results_that_nobody_read_are_no_pass() -> None:
    check = Trend.model_validate({"type": "trend", "results": "h.json", "of": {"validation": "v"}})
    assert check.uses(Inputs()).datasets == ()
    (only,) = results(check, Inputs(), dict.fromkeys)
    assert only.outcome == Outcome.ERRORED
