"""The order of a report: what matters first, and of changes the largest."""

from collections.abc import Mapping
from dataclasses import replace

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result
from mlval.report.sections import sections
from tests.report.drifts import PAID


def sized(subject: str, effect: float | None) -> Result:
    return replace(PAID, measurement=replace(PAID.measurement, subject=subject, effect=effect))


def holding(report: Report, results: tuple[Result, ...]) -> Report:
    return replace(report, verdict=replace(report.verdict, results=results))


def test_the_largest_change_is_told_first(reports: Mapping[str, Report]) -> None:
    nulls = replace(PAID, measurement=replace(PAID.measurement, subject="rows", limit=None))
    results = (sized("a", 0.1), nulls, sized("b", 0.3), sized("c", float("nan")), sized("d", 0.2))
    told = sections(holding(reports["drifted"], results)).blocking
    assert [result.measurement.subject for result in told] == ["b", "rows", "d", "c", "a"]


def test_validations_keep_their_order(reports: Mapping[str, Report]) -> None:
    results = (sized("a", 0.1), replace(sized("b", 0.9), validation="later", outcome=Outcome.FAILED))
    told = sections(holding(reports["drifted"], results)).blocking
    assert [result.measurement.subject for result in told] == ["a", "b"]
