"""Joining legs: any split of a contract gives the whole again, and what is missing or wrong never passes."""

import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mlval.domain.contract import Contract
from mlval.domain.errors import ContractError, ExitCode, UsageError
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome, State
from mlval.domain.reports import NotAffected, NotJudged, Reports
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.legs import read_legs
from mlval.flows.many import Change, Located
from mlval.flows.merge import UNREPORTED, Leg, merge
from mlval.flows.request import Bindings
from mlval.report import result_json
from mlval.report.result_reading import read_report
from mlval.sources.confine import Boundary
from tests.flows.conftest import NOW, Gate

IDS = ("one", "two", "three", "four")
CONTRACT = """\
version: 1
name: sales
changed: [models/sales/**]
datasets: {sales: {path: sales.csv}, more: {path: more.csv}}
validations:
  - {type: data, id: one, dataset: sales, columns: {amount: {min: 0}}}
  - {type: data, id: two, dataset: more, columns: {amount: {max: 5}}}
  - {type: data, id: three, dataset: sales, rows: {min: 1}}
  - {type: data, id: four, dataset: more, columns: {absent: {min: 0, severity: warn}}, optional: true}
"""
FILES = {"sales.csv": "amount\n1\n2\n", "more.csv": "amount\n-1\n7\n"}


@pytest.fixture
def whole(gate: Gate) -> Report:
    return gate(CONTRACT, FILES)


@pytest.fixture
def located(workspace: Path, whole: Report) -> Located:
    del whole
    file = workspace / "mlval.yml"
    return Located("mlval.yml", file, read_contract(file, "mlval.yml"))


Join = Callable[..., Reports]


@pytest.fixture
def join(located: Located, workspace: Path) -> Join:
    def joined(*legs: Report, paths: tuple[str, ...] = (), files: tuple[str, ...] | None = None) -> Reports:
        """Join reports, each of which went through its file."""
        names = paths or tuple(f"leg-{number}.json" for number in range(len(legs)))
        read = [
            Leg(path, read_report(result_json.render(leg).encode()))
            for path, leg in zip(names, legs, strict=True)
        ]
        return merge([located], read, name="", change=Change(workspace, files), now=NOW)

    return joined


def outcomes(reports: Reports) -> dict[str, Outcome]:
    (report,) = reports.judged
    return {result.validation: result.outcome for result in report.verdict.results}


def split(gate: Gate, *parts: tuple[str, ...]) -> list[Report]:
    return [gate(CONTRACT, FILES, only=part) for part in parts]


@pytest.mark.parametrize(
    "parts",
    [
        [IDS],
        [("one", "two"), ("three", "four")],
        [("four", "one"), ("three",), ("two",)],
        [(name,) for name in IDS],
    ],
)
def test_a_contract_in_parts_is_the_whole_in_whatever_order(
    gate: Gate, join: Join, whole: Report, parts: list[tuple[str, ...]]
) -> None:
    legs = split(gate, *parts)
    for order in itertools.permutations(legs):
        (report,) = join(*order).judged
        assert result_json.render(report) == result_json.render(whole)


def test_waivers_are_told_as_in_the_whole(gate: Gate, workspace: Path) -> None:
    contract = CONTRACT + (
        "waivers:\n"
        "  - {rule: two, reason: known, owner: mona, until: 2026-02-01}\n"
        "  - {rule: one/amount, reason: known, owner: mona, until: 2027-01-01}\n"
    )
    whole = gate(contract, FILES)
    file = workspace / "mlval.yml"
    located = Located("mlval.yml", file, read_contract(file, "mlval.yml"))
    legs = [Leg(name, gate(contract, FILES, only=(name,))) for name in IDS]
    (report,) = merge([located], legs, name="", change=Change(workspace), now=NOW).judged
    assert len(whole.cautions) == 2
    assert set(report.cautions) == set(whole.cautions)
    assert report.verdict == whole.verdict


