"""Nothing fails open: whatever cannot be measured is never a pass, and the exit code says so."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar, Literal

import pytest

from mlval.domain.check import Check
from mlval.domain.errors import ContractError, ExitCode, UsageError
from mlval.domain.inputs import Inputs, Uses
from mlval.domain.outcome import Outcome
from mlval.domain.steps import Steps
from tests.flows.conftest import Gate

Case = tuple[str, Mapping[str, str], Outcome, ExitCode]

DATA = """
version: 1
datasets: {trips: {path: trips.csv}}
validations:
"""
PAIR = """
version: 1
datasets: {reference: {path: reference.csv}, current: {path: current.csv}}
validations:
"""
MODEL = """
version: 1
datasets: {holdout: {path: holdout.csv, key: id, target: y}}
models: {candidate: {predictions: {dataset: holdout, label: guess, score: p}}}
validations:
"""
JOINED = """
version: 1
datasets: {holdout: {path: holdout.csv, key: id, target: y}}
models: {candidate: {predictions: {path: guesses.csv, label: guess}}}
validations:
"""

TRIPS = "fare,plan\n1.5,a\n2.5,b\n"
HOLDOUT = "id,y,guess,p,zone\n1,0,0,0.2,a\n2,1,1,0.9,a\n3,0,1,0.6,b\n4,1,1,0.7,b\n"
STEADY = "x,plan\n" + "".join(f"{row}.5,{'ab'[row % 2]}\n" for row in range(400))


def trips(
    rules: str, rows: str, outcome: Outcome = Outcome.ERRORED, code: ExitCode = ExitCode.BLOCKED
) -> Case:
    return f"{DATA}  - {{type: data, {rules}}}", {"trips.csv": rows}, outcome, code


def drift(current: str, more: str = "", reference: str = STEADY) -> Case:
    files = {"reference.csv": reference, "current.csv": current}
    return f"{PAIR}  - {{type: drift{more}}}", files, Outcome.ERRORED, ExitCode.BLOCKED


def failed(case: Case) -> Case:
    return (*case[:2], Outcome.FAILED, case[3])


def model(metrics: str, rows: str = HOLDOUT, more: str = "") -> Case:
    contract = f"{MODEL}  - {{type: performance, metrics: {{{metrics}}}{more}}}"
    return contract, {"holdout.csv": rows}, Outcome.ERRORED, ExitCode.BLOCKED


def joined(guesses: str) -> Case:
    contract = f"{JOINED}  - {{type: performance, metrics: {{accuracy: 0.1}}}}"
    return contract, {"holdout.csv": HOLDOUT, "guesses.csv": guesses}, Outcome.ERRORED, ExitCode.BLOCKED


ALL_NAN = "x,plan\n" + "NaN,a\n" * 400
NAN_FARE = "fare,plan\nNaN,a\n2.5,b\n"
NO_FARE = "fare,plan\n,a\n,b\n"
NO_ROWS = "fare,plan\n"
ONE_CLASS = "id,y,guess,p,zone\n1,1,1,0.2,a\n2,1,1,0.9,a\n"
NO_TRUTH = "id,y,guess,p,zone\n1,,0,0.2,a\n2,,1,0.9,b\n"
NAN_TRUTH = "id,y,guess,p,zone\n1,NaN,0.5,0.2,a\n2,1.5,1.0,0.9,b\n"
NAN_SCORE = HOLDOUT.replace("0.9", "NaN")

CASES: Mapping[str, Case] = {
    "NaN below min": trips("columns: {fare: {min: 0}}", NAN_FARE, Outcome.FAILED),
    "NaN above max": trips("columns: {fare: {max: 9}}", NAN_FARE, Outcome.FAILED),
    "NaN in a range": trips("columns: {fare: {range: [0, 9]}}", NAN_FARE, Outcome.FAILED),
    "NaN in an expectation of at most": trips("expect: fare <= 9", NAN_FARE, Outcome.FAILED),
    "NaN in an expectation of at least": trips("expect: fare >= 0", NAN_FARE, Outcome.FAILED),
    "NaN in an expectation of equals": trips("expect: fare = fare", NAN_FARE, Outcome.FAILED),
    "NaN in a list": trips("columns: {fare: {in: [2.5]}}", NAN_FARE, Outcome.FAILED),
    "NaN as a whole number": trips("columns: {fare: {type: int}}", NAN_FARE, Outcome.FAILED),
    "infinity above max": trips("columns: {fare: {max: 9}}", NAN_FARE.replace("NaN", "inf"), Outcome.FAILED),
    "only NaN": trips("columns: {fare: {min: 0}}", "fare\nNaN\nNaN\n", Outcome.FAILED),
    "NaN in the place of numbers, drift": failed(drift(ALL_NAN, ", columns: [x]")),
    "NaN among true values": model("mae: 9", NAN_TRUTH),
    "NaN among scores, roc_auc": model("roc_auc: 0.1", NAN_SCORE),
    "NaN among scores, log_loss": model("log_loss: 9", NAN_SCORE),
    "NaN among predicted values": model("rmse: 9", HOLDOUT.replace(",1,0.9", ",NaN,0.9")),
    "no score column": model("roc_auc: 0.1", "id,y,guess\n1,0,0\n2,1,1\n"),
    "no target column": model("accuracy: 0.1", "id,guess,p\n1,0,0.5\n2,1,0.5\n"),
    "one class, roc_auc": model("roc_auc: 0.1", ONE_CLASS),
    "no row truly positive, recall": model("recall: 0", "id,y,guess,p\n1,0,0,0.5\n2,0,1,0.5\n"),
    "no row predicted positive, precision": model("precision: 0", "id,y,guess,p\n1,0,0,0.5\n2,1,0,0.5\n"),
    "one value, r2": model("r2: 0", ONE_CLASS),
    "no truth at all": model("accuracy: 0.1", NO_TRUTH),
    "no rows, a column": trips("columns: {fare: {min: 0}}", NO_ROWS),
    "no rows, nulls": trips("columns: {fare: {nulls: 100%}}", NO_ROWS),
    "no rows, unique": trips("unique: fare", NO_ROWS),
    "no rows, a row count of none": trips("rows: {min: 0}", NO_ROWS),
    "no rows, an expectation": trips("expect: fare > 0", NO_ROWS),
    "no rows, extra columns": trips("extra_columns: forbid, columns: {fare: {}, plan: {}}", NO_ROWS),
    "no rows, drift": drift(current="x,plan\n"),
    "no rows, drift of the reference": drift(reference="x,plan\n", current=STEADY),
    "no rows, performance": model("accuracy: 0.1", "id,y,guess,p\n"),
    "no rows after where": trips("where: fare > 99, columns: {fare: {min: 0}}", TRIPS),
    "no rows after where, a row count": trips("where: fare > 99, rows: {min: 0}", TRIPS),
    "no rows after where of a rule": trips("columns: {fare: {min: 0, where: fare > 99}}", TRIPS),
    "no rows after where, drift": drift(STEADY, ", where: x > 9000"),
    "no rows after where, performance": model("accuracy: 0.1", more=", where: y > 9"),
    "no rows, to be skipped": trips(
        "if_empty: skip, columns: {fare: {min: 0}}", NO_ROWS, Outcome.SKIPPED
    ),
    "no values, a range": trips("columns: {fare: {range: [0, 9]}}", NO_FARE),
    "no values, a pattern": trips("columns: {fare: {regex: '[0-9]'}}", NO_FARE),
    "no values, unique": trips("unique: fare", NO_FARE),
    "no values, a type": trips("columns: {fare: {type: float}}", NO_FARE),
    "no values, an expectation": trips("expect: fare = 'a'", NO_FARE),
    "no values, drift": drift("x,plan\n,a\n,b\n", ", columns: [x]", reference="x,plan\n,a\n,b\n"),
    "no values, a score": model("roc_auc: 0.1", "id,y,guess,p\n1,0,0,\n2,1,1,\n"),
    "an expectation that divides by nothing": trips("expect: (fare - fare) / 0 > 1", TRIPS),
    "an expectation of numbers that are text": trips("expect: cast(plan as int) > 1", TRIPS),
    "no such column": trips("columns: {fee: {min: 0}}", TRIPS, Outcome.FAILED),
    "no such column, drift": drift(STEADY, ", columns: [fee]"),
    "no such column, unique": trips("unique: fee", TRIPS),
    "no such column, where": trips("where: fee > 1, rows: {min: 1}", TRIPS),
    "no such column, slices": model("accuracy: 0.1", more=", slices: [fee], per_slice: {min_rows: 1}"),
    "a column that became text": drift(STEADY.replace("7.5", "seven"), ", columns: [x]"),
    "a column that is left out": drift("plan\na\nb\n", ", columns: [x]"),
    "an empty slice": model(
        "accuracy: 0.1", more=", slices: [{name: far, where: zone = 'c'}], per_slice: {min_rows: 1}"
    ),
    "a slice of one class": model(
        "roc_auc: 0.1", HOLDOUT.replace("3,0", "3,1"), ", slices: [zone], per_slice: {min_rows: 1}"
    ),
    "a row without a prediction": joined("id,guess\n1,0\n2,1\n3,1\n"),
    "a row with two predictions": joined("id,guess\n1,0\n2,1\n2,0\n3,1\n4,1\n"),
    "a prediction without a row": joined("id,guess\n1,0\n2,1\n3,1\n4,1\n5,1\n"),
    "a prediction that is null": joined("id,guess\n1,0\n2,1\n3,\n4,1\n"),
    "a prediction without a key": joined("id,guess\n1,0\n2,1\n,1\n4,1\n"),
    "a ragged file": trips("rows: {min: 1}", TRIPS + "1,2,3\n"),
    "a binary file": trips("rows: {min: 1}", "\0\1\2\3"),
    "an empty file": trips("rows: {min: 1}", ""),
}  # fmt: skip
MAY_PASS = {"required", "extra_columns"}


@pytest.mark.parametrize("name", CASES)
def test_what_cannot_be_measured_never_passes(gate: Gate, name: str) -> None:
    contract, files, outcome, code = CASES[name]
    verdict = gate(contract, files).verdict
    # That the columns are there, and that other slices are good, is true and may be said.
    judged = [result for result in verdict.results if result.measurement.metric not in MAY_PASS]
    told = [(one.measurement.subject, one.measurement.metric, one.outcome) for one in verdict.results]
    assert outcome in {result.outcome for result in verdict.results}, told
    assert "slice" in name or all(result.outcome != Outcome.PASSED for result in judged), told
    assert verdict.exit_code == code, verdict.reason


def test_rows_that_may_be_absent_are_skipped_and_do_not_pass(gate: Gate) -> None:
    contract = f"{DATA}  - {{type: data, if_empty: skip, optional: true, columns: {{fare: {{min: 0}}}}}}"
    verdict = gate(contract, {"trips.csv": NO_ROWS}).verdict
    judged = [one for one in verdict.results if one.measurement.metric not in MAY_PASS]
    assert [(one.outcome, one.blocks) for one in judged] == [(Outcome.SKIPPED, False)]
    assert verdict.exit_code == ExitCode.PASSED


def test_a_slice_below_its_least_rows_is_skipped_and_does_not_pass(gate: Gate) -> None:
    contract, files, *_ = model("accuracy: 0.1", more=", slices: [zone], per_slice: {min_rows: 3}")
    results = gate(contract, files).verdict.results
    assert [result.outcome for result in results] == [Outcome.PASSED, Outcome.SKIPPED, Outcome.SKIPPED]


BAD_CONTRACTS: Mapping[str, tuple[str, str]] = {
    "NaN as a limit": ("{type: data, columns: {fare: {min: .nan}}}", "nan"),
    "NaN in a range": ("{type: data, columns: {fare: {range: [0, .NaN]}}}", "nan"),
    "NaN as a tolerance": ("{type: data, columns: {fare: {nulls: .nan}}}", "nan"),
    "infinity as a limit": ("{type: data, columns: {fare: {max: .inf}}}", "inf"),
    "an unknown key": ("{type: data, colums: {fare: {min: 0}}}", "colums"),
    "an unknown rule": ("{type: data, columns: {fare: {minn: 0}}}", "minn"),
    "an unknown check": ("{type: dat, columns: {fare: {min: 0}}}", "dat"),
    "a key given twice": ("{type: data, columns: {fare: {min: 0, min: -9}}}", "min"),
    "a column given twice": ("{type: data, columns: {fare: {min: 0}, fare: {min: -9}}}", "fare"),
    "no rule": ("{type: data}", "no rule"),
    "no key of a rule": ("{type: data, columns: {}}", "no rule"),
    "a dataset that is not described": ("{type: data, dataset: tolls, rows: {min: 1}}", "tolls"),
}


@pytest.mark.parametrize("name", BAD_CONTRACTS)
def test_a_contract_that_is_not_understood_judges_nothing(gate: Gate, name: str) -> None:
    validation, told = BAD_CONTRACTS[name]
    with pytest.raises(ContractError) as refused:
        gate(f"{DATA}  - {validation}", {"trips.csv": TRIPS})
    assert refused.value.exit_code == ExitCode.USAGE
    assert told in " ".join(problem.message for problem in refused.value.problems)
    assert all(problem.place for problem in refused.value.problems)


@pytest.mark.parametrize("plan", ["[]", "{}", "", "null"])
def test_an_empty_plan_judges_nothing(gate: Gate, plan: str) -> None:
    with pytest.raises(ContractError):
        gate(DATA.replace("validations:", f"validations: {plan}"), {"trips.csv": TRIPS})


@pytest.mark.parametrize(
    "metric", ["roc_auc: .nan", "log_loss: {max: .nan}", "f1: {min: 0.5, confidence: .nan}"]
)
def test_a_metric_without_a_number_as_its_bound_judges_nothing(gate: Gate, metric: str) -> None:
    contract, files, *_ = model(metric)
    with pytest.raises(ContractError):
        gate(contract, files)


def test_only_nothing_judges_nothing(gate: Gate) -> None:
    contract, files, *_ = trips("rows: {min: 1}", TRIPS)
    with pytest.raises(UsageError, match="only nothing"):
        gate(contract, files, only=("nothing",))


def test_a_name_that_is_not_bound_judges_nothing(gate: Gate) -> None:
    contract = DATA.replace("path: trips.csv", "from: input")
    with pytest.raises(UsageError, match="not bound"):
        gate(f"{contract}  - {{type: data, rows: {{min: 1}}}}", {})


class Broken(Check):
    """A check with a bug."""

    name: ClassVar[str] = "broken"
    type: Literal["broken"] = "broken"

    def uses(self, inputs: Inputs) -> Uses:
        """Read every dataset."""
        return Uses(tuple(inputs.datasets))

    def steps(self, inputs: Inputs) -> Steps:
        """Raise what no check should raise."""
        del inputs
        yield ()
        return (1 / 0,)  # type: ignore[return-value] # it does not come to this


class Mute(Broken):
    """A check that measures nothing."""

    def steps(self, inputs: Inputs) -> Steps:
        """Return without a measurement."""
        del inputs
        yield ()
        return ()


TWO = (
    f"{DATA}  - {{type: data, id: first, rows: {{min: 1}}}}\n"
    "  - {type: data, id: second, rows: {min: 1}}\n"
)


@pytest.mark.parametrize(
    "check, code", [(Broken(id="broken"), ExitCode.BUG), (Mute(id="broken"), ExitCode.BLOCKED)]
)
def test_a_check_with_a_bug_never_passes_and_the_others_are_judged(
    gate: Gate, check: Check, code: ExitCode
) -> None:
    verdict = gate(TWO, {"trips.csv": TRIPS}, crashing=check).verdict
    assert [result.outcome for result in verdict.results] == [Outcome.ERRORED, Outcome.PASSED]
    assert verdict.exit_code == code


def test_a_crash_that_only_warns_still_ends_as_our_bug(gate: Gate) -> None:
    verdict = gate(TWO, {"trips.csv": TRIPS}, crashing=Broken(id="broken", severity="warn")).verdict
    assert verdict.exit_code == ExitCode.BUG


ELSEWHERE = DATA.replace("trips: {path: trips.csv}", "trips: {path: trips.csv}, tolls: {path: tolls.csv}")


def _absent(path: Path) -> None:
    path.unlink(missing_ok=True)


def _circle(path: Path) -> None:
    path.symlink_to(path)


def _dangling(path: Path) -> None:
    path.symlink_to(path.with_name("gone.csv"))


@pytest.mark.parametrize("unreadable", [_absent, _circle, _dangling])
def test_a_source_that_cannot_be_read_errors_what_needs_it_only(
    gate: Gate, workspace: Path, unreadable: Callable[[Path], None]
) -> None:
    unreadable(workspace / "tolls.csv")
    contract = (
        f"{ELSEWHERE}  - {{type: data, id: a, dataset: tolls, rows: {{min: 0}}}}\n"
        f"  - {{type: data, id: b, dataset: trips, rows: {{min: 1}}}}\n"
    )
    verdict = gate(contract, {"trips.csv": TRIPS}).verdict
    assert [result.outcome for result in verdict.results] == [Outcome.ERRORED, Outcome.PASSED]
    assert verdict.exit_code == ExitCode.UNAVAILABLE
