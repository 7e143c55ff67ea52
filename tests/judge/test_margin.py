"""Judging a difference against a margin, and a test that must find no drop."""

import math

import pytest

from mlval.domain.bound import Margin, NoDrop
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome
from mlval.judge.outcome import judge
from tests.judge.world import Plain, contract, judged, measurement

P, F, U, E = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.ERRORED
HIGHER, LOWER, GAIN = Margin(min=-0.01), Margin(max=0.01), Margin(min=0.02)


def apart(
    limit: Margin, low: float, high: float, value: float | None = None, level: float = 0.9
) -> Measurement:
    middle = (low + high) / 2 if value is None else value
    return measurement(limit=limit, value=middle, interval=Interval(low, high, level))


@pytest.mark.parametrize(
    "one, outcome",
    [
        (apart(HIGHER, -0.009, 0.02), P),
        (apart(HIGHER, -0.01, 0.02), P),
        (apart(HIGHER, -0.0100000000001, 0.02), P),
        (apart(HIGHER, -0.011, 0.02), U),
        (apart(HIGHER, -0.03, -0.0099), U),
        (apart(HIGHER, -0.03, -0.011), F),
        (apart(LOWER, -0.03, 0.009), P),
        (apart(LOWER, -0.03, 0.011), U),
        (apart(LOWER, 0.011, 0.02), F),
        (apart(GAIN, 0.021, 0.03), P),
        (apart(GAIN, -0.01, 0.019), F),
        (apart(GAIN, 0.019, 0.03), U),
        (apart(HIGHER, math.nan, 0.02), E),
        (apart(HIGHER, math.nan, 0.02, value=0.0), U),
        (apart(HIGHER, -math.inf, 0.02, value=0.0), U),
        (apart(HIGHER, 0.02, -0.009), E),
        (apart(HIGHER, -0.009, 0.02, level=0.8), E),
        (apart(Margin(), -0.009, 0.02), E),
        (apart(Margin(min=0.0, max=1.0), -0.009, 0.02), E),
        (apart(Margin(min=math.nan), -0.009, 0.02), E),
        (measurement(limit=HIGHER, value=0.0), U),
        (measurement(limit=HIGHER, value=None), E),
    ],
)
def test_the_whole_interval_decides(one: Measurement, outcome: Outcome) -> None:
    assert judged(one).outcome == outcome


@pytest.mark.parametrize(
    "value, blocks", [(0.0, False), (-0.0099, False), (-0.01, False), (-0.0101, True), (-0.02, True)]
)
def test_undecided_leans_to_the_side_of_the_margin(value: float, *, blocks: bool) -> None:
    one = apart(HIGHER, -0.03, 0.02, value)
    assert judged(one).blocks == blocks
    assert judged(one, when_inconclusive="lean").blocks == blocks
    assert judged(one, when_inconclusive="block").blocks
    assert not judged(one, when_inconclusive="warn").blocks


@pytest.mark.parametrize(
    "value, p_value, better, outcome",
    [
        (-0.01, 0.01, "higher", F),
        (-0.01, 0.0101, "higher", P),
        (0.01, 0.001, "higher", P),
        (0.01, 0.001, "lower", F),
        (0.0, 0.001, "higher", P),
        (-0.01, None, "higher", E),
        (-0.01, math.nan, "higher", E),
    ],
)
def test_a_test_fails_on_a_significant_change_for_the_worse(
    value: float, p_value: float | None, better: str, outcome: Outcome
) -> None:
    limit = NoDrop(0.01, better)  # type: ignore[arg-type] # one of two words
    assert judged(measurement(limit=limit, value=value, p_value=p_value)).outcome == outcome


def test_several_tests_are_corrected_by_holm_and_margins_not() -> None:
    tests = [measurement(limit=NoDrop(0.05, "higher"), value=-0.1, p_value=p) for p in (0.02, 0.03, 0.5)]
    found = judge(contract(Plain(id="v")), 0, (*tests, apart(HIGHER, 0.0, 0.1)))
    assert [one.measurement.p_value for one in found] == [0.06, 0.06, 0.5, None]
    assert found[0].measurement.details["uncorrected_p_value"] == 0.02
    assert [one.outcome for one in found] == [P, P, P, P]
