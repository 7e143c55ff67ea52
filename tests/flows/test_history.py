"""Stored results as data: one value a run, in the order of the runs; what is missing is never a pass."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.domain.errors import ExitCode, SourceRefused
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report, Result
from mlval.report import result_json
from mlval.stats.trend import trend

Gate = Callable[..., Report]
FIRST = datetime(2026, 1, 1, 6, tzinfo=UTC)

CONTRACT = """
version: 1
validations:
  - {type: trend, results: "run-*.json", of: {validation: gate, subject: champion, metric: log_loss}}
"""


def run(day: int, value: object, **more: object) -> str:
    one = {"validation": "gate", "subject": "champion", "metric": "log_loss", "value": value}
    other = {"validation": "gate", "subject": "champion", "metric": "accuracy", "value": 0.5}
    return json.dumps(
        {
            "schema_version": 1,
            "now": (FIRST + timedelta(days=day)).isoformat(),
            "results": [{key: part for key, part in one.items() if part is not None}, other],
            **more,
        }
    )


def runs(values: Sequence[object]) -> dict[str, str]:
    """Return the files of runs; their names are in another order than their times."""
    return {f"run-{len(values) - day:03}.json": run(day, value) for day, value in enumerate(values)}


def quiet(length: int = 40) -> list[float]:
    return [round(float(value), 6) for value in np.random.default_rng(2).normal(0.3, 0.02, size=length)]


def judged(gate: Gate, files: Mapping[str, str], contract: str = CONTRACT) -> Result:
    (only,) = gate(contract, files).verdict.results
    return only


def test_values_are_in_the_order_of_the_runs(gate: Gate) -> None:
    report = gate(CONTRACT, runs(quiet()))
    (result,) = report.verdict.results
    assert result.outcome == Outcome.PASSED
    assert result.measurement.value == pytest.approx(trend(quiet()).statistic, rel=1e-8)
    assert result.measurement.subject == "champion"
    assert "in 100 runs" in str(result.measurement.details["remark"])
    (record,) = report.inputs
    assert (record.kind, record.uri, record.rows) == ("results", "run-*.json", 40)
    assert record.sha256 is not None


def test_a_change_fails_and_says_since_when(gate: Gate) -> None:
    values = [*quiet(), *(value + 0.2 for value in quiet(10))]
    (alarm, *_) = trend(values).alarms
    result = judged(gate, runs(values[: alarm.index + 1]))
    assert result.outcome == Outcome.FAILED
    assert result.measurement.details["since"] == (FIRST + timedelta(days=alarm.start)).isoformat()


def test_results_of_this_gate_can_be_read(gate: Gate, workspace: Path) -> None:
    plain = (
        "version: 1\ndatasets: {t: {path: t.csv}}\nvalidations: [{type: data, id: gate, rows: {min: 1}}]\n"
    )
    report = gate(plain, {"t.csv": "a\n1\n2\n"})
    files = {}
    for day in range(20):
        document = json.loads(result_json.render(report))
        document["now"] = (FIRST + timedelta(days=day)).isoformat()
        files[f"run-{day}.json"] = json.dumps(document)
    assert workspace.is_dir()
    of = "of: {validation: gate}"
    contract = f"version: 1\nvalidations:\n  - {{type: trend, results: 'run-*.json', {of}}}\n"
    assert judged(gate, files, contract).outcome == Outcome.PASSED


def test_earlier_runs_may_lack_the_value_but_not_the_last(gate: Gate) -> None:
    values: list[object] = [*quiet()]
    values[3] = None
    result = judged(gate, runs(values))
    assert result.outcome == Outcome.PASSED
    assert result.measurement.details["runs_without_value"] == 1
    values[-1] = None
    result = judged(gate, runs(values))
    assert (result.outcome, result.blocks) == (Outcome.ERRORED, True)
    assert "has no such value" in result.reason


def test_few_runs_are_no_history(gate: Gate) -> None:
    report = gate(CONTRACT, runs(quiet(3)))
    (result,) = report.verdict.results
    assert result.outcome == Outcome.INCONCLUSIVE
    assert result.reason.startswith("no history yet: 3 runs are too few")


def test_copies_of_a_run_count_once(gate: Gate) -> None:
    files = runs(quiet())
    assert judged(gate, {**files, "run-copy.json": files["run-001.json"]}).measurement.details["points"] == 40


def test_no_file_is_unavailable_and_no_pass(gate: Gate) -> None:
    report = gate(CONTRACT, {})
    assert report.verdict.results[0].outcome == Outcome.ERRORED
    assert report.verdict.exit_code == ExitCode.UNAVAILABLE


BROKEN: list[tuple[str, str]] = [
    ("{", "is no JSON"),
    ('{"schema_version": 1, "schema_version": 1}', "is no JSON"),
    (run(90, float("nan")), "is no JSON"),
    ("[" * 100_000, "is no JSON"),
    ("\xff", "is no"),
    ("[]", "an object is missing"),
    (run(90, 0.3, schema_version=2), "is no result.json of version 1"),
    (run(90, 0.3, now="yesterday"), "`now` is no time"),
    (run(90, 0.3, now=None), "`now` is no time"),
    (run(90, 0.3, results={}), "has no list of results"),
    (run(90, 0.3, results=[1]), "an object is missing"),
    (run(90, "0.3"), "a value that is no number"),
    (run(90, value=True), "a value that is no number"),
    (run(90, 10**400), "not finite"),
    (run(2, 0.77), "1 stored results have the time of another"),
]


@pytest.mark.parametrize("content, message", BROKEN, ids=[f"{place}" for place in range(len(BROKEN))])
def test_one_broken_file_makes_an_error(gate: Gate, content: str, message: str) -> None:
    result = judged(gate, {**runs(quiet()), "run-x.json": content})
    assert (result.outcome, result.blocks) == (Outcome.ERRORED, True)
    assert message in result.reason


def test_a_value_must_be_one(gate: Gate) -> None:
    contract = CONTRACT.replace(", metric: log_loss", "")
    result = judged(gate, runs(quiet()), contract)
    assert (result.outcome, "has 2 results that match" in result.reason) == (Outcome.ERRORED, True)


@pytest.mark.parametrize("reference", ["../*.json", "/etc/*.json", ".git/x.json"])
def test_results_lie_in_the_workspace(gate: Gate, tmp_path: Path, reference: str) -> None:
    (tmp_path / "secret.json").write_text(run(1, 0.3), encoding="utf-8")
    with pytest.raises(SourceRefused):
        gate(CONTRACT.replace("run-*.json", reference), runs(quiet()))


def test_files_that_are_too_large_are_refused(gate: Gate) -> None:
    with pytest.raises(SourceRefused, match="larger than 4 MiB"):
        gate(CONTRACT, {"run-1.json": run(1, 0.3, padding="x" * (4 << 20))})


def test_what_is_not_chosen_is_not_read(gate: Gate) -> None:
    both: dict[str, Any] = {"t.csv": "a\n1\n"}
    contract = f"{CONTRACT}  - {{type: data, rows: {{min: 1}}}}\ndatasets: {{t: {{path: t.csv}}}}\n"
    report = gate(contract.replace("run-*", "../run-*"), both, only=("data",))
    assert report.verdict.exit_code == ExitCode.PASSED