def test_a_validation_that_nobody_reports_is_errored_and_blocks(gate: Gate, join: Join) -> None:
    reports = join(*split(gate, ("one",), ("three", "four")))
    assert outcomes(reports)["two"] is Outcome.ERRORED
    (report,) = reports.judged
    (missing,) = (result for result in report.verdict.results if result.validation == "two")
    assert (missing.blocks, missing.reason) == (True, UNREPORTED)
    assert reports.exit_code is ExitCode.BLOCKED


def test_one_that_is_optional_does_not_block(gate: Gate, join: Join) -> None:
    (report,) = join(*split(gate, ("one",), ("two",), ("three",))).judged
    (missing,) = (result for result in report.verdict.results if result.validation == "four")
    assert (missing.outcome, missing.blocks) == (Outcome.ERRORED, False)


def test_without_any_leg_nothing_passes(join: Join) -> None:
    reports = join()
    assert set(outcomes(reports).values()) == {Outcome.ERRORED}
    assert reports.exit_code is ExitCode.BLOCKED


def test_a_leg_that_is_there_twice_counts_once(gate: Gate, join: Join, whole: Report) -> None:
    (leg,) = split(gate, IDS)
    (report,) = join(leg, leg).judged
    assert result_json.render(report) == result_json.render(whole)


def test_legs_that_disagree_are_errored(gate: Gate, join: Join) -> None:
    first = gate(CONTRACT, FILES, only=("one", "three", "four"))
    other = gate(CONTRACT, FILES | {"sales.csv": "amount\n-1\n"}, only=("one", "two"))
    reports = join(first, other)
    assert outcomes(reports)["one"] is Outcome.ERRORED
    (report,) = reports.judged
    assert "leg-0.json, leg-1.json" in next(r.reason for r in report.verdict.results if r.validation == "one")
    assert report.cautions == ("the jobs read different bytes as sales: bind the same data in each",)


def test_the_verdict_of_a_leg_is_not_believed(gate: Gate, join: Join) -> None:
    """A leg that blocks says that it passed: its results say otherwise."""
    (leg,) = split(gate, IDS)
    assert leg.verdict.exit_code is ExitCode.BLOCKED
    forged = replace(leg, verdict=replace(leg.verdict, state=State.PASSED, exit_code=ExitCode.PASSED))
    assert join(forged).exit_code is ExitCode.BLOCKED


def test_the_newest_time_counts(gate: Gate, join: Join) -> None:
    first, second = split(gate, ("one", "two"), ("three", "four"))
    later = replace(second, now="2026-01-31T13:30:00+01:00")
    earlier = replace(first, now="2026-01-31T12:00:00+00:00")
    (report,) = join(later, earlier).judged
    assert report.now == later.now


@pytest.mark.parametrize(
    "change, said",
    [
        ({"contract_sha256": "0" * 64}, "another version of mlval.yml"),
        ({"tool_version": "0.0.1"}, "was made by mlval 0.0.1"),
        ({"contract_name": "other"}, "judged the contract other, which is not among"),
        ({"now": "noon"}, "says no time"),
    ],
)
def test_a_leg_of_something_else_is_refused(
    gate: Gate, join: Join, change: dict[str, str], said: str
) -> None:
    first, second = split(gate, ("one", "two"), ("three", "four"))
    with pytest.raises(UsageError, match=said):
        join(first, replace(second, **change))  # type: ignore[arg-type] # fields that are text


def test_a_validation_that_the_contract_lacks_is_refused(gate: Gate, join: Join) -> None:
    (leg,) = split(gate, IDS)
    (first, *rest) = leg.verdict.results
    strange = replace(leg, verdict=replace(leg.verdict, results=(replace(first, validation="x"), *rest)))
    with pytest.raises(UsageError, match="reports x, which the contract does not have"):
        join(strange)


