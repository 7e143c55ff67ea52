"""Bounds that the interval decides: wholly inside passes, wholly beyond fails, all else is left open."""

import math

import pytest

from mlval.domain.bound import Bound
from mlval.domain.measurement import Interval
from mlval.domain.outcome import Outcome
from tests.judge.world import judged, measurement

AT_MOST = Bound(max=0.1, confidence=0.95, by_interval=True)
AT_LEAST = Bound(min=0.8, confidence=0.95, by_interval=True)
P, F, U, E = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.ERRORED


@pytest.mark.parametrize(
    "limit, value, ends, expected",
    [
        (AT_MOST, 0.05, (0.0, 0.1), P),
        (AT_MOST, 0.05, (0.0, 0.11), U),
        (AT_MOST, 0.2, (0.1, 0.3), U),
        (AT_MOST, 0.2, (0.11, 0.3), F),
        (AT_MOST, 0.2, (0.1 + 1e-13, 0.3), U),
        (AT_LEAST, 0.9, (0.8, 1.0), P),
        (AT_LEAST, 0.9, (0.79, 1.0), U),
        (AT_LEAST, 0.7, (0.6, 0.8), U),
        (AT_LEAST, 0.7, (0.6, 0.79), F),
        (AT_MOST, 0.05, None, U),
        (AT_MOST, 0.05, (0.0, math.nan), U),
        (AT_MOST, 0.05, (-math.inf, 0.1), U),
        (AT_MOST, 0.05, (0.06, 0.01), E),
        (AT_MOST, 0.2, (0.0, 0.1), E),
        (AT_MOST, math.nan, (0.0, 0.1), E),
        (AT_MOST, None, (0.0, 0.1), E),
        (Bound(max=math.nan, confidence=0.95, by_interval=True), 0.05, (0.0, 0.1), E),
        (Bound(confidence=0.95, by_interval=True), 0.05, (0.0, 0.1), E),
        (Bound(max=0.1, confidence=0.99, by_interval=True), 0.05, (0.0, 0.1), E),
    ],
)
def test_the_interval_decides(
    limit: Bound, value: float | None, ends: tuple[float, float] | None, expected: Outcome
) -> None:
    interval = None if ends is None else Interval(*ends, 0.95)
    assert judged(measurement(value=value, limit=limit, interval=interval)).outcome is expected


@pytest.mark.parametrize(
    "when, value, blocks",
    [
        (None, 0.2, False),
        ("warn", 0.2, False),
        ("lean", 0.2, True),
        ("lean", 0.05, False),
        ("block", 0.05, True),
    ],
)
def test_what_is_open_warns_unless_the_contract_says_otherwise(
    when: str | None, value: float, *, blocks: bool
) -> None:
    one = measurement(value=value, limit=AT_MOST, interval=Interval(0.01, 0.3, 0.95))
    assert judged(one, when_inconclusive=when).blocks is blocks
