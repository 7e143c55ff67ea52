"""What a contract may say of a performance check, and what is known to be wrong before anything is read."""

from typing import Any

import pytest
from pydantic import ValidationError

from mlval.checks.performance import Performance
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from tests.checks.scored import ALL, HOLDOUT, INPUTS, MODEL, run


def test_the_short_form() -> None:
    check = Performance.model_validate({"type": "performance", "metric": "accuracy_score", "threshold": 0.85})
    assert check.metrics.demands()[0][0] == "accuracy_score"
    (found,) = run(metric="accuracy_score", threshold=0.85)
    assert (found.measurement.metric, found.outcome, found.measurement.path) == (
        "accuracy", Outcome.FAILED, ("metrics", "accuracy_score"),
    )  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"metrics": {"auc_roc": 0.5}},
        {"metrics": {"roc_auc": "high"}},
        {"metrics": {"roc_auc": 0.5, "auc": 0.6}},
        {"metric": "accuracy"},
        {"metric": ("accuracy",), "threshold": 0.5},
        {"metric": {"accuracy": 1}, "threshold": 0.5},
        {"metric": "accuracy", "threshold": 0.5, "metrics": {"f1": 0.5}},
        {"metrics": ALL, "threshold": 0.5},
        {"metrics": ALL, "window": 0},
        {"metrics": ALL, "per_slice": {"min_rows": 0}},
        {"metrics": {"recall": {"min": 0.5, "average": "mean"}}},
        {"metrics": {"accuracy": {"min": 0.5, "average": "macro"}}},
    ],
    ids=str,
)
def test_what_is_no_performance_check_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Performance.model_validate({"type": "performance", **settings})


PROBLEMS: list[tuple[Inputs, dict[str, Any], list[tuple[str, ...]]]] = [
    (INPUTS, {}, []),
    (Inputs(), {}, [("dataset",)]),
    (Inputs({"h": HOLDOUT}), {}, [("model",)]),
    (Inputs({"h": HOLDOUT}, {"a": MODEL, "b": MODEL}), {}, [("model",)]),
    (Inputs({"h": HOLDOUT}, {"a": MODEL, "candidate": MODEL}), {}, []),
    (Inputs({"h": Dataset(path="h.csv")}, INPUTS.models), {"window": 5}, [("dataset",), ("window",)]),
    (INPUTS, {"metrics": {}}, [("metrics",)]),
    (INPUTS, {"metrics": {"roc_auc": None}}, [("metrics",)]),
    (INPUTS, {"slices": ("zone",), "per_slice": {"metrics": {}}}, [("per_slice", "metrics")]),
]


@pytest.mark.parametrize("inputs, settings, paths", PROBLEMS)
def test_mistakes_are_known_before_anything_is_read(
    inputs: Inputs, settings: dict[str, Any], paths: list[tuple[str, ...]]
) -> None:
    check = Performance.model_validate({"type": "performance", "metrics": {"accuracy": 0.5}, **settings})
    assert [path for path, _ in check.problems(inputs)] == paths
    if not paths:
        assert (check.uses(inputs).datasets, check.uses(inputs).models) == (("h",), ("candidate",))
