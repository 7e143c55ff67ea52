"""A description in the place of its dataset: what is decided by it, and what is left undecided."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mlval.domain.outcome import Outcome
from mlval.domain.profile import Profile
from mlval.domain.profile_text import render
from tests.flows.conftest import Columns, Describe, Gate, mixed, write

CONTRACT = """
version: 1
datasets:
  profile: {profile: train.profile.json}
  rows: {path: data.parquet}
  current: {path: current.parquet}
validations:
  - {type: drift, id: by-profile, reference: profile, current: current, COLUMNS}
  - {type: drift, id: by-rows, reference: rows, current: current, COLUMNS}
"""
COLUMNS = "columns: [amount, spent, gaps, age, kids, plan, city, flag, at]"


@pytest.mark.parametrize("moved, seed", [(0.0, 2), (0.0, 3), (0.05, 4), (0.2, 5)])
def test_drift_is_judged_as_with_the_rows(
    describe: Describe, gate: Gate, workspace: Path, moved: float, seed: int
) -> None:
    found = describe(mixed(5_000))
    write(workspace / "current.parquet", mixed(4_000, seed=seed, moved=moved))
    report = gate(CONTRACT.replace("COLUMNS", COLUMNS), {"train.profile.json": render(found)})
    results: dict[str, dict[tuple[str, str], Any]] = {"by-profile": {}, "by-rows": {}}
    for one in report.verdict.results:
        results[one.validation][one.measurement.subject, one.measurement.metric] = one
    assert results["by-profile"].keys() == results["by-rows"].keys()
    for key, by_profile in results["by-profile"].items():
        by_rows = results["by-rows"][key]
        assert by_profile.outcome == by_rows.outcome, key
        assert by_profile.outcome != Outcome.ERRORED
        # Apart by no more than the mass of a bin, or of the levels that are folded.
        assert by_profile.measurement.value == pytest.approx(by_rows.measurement.value, abs=0.025), key


def drift_of(gate: Gate, known: Profile | str, more: str = "") -> list[tuple[str, Outcome, str]]:
    contract = f"""
version: 1
datasets:
  reference: {{profile: train.profile.json}}
  current: {{path: current.parquet}}
validations:
  - {{type: drift{more}}}
"""
    text = known if isinstance(known, str) else render(known)
    results = gate(contract, {"train.profile.json": text}).verdict.results
    return [(one.measurement.subject, one.outcome, one.reason) for one in results]


def test_levels_that_moved_among_the_folded_ones_are_not_passed(
    describe: Describe, gate: Gate, workspace: Path
) -> None:
    def rows(prefix: str) -> Columns:
        return {"x": np.array([f"{prefix}{number % 1_500}" for number in range(6_000)], dtype=object)}

    found = describe(rows("old"))
    write(workspace / "current.parquet", rows("new"))
    assert [outcome for _, outcome, _ in drift_of(gate, found)] == [Outcome.INCONCLUSIVE]


def test_hidden_levels_are_compared(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed(), hashed=True)
    write(workspace / "current.parquet", mixed(seed=2))
    assert drift_of(gate, found, ", columns: [plan]") == [("plan", Outcome.PASSED, "")]
    write(workspace / "current.parquet", mixed(seed=2, moved=0.3))
    assert drift_of(gate, found, ", columns: [plan]") == [("plan", Outcome.FAILED, "")]


def test_a_protected_column_is_not_passed(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed(), dataset={"sensitive": ("plan",)})
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, found, ", columns: [plan]")
    assert outcome == Outcome.ERRORED
    assert "marked sensitive" in reason


def test_a_filter_needs_rows(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed())
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, found, ", where: age > 30")
    assert outcome == Outcome.ERRORED
    assert "a profile cannot answer that" in reason


def test_an_edited_profile_decides_nothing(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe(mixed())
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, render(found).replace('"rare": 5', '"rare": 4'))
    assert outcome == Outcome.ERRORED
    assert "was changed" in reason


def test_rules_are_judged_on_what_a_profile_tells(describe: Describe, gate: Gate) -> None:
    found = describe(mixed())
    contract = """
version: 1
datasets: {train: {profile: train.profile.json}}
validations:
  - type: data
    dataset: train
    rows: {min: 1000}
    columns:
      amount: {nulls: 0, min: -1000, type: float}
      plan: {in: [free, pro]}
      age: {regex: '[0-9]'}
"""
    results = gate(contract, {"train.profile.json": render(found)}).verdict.results
    outcomes = {(one.measurement.subject, one.measurement.metric): one.outcome for one in results}
    assert outcomes == {
        ("train", "rows"): Outcome.PASSED,
        ("train", "required"): Outcome.PASSED,
        ("amount", "type"): Outcome.PASSED,
        ("amount", "nulls"): Outcome.PASSED,
        ("amount", "min"): Outcome.PASSED,
        ("plan", "in"): Outcome.FAILED,
        ("age", "regex"): Outcome.ERRORED,
    }


def test_a_profile_of_another_table_decides_nothing(describe: Describe, gate: Gate, workspace: Path) -> None:
    found = describe({"other": np.arange(500.0)})
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, found)
    assert outcome == Outcome.ERRORED
    assert "no column of 'reference' is in 'current'" in reason


def test_a_profile_with_a_column_of_another_kind_does_not_pass(
    describe: Describe, gate: Gate, workspace: Path
) -> None:
    found = describe({**mixed(), "age": np.array([f"{age}y" for age in mixed()["age"]], dtype=object)})
    write(workspace / "current.parquet", mixed())
    outcomes = {subject: outcome for subject, outcome, _ in drift_of(gate, found, ", columns: [age, plan]")}
    assert outcomes["plan"] == Outcome.PASSED
    assert outcomes["age"] in {Outcome.ERRORED, Outcome.FAILED}


def test_a_profile_of_another_version_decides_nothing(
    describe: Describe, gate: Gate, workspace: Path
) -> None:
    text = render(describe(mixed()))
    write(workspace / "current.parquet", mixed())
    ((_, outcome, reason),) = drift_of(gate, text.replace('"version": 1', '"version": 99'))
    assert outcome == Outcome.ERRORED
    assert "version" in reason
