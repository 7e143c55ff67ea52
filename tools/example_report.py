"""The report of the blocked example, as a pull request shows it."""

import runpy
import shutil
import tempfile
from pathlib import Path
from typing import Final

from mlval.flows.contract_file import read_contract
from mlval.flows.request import Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report import markdown
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts

CONTRACT: Final = "examples/blocked/mlval.yml"
NOW: Final = "2026-01-05T09:00:00+00:00"


def blocked(root: Path) -> str:
    """Run the gate on a copy of the blocked example and return its Markdown."""
    with tempfile.TemporaryDirectory(prefix="mlval-") as folder:
        copy = Path(folder)
        contract = copy / CONTRACT
        contract.parent.mkdir(parents=True)
        shutil.copy(root / CONTRACT, contract)
        _make_data(root, copy / "examples" / "data")
        scratch = copy / "scratch"
        scratch.mkdir()
        request = Request(
            contract=read_contract(contract, CONTRACT),
            base=contract.parent,
            start=copy,
            boundary=Boundary(copy),
            now=NOW,
            resources=Resources(scratch),
            artifacts=Artifacts({}, scratch),
        )
        return markdown.render(run(request, Quiet()))


def _make_data(root: Path, folder: Path) -> None:
    runpy.run_path(str(root / "examples" / "make_data.py"))["make"](folder)
