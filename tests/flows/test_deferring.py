"""What a run without credentials leaves to another one, by where data and models are."""

import pytest

from mlval.config.load import load
from mlval.domain.contract import Contract
from mlval.domain.outcome import Outcome, State
from mlval.flows.deferring import deferred
from mlval.flows.request import Bindings
from mlval.judge.verdict import verdict

TEMPLATE = """version: 1
datasets:
  holdout: {{key: id, target: y, {dataset}}}
models:
  candidate: {{{model}}}
validations:
  - {{type: data, dataset: holdout, rows: {{min: 1}}}}
  - {{type: performance, dataset: holdout, model: candidate, metrics: {{accuracy: 0.5}}}}
"""
HERE = "path: a.csv"
MADE = "predictions: {path: p.csv, label: y_hat}"


def contract(dataset: str, model: str) -> Contract:
    text = TEMPLATE.format(dataset=dataset, model=model)
    return load(text.encode(), file="mlval.yml", default_name="churn")


@pytest.mark.parametrize(
    "dataset, model, later",
    [
        (HERE, MADE, []),
        ("profile: a.profile.json", MADE, []),
        ("path: s3://bucket/a.csv", MADE, [0, 1]),
        ("path: [a.csv, gs://bucket/a.csv]", MADE, [0, 1]),
        ("table: a, connection: {env: MLVAL_DB}", MADE, [0, 1]),
        ("sql: select 1, connection: {env: MLVAL_DB}", MADE, [0, 1]),
        (f"mlflow: 'runs:/{'0' * 32}/a.csv'", MADE, [0, 1]),
        (HERE, "path: model.joblib", []),
        (HERE, "uri: 'models:/churn@champion'", [1]),
        (HERE, f"predictions: {{mlflow: 'runs:/{'0' * 32}/p.csv', label: y_hat}}", [1]),
        (HERE, "metrics: {accuracy: 0.9}", []),
        (HERE, f"metrics: 'runs:/{'0' * 32}'", [1]),
    ],
)
def test_what_lies_elsewhere_is_deferred(dataset: str, model: str, later: list[int]) -> None:
    found = contract(dataset, model)
    assert list(deferred(dict(enumerate(found.validations)), found, Bindings())) == later


@pytest.mark.parametrize(
    "bindings, later",
    [
        (Bindings({"holdout": "a.csv"}, {"candidate": "model.joblib"}), []),
        (Bindings({"holdout": "s3://bucket/a.csv"}, {"candidate": "model.joblib"}), [0, 1]),
        (Bindings({"holdout": "a.csv"}, {"candidate": "models:/churn/3"}), [1]),
    ],
)
def test_what_was_bound_counts_as_well(bindings: Bindings, later: list[int]) -> None:
    found = contract("from: input", "from: input")
    assert list(deferred(dict(enumerate(found.validations)), found, bindings)) == later


def test_it_is_skipped_with_a_reason_and_blocks_nothing() -> None:
    found = contract("path: s3://bucket/a.csv", MADE)
    ((result,), _) = deferred(dict(enumerate(found.validations)), found, Bindings()).values()
    assert (result.outcome, result.deferred, result.blocks) == (Outcome.SKIPPED, True, False)
    assert result.reason == "needs credentials for dataset holdout; a run with credentials judges it"
    assert result.place is not None
    assert verdict([result]).state is State.PASSED
