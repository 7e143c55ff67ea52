"""A change in words: how much, which way, by which method, and what to know of it."""

import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from mlval.domain.bound import TwoKeys
from mlval.domain.measurement import Detail, Measurement
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result
from mlval.report.wording import words
from tests.report.drifts import COVERED, DRIFTED, FARTHER, HIDDEN, PAID, STABLE, UNTOLD

MOVED = "8.01% of 10,000 rows moved from card to cash (p < 0.001), limit 8%"


def told(result: Result, **details: Detail) -> Result:
    return replace(
        result,
        measurement=replace(result.measurement, details={**result.measurement.details, **details}),
    )


@pytest.mark.parametrize(
    "result, sentence",
    [
        pytest.param(PAID, MOVED, id="levels"),
        pytest.param(
            FARTHER, "20.7% of 10,000 rows moved up (median 10.2 to 12.9, p < 0.001), limit 8%", id="numbers"
        ),
        pytest.param(
            UNTOLD, "8.03% of 10,000 rows became null (0% to 8.12%, p < 0.001), limit 8%", id="more nulls"
        ),
        pytest.param(
            told(UNTOLD, reference_nulls=0.0812, current_nulls=0.0),
            "8.03% of 10,000 rows are no longer null (8.12% to 0%, p < 0.001), limit 8%",
            id="fewer nulls",
        ),
        pytest.param(
            STABLE,
            "PSI 0.31 on 180 rows, moved inwards, at most 0.2; at these sample sizes this threshold alarms "
            "in 12% of runs when nothing has changed",
            id="a threshold",
        ),
        pytest.param(
            told(PAID, method="js"),
            "8.01% of 10,000 rows moved from card to cash (Jensen-Shannon distance 0.071, "
            "p < 0.001), limit 8%",
            id="a named method",
        ),
        pytest.param(
            replace(PAID, outcome=Outcome.PASSED),
            "8.01% of 10,000 rows moved (p < 0.001), limit 8%",
            id="no direction where chance explains it",
        ),
        pytest.param(
            told(PAID, bounded=True, at_most=0.09),
            f"{MOVED}; bins leave the distance between 0.071 and 0.09",
            id="a bound",
        ),
        pytest.param(told(PAID, remark="look\nhere"), f"{MOVED}; look\\nhere", id="a remark"),
        pytest.param(told(PAID, false_alarm_rate=math.nan), MOVED, id="a rate that is none"),
        pytest.param(told(PAID, reference_median=math.inf, current_median=1.0), MOVED, id="no median"),
        pytest.param(
            HIDDEN,
            "1.1% of 10,000 rows moved (p = 0.6), limit 8%; the profile folds values together that could "
            "hide a change of the limit's size (up to 21% of rows)",
            id="hidden by a profile",
        ),
        pytest.param(DRIFTED, "5 of 19 columns (26.3%), at most 2", id="drifted columns"),
        pytest.param(
            told(DRIFTED, weighted=True), "5 of 19 columns (500% of their weight), at most 2", id="by weight"
        ),
    ],
)
def test_sentence(reports: Mapping[str, Report], result: Result, sentence: str) -> None:
    assert words(result, reports["passed"]).sentence == sentence


def test_what_is_covered_says_so(reports: Mapping[str, Report]) -> None:
    assert words(COVERED, reports["passed"]).note == "within what max_drifted allows"


def test_drifted_columns_are_named_once(reports: Mapping[str, Report]) -> None:
    assert words(DRIFTED, reports["passed"]).name == "drifted columns"


SIZED = TwoKeys(size=0.2, alpha=0.02, unit="value")
JOINT = Measurement(
    subject="current", metric="correlation", limit=SIZED, value=0.49, effect=0.49, p_value=1e-9, n=800
)


@pytest.mark.parametrize(
    "measurement, sentence",
    [
        pytest.param(
            replace(JOINT, details={"pair": ("fare", "tip"), "reference": 0.81, "current": 0.32}),
            "correlation of fare and tip 0.81 to 0.32, a change of 0.49 (p < 0.001), limit 0.2",
            id="a correlation",
        ),
        pytest.param(
            replace(JOINT, metric="centroid_shift"),
            "the centre moved by 0.49 times the spread (p < 0.001), limit 0.2",
            id="a centre",
        ),
        pytest.param(
            replace(JOINT, details={"pair": ("fare",), "reference": "x"}),
            "a change of 0.49 (p < 0.001), limit 0.2",
            id="something else",
        ),
        pytest.param(
            replace(
                JOINT,
                limit=TwoKeys(size=0.08, alpha=0.02),
                details={"auc": 0.61, "top": (("fare", 0.7), ("tip", 0.2), ("x", math.nan))},
            ),
            "49% of 800 rows moved (AUC 0.61, p < 0.001), limit 8%; "
            "rows are told apart most by fare (70%), tip (20%)",
            id="a classifier",
        ),
    ],
)
def test_what_columns_show_together(
    reports: Mapping[str, Report], measurement: Measurement, sentence: str
) -> None:
    result = replace(PAID, type="multivariate", measurement=measurement)
    assert words(result, reports["passed"]).sentence == sentence


@pytest.mark.parametrize(
    "detectable, sentence",
    [
        (1.5, "the smallest change that 800 rows could have shown is 1.5"),
        (math.inf, "they could have shown no change at all"),
    ],
)
def test_a_size_that_is_no_share_is_a_number(
    reports: Mapping[str, Report], detectable: float, sentence: str
) -> None:
    few = replace(JOINT, effect=0.1, detectable=detectable)
    result = replace(HIDDEN, measurement=few, reason="too few rows")
    assert words(result, reports["passed"]).note == f"too few rows: {sentence}"
