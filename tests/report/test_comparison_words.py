"""A comparison in words."""

from mlval.domain.bound import Margin, NoDrop
from mlval.domain.errors import ExitCode
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Result
from mlval.report.comparison_words import comparison_notes, difference_words, margin_words
from mlval.report.wording import words
from tests.report.conftest import report

REPORT = report((), exit_code=ExitCode.PASSED, reason="nothing blocks")

ONE = Measurement(
    subject="candidate",
    metric="accuracy",
    limit=Margin(min=-0.01),
    value=-0.004,
    n=2000,
    of=2000,
    interval=Interval(-0.0122, 0.0041, 0.9),
    details={"candidate": 0.8885, "champion": 0.8925, "rows_needed": 2967},
)


def test_both_values_and_their_difference() -> None:
    assert difference_words(ONE, Margin(min=-0.01), -0.004) == (
        "0.8885 against 0.8925 on 2,000 rows: 0.004 lower (90% interval -0.0122 to 0.0041)"
    )


def test_nothing_rounds_onto_the_margin() -> None:
    assert "0.0100001 lower" in difference_words(ONE, Margin(min=-0.01), -0.0100001)


def test_demands() -> None:
    limits = (
        Margin(min=-0.01),
        Margin(max=0.02),
        Margin(min=0.0),
        Margin(min=0.01),
        Margin(max=-0.5),
        Margin(max=0.016338, share=0.02),
    )
    assert [margin_words(limit) for limit in limits] == [
        "at most 0.01 lower",
        "at most 0.02 higher",
        "at most 0 lower",
        "at least 0.01 higher",
        "at least 0.5 lower",
        "at most 2% higher",
    ]
    assert margin_words(NoDrop(0.01, "lower")) == "no significant rise at 1%"


def test_what_would_decide_is_told_where_nothing_is_decided() -> None:
    assert comparison_notes(ONE, undecided=True) == ["about 3,000 rows would decide it (80% power)"]
    assert comparison_notes(ONE, undecided=False) == []


def test_a_result_in_one_sentence() -> None:
    result = Result(
        validation="v",
        type="comparison",
        outcome=Outcome.INCONCLUSIVE,
        severity=Severity.BLOCK,
        measurement=ONE,
        reason="the margin lies within the interval",
    )
    assert words(result, REPORT).sentence == (
        "0.8885 against 0.8925 on 2,000 rows: 0.004 lower (90% interval -0.0122 to 0.0041),"
        " at most 0.01 lower; the margin lies within the interval;"
        " about 3,000 rows would decide it (80% power)"
    )
