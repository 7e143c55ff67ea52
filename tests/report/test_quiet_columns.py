"""What a drift validation says once."""

from collections.abc import Mapping
from dataclasses import replace

from mlval.domain.bound import Bound
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result
from mlval.report.change_words import rate_words
from mlval.report.quiet_columns import Quiet, quiet_columns
from tests.report.drifts import PAID, STABLE, quiet


def only(reports: Mapping[str, Report], *results: Result) -> Quiet:
    report = reports["passed"]
    (found,) = quiet_columns(replace(report, verdict=replace(report.verdict, results=results)))
    return found


def test_one_line_for_all(reports: Mapping[str, Report]) -> None:
    assert only(reports, *quiet(3)).columns(str.upper) == (
        "3 quiet columns: COLUMN_0, COLUMN_1, COLUMN_2; largest change 0.2% (COLUMN_2)"
    )
    assert only(reports, *quiet(1)).columns(str) == "1 quiet column: column_0; 0% of its rows moved"
    assert " and 88 more; largest change 9.9% (column_99)" in only(reports, *quiet(100)).columns(str)


def test_a_column_with_a_loud_result_is_not_quiet(reports: Mapping[str, Report]) -> None:
    first, second = quiet(2)
    nulls = replace(
        first, measurement=replace(first.measurement, metric="null_share"), outcome=Outcome.FAILED
    )
    found = only(reports, first, nulls, second)
    assert [one.measurement.subject for one in found.results] == ["column_1"]
    assert found.loud


def test_nothing_is_quiet(reports: Mapping[str, Report]) -> None:
    found = only(reports, PAID)
    assert (found.columns(str), found.loud) == ("", True)


def test_how_columns_are_compared(reports: Mapping[str, Report]) -> None:
    assert only(reports, *quiet(2)).how == (
        "method: auto compares numbers by Kolmogorov-Smirnov, levels by total variation; drift is a change "
        "of at least 8% of the rows that chance does not explain (p at most 0.02, corrected "
        "for 2 comparisons)."
    )
    assert only(reports, PAID).how == (
        "Compared: levels by total variation; drift is a change of at least 8% of the rows that chance "
        "does not explain (p at most 0.02)."
    )


def test_thresholds_tell_their_false_alarms_once(reports: Mapping[str, Report]) -> None:
    passed = replace(
        STABLE, outcome=Outcome.PASSED, measurement=replace(STABLE.measurement, limit=Bound(max=1))
    )
    assert only(reports, passed).how == (
        "At these sample sizes a threshold on PSI alarms in 12% of runs of one column when "
        "nothing has changed."
    )
    assert only(reports, passed).columns(str) == "1 quiet column: fare_amount; largest PSI 0.31 (fare_amount)"
    assert only(reports, STABLE).how == ""


def test_how_rarely_is_not_told_to_the_last_digit() -> None:
    assert rate_words(1e-30) == "fewer than 0.01%"
    assert rate_words(0.1234) == "12%"


def test_other_validations_say_nothing(reports: Mapping[str, Report]) -> None:
    assert quiet_columns(reports["unavailable"]) == ()
