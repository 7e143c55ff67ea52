"""The one judge: what is not a number, not there or not sure is never a pass."""

import math
from itertools import product
from typing import Any

import numpy as np
import pytest

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.errors import Failure, Place, SourceUnavailable, Unmeasurable
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.judge.outcome import judge
from tests.judge.world import SIZED, Plain, change, contract, judged, measurement

P, F, U, S, E = Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE, Outcome.SKIPPED, Outcome.ERRORED
NAN, INF = math.nan, math.inf
SURE = Bound(max=1.0, confidence=0.95)
AT_LEAST = Bound(min=1.0, confidence=0.95)


def interval(low: float, high: float) -> Interval:
    return Interval(low, high, 0.95)


CASES: dict[str, tuple[Measurement, Outcome]] = {
    "below its upper end": (measurement(), P),
    "on its upper end": (measurement(value=1.0), P),
    "above its upper end": (measurement(value=1.01), F),
    "on its lower end": (measurement(value=0.3, limit=Bound(min=0.3)), P),
    "below its lower end": (measurement(value=0.29, limit=Bound(min=0.3)), F),
    "within both ends": (measurement(limit=Bound(min=0, max=1)), P),
    "between ends that are one": (measurement(value=2, limit=Bound(min=2, max=2)), P),
    "rounded to the bound from above": (measurement(value=0.1 + 0.2, limit=Bound(max=0.3)), P),
    "rounded to the bound from below": (measurement(value=0.3 - 1e-12, limit=Bound(min=0.3)), P),
    "beyond rounding": (measurement(value=0.3 + 1e-8, limit=Bound(max=0.3)), F),
    "a whole number": (measurement(value=3, limit=Bound(max=3, unit="rows")), P),
    "a whole number of ten digits": (measurement(value=1_234_567_891, limit=Bound(max=1_234_567_891)), P),
    "a whole number one beyond": (measurement(value=1_234_567_892, limit=Bound(max=1_234_567_891)), F),
    "a number of numpy": (measurement(value=np.float64(0.5)), P),
    "not a number": (measurement(value=NAN), E),
    "not a number of numpy": (measurement(value=np.float64("nan")), E),
    "not a number, without a bound": (measurement(value=NAN, limit=None), E),
    "infinite, on the right side": (measurement(value=-INF), E),
    "infinite, without a bound": (measurement(value=INF, limit=None), E),
    "no value": (measurement(value=None), E),
    "no value, without a bound": (measurement(value=None, limit=None), E),
    "only reported": (measurement(limit=None), P),
    "a bound that is not a number": (measurement(limit=Bound(max=NAN)), E),
    "a bound that is infinite": (measurement(limit=Bound(max=INF)), E),
    "one end that is not a number": (measurement(limit=Bound(min=0.0, max=NAN)), E),
    "a bound without ends": (measurement(limit=Bound()), E),
    "of no rows": (measurement(of=0), E),
    "of no rows, and none demanded": (measurement(value=0, of=0), E),
    "of no rows, on the wrong side": (measurement(value=2, of=0), F),
    "a problem": (measurement(problem=Unmeasurable("gone")), E),
    "a problem and a good value": (measurement(problem=Unmeasurable("gone"), of=9), E),
    "absent": (measurement(value=None, absent="not there"), S),
    "sure of its side": (measurement(limit=SURE, interval=interval(0.2, 0.9)), P),
    "sure up to the bound": (measurement(limit=SURE, interval=interval(0.2, 1.0)), P),
    "not sure of its side": (measurement(limit=SURE, interval=interval(0.2, 1.1)), U),
    "not sure of its lower side": (measurement(value=2, limit=AT_LEAST, interval=interval(0.9, 3)), U),
    "wrong, however wide": (measurement(value=1.1, limit=SURE, interval=interval(0.0, 9.0)), F),
    "no interval where one is demanded": (measurement(limit=SURE), U),
    "an interval that begins nowhere": (measurement(limit=SURE, interval=interval(NAN, 0.9)), U),
    "an interval that ends nowhere": (measurement(limit=SURE, interval=interval(0.1, NAN)), U),
    "an endless interval": (measurement(limit=SURE, interval=interval(-INF, 0.9)), U),
    "an interval that nobody asked for": (measurement(interval=interval(0.0, 9.0)), P),
    "no change": (change(), P),
    "significant and small": (change(p_value=0.001, effect=0.079), P),
    "large and not significant": (change(p_value=0.03, effect=0.5), U),
    "on the key of size alone": (change(p_value=0.03, effect=0.08), U),
    "significant and large": (change(p_value=0.001, effect=0.5), F),
    "on both keys": (change(p_value=0.02, effect=0.08), F),
    "rounded onto both keys": (change(p_value=0.02 + 1e-13, effect=0.08 - 1e-13), F),
    "significant and large, seen by luck": (change(p_value=0.001, effect=0.5, detectable=INF), F),
    "too few rows to see": (change(detectable=0.081), U),
    "just enough rows to see": (change(detectable=0.08), P),
    "nothing could be seen": (change(detectable=INF), U),
    "unknown what could be seen": (change(detectable=None), U),
    "not a number of what could be seen": (change(detectable=NAN), U),
    "no p-value": (change(p_value=None), E),
    "a p-value that is not a number": (change(p_value=NAN), E),
    "a p-value below nought": (change(p_value=-0.1), E),
    "a p-value above one": (change(p_value=1.1), E),
    "no size": (change(effect=None), E),
    "a size that is not a number": (change(effect=NAN), E),
    "an endless size": (change(effect=INF), E),
    "a level that is not a number": (change(limit=TwoKeys(size=0.08, alpha=NAN)), E),
    "a level of nought": (change(limit=TwoKeys(size=0.08, alpha=0)), E),
    "a limit of size that is not a number": (change(limit=TwoKeys(size=NAN, alpha=0.02)), E),
    "a change without a value": (change(value=None), E),
    "a change of no rows": (change(of=0), E),
}


