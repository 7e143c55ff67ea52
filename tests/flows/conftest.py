"""The gate as one function: the text of a contract and of its files in, a report out."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import pytest

from mlval.domain.check import Check
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
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
