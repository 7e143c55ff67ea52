"""A contract whose model runs in an environment of its own: the lock of it is told with the verdict."""

import re
from pathlib import Path

import duckdb
import joblib
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from mlval.domain.errors import ExitCode
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Caging, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.scoring.environment import Builder
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.models.conftest import IS_ROOT

pytestmark = pytest.mark.process

CONTRACT = """
version: 1
datasets: {holdout: {path: holdout.parquet, key: id, target: y}}
models: {m: {path: m.joblib, environment: uv, requirements: requirements.txt}}
validations:
  - {type: performance, metrics: {accuracy: 0.9}}
"""


def test_the_environment_is_recorded_with_the_verdict(builder: Builder, tmp_path: Path) -> None:
    values = np.random.default_rng(3).normal(size=(500, 2))
    truth = (values.sum(axis=1) > 0).astype(int)
    joblib.dump(LogisticRegression().fit(values, truth), tmp_path / "m.joblib")
    engine = duckdb.connect()
    engine.register("given", {"id": np.arange(500), "a": values[:, 0], "b": values[:, 1], "y": truth})
    engine.execute(f"COPY (SELECT * FROM given) TO '{tmp_path / 'holdout.parquet'}' (FORMAT parquet)")
    (tmp_path / "requirements.txt").write_text("scikit-learn\nskops\npandas\n", encoding="utf-8")
    (tmp_path / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    private = tmp_path / "private"
    private.mkdir(mode=0o711)
    request = Request(
        contract=read_contract(tmp_path / "mlval.yml", "mlval.yml"),
        base=tmp_path,
        start=tmp_path,
        boundary=Boundary(tmp_path),
        now="2026-01-31T12:00:00+00:00",
        resources=Resources(tmp_path, threads=1),
        artifacts=Artifacts({}, tmp_path),
        caging=Caging(private=private, builder=builder, allow_degraded=not IS_ROOT),
    )
    report = run(request, Quiet())
    assert report.verdict.exit_code == ExitCode.PASSED, report.verdict.results[0].reason
    assert bool(report.cautions) == (not IS_ROOT)
    (note,) = (note for one in report.inputs for note in one.notes)
    assert re.fullmatch("environment by uv, lock sha256 [0-9a-f]{64}", note)