def test_what_the_guard_found_is_kept_once(gate: Gate, join: Join) -> None:
    legs = split(gate, ("one", "two"), ("three", "four"))
    (finding, *_) = legs[0].verdict.results
    found = replace(finding, validation="policy", type="policy", outcome=Outcome.FAILED, blocks=True)

    def guarded(leg: Report) -> Report:
        counts = dict(leg.verdict.counts)
        counts["failed"] += 1
        counts["blocking"] += 1
        results = (found, *leg.verdict.results)
        return replace(leg, verdict=replace(leg.verdict, results=results, counts=counts))

    (report,) = join(*map(guarded, legs)).judged
    assert [one.validation for one in report.verdict.results].count("policy") == 1
    assert report.verdict.results[-1].type == "policy"


def test_without_legs_a_contract_that_is_not_touched_is_not_affected(join: Join) -> None:
    (part,) = join(files=("docs/index.md",)).parts
    assert isinstance(part, NotAffected)
    assert isinstance(join(files=("models/sales/x.csv",)).parts[0], Report)


def test_a_file_that_the_jobs_bind_is_touched(located: Located, workspace: Path) -> None:
    assert isinstance(located.contract, Contract)
    inputs = Inputs({"live": Dataset.model_validate({"from": "input"})})
    contract = replace(located.contract, inputs=inputs, validations=())
    one = replace(located, contract=contract)
    change = Change(workspace, ("exports/live.csv",))
    for bindings, kind in ((Bindings(), NotAffected), (Bindings({"live": "exports/live.csv"}), Report)):
        (part,) = merge([one], [], name="", change=change, now=NOW, bindings=bindings).parts
        assert isinstance(part, kind)


# --- files that are anything -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b'{"schema_version": 1}', b"\xff\xfe", b"[" * 100_000, b"null", b'{"a": NaN}'],
)
def test_a_leg_that_cannot_be_read_is_no_pass(
    gate: Gate, located: Located, workspace: Path, content: bytes
) -> None:
    (leg,) = split(gate, IDS)
    (workspace / "good.json").write_text(result_json.render(leg), encoding="utf-8")
    (workspace / "bad.json").write_bytes(content)
    legs = read_legs(["*.json"], Boundary(workspace), workspace, trusted=False)
    assert [leg.path for leg in legs] == ["bad.json", "good.json"]
    with pytest.raises(UsageError, match=r"^bad\.json: "):
        merge([located], legs, name="", change=Change(workspace), now=NOW)


def test_a_file_that_is_named_must_be_there(located: Located, workspace: Path) -> None:
    legs = read_legs(["gone.json"], Boundary(workspace), workspace, trusted=False)
    with pytest.raises(UsageError, match=r"gone\.json"):
        merge([located], legs, name="", change=Change(workspace), now=NOW)


def test_a_pattern_without_a_hit_is_no_leg(workspace: Path) -> None:
    assert read_legs(["legs/*/result.json"], Boundary(workspace), workspace, trusted=False) == ()


def test_of_several_contracts_one_bad_leg_leaves_the_others(
    gate: Gate, located: Located, workspace: Path
) -> None:
    (leg,) = split(gate, IDS)
    (workspace / "a.json").write_text(result_json.render(leg), encoding="utf-8")
    document: dict[str, Any] = json.loads(result_json.render(leg))
    document["contract"]["sha256"] = "0" * 64
    document["contract"]["name"] = "other"
    (workspace / "b.json").write_text(json.dumps(document), encoding="utf-8")
    (workspace / "c.json").write_text("{}", encoding="utf-8")
    broken = Located("other.yml", workspace / "other" / "mlval.yml", ContractError("other.yml", ()))
    legs = read_legs(["*.json"], Boundary(workspace), workspace, trusted=False)
    reports = merge([located, broken], legs, name="", change=Change(workspace), now=NOW)
    assert [type(part) for part in reports.parts] == [Report, NotJudged, NotJudged]
    assert reports.name == "mlval"
    assert reports.exit_code is ExitCode.USAGE
