"""A champion that is numbers only: of an earlier result, or of the base branch."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from mlval.domain.errors import ExitCode
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import BaseResult, InputRecord, Report
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report import result_json
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts

CONTRACT = """
version: 1
name: churn
datasets: {{holdout: {{path: holdout.csv, target: y}}}}
models:
  candidate: {{predictions: {{dataset: holdout, label: p}}}}
  champion: {{metrics: {metrics}, if_missing: {if_missing}}}
validations:
  - {{type: performance, model: candidate, metrics: {{accuracy: 0.5}}}}
  - {{type: comparison, metrics: {{accuracy: 0.02}}}}
"""
Judge = Callable[..., Report]


def holdout(wrong: int, rows: int = 2_000) -> str:
    lines = (f"{row % 2},{row % 2 if row >= wrong else 1 - row % 2}" for row in range(rows))
    return "\n".join(["y,p", *lines, ""])


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    folder = tmp_path / "workspace"
    folder.mkdir()
    (tmp_path / "scratch").mkdir()

    def judged(
        metrics: str = "base", *, wrong: int = 200, if_missing: str = "block", base: Report | None = None
    ) -> Report:
        (folder / "holdout.csv").write_text(holdout(wrong), encoding="utf-8")
        path = folder / "mlval.yml"
        path.write_text(CONTRACT.format(metrics=metrics, if_missing=if_missing), encoding="utf-8")
        record = InputRecord("base", "result", "the base branch")
        request = Request(
            contract=read_contract(path, "mlval.yml"),
            base=folder,
            start=folder,
            boundary=Boundary(folder),
            now="2026-01-31T12:00:00+00:00",
            resources=Resources(tmp_path / "scratch", 1),
            artifacts=Artifacts({}, tmp_path / "scratch"),
            base_result=None if base is None else BaseResult(base, record),
        )
        return run(request, Quiet())

    return judged


def compared(report: Report) -> tuple[Outcome, str]:
    (one,) = (result for result in report.verdict.results if result.type == "comparison")
    return one.outcome, one.reason


@pytest.mark.parametrize("wrong, outcome", [(100, Outcome.PASSED), (400, Outcome.FAILED)])
def test_a_champion_may_be_what_the_base_branch_measured(judge: Judge, wrong: int, outcome: Outcome) -> None:
    base = judge()
    report = judge(wrong=wrong, base=base)
    assert compared(report)[0] is outcome
    (one,) = (result for result in report.verdict.results if result.type == "comparison")
    assert one.measurement.details["champion"] == 0.9


def test_a_champion_may_be_an_earlier_result(judge: Judge, tmp_path: Path) -> None:
    earlier = tmp_path / "workspace" / "earlier.json"
    earlier.write_text(result_json.render(judge()), encoding="utf-8")
    report = judge("earlier.json", wrong=400)
    assert compared(report)[0] is Outcome.FAILED
    (record,) = (one for one in report.inputs if one.kind == "reported metrics")
    assert (record.uri, len(record.sha256 or "")) == ("earlier.json", 64)


@pytest.mark.parametrize("content", ["", "{}", '{"schema_version": 1}', "\xff", "[" * 100_000])
def test_a_broken_earlier_result_is_errored(judge: Judge, tmp_path: Path, content: str) -> None:
    (tmp_path / "workspace" / "earlier.json").write_text(content, encoding="latin-1")
    report = judge("earlier.json")
    assert compared(report)[0] is Outcome.ERRORED
    assert "earlier.json is no earlier result" in compared(report)[1]
    assert report.verdict.exit_code == ExitCode.BLOCKED


@pytest.mark.parametrize("if_missing, outcome", [("block", Outcome.ERRORED), ("pass", Outcome.SKIPPED)])
def test_without_a_result_of_the_base_there_is_no_champion(
    judge: Judge, if_missing: str, outcome: Outcome
) -> None:
    report = judge(if_missing=if_missing)
    assert compared(report)[0] is outcome
    assert (report.verdict.exit_code == ExitCode.PASSED) is (if_missing == "pass")


def test_a_base_that_measured_nothing_of_the_candidate_is_no_champion(judge: Judge) -> None:
    base = judge()
    empty = replace(base, verdict=replace(base.verdict, results=()))
    report = judge(if_missing="pass", base=empty)
    assert compared(report)[0] is Outcome.ERRORED
    assert "has no metrics of the model" in compared(report)[1]


def test_a_metric_of_two_values_is_not_known(judge: Judge) -> None:
    base = judge()
    one = base.verdict.results[0]
    other = replace(one, measurement=replace(one.measurement, value=0.7))
    report = judge(base=replace(base, verdict=replace(base.verdict, results=(one, other))))
    assert compared(report) == (Outcome.ERRORED, "the champion reports no accuracy")


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_none_is_errored(judge: Judge, value: float) -> None:
    base = judge()
    one = base.verdict.results[0]
    odd = replace(one, measurement=replace(one.measurement, value=value))
    report = judge(base=replace(base, verdict=replace(base.verdict, results=(odd,))))
    assert compared(report)[0] is Outcome.ERRORED


def test_what_mlflow_reports_needs_a_server(judge: Judge) -> None:
    report = judge(f"runs:/{'a' * 32}")
    assert compared(report) == (Outcome.ERRORED, "MLFLOW_TRACKING_URI is not set")
