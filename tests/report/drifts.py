"""Results of a drift validation as the check and the judge leave them: loud, covered, undecided, quiet."""

from dataclasses import replace

from mlval.domain.bound import Bound, TwoKeys
from mlval.domain.errors import Place
from mlval.domain.measurement import Measurement
from mlval.domain.outcome import Outcome, Severity
from mlval.domain.verdict import Result

MEDIUM = TwoKeys(size=0.08, alpha=0.02, name="medium")


def drift(outcome: Outcome, measurement: Measurement, *, blocks: bool = False) -> Result:
    return Result(
        validation="drift",
        type="drift",
        outcome=outcome,
        severity=Severity.BLOCK,
        measurement=measurement,
        blocks=blocks,
        place=Place(41, 5),
    )


def part(label: str, reference: float, current: float) -> dict[str, str | float]:
    return {"label": label, "reference": reference, "current": current}


PAID = drift(
    Outcome.FAILED,
    Measurement(
        subject="payment_type",
        metric="drift",
        limit=MEDIUM,
        value=0.071,
        n=10_000,
        p_value=1e-9,
        effect=0.0801,
        detectable=0.031,
        details={
            "method": "total_variation",
            "shape": {
                "reference": (0.72, 0.25, 0.03),
                "current": (0.6396, 0.3302, 0.0302),
                "labels": ("card", "cash", "level 3"),
            },
            "moved": (part("card", 0.72, 0.6396), part("cash", 0.25, 0.3302)),
        },
    ),
    blocks=True,
)
FARTHER = drift(
    Outcome.FAILED,
    Measurement(
        subject="trip_distance",
        metric="drift",
        limit=MEDIUM,
        value=0.213,
        n=10_000,
        p_value=1e-9,
        effect=0.2074,
        detectable=0.031,
        details={
            "method": "ks",
            "shape": {
                "reference": (0.1,) * 10,
                "current": (0.04, 0.05, 0.06, 0.08, 0.09, 0.1, 0.11, 0.13, 0.16, 0.18),
            },
            "reference_median": 10.2,
            "current_median": 12.9,
        },
    ),
    blocks=True,
)
UNTOLD = drift(
    Outcome.FAILED,
    Measurement(
        subject="passenger_count",
        metric="null_share",
        limit=MEDIUM,
        value=0.0812,
        n=10_000,
        p_value=1e-9,
        effect=0.0803,
        details={"method": "two_proportions", "reference_nulls": 0.0, "current_nulls": 0.0812},
    ),
    blocks=True,
)
STABLE = drift(
    Outcome.FAILED,
    Measurement(
        subject="fare_amount",
        metric="drift",
        limit=Bound(max=0.2),
        value=0.31,
        n=180,
        details={
            "method": "psi",
            "false_alarm_rate": 0.1231,
            "shape": {"reference": (0.25,) * 4, "current": (0.15, 0.35, 0.35, 0.15)},
            "moved": (part("2.5 to 8", 0.25, 0.15), part("8 to 12", 0.25, 0.35)),
        },
    ),
    blocks=True,
)
COVERED = replace(
    PAID,
    severity=Severity.WARN,
    blocks=False,
    reason="within what max_drifted allows",
    measurement=replace(
        PAID.measurement,
        subject="vendor",
        effect=0.199,
        value=0.2,
        details={"method": "total_variation", "moved": (part("null", 0.0, 0.2), part("level 1", 0.5, 0.4))},
    ),
)
HIDDEN = drift(
    Outcome.INCONCLUSIVE,
    Measurement(
        subject="zone",
        metric="drift",
        limit=MEDIUM,
        value=0.02,
        n=10_000,
        p_value=0.6,
        effect=0.011,
        detectable=0.21,
        details={"method": "total_variation", "hidden_share": 0.21},
    ),
)
HIDDEN = replace(
    HIDDEN, reason="the profile folds values together that could hide a change of the limit's size"
)
DRIFTED = Result(
    validation="drift",
    type="drift",
    outcome=Outcome.FAILED,
    severity=Severity.BLOCK,
    measurement=Measurement(
        subject="drifted columns",
        metric="max_drifted",
        limit=Bound(max=2, unit="rows"),
        value=5,
        n=5,
        of=19,
    ),
    blocks=True,
    place=Place(44, 5),
)


def quiet(count: int) -> tuple[Result, ...]:
    """Return columns that did not move, the last of them most."""
    return tuple(
        drift(
            Outcome.PASSED,
            Measurement(
                subject=f"column_{index}",
                metric="drift",
                limit=MEDIUM,
                value=0.01,
                n=10_000,
                p_value=0.5,
                effect=0.001 * index,
                detectable=0.03,
                details={"method": "ks" if index % 2 else "total_variation"},
            ),
        )
        for index in range(count)
    )
