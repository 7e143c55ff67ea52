"""Every metric by its name, from a file to its value, against scikit-learn."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn import metrics as oracle

from mlval.evidence.known_metrics import METRICS, SPELLINGS
from tests.metrics.table import judged, values

Oracle = Callable[[Any, Any], float]
LABELS: dict[str, Oracle] = {
    "precision_macro": lambda y, g: oracle.precision_score(y, g, average="macro"),
    "precision_micro": lambda y, g: oracle.precision_score(y, g, average="micro"),
    "precision_weighted": lambda y, g: oracle.precision_score(y, g, average="weighted"),
    "recall_macro": lambda y, g: oracle.recall_score(y, g, average="macro"),
    "recall_micro": lambda y, g: oracle.recall_score(y, g, average="micro"),
    "recall_weighted": lambda y, g: oracle.recall_score(y, g, average="weighted"),
    "f1_macro": lambda y, g: oracle.f1_score(y, g, average="macro"),
    "f1_micro": lambda y, g: oracle.f1_score(y, g, average="micro"),
    "f1_weighted": lambda y, g: oracle.f1_score(y, g, average="weighted"),
    "jaccard_macro": lambda y, g: oracle.jaccard_score(y, g, average="macro"),
    "jaccard_micro": lambda y, g: oracle.jaccard_score(y, g, average="micro"),
    "jaccard_weighted": lambda y, g: oracle.jaccard_score(y, g, average="weighted"),
    "balanced_accuracy": oracle.balanced_accuracy_score,
    "matthews_corrcoef": oracle.matthews_corrcoef,
    "cohen_kappa": oracle.cohen_kappa_score,
}
BINARY: dict[str, Oracle] = {
    "jaccard": oracle.jaccard_score,
    "fbeta": lambda y, g: oracle.fbeta_score(y, g, beta=2),
    "specificity": lambda y, g: oracle.recall_score(y, g, pos_label=0),
    "negative_predictive_value": lambda y, g: oracle.precision_score(y, g, pos_label=0),
    "false_positive_rate": lambda y, g: 1 - oracle.recall_score(y, g, pos_label=0),
    "false_negative_rate": lambda y, g: 1 - oracle.recall_score(y, g),
    "false_discovery_rate": lambda y, g: 1 - oracle.precision_score(y, g),
    "selection_rate": lambda _, g: float(np.mean(g)),
    "true_positives": lambda y, g: float(oracle.confusion_matrix(y, g)[1, 1]),
    "true_negatives": lambda y, g: float(oracle.confusion_matrix(y, g)[0, 0]),
    "false_positives": lambda y, g: float(oracle.confusion_matrix(y, g)[0, 1]),
    "false_negatives": lambda y, g: float(oracle.confusion_matrix(y, g)[1, 0]),
}
SCORES: dict[str, Oracle] = {
    "brier_score": oracle.brier_score_loss,
    "log_loss": oracle.log_loss,
    "roc_auc": oracle.roc_auc_score,
    "average_precision": oracle.average_precision_score,
}
NUMBERS: dict[str, Oracle] = {
    "mean_squared_error": oracle.mean_squared_error,
    "median_absolute_error": oracle.median_absolute_error,
    "max_error": oracle.max_error,
    "explained_variance": oracle.explained_variance_score,
    "mean_absolute_percentage_error": oracle.mean_absolute_percentage_error,
    "mean_squared_log_error": oracle.mean_squared_log_error,
    "root_mean_squared_log_error": oracle.root_mean_squared_log_error,
    "mean_pinball_loss": oracle.mean_pinball_loss,
}
ROUNDED = 5e-9
"""Judged values have nine digits; those of the statistics agree to 1e-9, see their own tests."""
CLASSES = np.array(["a", "b", "c"])
WITH_SCORES = {"scores": {"c": "pc", "a": "pa", "b": "pb"}}


def expected(oracles: dict[str, Oracle], *columns: Any) -> dict[str, Any]:  # noqa: ANN401 - arrays
    return {name: pytest.approx(one(*columns), rel=ROUNDED) for name, one in oracles.items()}


def demanded(oracles: dict[str, Oracle]) -> dict[str, Any]:
    return {name: {"min": 0} for name in oracles}


def of_classes(rows: int = 400) -> dict[str, Any]:
    """Draw a truth of three classes and a score of each."""
    draw = np.random.default_rng(21)
    scores = draw.dirichlet(np.ones(3), size=rows)
    place = np.array([draw.choice(3, p=row) for row in scores])
    return {"y": CLASSES[place], "pa": scores[:, 0], "pb": scores[:, 1], "pc": scores[:, 2]}


def test_classes(tmp_path: Path) -> None:
    draw = np.random.default_rng(1)
    truth = CLASSES[draw.integers(0, 3, 300)]
    guess = np.where(draw.random(300) < 0.7, truth, CLASSES[draw.integers(0, 3, 300)])
    found = judged(tmp_path, {"y": truth, "guess": guess}, metrics=demanded(LABELS))
    assert values(found) == expected(LABELS, truth, guess)


def test_two_classes(tmp_path: Path) -> None:
    draw = np.random.default_rng(2)
    score = np.round(draw.random(300), 2)
    truth, guess = (draw.random(300) < score).astype(int), (score >= 0.4).astype(int)
    columns = {"y": truth, "guess": guess, "p": score}
    found = judged(tmp_path, columns, metrics=demanded({**BINARY, **SCORES}))
    assert values(found) == {**expected(BINARY, truth, guess), **expected(SCORES, truth, score)}


def test_numbers(tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    truth = np.round(draw.gamma(3, 20, 300), 2)
    guess = np.round(truth * draw.lognormal(0, 0.2, 300), 2)
    found = judged(tmp_path, {"y": truth, "guess": guess}, metrics=demanded(NUMBERS))
    assert values(found) == expected(NUMBERS, truth, guess)


def test_scores_of_several_classes(tmp_path: Path) -> None:
    columns = of_classes()
    names = ("log_loss", "brier_score", "roc_auc_ovr", "roc_auc_ovr_weighted", "top_k_accuracy", "accuracy")
    found = judged(tmp_path, columns, predictions=WITH_SCORES, metrics={name: {"min": 0} for name in names})
    truth, scores = columns["y"], np.column_stack([columns["pa"], columns["pb"], columns["pc"]])
    by_class = {"multi_class": "ovr", "labels": CLASSES}
    told = {
        "log_loss": oracle.log_loss(truth, scores),
        "brier_score": oracle.brier_score_loss(truth, scores, scale_by_half=False),
        "roc_auc_ovr": oracle.roc_auc_score(truth, scores, average="macro", **by_class),
        "roc_auc_ovr_weighted": oracle.roc_auc_score(truth, scores, average="weighted", **by_class),
        "top_k_accuracy": oracle.top_k_accuracy_score(truth, scores, k=2),
        "accuracy": oracle.accuracy_score(truth, CLASSES[scores.argmax(axis=1)]),
    }
    assert values(found) == {name: pytest.approx(value, rel=ROUNDED) for name, value in told.items()}


def test_scores_of_two_classes_are_a_score_of_the_positive_one(tmp_path: Path) -> None:
    draw = np.random.default_rng(4)
    score = draw.random(200)
    truth = np.where(draw.random(200) < score, "yes", "no")
    demands = {"roc_auc": 0.1, "log_loss": 9, "brier_score": 9, "top_k_accuracy": {"min": 0, "k": 1}}
    found = judged(
        tmp_path,
        {"y": truth, "p0": 1 - score, "p1": score},
        roles={"positive": "yes"},
        predictions={"scores": {"no": "p0", "yes": "p1"}},
        metrics=demands,
    )
    told = {
        "roc_auc": oracle.roc_auc_score(truth, score),
        "log_loss": oracle.log_loss(truth, score),
        "brier_score": oracle.brier_score_loss(truth, score, pos_label="yes"),
        "top_k_accuracy": oracle.accuracy_score(truth, np.where(score > 0.5, "yes", "no")),
    }
    assert values(found) == {name: pytest.approx(value, rel=ROUNDED) for name, value in told.items()}


def test_rankings_within_groups(tmp_path: Path) -> None:
    draw = np.random.default_rng(5)
    relevance, score = draw.integers(0, 4, 300), np.round(draw.random(300), 1)
    query = np.repeat([f"q{number}" for number in range(30)], 10)
    found = judged(
        tmp_path,
        {"y": relevance, "p": score, "query": query},
        roles={"group": "query"},
        metrics={"ndcg": {"min": 0, "k": 5}, "precision_at_k": {"min": 0, "k": 3}, "mrr": 0},
    )
    groups = [(relevance[query == one], score[query == one]) for one in sorted(set(query))]
    ndcg = [oracle.ndcg_score([y], [p], k=5) for y, p in groups if y.any()]
    assert values(found)["ndcg"] == pytest.approx(np.mean(ndcg), rel=ROUNDED)
    assert {one.measurement.metric: one.measurement.n for one in found} == {
        "ndcg": len(ndcg),
        "precision_at_k": len(ndcg),
        "mrr": len(ndcg),
    }


def test_every_metric_has_an_oracle_or_is_named_here() -> None:
    tried = {*LABELS, *BINARY, *SCORES, *NUMBERS}
    elsewhere = {
        *("accuracy", "precision", "recall", "f1", "mean_absolute_error", "root_mean_squared_error", "r2"),
        *("expected_calibration_error", "brier_reliability", "brier_resolution", "lift", "cost"),
        *("hamming_loss", "precision_samples", "recall_samples", "f1_samples", "jaccard_samples"),
        *("roc_auc_ovr", "roc_auc_ovr_weighted", "top_k_accuracy", "ndcg", "precision_at_k", "mrr"),
    }
    assert set(METRICS) == tried | elsewhere


def test_no_spelling_means_two_metrics() -> None:
    spelled = [spelling for metric in METRICS.values() for spelling in (metric.name, *metric.aliases)]
    assert len(spelled) == len(set(spelled)) == len(SPELLINGS)
