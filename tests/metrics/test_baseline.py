"""A trivial model that must be beaten."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from mlval.checks.performance import Performance
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from tests.metrics.table import judged, reasons, values

DRAW = np.random.default_rng(6)
SCORE = DRAW.random(200)
TRUTH = (DRAW.random(200) < SCORE**2).astype(int)
CLASSES = {"y": TRUTH, "guess": (SCORE > 0.6).astype(int), "p": SCORE}


def test_the_most_frequent_class_and_its_share(tmp_path: Path) -> None:
    least = {"accuracy": 0.01, "log_loss": 0.01, "roc_auc": 0.1}
    found = values(judged(tmp_path, CLASSES, metrics={"accuracy": 0}, baseline={"metrics": least}))
    share = np.full(200, TRUTH.mean())
    majority = max(TRUTH.mean(), 1 - TRUTH.mean())
    assert found["accuracy_over_baseline"] == pytest.approx((CLASSES["guess"] == TRUTH).mean() - majority)
    gained = oracle.log_loss(TRUTH, share) - oracle.log_loss(TRUTH, SCORE)
    assert found["log_loss_over_baseline"] == pytest.approx(gained)
    assert found["roc_auc_over_baseline"] == pytest.approx(oracle.roc_auc_score(TRUTH, SCORE) - 0.5)


def test_a_model_that_says_what_the_majority_says_fails(tmp_path: Path) -> None:
    columns = {"y": [0, 0, 0, 1], "guess": [0, 0, 0, 0]}
    found = judged(
        tmp_path, columns, metrics={"accuracy": 0.7}, baseline={"metrics": {"accuracy_score": 0.05}}
    )
    assert [one.outcome.value for one in found] == ["passed", "failed"]
    assert found[1].measurement.path == ("baseline", "metrics", "accuracy_score")


def test_what_the_trivial_model_has_not_is_an_error(tmp_path: Path) -> None:
    columns = {"y": [0, 0, 0, 1], "guess": [0, 0, 0, 1]}
    found = judged(tmp_path, columns, metrics={"accuracy": 0.7}, baseline={"metrics": {"precision": 0.05}})
    assert "of the trivial model" in reasons(found)["precision_over_baseline"]


def test_the_mean(tmp_path: Path) -> None:
    columns = {"y": [1.0, 2.0, 6.0], "guess": [1.0, 2.0, 5.0]}
    found = judged(tmp_path, columns, metrics={"mae": 9}, baseline={"metrics": {"mae": 0.1, "r2": 0.1}})
    told = values(found)
    assert told["mean_absolute_error_over_baseline"] == pytest.approx(2 - 1 / 3)
    assert told["r2_over_baseline"] == told["r2_over_baseline"]


def test_the_last_value(tmp_path: Path) -> None:
    columns = {
        "y": [3.0, 5.0, 4.0, 50.0, 70.0],
        "guess": [0.0, 4.0, 4.0, 0.0, 60.0],
        "at": [f"2026-01-0{day}" for day in (1, 2, 3, 1, 2)],
        "shop": ["a", "a", "a", "b", "b"],
    }
    found = judged(
        tmp_path,
        columns,
        roles={"time": "at", "group": "shop"},
        metrics={"mae": 99},
        baseline={"predict": "last", "metrics": {"mae": 0.1, "accuracy": 0.1}},
    )
    # Without the first day of each shop: the model is off by 1, 0 and 10, the day before by 2, 1 and 20.
    assert values(found)["mean_absolute_error_over_baseline"] == pytest.approx((23 - 11) / 3)
    assert "not of numbers" in reasons(found)["accuracy_over_baseline"]


@pytest.mark.parametrize(
    "baseline, reason",
    [
        ({"metrics": {"nonsense": 1}}, "no such metric"),
        ({"metrics": {"ndcg": 1}}, "no trivial model"),
        ({"metrics": {"mae": 1, "mean_absolute_error": 1}}, "given twice"),
        ({"predict": "last", "metrics": {"mae": 1}}, "`time:`"),
    ],
)
def test_a_baseline_that_cannot_be_is_named(baseline: Any, reason: str) -> None:  # noqa: ANN401 - contract text
    inputs = Inputs(
        {"h": Dataset(path="h.csv", target="y")},
        {"m": Model(predictions=Predictions(dataset="h", label="g"))},
    )
    check = Performance.model_validate({"type": "performance", "metrics": {"mae": 1}, "baseline": baseline})
    assert any(reason in message for _, message in check.problems(inputs))
