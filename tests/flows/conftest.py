"""The gate as one function: the text of a contract and of its files in, a report out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import duckdb
import numpy as np
import pytest

from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.profile import Profile, Settings
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.profile import profile
from mlval.flows.request import Bindings, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts

NOW = "2026-01-31T12:00:00+00:00"


class Gate(Protocol):
    """Judges a contract on files, with the real engine."""

    def __call__(
        self,
        contract: str,
        files: Mapping[str, str],
        *,
        only: tuple[str, ...] = ...,
        crashing: Check | None = ...,
        allow_examples: bool = ...,
    ) -> Report:
        """Write the files, judge the contract; `crashing` takes the place of its first validation."""


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Return the folder of the contract; beside it is the scratch folder of the engine."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder


@pytest.fixture
def gate(tmp_path: Path, workspace: Path) -> Callable[..., Report]:
    def judged(
        contract: str,
        files: Mapping[str, str],
        *,
        only: tuple[str, ...] = (),
        crashing: Check | None = None,
        allow_examples: bool = False,
    ) -> Report:
        for name, content in files.items():
            (workspace / name).write_text(content, encoding="utf-8")
        path = workspace / "mlval.yml"
        path.write_text(contract, encoding="utf-8")
        loaded = read_contract(path, "mlval.yml")
        if crashing is not None:
            loaded = replace(loaded, validations=(crashing, *loaded.validations[1:]))
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        request = Request(
            contract=loaded,
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(trusted=True),
            only=only,
            now=NOW,
            resources=Resources(scratch, threads=1),
            artifacts=Artifacts({}, scratch),
            allow_examples=allow_examples,
        )
        return run(request, Quiet())

    return judged


Columns = Mapping[str, Any]
MIXED = 3_000


class Describe(Protocol):
    """Writes columns to a file and describes them."""

    def __call__(
        self,
        columns: Columns,
        *,
        threads: int = ...,
        where: str | None = ...,
        dataset: Mapping[str, object] | None = ...,
        hashed: bool = ...,
    ) -> Profile:
        """Without columns, the file that is there is described."""


def write(path: Path, columns: Columns) -> None:
    """Write columns as Parquet in small row groups; None is null."""
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", {name: np.asarray(values) for name, values in columns.items()})
    engine.execute(f"COPY (SELECT * FROM given) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)")


@pytest.fixture
def describe(workspace: Path, tmp_path: Path) -> Describe:
    """Return a function that writes a file and describes it."""

    def described(
        columns: Columns,
        *,
        threads: int = 1,
        where: str | None = None,
        dataset: Mapping[str, object] | None = None,
        hashed: bool = False,
    ) -> Profile:
        if columns:
            write(workspace / "data.parquet", columns)
        declared = Dataset.model_validate({"path": "data.parquet", **(dataset or {})})
        request = Request(
            contract=Contract("c", "mlval.yml", "", Inputs({"data": declared}), ()),
            base=workspace,
            start=workspace,
            boundary=Boundary(workspace),
            bindings=Bindings(),
            now=NOW,
            resources=Resources(tmp_path, threads=threads),
            artifacts=Artifacts({}, tmp_path),
        )
        settings = Settings(bins=100, rare=5, hashed=hashed)
        return profile(request, "data", settings=settings, where=where, progress=Quiet())

    return described


def mixed(rows: int = MIXED, seed: int = 1, moved: float = 0.0) -> dict[str, Any]:
    """Return columns of every kind; `moved` is the share of rows that change."""
    rng = np.random.default_rng(seed)
    amount = rng.lognormal(2 + 2 * moved, 1, rows)
    amount[:: max(2, rows // 50)] = np.nan
    return {
        "amount": rng.normal(50 + 40 * moved, 15, rows),
        "spent": np.where(rng.random(rows) < 0.8, 0.0, rng.exponential(30 + 90 * moved, rows)),
        "gaps": amount,
        "age": rng.integers(18, 90 - int(40 * moved), rows),
        "kids": rng.poisson(1 + 2 * moved, rows),
        "plan": rng.choice(
            np.array(["free", "pro", "team"], dtype=object), rows, p=[0.5 - moved, 0.3, 0.2 + moved]
        ),
        "city": np.array([f"c{level}" for level in rng.geometric(0.05 + 0.2 * moved, rows)], dtype=object),
        "flag": rng.random(rows) < 0.3 + moved,
        "at": np.datetime64("2026-01-01") + rng.integers(0, 10**6, rows).astype("timedelta64[s]"),
        "id": np.array([f"user-{number}" for number in rng.permutation(rows)], dtype=object),
    }
