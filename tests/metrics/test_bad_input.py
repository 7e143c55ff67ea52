"""What a metric is not defined for is an error that says why, and never a pass."""

from pathlib import Path
from typing import Any

import pytest

from tests.metrics.table import judged, reasons, values

ALL = {
    **dict.fromkeys(("accuracy", "precision", "recall", "f1", "roc_auc", "average_precision", "lift"), 0),
    **dict.fromkeys(("log_loss", "brier_score", "expected_calibration_error", "false_positive_rate"), 9),
    "matthews_corrcoef": -1,
}


def told(folder: Path, columns: dict[str, list[Any]], **settings: Any) -> dict[str, str]:  # noqa: ANN401
    return reasons(judged(folder, columns, **{"metrics": ALL, **settings}))


def test_one_class(tmp_path: Path) -> None:
    found = told(tmp_path, {"y": [1, 1, 1], "guess": [1, 1, 1], "p": [0.9, 0.8, 0.7]})
    undefined = {"roc_auc", "lift", "false_positive_rate", "matthews_corrcoef"}
    assert {name for name, reason in found.items() if reason.startswith("errored")} == undefined
    assert "one class only" in found["roc_auc"]
    assert "no row is truly negative" in found["false_positive_rate"]


def test_nothing_is_predicted_positive(tmp_path: Path) -> None:
    found = told(tmp_path, {"y": [1, 0, 0], "guess": [0, 0, 0], "p": [0.4, 0.3, 0.2]})
    assert "no row is predicted positive" in found["precision"]
    assert found["recall"].startswith("passed")


@pytest.mark.parametrize("score", [-0.01, 1.01, 2.0])
def test_probabilities_outside_0_and_1(tmp_path: Path, score: float) -> None:
    found = told(tmp_path, {"y": [1, 0, 0], "guess": [1, 0, 0], "p": [0.9, 0.3, score]})
    for name in ("log_loss", "brier_score", "expected_calibration_error"):
        assert found[name].startswith("errored")
        assert "not probabilities" in found[name]
    assert found["roc_auc"].startswith("passed")


def test_probabilities_that_do_not_add_up_to_one(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "y": ["a", "b", "c"],
        "pa": [0.5, 0.1, 0.1],
        "pb": [0.3, 0.8, 0.1],
        "pc": [0.2, 0.2, 0.8],
    }
    found = reasons(
        judged(
            tmp_path,
            columns,
            predictions={"scores": {"a": "pa", "b": "pb", "c": "pc"}},
            metrics={"log_loss": 9, "brier_score": 9, "roc_auc_ovr": 0, "accuracy": 0},
        )
    )
    for name in ("log_loss", "brier_score", "roc_auc_ovr"):
        assert "1 of 3 rows do not add up to 1" in found[name]
    assert found["accuracy"].startswith("passed")


def test_a_truth_without_a_column_of_scores(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"y": ["a", "b", "z"], "pa": [0.5, 0.2, 0.5], "pb": [0.5, 0.8, 0.5]}
    found = judged(
        tmp_path, columns, predictions={"scores": {"a": "pa", "b": "pb"}}, metrics={"top_k_accuracy": 0}
    )
    assert "1 rows have a truth that is none of the 2 classes" in reasons(found)["top_k_accuracy"]


def test_a_missing_score_of_one_class(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"y": ["a", "b"], "pa": [0.5, None], "pb": [0.5, 0.8]}
    found = judged(tmp_path, columns, predictions={"scores": {"a": "pa", "b": "pb"}}, metrics={"accuracy": 0})
    assert [one.outcome.value for one in found] == ["errored"]


def test_a_slice_of_two_rows_is_listed_and_not_judged(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"y": [0, 1] * 20, "guess": [0, 1] * 20, "zone": ["n"] * 38 + ["s"] * 2}
    found = judged(tmp_path, columns, metrics={"accuracy": 0.5, "f1": 0.5}, slices=("zone",))
    small = [one for one in found if one.measurement.subject == "zone=level 2"]
    assert [one.outcome.value for one in small] == ["skipped", "skipped"]
    assert all("2 labelled rows are fewer" in one.reason for one in small)


def test_a_slice_of_two_rows_that_is_judged_says_what_is_undefined(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {
        "y": [0, 1] * 20,
        "guess": [0, 1] * 20,
        "p": [0.1, 0.9] * 20,
        "zone": ["n"] * 38 + ["s"] * 2,
    }
    columns["y"][38:] = [0, 0]
    per_slice = {"min_rows": 1, "metrics": {"roc_auc": 0.5, "log_loss": 9}}
    found = judged(tmp_path, columns, metrics={"accuracy": 0.5}, slices=("zone",), per_slice=per_slice)
    small = {one.measurement.metric: one for one in found if one.measurement.subject == "zone=level 2"}
    assert small["roc_auc"].outcome.value == "errored"
    assert small["log_loss"].measurement.n == 2


def test_labels_of_text_against_predictions_of_numbers(tmp_path: Path) -> None:
    """Classes that never meet are no accident: every row is wrong, and what is positive is not known."""
    found = judged(
        tmp_path, {"y": ["yes", "no"] * 5, "guess": [1, 0] * 5}, metrics={"accuracy": 0.5, "f1": 0.5}
    )
    assert values(found)["accuracy"] == 0
    assert [one.outcome.value for one in found] == ["failed", "errored"]


def test_rankings_need_a_group(tmp_path: Path) -> None:
    columns: dict[str, list[Any]] = {"y": [1, 0], "p": [0.5, 0.4], "query": ["q", None]}
    found = reasons(judged(tmp_path, columns, metrics={"ndcg": 0}))
    assert "names no column" in found["ndcg"]
    found = reasons(judged(tmp_path, columns, metrics={"ndcg": 0}, roles={"group": "query"}))
    assert "1 rows have no group" in found["ndcg"]


def test_a_target_without_values_is_no_pass(tmp_path: Path) -> None:
    found = judged(tmp_path, {"y": [None, None], "guess": [1, 0], "p": [0.1, 0.2]}, metrics=ALL)
    assert [one.outcome.value for one in found] == ["errored"]
