"""Concept drift through the engine, against metrics and intervals computed here."""

import math
import random as shuffling
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from mlval.checks.concept_drift import ConceptDrift
from mlval.domain.bound import Bound
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from tests.checks.world import results
from tests.measure.world import World, lines

Row = tuple[str, str, str, str]
Judge = Callable[..., Result]
DATASET = Dataset(path="t.csv", target="y", time="at", positive=1)
OWN = Model(predictions=Predictions(dataset="t", label="guess", score="p"))
FIRST = date(2020, 1, 1)


def rows(wrong_before: float, wrong_after: float, *, before: int = 600, after: int = 300) -> list[Row]:
    """Return (time, truth, guess, score) rows, of which these shares are wrong."""
    drawn = np.random.default_rng(7)
    made: list[Row] = []
    for place in range(before + after):
        truth = int(drawn.integers(2))
        wrong = drawn.random() < (wrong_before if place < before else wrong_after)
        guess = 1 - truth if wrong else truth
        score = round(float(0.7 + 0.25 * drawn.random()), 4)
        day = FIRST + timedelta(days=place)
        made.append((str(day), str(truth), str(guess), str(score if guess else round(1 - score, 4))))
    return made


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def judged(
        table: list[Row],
        *,
        reference: list[Row] | None = None,
        parquet: bool = False,
        dataset: Dataset = DATASET,
        **settings: Any,  # noqa: ANN401 - settings of the check
    ) -> Result:
        inputs = Inputs({"t": dataset}, {"candidate": OWN})
        if reference is not None:
            of_reference = Model(predictions=Predictions(dataset="old", label="guess", score="p"))
            inputs = Inputs({"t": dataset, "old": dataset}, {"candidate": OWN, "then": of_reference})
            settings |= {"reference": "old", "reference_model": "then"}
        world = World(tmp_path, inputs)
        if parquet:
            listed = ", ".join(f"(DATE '{at}', {y}, {guess}, {p}::DOUBLE)" for at, y, guess, p in table)
            world.parquet(f'SELECT * FROM (VALUES {listed}) AS t("at", y, guess, p)', name="t")
        else:
            world.csv(lines("at,y,guess,p", [",".join(row) for row in table]), name="t")
        if reference is not None:
            world.csv(lines("at,y,guess,p", [",".join(row) for row in reference]), name="old")
        check = ConceptDrift.model_validate({"type": "concept_drift", **settings})
        assert check.problems(inputs) == ()
        (only,) = results(check, inputs, world.engine.answer)
        return only

    return judged


def log_loss(part: list[Row]) -> tuple[float, float]:
    """Return the mean loss, and half the width of its interval by the normal approximation."""
    losses = [-math.log(float(p) if y == "1" else 1 - float(p)) for _, y, _, p in part]
    return float(np.mean(losses)), 1.96 * float(np.std(losses, ddof=1)) / math.sqrt(len(losses))


def test_the_ratio_is_that_of_both_parts_and_its_interval_holds_it(judge: Judge) -> None:
    table = rows(0.1, 0.1)
    result = judge(table, metric="log_loss", window=300, max_increase="1.5x")
    (now, reach), (then, reach_then) = log_loss(table[600:]), log_loss(table[:600])
    measurement = result.measurement
    assert measurement.value == pytest.approx(now / then, rel=1e-8)
    assert measurement.n == 300
    assert measurement.limit == Bound(max=1.5, confidence=0.95)
    assert measurement.interval is not None
    # By the delta method, which is near MOVER where both means are sure.
    error = now / then * math.hypot(reach / now, reach_then / then)
    assert measurement.interval.low == pytest.approx(now / then - error, abs=0.05)
    assert measurement.interval.high == pytest.approx(now / then + error, abs=0.05)
    assert measurement.details["reference_rows"] == 600
    assert measurement.details["current_value"] == pytest.approx(now)
    assert f"now {now:.4g} on 300 rows, before {then:.4g} on 600 rows" == measurement.details["remark"]


CASES: list[tuple[float, float, dict[str, Any], Outcome]] = [
    (0.1, 0.1, {"metric": "accuracy", "max_decrease": "10%"}, Outcome.PASSED),
    (0.1, 0.3, {"metric": "accuracy", "max_decrease": "10%"}, Outcome.FAILED),
    (0.1, 0.3, {"metric": "accuracy", "max_decrease": 0.1}, Outcome.FAILED),
    (0.1, 0.1, {"metric": "accuracy", "max_decrease": 0.01}, Outcome.INCONCLUSIVE),
    (0.1, 0.3, {"metric": "accuracy", "max_decrease": "0.9x"}, Outcome.FAILED),
    (0.1, 0.3, {"metric": "log_loss", "max_increase": "1.5x"}, Outcome.FAILED),
    (0.1, 0.3, {"metric": "roc_auc", "max_decrease": "5%"}, Outcome.FAILED),
    (0.1, 0.1, {"metric": "f1_score", "max_decrease": "10%", "average": "macro"}, Outcome.PASSED),
    (0.3, 0.1, {"metric": "accuracy", "max_decrease": "5%"}, Outcome.PASSED),
    (0.3, 0.1, {"metric": "accuracy", "max_increase": "5%"}, Outcome.FAILED),
]


@pytest.mark.parametrize("before, after, settings, outcome", CASES)
def test_changes_are_judged_by_value_and_interval(
    judge: Judge, before: float, after: float, settings: dict[str, Any], outcome: Outcome
) -> None:
    result = judge(rows(before, after), window=300, **settings)
    assert result.outcome == outcome, result
    assert result.blocks == (outcome == Outcome.FAILED)


