"""The words for each kind of result."""

import math
from collections.abc import Mapping
from functools import partial

import pytest

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.errors import Place, Unmeasurable
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Report, Result
from mlval.report.wording import demand, words

SHARE = Bound(max=0.01, unit="share")
NO_ROWS = Bound(max=0, unit="rows")
AUC = Bound(min=0.85)
MEDIUM = TwoKeys(size=0.08, alpha=0.02)


amount = partial(Measurement, subject="amount", metric="nulls")


def judged(outcome: Outcome, measurement: Measurement, reason: str = "") -> Result:
    return Result(
        validation="v",
        type="data",
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=measurement,
        reason=reason,
        place=Place(31, 3),
    )


@pytest.mark.parametrize(
    "limit, said",
    [
        (None, ""),
        (SHARE, "at most 1%"),
        (NO_ROWS, "none allowed"),
        (Bound(max=0, unit="share"), "none allowed"),
        (Bound(max=0), "at most 0"),
        (Bound(min=0, max=500), "0 to 500"),
        (Bound(min=7, max=7, unit="rows"), "exactly 7"),
        (Bound(min=0.85, confidence=0.95), "at least 0.85 with 95% confidence"),
        (Bound(min=0.123456789), "at least 0.123456789"),
        (MEDIUM, "limit 8%"),
    ],
)
def test_demand(limit: Bound | TwoKeys | None, said: str) -> None:
    assert demand(limit) == said


@pytest.mark.parametrize(
    "result, said",
    [
        pytest.param(
            judged(Outcome.FAILED, amount(limit=SHARE, value=0.0802, n=802, of=10_000)),
            "802 of 10,000 rows (8.02%), at most 1%",
            id="a share of rows",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=NO_ROWS, value=1, n=1, of=1)),
            "1 of 1 row (100%), none allowed",
            id="a count",
        ),
        pytest.param(
            judged(Outcome.PASSED, amount(limit=NO_ROWS, value=0, n=0, of=10)),
            "none of 10 rows, none allowed",
            id="none",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=Bound(min=1_000), value=12, of=12)),
            "12, at least 1,000",
            id="all rows",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=NO_ROWS, value=1, details={"missing": True})),
            "missing",
            id="missing",
        ),
        pytest.param(
            judged(Outcome.PASSED, amount(limit=NO_ROWS, value=0)), "none, none allowed", id="nothing counted"
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=NO_ROWS, value=6, details={"columns": tuple("abcdef")})),
            "6: a, b, c, d, e, …, none allowed",
            id="columns",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=SHARE, value=0.5)),
            "50%, at most 1%",
            id="a share of something else",
        ),
        pytest.param(
            judged(Outcome.ERRORED, amount(problem=Unmeasurable("x", remedy="leave it out")), "one class"),
            "one class; leave it out",
            id="a reason and a remedy",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=AUC, value=0.84996, n=9_812)),
            "0.84996 on 9,812 rows, at least 0.85",
            id="a metric just below its bound",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=AUC, value=0.8, interval=Interval(0.79, 0.849999, 0.95))),
            "0.8 (95% interval 0.79 to 0.849999), at least 0.85",
            id="an interval just below its bound",
        ),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=MEDIUM, value=0.3, effect=0.15712, p_value=1e-5)),
            "15.7% of rows moved (p < 0.001), limit 8%",
            id="drift",
        ),
        pytest.param(
            judged(
                Outcome.FAILED,
                amount(
                    limit=MEDIUM,
                    value=0.3,
                    effect=0.15712,
                    p_value=1e-5,
                    details={"reference_nulls": 0.0, "current_nulls": 0.0803},
                ),
            ),
            "15.7% of rows moved (null 0% to 8.03%, p < 0.001), limit 8%",
            id="drift of nulls too",
        ),
        pytest.param(
            judged(
                Outcome.PASSED,
                amount(
                    limit=MEDIUM,
                    value=0,
                    effect=0.0,
                    details={"reference_nulls": 0.0803, "current_nulls": 0.0803},
                ),
            ),
            "0% of rows moved, limit 8%",
            id="as many nulls as before",
        ),
        pytest.param(
            judged(
                Outcome.INCONCLUSIVE,
                amount(limit=MEDIUM, value=0.3, effect=0.034, p_value=0.2, n=180, detectable=0.31),
                "few",
            ),
            "3.4% of 180 rows moved (p = 0.2), limit 8%; "
            "too few rows: the smallest change that 180 rows could have shown is 31%",
            id="undecided drift",
        ),
        pytest.param(
            judged(Outcome.INCONCLUSIVE, amount(limit=AUC, value=0.86), "its interval does not"),
            "0.86, at least 0.85; its interval does not",
            id="an undecided metric",
        ),
        pytest.param(
            judged(
                Outcome.ERRORED, amount(limit=AUC, problem=Unmeasurable("one class", remedy="leave it out"))
            ),
            "one class; leave it out",
            id="errored",
        ),
        pytest.param(
            judged(Outcome.ERRORED, amount(limit=AUC, value=math.nan)), "no value could be measured", id="NaN"
        ),
        pytest.param(judged(Outcome.SKIPPED, amount(limit=AUC, absent="no rows")), "no rows", id="skipped"),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=AUC, value=math.nan)),
            "not a number, at least 0.85",
            id="unjudged NaN",
        ),
        pytest.param(judged(Outcome.PASSED, amount(value=3.14159)), "3.142", id="only reported"),
        pytest.param(judged(Outcome.FAILED, amount(limit=AUC)), "no value, at least 0.85", id="no value"),
        pytest.param(
            judged(Outcome.FAILED, amount(limit=AUC, value=0.8, p_value=0.034)),
            "0.8 (p = 0.034), at least 0.85",
            id="a p-value",
        ),
        pytest.param(
            judged(Outcome.INCONCLUSIVE, amount(limit=MEDIUM, value=0.1, effect=0.07), "too few rows"),
            "7% of rows moved, limit 8%; too few rows",
            id="undecided without a detectable size",
        ),
    ],
)
def test_sentence(reports: Mapping[str, Report], result: Result, said: str) -> None:
    assert words(result, reports["passed"]).sentence == said


def test_a_name_is_said_once(reports: Mapping[str, Report]) -> None:
    rows = Measurement(subject="rows", metric="rows", value=1)
    result = Result(
        validation="v", type="data", outcome=Outcome.PASSED, severity=Severity.WARN, measurement=rows
    )
    assert words(result, reports["passed"]).name == "rows"


def test_the_place_is_a_file_and_a_line(reports: Mapping[str, Report]) -> None:
    assert words(judged(Outcome.PASSED, amount(value=1)), reports["passed"]).place == "gates/mlval.yml:31"