@pytest.mark.parametrize("name", CASES)
def test_outcomes(name: str) -> None:
    one, outcome = CASES[name]
    result = judged(one)
    assert result.outcome == outcome, result.reason
    assert bool(result.reason) == (outcome in {U, S, E})


BLOCKS: list[tuple[Measurement, dict[str, Any], bool]] = [
    (measurement(), {}, False),
    (measurement(value=2), {}, True),
    (measurement(value=2), {"severity": "warn"}, False),
    (measurement(value=2), {"when_inconclusive": "warn", "optional": True}, True),
    (measurement(value=2, severity=Severity.WARN), {}, False),
    (measurement(value=2, severity=Severity.BLOCK), {"severity": "warn"}, True),
    (measurement(value=NAN), {}, True),
    (measurement(value=NAN), {"optional": True, "when_inconclusive": "warn", "if_empty": "skip"}, True),
    (measurement(value=None, of=0), {}, True),
    (measurement(value=None, of=0), {"optional": True}, True),
    (measurement(value=None, of=0), {"if_empty": "skip"}, True),
    (measurement(value=None, of=0), {"if_empty": "skip", "optional": True}, False),
    (measurement(absent="not there"), {}, True),
    (measurement(absent="not there"), {"optional": True}, False),
    (measurement(absent="not there", expected=True), {}, False),
    (measurement(limit=SURE, interval=interval(0, 2)), {}, False),
    (measurement(limit=SURE, interval=interval(0, 2)), {"when_inconclusive": "lean"}, False),
    (measurement(limit=SURE, interval=interval(0, 2)), {"when_inconclusive": "block"}, True),
    (measurement(limit=SURE, interval=interval(0, 2)), {"when_inconclusive": "warn"}, False),
    (measurement(limit=SURE), {"when_inconclusive": "block"}, True),
    (change(detectable=INF), {}, False),
    (change(detectable=INF, effect=0.5), {}, False),
    (change(detectable=INF, effect=0.5), {"when_inconclusive": "warn"}, False),
    (change(detectable=INF, effect=0.5), {"when_inconclusive": "lean"}, True),
    (change(detectable=INF, effect=0.01), {"when_inconclusive": "lean"}, False),
    (change(detectable=INF, effect=0.01), {"when_inconclusive": "block"}, True),
    (change(detectable=INF, effect=0.01), {"when_inconclusive": "block", "severity": "warn"}, False),
]


@pytest.mark.parametrize("one, settings, blocks", BLOCKS)
def test_what_blocks(one: Measurement, settings: dict[str, Any], blocks: bool) -> None:
    assert judged(one, **settings).blocks is blocks


def test_the_estimate_decides_where_the_contract_leans() -> None:
    one = change(detectable=INF, effect=0.5)
    (leaning,) = judge(contract(Plain(id="v", when_inconclusive="lean")), 0, (one,))
    (told,) = judge(contract(Plain(id="v", when_inconclusive="warn")), 0, (one,))
    assert (leaning.blocks, told.blocks) == (True, False)


def test_nothing_of_block_severity_is_let_through_unless_it_says_so() -> None:
    settings = product(("lean", "block", "warn", None), (False, True), ("error", "skip"))
    for when, optional, if_empty in settings:
        for one, outcome in CASES.values():
            result = judged(one, when_inconclusive=when, optional=optional, if_empty=if_empty)
            if outcome in {F, E} and result.outcome != S:
                assert result.blocks
            if S in {outcome, result.outcome}:
                assert result.blocks is not optional
            if outcome == P:
                assert not result.blocks


