"""`mlval calibrate` as a user calls it."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from mlval.config.load import load
from mlval.domain.errors import ExitCode
from tests.commands.conftest import Call

WEEKS, ROWS = 30, 100
CONTRACT = """
version: 1
datasets:
  reference: {path: reference.parquet, key: id, time: at}
  plain: {path: reference.parquet, key: id, features: [amount, plan, calm]}
  kept: {profile: kept.json}
  today: {from: input}
validations:
  - {id: weekly, type: drift, reference: reference, current: today, method: js, threshold: 0.1}
  - {id: by-rows, type: drift, reference: plain, current: today, method: js, threshold: 0.1}
  - {id: far, type: drift, reference: plain, current: today, feature: calm, method: emd, threshold: 0.2}
  - {id: profiled, type: drift, reference: kept, current: today, columns: [calm], method: psi, threshold: 0.1}
  - {id: kept-quiet, type: drift, reference: reference, current: today}
  - {id: rules, type: data, dataset: today, rows: {min: 100}}
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> Path:
    """Write weeks whose amounts and plans differ from one another, and a column that does not care."""
    draw = np.random.default_rng(1)
    week = np.repeat(np.arange(WEEKS), ROWS)
    shares = draw.dirichlet(np.array([0.5, 0.3, 0.2]) * 30, WEEKS)
    columns = {
        "id": np.arange(week.size),
        "at": np.datetime64("2025-01-06T10:00:00", "us") + week * np.timedelta64(7, "D"),
        "amount": draw.normal(draw.normal(0, 0.3, WEEKS)[week], 1),
        "plan": np.concatenate([draw.choice(["free", "pro", "team"], ROWS, p=one) for one in shares]),
        "calm": draw.normal(size=week.size),
    }
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", columns)
    for name, where in (("reference", "true"), ("current", "id < 400")):
        engine.execute(
            f"COPY (SELECT * FROM given WHERE {where}) TO '{folder / name}.parquet' (FORMAT parquet)"
        )
    (folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    return folder


def thresholds(out: str) -> dict[str, float]:
    """Return the thresholds of the table, by column."""
    lines = [line.replace("!", "").split() for line in out.splitlines()]
    return {
        line[0]: float(line[4])
        for line in lines
        if len(line) == 5 and line[1] in {"js", "psi", "wasserstein"}
    }


def test_weeks_that_differ_need_larger_thresholds_than_rows(call: Call) -> None:
    by_weeks = call("calibrate", "--validation", "weekly", "--budget", "1/10", "--rows", "100")
    by_rows = call("calibrate", "--validation", "by-rows", "--budget", "1/10", "--rows", "100")
    assert (by_weeks.code, by_weeks.err, by_rows.code) == (0, "", 0)
    assert "resampled: whole weeks (30)" in by_weeks.out
    assert "resampled: rows, taken as independent, since 'plain' has no `time:`" in by_rows.out
    weeks, rows = thresholds(by_weeks.out), thresholds(by_rows.out)
    assert set(weeks) == set(rows) == {"amount", "plan", "calm"}
    assert weeks["amount"] > 1.2 * rows["amount"]
    assert weeks["plan"] > 1.2 * rows["plan"]
    assert weeks["calm"] == pytest.approx(rows["calm"], rel=0.25)


def test_the_budget_is_shared_and_the_basis_told(call: Call) -> None:
    lines = call("calibrate", "--validation", "by-rows", "--budget", "1%", "--rows", "400").out.splitlines()
    assert lines[:2] == [
        "by-rows: 400 current rows against 3,000 of 'plain'",
        "budget of false alarms: 1 run in 100, shared by 3 comparisons: 1 run in 300 each",
    ]


def test_the_lines_for_the_contract_are_a_contract(call: Call) -> None:
    out = call("calibrate", "--validation", "weekly", "--budget", "1/10", "--rows", "100").out
    entries = [line for line in out.splitlines() if line.startswith("- {")]
    head = CONTRACT[: CONTRACT.index("validations:")]
    loaded = load(
        f"{head}validations:\n{chr(10).join(entries)}\n".encode(), file="mlval.yml", default_name="x"
    )
    written = {getattr(check, "columns")[0]: getattr(check, "threshold") for check in loaded.validations}  # noqa: B009
    assert written == thresholds(out)
    assert [check.id for check in loaded.validations] == ["weekly-1", "weekly-2", "weekly-3"][: len(entries)]


def test_current_rows_are_counted_where_none_are_given(call: Call) -> None:
    ended = call("calibrate", "--validation", "far", "--budget", "5%", "--data", "today=current.parquet")
    assert "far: 400 current rows against 3,000" in ended.out
    assert "threshold: " in ended.out
    unbound = call("calibrate", "--validation", "far", "--budget", "5%")
    assert (unbound.code, "was not bound" in unbound.err) == (ExitCode.USAGE, True)


def test_a_loose_threshold_is_not_flagged_and_a_tight_one_is(call: Call) -> None:
    few = call("calibrate", "--validation", "by-rows", "--budget", "1/100", "--rows", "50").out
    many = call("calibrate", "--validation", "by-rows", "--budget", "1/100", "--rows", "3000").out
    assert "!  alarms in more than 5% of runs though nothing changed" in few
    assert "!" not in many


def test_a_profile_is_resampled_by_rows(call: Call) -> None:
    assert call("profile", "reference.parquet", "-o", "kept.json", "-q").code == 0
    ended = call("calibrate", "--validation", "profiled", "--budget", "5%", "--rows", "500")
    assert "rows, taken as independent, since 'kept' is a profile" in ended.out
    assert thresholds(ended.out)["calm"] > 0


def test_the_same_bytes_whatever_the_threads(call: Call) -> None:
    asked = ("calibrate", "--validation", "weekly", "--budget", "1/20", "--rows", "200", "--by", "week")
    assert len({call(*asked, "--threads", threads).out for threads in ("1", "4")}) == 1


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--validation", "nope", "--budget", "1%"), "no validation has the id nope"),
        (("--validation", "rules", "--budget", "1%"), "is a validation of type data"),
        (("--validation", "kept-quiet", "--budget", "1%"), "has no static threshold"),
        (("--validation", "far", "--budget", "5"), "expected a share of runs"),
        (("--validation", "far", "--budget", "0%"), "expected a share of runs"),
        (("--validation", "far", "--budget", "1/1"), "expected a share of runs"),
        (("--validation", "far", "--budget", "nan"), "expected a share of runs"),
        (
            ("--validation", "far", "--budget", "1%", "--rows", "9", "--by", "week"),
            "there is no week to resample",
        ),
        (("--validation", "far", "--budget", "1%", "--rows", "0"), "--rows"),
    ],
)
def test_a_call_that_cannot_work_says_why(call: Call, arguments: tuple[str, ...], said: str) -> None:
    ended = call("calibrate", *arguments)
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert said in ended.err


def test_few_periods_are_told(call: Call) -> None:
    ended = call(
        "calibrate", "--validation", "weekly", "--budget", "1/10", "--rows", "100", "--by", "quarter"
    )
    assert "3 periods with rows; at least 8 are needed" in ended.out
    assert "no threshold keeps the budget" in ended.out


def test_a_rare_alarm_that_the_weeks_cannot_show_is_told(call: Call) -> None:
    rare = call("calibrate", "--validation", "weekly", "--budget", "1/1000", "--rows", "100").out
    assert "note: 30 weeks hardly show what happens in 1 run in 3,000" in rare


def test_lint_warns_of_a_threshold_below_the_noise(call: Call) -> None:
    ended = call("lint")
    assert ended.code == 0
    assert "mlval.yml:12: warning: `psi` with a threshold of 0.1 alarms in" in ended.err