@pytest.mark.parametrize("scale", ["0.9x", "10%", 0.1])
def test_the_value_is_on_the_scale_of_the_limit(judge: Judge, scale: object) -> None:
    table = rows(0.1, 0.3)
    now, then = (np.mean([y == guess for _, y, guess, _ in part]) for part in (table[600:], table[:600]))
    expected = {"0.9x": now / then, "10%": now / then - 1, 0.1: now - then}[scale]
    value = judge(table, metric="accuracy", window=300, max_decrease=scale).measurement.value
    assert value == pytest.approx(expected, rel=1e-8)


def test_order_of_rows_and_format_do_not_matter(judge: Judge) -> None:
    table = rows(0.1, 0.3)
    mixed = list(table)
    shuffling.Random(3).shuffle(mixed)
    how = {"metric": "log_loss", "window": 300, "max_increase": "1.5x"}
    plain = judge(table, **how).measurement
    assert judge(mixed, **how).measurement == plain
    assert judge(mixed, parquet=True, **how).measurement == plain


def test_a_reference_takes_the_place_of_the_rows_before(judge: Judge) -> None:
    table, old = rows(0.3, 0.3), rows(0.1, 0.1)
    result = judge(table, reference=old, metric="accuracy", max_decrease="10%")
    now, then = (np.mean([y == guess for _, y, guess, _ in part]) for part in (table, old))
    assert result.outcome == Outcome.FAILED
    assert result.measurement.value == pytest.approx(now / then - 1, rel=1e-8)
    assert result.measurement.n == 900
    windowed = judge(table, reference=old, metric="accuracy", max_decrease="10%", window=300)
    assert windowed.measurement.n == 300


def test_no_rows_before_are_no_pass(judge: Judge) -> None:
    result = judge(rows(0.1, 0.1), metric="accuracy", max_decrease="5%")
    assert (result.outcome, result.blocks) == (Outcome.INCONCLUSIVE, True)
    assert result.reason == "no labelled rows to compare with: the last 1,000 are all"


BROKEN: list[tuple[list[Row], str, str]] = [
    ([(at, "", guess, p) for at, _, guess, p in rows(0.1, 0.1)], "accuracy", "there are no rows"),
    (
        [(at, y, guess, "") for at, y, guess, p in rows(0.1, 0.1)],
        "log_loss",
        "holds string values, not numbers",
    ),
    (
        [(at, y, guess, "nan") for at, y, guess, p in rows(0.1, 0.1)],
        "log_loss",
        "labelled rows have no prediction",
    ),
    (
        [(at, "a" if y == "1" else "b", guess, p) for at, y, guess, p in rows(0.1, 0.1)],
        "mae",
        "'y' holds string",
    ),
    ([(at, y, y, p) for at, y, guess, p in rows(0.1, 0.1)], "mae", "a ratio needs values"),
]


@pytest.mark.parametrize("table, metric, message", BROKEN)
def test_what_cannot_be_computed_is_an_error(
    judge: Judge, table: list[Row], metric: str, message: str
) -> None:
    result = judge(table, metric=metric, window=300, max_increase="5%")
    assert (result.outcome, result.blocks) == (Outcome.ERRORED, True)
    assert message in result.reason


def test_the_newest_rows_may_have_no_truth_yet(judge: Judge) -> None:
    table = rows(0.1, 0.1)
    late = [(at, "" if place >= 800 else y, guess, p) for place, (at, y, guess, p) in enumerate(table)]
    assert judge(late, metric="accuracy", window=300, max_decrease="10%").measurement.n == 200


PROBLEMS: list[tuple[dict[str, Any], Dataset, str]] = [
    ({"metric": "accuracy"}, DATASET, "say how much it may change"),
    ({"metric": "beauty", "max_increase": 1}, DATASET, "no such metric"),
    ({"metric": "accuracy", "average": "macro", "max_increase": 1}, DATASET, "has no average"),
    ({"metric": "accuracy", "max_increase": 1, "max_decrease": "5%"}, DATASET, "in the same way"),
    (
        {"metric": "accuracy", "max_increase": 1},
        Dataset(path="t.csv", target="y"),
        "needs the dataset's `time:`",
    ),
    ({"metric": "accuracy", "max_increase": 1}, Dataset(path="t.csv", time="at"), "needs a `target:`"),
    ({"metric": "accuracy", "max_increase": 1, "dataset": "no"}, DATASET, "there is no dataset 'no'"),
    ({"metric": "accuracy", "max_increase": 1, "model": "no"}, DATASET, "there is no model 'no'"),
    ({"metric": "accuracy", "max_increase": 1, "reference_model": "candidate"}, DATASET, "there is none"),
    (
        {"metric": "accuracy", "max_increase": 1, "dataset": "t", "reference": "t"},
        DATASET,
        "it is the dataset itself",
    ),
]


@pytest.mark.parametrize("settings, dataset, message", PROBLEMS)
def test_problems_are_known_beforehand(settings: dict[str, Any], dataset: Dataset, message: str) -> None:
    check = ConceptDrift.model_validate({"type": "concept_drift", **settings})
    assert message in str(check.problems(Inputs({"t": dataset}, {"candidate": OWN})))


@pytest.mark.parametrize(
    "settings",
    [
        {"max_increase": "0.5x"},
        {"max_increase": -0.1},
        {"max_increase": "fast"},
        {"max_decrease": "1.5x"},
        {"max_decrease": "0x"},
        {"max_decrease": "120%"},
        {"window": 0, "max_increase": 1},
        {"confidence": 0.3, "max_increase": 1},
        {"confidence": "100%", "max_increase": 1},
    ],
    ids=str,
)
def test_what_is_no_concept_drift_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ConceptDrift.model_validate({"type": "concept_drift", "metric": "accuracy", **settings})
