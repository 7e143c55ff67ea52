"""A change is seen, dated and stays where it is; what cannot be judged is not passed."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlval.stats.arrays import FloatArray
from mlval.stats.errors import Undefined
from mlval.stats.monitor import SLACKS, Method
from mlval.stats.run_length import cusum_threshold
from mlval.stats.trend import NoHistory, Trend, trend

every_method = pytest.mark.parametrize("method", list(SLACKS))
methods: st.SearchStrategy[Method] = st.sampled_from(list(SLACKS))


def changed(*, by: float = 2.0, at: int = 40, length: int = 60, seed: int = 2) -> FloatArray:
    values = np.random.default_rng(seed).normal(size=length)
    values[at:] += by
    return values


def places(seen: Trend) -> list[tuple[int, str, int]]:
    return [(alarm.index, alarm.direction, alarm.start) for alarm in seen.alarms]


@every_method
@pytest.mark.parametrize("by, direction", [(2.0, "up"), (-2.0, "down")])
def test_a_change_is_seen_and_dated(method: Method, by: float, direction: str) -> None:
    alarm = trend(changed(by=by), method=method, false_alarm_every=200).alarms[0]
    assert alarm.direction == direction
    assert 40 <= alarm.index <= 50
    assert abs(alarm.start - 40) <= 4
    assert alarm.statistic > cusum_threshold(200.0, slack=SLACKS[method])
    assert alarm.mean == pytest.approx(0, abs=0.5)
    assert alarm.sd == pytest.approx(1, abs=0.3)
    assert alarm.change == pytest.approx(by, abs=1.2)


@every_method
def test_a_quiet_series_has_no_alarm(method: Method) -> None:
    values = np.random.default_rng(2).normal(5, 2, size=40)
    seen = trend(values, method=method, false_alarm_every=1000)
    assert (seen.alarms, seen.alarmed, seen.learning) == ((), False, False)
    assert 0 <= seen.statistic <= seen.threshold
    assert seen.mean == pytest.approx(values[:-1].mean())
    assert seen.sd == pytest.approx(values[:-1].std(ddof=1))


@every_method
@pytest.mark.parametrize("how", [{}, {"phases": [day % 7 for day in range(150)]}, {"dependent": True}])
def test_alarms_stay_when_the_series_grows(method: Method, how: dict[str, Any]) -> None:
    values = changed(length=150)
    found = trend(values, method=method, false_alarm_every=10, **how).alarms
    assert len(found) > 3
    for length in (20, 45, 60, 100):
        shorter = {name: value[:length] if name == "phases" else value for name, value in how.items()}
        part = trend(values[:length], method=method, false_alarm_every=10, **shorter)
        assert part.alarms == tuple(alarm for alarm in found if alarm.index < length)


@every_method
def test_an_alarm_is_fresh_when_its_value_is_the_last(method: Method) -> None:
    values = changed()
    index = trend(values, method=method).alarms[-1].index
    at_alarm, after = (trend(values[: index + more], method=method) for more in (1, 2))
    assert (at_alarm.alarmed, at_alarm.learning) == (True, False)
    assert at_alarm.statistic == at_alarm.alarms[-1].statistic
    assert at_alarm.mean == at_alarm.alarms[-1].mean
    assert (after.alarmed, after.learning, after.mean, after.statistic) == (False, True, None, 0.0)


def test_monitoring_starts_afresh_after_an_alarm() -> None:
    values = changed()
    index = trend(values, method="cusum").alarms[0].index
    alone = trend(values[index + 1 :], method="cusum")
    assert trend(values, method="cusum").statistic == alone.statistic


@given(
    st.lists(st.integers(-20, 20), min_size=6, max_size=60),
    st.sampled_from([0.001, 0.5, 3.0, 1e200, 1e-200]),
    methods,
    st.booleans(),
)
def test_the_unit_does_not_matter(series: list[int], factor: float, method: Method, dependent: bool) -> None:
    if dependent and len(series) < 30:
        return
    plain = trend([float(value) for value in series], method=method, dependent=dependent)
    scaled = trend([value * factor for value in series], method=method, dependent=dependent)
    assert places(plain) == places(scaled)
    assert scaled.statistic == pytest.approx(plain.statistic, abs=1e-6)


@every_method
@pytest.mark.parametrize("offset", [-7.0, 1e6])
def test_the_level_does_not_matter(method: Method, offset: float) -> None:
    plain, raised = trend(changed(), method=method), trend(changed() + offset, method=method)
    assert places(plain) == places(raised)
    assert raised.statistic == pytest.approx(plain.statistic, abs=1e-6)
    assert raised.alarms[0].mean == pytest.approx(plain.alarms[0].mean + offset)
    assert raised.alarms[0].change == pytest.approx(plain.alarms[0].change, abs=1e-6)


@every_method
def test_turning_the_values_turns_the_direction(method: Method) -> None:
    plain, turned = trend(changed(), method=method), trend(-changed(), method=method)
    assert [alarm.index for alarm in plain.alarms] == [alarm.index for alarm in turned.alarms]
    assert {alarm.direction for alarm in (plain.alarms[0], turned.alarms[0])} == {"up", "down"}


@every_method
def test_the_same_values_give_the_same_answer(method: Method) -> None:
    assert trend(changed(), method=method) == trend(changed().tolist(), method=method)


@every_method
@pytest.mark.parametrize("value", [0.0, 0.9, -9e299])
def test_a_constant_series_is_quiet(method: Method, value: float) -> None:
    seen = trend([value] * 300, method=method, false_alarm_every=5)
    assert (seen.alarms, seen.statistic, seen.sd, seen.mean) == ((), 0.0, 0.0, value)


@every_method
def test_a_constant_series_that_jumps_alarms_soon_and_not_at_one_blip(method: Method) -> None:
    assert 30 < trend([0.9] * 30 + [0.8] * 6, method=method).alarms[0].index <= 33
    assert trend([0.9] * 30 + [0.8] + [0.9] * 6, method=method).alarms == ()


@pytest.mark.parametrize("method", ["cusum", "page_hinkley"])
def test_one_value_far_off_is_seen_by_size_at_once(method: Method) -> None:
    values = changed(by=0, length=40)
    values[-1] = 30
    assert trend(values, method=method).alarmed


def test_extreme_values_do_not_overflow() -> None:
    values = [9e299, -9e299] * 10
    assert math.isfinite(trend(values, method="cusum").statistic)
    assert trend([5e-324, 0.0] * 10).alarms == ()


@pytest.mark.parametrize("values", [[], [1.0], [1.0, 2.0, 3.0, 4.0, 5.0]])
@every_method
def test_few_values_are_no_history(values: list[float], method: Method) -> None:
    with pytest.raises(Undefined, match="no history yet"):
        trend(values, method=method)


def test_a_baseline_of_all_values_leaves_none_to_judge() -> None:
    with pytest.raises(Undefined, match="no history yet: none of 60 values"):
        trend(changed(), baseline=60)


def test_the_baseline_is_not_judged() -> None:
    values = changed(at=20)
    assert trend(values, method="cusum").alarms[0].index < 30
    late = trend(values, method="cusum", baseline=35)
    assert all(alarm.index >= 35 and alarm.start >= 35 for alarm in late.alarms)


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf, 1.7e308])
def test_what_is_not_finite_is_refused(bad: float) -> None:
    with pytest.raises(Undefined, match="1 of 31 values are missing"):
        trend([*np.random.default_rng(1).normal(size=30).tolist(), bad])


@pytest.mark.parametrize(
    "how, message",
    [
        ({"method": "ewma"}, "not by 'ewma'"),
        ({"false_alarm_every": 1}, "false alarms come every"),
        ({"false_alarm_every": math.nan}, "false alarms come every"),
        ({"phases": [1, 2]}, "60 values need as many phases, not 2"),
        ({"baseline": -1}, "baseline"),
    ],
)
def test_misuse_is_refused(how: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        trend(changed(), **how)


def test_a_table_is_no_series() -> None:
    with pytest.raises(ValueError, match="one flat series"):
        trend(np.zeros((3, 9)))


@every_method
def test_a_weekly_cycle_is_taken_out(method: Method) -> None:
    days = [day % 7 for day in range(60)]
    cycle = np.array([-8.0 * (day >= 5) for day in days])
    seen = trend(changed(seed=3) + cycle, method=method, phases=days)
    assert places(seen) == places(trend(changed(seed=3), method=method, phases=days))
    assert seen.alarms[0].change == pytest.approx(2, abs=1)


def test_the_first_value_of_a_phase_is_not_judged() -> None:
    days = ["work"] * 40 + ["feast"]
    assert trend(changed(by=0, length=41), phases=days).learning


def test_dependence_is_judged_by_page_hinkley_and_else_ranks_are_used() -> None:
    values = changed()
    assert trend(values, dependent=True) == trend(values, dependent=True, method="page_hinkley")
    assert trend(values) == trend(values, method="ranks")


def test_thousands_of_values_are_no_matter() -> None:
    values = np.random.default_rng(1).normal(size=5000)
    assert len(trend(values, false_alarm_every=50).alarms) == pytest.approx(90, rel=0.3)


@every_method
@pytest.mark.parametrize("by", [0.0, 2.0, -2.0])
def test_the_larger_side_is_the_statistic(method: Method, by: float) -> None:
    values = changed(by=by)
    for length in range(8, 60):
        seen = trend(values[:length], method=method)
        assert seen.statistic == max(seen.up, seen.down)
        assert min(seen.up, seen.down) >= 0
        if seen.alarmed:
            alarm = seen.alarms[-1]
            assert {"up": seen.up, "down": seen.down}[alarm.direction] == alarm.statistic > seen.threshold


def test_too_little_is_told_from_what_cannot_be_judged() -> None:
    with pytest.raises(NoHistory):
        trend([1.0, 2.0])
    with pytest.raises(Undefined) as caught:
        trend([1.0] * 20 + [math.nan])
    assert not isinstance(caught.value, NoHistory)
