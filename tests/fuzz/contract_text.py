"""Contracts: read, run on small tables, and judged; whatever they say, a demand that is broken blocks."""

import copy
import math
import random
import shutil
from pathlib import Path
from typing import Any

import duckdb
import yaml

from mlval.domain.errors import ContractError, Crashed, ExitCode, MlvalError
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Report
from mlval.flows.contract_file import read_contract
from mlval.flows.outputs import render_all
from mlval.flows.request import Bindings, Request
from mlval.flows.run import run
from mlval.measure.connection import Resources
from mlval.report.progress import Quiet
from mlval.sources.confine import Boundary
from mlval.sources.mlflow import Artifacts
from tests.fuzz import mutation

CANARY = {"id": "canary", "type": "data", "dataset": "t", "rows": {"min": 1_000_000}}
"""A demand that no table here meets: while it stands in the contract, nothing passes."""

WRITTEN = b"id: canary\n  type: data\n  dataset: t\n  rows:\n    min: 1000000"
TABLE = "id,x,y,s,at,label,guess\n" + "".join(
    f"{i},{i * 0.7 - 3},{'' if i % 7 == 0 else i % 5},{'abc'[i % 3]},2026-01-{i % 28 + 1:02d} 10:00:00,"
    f"{i % 2},{(i // 2) % 2}\n"
    for i in range(60)
)
COLUMNS: dict[str, Any] = {
    "x": {"type": "float", "min": -100, "max": 1e3, "nulls": "1%", "allow": "0.5%"},
    "y": [{"range": [0, 10]}, {"nulls": 0, "where": "s = 'a' AND x > 0", "severity": "warn"}],
    "s": {"in": ["a", "b", "c"], "regex": "^[a-c]$", "unique": True},
    "at": {"type": "timestamp", "min": "2026-01-01"},
}
SEEDS: tuple[Any, ...] = (
    {
        "version": 1,
        "name": "fuzz",
        "datasets": {"t": {"path": "t.parquet", "key": "id"}},
        "validations": [
            {
                "type": "data",
                "dataset": "t",
                "rows": [1, 100],
                "unique": ["id", ["x", "s"]],
                "columns": COLUMNS,
            },
            {
                "id": "more",
                "type": "data",
                "dataset": "t",
                "where": "x is not null",
                "expect": ["x < 100 OR s = 'a'"],
            },
            {
                "id": "per",
                "type": "data",
                "dataset": "t",
                "per": "s",
                "columns": {"x": {"mean": [-5, 50], "std": {"min": 0}}},
            },
        ],
    },
    {
        "version": 1,
        "datasets": {
            "reference": {"path": "t.parquet"},
            "t": {"path": ["t.parquet"], "time": "at", "target": "label"},
        },
        "models": {"m": {"predictions": {"dataset": "t", "label": "guess", "score": "x"}}},
        "validations": [
            {
                "type": "drift",
                "reference": "reference",
                "current": "t",
                "columns": ["x", "s"],
                "effect": "small",
            },
            {
                "type": "performance",
                "dataset": "t",
                "metrics": {"accuracy": 0.1},
                "slices": ["s"],
                "window": 40,
            },
            {"type": "data", "dataset": "t", "extra_columns": "forbid", "columns": {"x": {"nulls": "<= 5%"}}},
        ],
    },
)


class ContractText:
    """Reads contract text, and runs what is a contract."""

    name = "contract"
    ends = frozenset({"refused", "stopped", *(f"exit {code}" for code in (0, 1, 2, 3, 4))})

    def __init__(self, folder: Path) -> None:
        """Put the table that contracts speak of beside them."""
        self.folder = folder
        (folder / "t.csv").write_text(TABLE, encoding="utf-8")
        duckdb.execute(f"COPY (FROM read_csv('{folder}/t.csv')) TO '{folder}/t.parquet'")
        self.scratch = folder / "scratch"

    def make(self, draw: random.Random) -> bytes:
        """Change a contract as a tree, then, one time in ten, as bytes."""
        tree = mutation.tree(SEEDS, draw, changes=2)
        if isinstance(tree, dict) and isinstance(tree.get("validations"), list):
            tree["validations"].append(copy.deepcopy(CANARY))
        written = yaml.safe_dump(tree, allow_unicode=True, sort_keys=False).encode("utf-8", "surrogatepass")
        return mutation.text(written, draw, changes=6) if draw.random() < 0.1 else written

    def judge(self, case: bytes) -> str:
        """Errors are ours and say where; results are never passes without a value."""
        path = self.folder / "mlval.yml"
        path.write_bytes(case)
        self.scratch.mkdir()
        try:
            contract = read_contract(path, "mlval.yml")
            request = Request(
                contract=contract,
                base=self.folder,
                start=self.folder,
                boundary=Boundary(self.folder),
                bindings=Bindings(),
                now="2026-02-01T00:00:00+00:00",
                resources=Resources(self.scratch, threads=1),
                artifacts=Artifacts({}, self.scratch),
            )
            report = run(request, Quiet())
        except ContractError as error:
            return "refused" if error.problems else "refused without a reason"
        except MlvalError as error:
            known = error.exit_code in {ExitCode.USAGE, ExitCode.BLOCKED, ExitCode.UNAVAILABLE}
            return "stopped" if known and error.message else f"stopped with {error!r}"
        finally:
            shutil.rmtree(self.scratch)
        assert render_all(report) == render_all(report)
        return self._kept(
            report, canary=b"id: canary\n  type: data\n  dataset: t\n  rows:\n    min: 1000000" in case
        )

    def _kept(self, report: Report, *, canary: bool) -> str:
        verdict = report.verdict
        assert verdict.results, "nothing was judged"
        for result in verdict.results:
            found = result.measurement
            assert not isinstance(found.problem, Crashed), f"{found.metric} crashed: {found.problem}"
            if result.outcome is Outcome.PASSED:
                assert found.value is not None, result
                assert math.isfinite(found.value), result
                assert found.of != 0, result
        is_zero = verdict.exit_code is ExitCode.PASSED
        assert is_zero == (not any(result.blocks for result in verdict.results))
        if canary:
            assert not is_zero, "what must block did not"
        return f"exit {int(verdict.exit_code)}"
