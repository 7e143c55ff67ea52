"""Reports built by hand: one for each way in which a run can end."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.errors import Crashed, ExitCode, Place, SourceUnavailable, Unmeasurable
from mlval.domain.measurement import Interval, Measurement
from mlval.domain.outcome import Outcome, Severity, State
from mlval.domain.verdict import InputRecord, Report, Result, Verdict
from tests.report.drifts import (
    COVERED,
    DRIFTED,
    FARTHER,
    HIDDEN,
    MEDIUM,
    PAID,
    STABLE,
    UNTOLD,
    drift,
    part,
    quiet,
)

NONE = Bound(max=0, unit="rows")
HOSTILE = "@org/team `|` <img src=x onerror=alert(1)> [a](http://x.y) #1 GH-2\n::error::\u202e$x$ *b*"


def data(outcome: Outcome, measurement: Measurement, *, line: int, blocks: bool = False) -> Result:
    return Result(
        validation="trips",
        type="data",
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=measurement,
        blocks=blocks,
        place=Place(line, 9),
    )


def performance(outcome: Outcome, measurement: Measurement, *, line: int, blocks: bool = False) -> Result:
    return replace(
        data(outcome, measurement, line=line, blocks=blocks), validation="quality", type="performance"
    )


NULLS = data(
    Outcome.FAILED,
    Measurement(
        subject="passenger_count",
        metric="nulls",
        limit=Bound(max=0.01, unit="share"),
        value=0.0802,
        n=802,
        of=10_000,
    ),
    line=31,
    blocks=True,
)
REFUNDS = replace(
    data(
        Outcome.FAILED,
        Measurement(subject="fare_amount", metric="min", limit=NONE, value=48, n=48, of=10_000),
        line=33,
        blocks=True,
    ),
    why="Refunds belong in their own table.",
    examples=({"fare_amount": "-52.0", "id": "7"}, {"fare_amount": "-4.5", "id": None}),
)
ROWS = data(
    Outcome.PASSED,
    Measurement(subject="trips", metric="rows", limit=Bound(min=1_000), value=10_000, of=10_000),
    line=28,
)
UNIQUE = data(
    Outcome.PASSED,
    Measurement(subject="trip_id", metric="unique", limit=NONE, value=0, n=0, of=10_000),
    line=29,
)
WARNED = replace(
    data(
        Outcome.FAILED,
        Measurement(
            subject="tip_amount",
            metric="max",
            limit=Bound(max=0.005, unit="share"),
            value=0.00500001,
            n=500_001,
            of=100_000_000,
        ),
        line=35,
    ),
    severity=Severity.WARN,
)
MISSING = data(
    Outcome.FAILED,
    Measurement(subject="tolls", metric="required", limit=NONE, value=1, details={"missing": True}),
    line=36,
    blocks=True,
)
EXTRA = data(
    Outcome.FAILED,
    Measurement(
        subject="trips",
        metric="extra_columns",
        limit=NONE,
        value=6,
        details={"columns": ("a", "b", "c", "d", "e", "f")},
    ),
    line=30,
    blocks=True,
)
MOVED = drift(
    Outcome.FAILED,
    Measurement(
        subject="payment_type",
        metric="drift",
        limit=MEDIUM,
        value=0.15712,
        n=10_000,
        p_value=1e-9,
        effect=0.15712,
        detectable=0.031,
        details={
            "reference_nulls": 0.0,
            "current_nulls": 0.08,
            "shape": {
                "reference": (0.72, 0.27, 0.01, 0.0, 0.0),
                "current": (0.565, 0.34, 0.01, 0.005, 0.08),
                "labels": ("level 1", "level 2", "level 3", "level 4", "null"),
            },
        },
    ),
    blocks=True,
)
SHIFTED = drift(
    Outcome.FAILED,
    Measurement(
        subject="trip_distance",
        metric="drift",
        limit=TwoKeys(size=0.04, alpha=0.0005),
        value=0.0401,
        n=10_000,
        p_value=0.0004,
        effect=0.04000001,
        details={"method": "ks", "shape": {"reference": (0.25,) * 4, "current": (0.3, 0.22, 0.24, 0.24)}},
    ),
    blocks=True,
)
STILL = drift(
    Outcome.PASSED,
    Measurement(
        subject="trip_distance",
        metric="drift",
        limit=MEDIUM,
        value=0.012,
        n=10_000,
        p_value=0.43,
        effect=0.0061,
        detectable=0.031,
    ),
)
FEW = drift(
    Outcome.INCONCLUSIVE,
    Measurement(
        subject="airport_fee",
        metric="drift",
        limit=MEDIUM,
        value=0.07,
        n=180,
        p_value=0.21,
        effect=0.034,
        detectable=0.3096,
    ),
)
NEARLY = performance(
    Outcome.FAILED,
    Measurement(
        subject="holdout",
        metric="roc_auc",
        limit=Bound(min=0.85),
        value=0.84996,
        n=9_812,
        interval=Interval(0.841231, 0.858642, 0.95),
    ),
    line=52,
    blocks=True,
)
THIN = replace(
    performance(
        Outcome.INCONCLUSIVE,
        Measurement(
            subject="plan = pro",
            metric="log_loss",
            limit=Bound(max=0.4, confidence=0.95),
            value=0.3912,
            n=212,
            interval=Interval(0.3611, 0.4213, 0.95),
        ),
        line=53,
        blocks=True,
    ),
    reason="the value meets the bound, its interval does not",
)
ONE_CLASS = performance(
    Outcome.ERRORED,
    Measurement(
        subject="zone = EWR",
        metric="roc_auc",
        limit=Bound(min=0.8),
        problem=Unmeasurable("the truth holds one class only", remedy="leave this slice out"),
    ),
    line=55,
    blocks=True,
)
EMPTY_SLICE = replace(
    performance(
        Outcome.SKIPPED,
        Measurement(
            subject="plan = trial", metric="roc_auc", limit=Bound(min=0.8), absent="12 rows, fewer than 200"
        ),
        line=55,
    ),
    severity=Severity.WARN,
)
ABSENT = replace(
    data(
        Outcome.ERRORED,
        Measurement(
            subject="today",
            metric="rows",
            problem=SourceUnavailable("today: s3://bucket/today.parquet timed out"),
        ),
        line=60,
        blocks=True,
    ),
    validation="today",
    reason="today: s3://bucket/today.parquet timed out",
)
CRASHED = replace(
    data(
        Outcome.ERRORED,
        Measurement(subject="trips", metric="data", problem=Crashed("ZeroDivisionError in data")),
        line=26,
    ),
    severity=Severity.WARN,
)
ATTACK = replace(
    data(
        Outcome.FAILED,
        Measurement(
            subject=HOSTILE,
            metric=HOSTILE,
            limit=Bound(max=0.01, unit="share"),
            value=0.5,
            n=1,
            of=2,
            details={
                HOSTILE: HOSTILE,
                "method": "psi",
                "remark": HOSTILE,
                "moved": (part(HOSTILE, 1.0, 0.5), part(HOSTILE, 0.0, 0.5)),
                "shape": {"reference": (1.0, 0.0), "current": (0.5, 0.5), "labels": (HOSTILE, HOSTILE)},
            },
        ),
        line=3,
        blocks=True,
    ),
    validation=HOSTILE,
    type=HOSTILE,
    reason=HOSTILE,
    why=HOSTILE,
    examples=({HOSTILE: HOSTILE},),
)


ATTACK_BY_DRIFT = replace(
    drift(
        Outcome.FAILED,
        replace(
            ATTACK.measurement,
            limit=MEDIUM,
            effect=0.5,
            p_value=0.0,
            details={**ATTACK.measurement.details, "method": HOSTILE},
        ),
        blocks=True,
    ),
    validation=HOSTILE,
)
ATTACK_BY_QUIET = replace(ATTACK_BY_DRIFT, outcome=Outcome.PASSED, blocks=False, validation=f"{HOSTILE}!")


def report(results: tuple[Result, ...], *, exit_code: ExitCode, reason: str) -> Report:
    state = State.PASSED if exit_code is ExitCode.PASSED else State.BLOCKED
    return Report(
        tool_version="0.1.0",
        contract_name="taxi",
        contract_path="gates/mlval.yml",
        contract_sha256="5f1d7a84db00d2fce00b31a7fc73224f6b0a6b1d8bd4a8a9e6a1a4d2c1f3e5b7",
        now="2026-04-01T12:00:00Z",
        verdict=Verdict(state=state, exit_code=exit_code, reason=reason, results=results),
        inputs=(
            InputRecord("reference", "dataset", "data/2020-01.csv", "0c" * 32, 10_000),
            InputRecord("current", "dataset", "data/2020-04.csv", "9e" * 32, 10_000),
        ),
    )


def hostile() -> Report:
    plain = report((ATTACK, ATTACK_BY_DRIFT, ATTACK_BY_QUIET), exit_code=ExitCode.BLOCKED, reason=HOSTILE)
    return replace(
        plain,
        tool_version=HOSTILE,
        contract_name=HOSTILE,
        contract_path=HOSTILE,
        contract_sha256=HOSTILE,
        now=HOSTILE,
        inputs=(InputRecord(HOSTILE, HOSTILE, HOSTILE, HOSTILE, 1, (HOSTILE, HOSTILE)),),
        cautions=(HOSTILE,),
    )


@pytest.fixture
def reports() -> Mapping[str, Report]:
    """Return every report by the name of its golden files."""
    return {
        "passed": report((ROWS, UNIQUE, STILL), exit_code=ExitCode.PASSED, reason="Nothing failed."),
        "undecided": report(
            (ROWS, STILL, FEW, WARNED), exit_code=ExitCode.PASSED, reason="Nothing failed; 1 is undecided."
        ),
        "blocked": report(
            (
                *(ROWS, EXTRA, NULLS, UNIQUE, REFUNDS, WARNED, MISSING),
                *(MOVED, SHIFTED, STILL, FEW),
                *(NEARLY, THIN, ONE_CLASS, EMPTY_SLICE),
            ),
            exit_code=ExitCode.BLOCKED,
            reason="9 of 15 results block.",
        ),
        "drifted": report(
            (PAID, FARTHER, UNTOLD, STABLE, COVERED, HIDDEN, *quiet(13), DRIFTED),
            exit_code=ExitCode.BLOCKED,
            reason="5 of 20 results block.",
        ),
        "inconclusive": report((ROWS, THIN), exit_code=ExitCode.INCONCLUSIVE, reason="Too little data."),
        "unavailable": report(
            (ROWS, ABSENT), exit_code=ExitCode.UNAVAILABLE, reason="One source is unavailable."
        ),
        "crashed": replace(
            report((ROWS, CRASHED), exit_code=ExitCode.BUG, reason="Nothing blocks."),
            verdict=Verdict(
                state=State.PASSED, exit_code=ExitCode.BUG, reason="Nothing blocks.", results=(ROWS, CRASHED)
            ),
        ),
        "hostile": hostile(),
    }
