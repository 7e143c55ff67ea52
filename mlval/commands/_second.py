"""Judging on the files of the base branch, with credentials, what a run without them has left open."""

import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from mlval.domain.contract import Contract
from mlval.domain.errors import UsageError
from mlval.domain.text import shown
from mlval.domain.verdict import Report
from mlval.flows import arguments
from mlval.flows.contract_file import read_contract
from mlval.flows.request import Bindings, Buckets, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources import bucket
from mlval.sources.confine import Boundary
from mlval.sources.database import Databases
from mlval.sources.mlflow import Artifacts


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the checkout of the base branch is, and what may be read beyond it."""

    root: Path
    sources: Sequence[str] = ()
    connections: Sequence[str] = ()
    buckets: Buckets | None = None


def judge(reach: Reach, contract: Contract, files: Mapping[str, bytes]) -> Report:
    """Judge validations of the base's contract on the base's files and on predictions of a change.

    Parameters
    ----------
    reach : the checkout, and what may be read beyond it
    contract : as the base branch has it, with the validations to judge
    files : predictions by the names of their files, `NAME.csv` or `NAME.parquet`

    Raises
    ------
    UsageError
        If the checkout is not that of this contract.
    """
    here = reach.root / contract.path
    if read_contract(here, contract.path).sha256 != contract.sha256:
        message = f"the checkout has another {shown(contract.path)} than the base of the pull request"
        raise UsageError(message, remedy="update the branch of the pull request, so that the gate runs again")
    folders, buckets = arguments.places(reach.sources)
    with tempfile.TemporaryDirectory(prefix="mlval-") as scratch, tempfile.TemporaryDirectory() as uploads:
        for name, data in files.items():
            (Path(uploads) / name).write_bytes(data)
        bound = {name.rpartition(".")[0]: name for name in files}
        allowed = (Path(uploads).resolve(), *(reach.root / folder for folder in folders))
        request = Request(
            contract=contract,
            base=here.parent,
            start=Path(uploads).resolve(),
            boundary=Boundary(reach.root, allowed),
            bindings=Bindings(models=bound),
            now=arguments.clock_time(datetime.now(UTC)),
            resources=Resources(Path(scratch)),
            artifacts=Artifacts(os.environ, Path(scratch)),
            buckets=reach.buckets or bucket.Buckets(Path(scratch), buckets),
            databases=Databases(os.environ, Path(scratch), tuple(reach.connections)),
        )
        return run(request, Quiet())
