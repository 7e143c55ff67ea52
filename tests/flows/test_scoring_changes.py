"""Models that depend on what they should not, shown changed rows: each test catches one planted defect."""

import io
import pickle
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.flows.caging import caging
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Bindings, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.flows.conftest import NOW
from tests.hostile_models import Runs

pytestmark = pytest.mark.process

ROWS = 300
Judged = Callable[..., dict[str, Result]]

MODEL = """
import numpy
class Model:
    def predict(self, X):
        return numpy.asarray(BODY, dtype=float)
model = Model()
"""
CONTRACT = """
version: 1
datasets: {{holdout: {{path: holdout.parquet, key: id, target: y, features: {features}}}}}
models: {{m: {{path: m.joblib}}, champion: {{path: champion.joblib}}}}
validations:
  - {{{validation}}}
"""


def regressor(body: str) -> bytes:
    """Return a model that answers this for `X`."""
    return pickle.dumps(Runs(MODEL.replace("BODY", body), "model"))


def dumped(model: object) -> bytes:
    held = io.BytesIO()
    joblib.dump(model, held)
    return held.getvalue()


@pytest.fixture
def judged(workspace: Path, tmp_path: Path) -> Judged:
    """Return a function that judges one validation, and gives the results by metric."""
    rng = np.random.default_rng(7)
    a, b = rng.normal(size=ROWS), rng.normal(size=ROWS)
    plan = rng.choice(["free", "pro", "team"], ROWS)
    columns = {"id": np.arange(ROWS), "a": a, "b": b, "plan": plan, "y": (a > 0).astype(int)}
    engine = duckdb.connect()
    engine.register("given", columns)
    engine.execute(f"COPY (SELECT * FROM given) TO '{workspace / 'holdout.parquet'}' (FORMAT parquet)")
    both = np.column_stack([a, b])
    (workspace / "m.joblib").write_bytes(dumped(LogisticRegression().fit(both, a > 0)))
    (workspace / "champion.joblib").write_bytes(dumped(LogisticRegression().fit(both, b > 0)))

    def results(validation: str, features: str = "[a, b]") -> dict[str, Result]:
        private = Path(tempfile.mkdtemp(dir=tmp_path))
        path = workspace / "mlval.yml"
        path.write_text(CONTRACT.format(validation=validation, features=features), encoding="utf-8")
        request = Request(
            contract=read_contract(path, "mlval.yml"),
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(),
            now=NOW,
            resources=Resources(tmp_path, threads=1),
            artifacts=Artifacts({}, tmp_path),
            caging=caging(private, {}, environments=tmp_path, allow_degraded=True),
        )
        report = run(request, lambda *_, **__: None)
        return {f"{one.measurement.subject} {one.measurement.metric}": one for one in report.verdict.results}

    return results


FORMS = "column_order: true, batch_size: true, row_order: true, determinism: true"
EVERY = {"column_order", "batch_size", "row_order", "determinism"}


@pytest.mark.parametrize(
    "body, caught",
    [
        ("X.sum(1)", set()),
        ("X[:, 0]", {"column_order"}),
        ("X.sum(1) - X.sum(1).mean()", {"batch_size"}),
        ("X.sum(1) * (numpy.arange(len(X)) % 2)", {"row_order"}),
        ("X.sum(1) + numpy.random.rand(len(X))", EVERY),
    ],
)
def test_a_change_of_form_catches_what_it_is_for(
    judged: Judged, workspace: Path, body: str, caught: set[str]
) -> None:
    (workspace / "m.joblib").write_bytes(regressor(body))
    found = judged(f"type: robustness, model: m, tests: {{{FORMS}}}")
    outcomes = {one.measurement.metric: one.outcome for one in found.values()}
    expected = {name: Outcome.FAILED if name in caught else Outcome.PASSED for name in EVERY}
    assert outcomes == expected, [one.reason for one in found.values()]


@pytest.mark.parametrize(
    "body, test",
    [
        ("X[:, 0].astype(float) * 1e6 % 1", "jitter: {}"),
        ("numpy.where(numpy.isnan(X[:, 0].astype(float)), 1e3, X[:, 0].astype(float))", "missing: {}"),
        ("numpy.where(X[:, 1] == 'pro', 1.0, 0.0)", "swap: {share: 50%}"),
        ("numpy.full(len(X), X.shape[1])", "extra_column: true"),
    ],
)
def test_a_disturbance_catches_what_it_is_for(judged: Judged, workspace: Path, body: str, test: str) -> None:
    name, validation = test.partition(":")[0], f"type: robustness, model: m, tests: {{{test}}}"
    (workspace / "m.joblib").write_bytes(regressor(body))
    assert judged(validation, "[a, plan]")[f"m {name}"].outcome is Outcome.FAILED
    (workspace / "m.joblib").write_bytes(regressor("numpy.nan_to_num(X[:, 0].astype(float)).round()"))
    if name != "extra_column":
        validation = validation.replace("{}", "{max_change: 40%}")
    assert judged(validation, "[a, plan]")[f"m {name}"].outcome is Outcome.PASSED


def test_a_model_that_fails_on_one_change_is_judged_by_the_others(judged: Judged) -> None:
    found = judged(
        "type: robustness, model: m, metric: accuracy,"
        " tests: {missing: {}, determinism: true, jitter: {size: 0.01, max_drop: 0.1, max_change: 10%}}"
    )
    outcomes = {name: one.outcome for name, one in found.items()}
    assert outcomes == {
        "m missing": Outcome.ERRORED,
        "m determinism": Outcome.PASSED,
        "m jitter": Outcome.PASSED,
        "m jitter: accuracy": Outcome.PASSED,
    }
    assert "NaN" in found["m missing"].reason


def test_importance_ranks_the_planted_feature_first(judged: Judged) -> None:
    found = judged(
        "type: importance, model: m, metric: roc_auc, top: [a], max_share: {a: 50%},"
        " stability: {min_rank_correlation: 0.5, max_moved: 20%}"
    )
    assert next(iter(found)) == "a importance by roc_auc"
    assert found["m top"].outcome is Outcome.PASSED
    assert found["a share of importance"].outcome is Outcome.FAILED
    assert found["m rank correlation of importances"].measurement.value is not None
    assert found["m moved importance"].measurement.problem is None


def test_the_wrong_feature_is_not_the_most_important_one(judged: Judged) -> None:
    assert judged("type: importance, model: m, metric: roc_auc, top: [b]")["m top"].outcome is Outcome.FAILED


def test_a_column_that_the_model_is_not_shown_is_named(judged: Judged) -> None:
    found = judged("type: robustness, model: m, tests: {jitter: {columns: [plan]}}")["m jitter"]
    assert "is not shown the column 'plan'" in found.reason