def test_no_rows_may_be_skipped_and_a_failure_may_not() -> None:
    assert judged(measurement(value=None, of=0), if_empty="skip").outcome == S
    assert judged(measurement(value=0, of=0), if_empty="skip").outcome == S
    assert judged(measurement(value=2, of=0), if_empty="skip").outcome == F
    assert judged(measurement(of=0, problem=Unmeasurable("gone")), if_empty="skip").outcome == E


def test_a_validation_that_failed_or_measured_nothing_is_one_error() -> None:
    for measured in (Failure(SourceUnavailable("gone")), ()):
        (result,) = judge(contract(Plain(id="v")), 0, measured)
        assert (result.outcome, result.blocks, result.measurement.subject) == (E, True, "v")
        assert result.reason in {"gone", "nothing was measured"}


def test_p_values_are_corrected_for_all_comparisons_of_a_validation() -> None:
    raw = (0.015, 0.9, 0.03, 0.5)
    others = (measurement(), change(p_value=NAN), measurement(p_value=0.001))
    measured = (*(change(subject=f"{p}", p_value=p, effect=0.5) for p in raw), *others)
    results = judge(contract(Plain(id="v")), 0, measured)
    assert [result.measurement.p_value for result in results[:4]] == [
        0.06,
        0.9,
        0.06,
        pytest.approx(2 / 3, rel=1e-8),
    ]
    assert [result.measurement.details["uncorrected_p_value"] for result in results[:4]] == list(raw)
    assert [result.outcome for result in results] == [U, U, U, U, P, E, P]
    (alone,) = judge(contract(Plain(id="v")), 0, measured[:1])
    assert alone.outcome == F


def test_floats_are_rounded_before_they_are_judged_and_told() -> None:
    one = change(value=1 / 3, effect=2 / 3, detectable=1 / 7, p_value=1 / 9, interval=interval(1 / 3, 2 / 3))
    found = judged(one).measurement
    assert (found.value, found.effect, found.detectable) == (0.333333333, 0.666666667, 0.142857143)
    assert found.interval == interval(0.333333333, 0.666666667)
    assert found.p_value == 0.111111111


def test_a_result_says_where_its_demand_stands_and_why() -> None:
    assert judged(measurement(path=("metrics", "f1"))).place == Place(4, 7)
    assert judged(measurement(path=("columns",)), why="because").place == Place(3, 5)
    assert judged(measurement(), why="because").why == "because"


FEW, HIDDEN = "too few rows to see", "the profile folds values together"


@pytest.mark.parametrize(
    "detectable, value, details, reason",
    [
        (0.3, 0.0, {}, FEW),
        (0.3, 0.0, {"hidden_share": 0.3}, HIDDEN),
        (INF, 0.0, {"hidden_share": 0.3}, HIDDEN),
        (0.3, 0.0, {"hidden_share": 0.08}, FEW),
        (0.3, 0.0, {"hidden_share": NAN}, FEW),
        (0.3, 0.0, {"hidden_share": "x"}, FEW),
        (0.12, 0.02, {"method": "ks", "at_most": 0.07}, HIDDEN),
        (0.14, 0.02, {"method": "ks", "at_most": 0.07}, FEW),
        (0.12, 0.02, {"method": "wasserstein", "at_most": 0.07}, FEW),
        (INF, 0.02, {"method": "ks", "at_most": INF}, FEW),
        (NAN, 0.02, {"method": "ks", "at_most": 1.0}, FEW),
        (None, 0.02, {"method": "ks", "at_most": 1.0}, FEW),
    ],
)
def test_few_rows_are_not_blamed_for_what_a_profile_hides(
    detectable: float | None, value: float, details: dict[str, Any], reason: str
) -> None:
    result = judged(change(detectable=detectable, value=value, details=details))
    assert result.outcome == U
    assert result.reason.startswith(reason)


def test_limits_are_not_changed() -> None:
    assert judged(change()).measurement.limit == SIZED


@pytest.mark.parametrize(
    "settings, blocks",
    [({}, False), ({"when_inconclusive": "warn"}, False), ({"when_inconclusive": "block"}, True)],
)
def test_what_has_no_value_yet_is_inconclusive(settings: dict[str, Any], blocks: bool) -> None:
    result = judged(Measurement(subject="x", metric="trend", undecided="no history yet"), **settings)
    assert (result.outcome, result.reason, result.blocks) == (Outcome.INCONCLUSIVE, "no history yet", blocks)
