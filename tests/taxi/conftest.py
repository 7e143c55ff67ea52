"""The contract on two months of taxi trips, as a function. The folder of months is MLVAL_TAXI."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from mlval.__main__ import cli
from mlval.commands._errors import guarded

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
MONTHS = ROOT / os.environ.get("MLVAL_TAXI", "../shared/data/taxi")
NOW = "2026-01-31T12:00:00+00:00"


@dataclass(frozen=True, slots=True)
class Judged:
    """How a run ended: exit code, result.json, report.md."""

    code: int
    result: dict[str, Any]
    report: str

    def failed(self) -> set[tuple[str, str]]:
        """Return subject and metric of everything that failed."""
        return {
            (one["subject"], one["metric"]) for one in self.result["results"] if one["outcome"] == "failed"
        }

    def about(self, subject: str, metric: str) -> dict[str, Any]:
        """Return the one result about a subject and a metric."""
        (found,) = (
            one for one in self.result["results"] if (one["subject"], one["metric"]) == (subject, metric)
        )
        return dict(found)


Judge = Callable[..., Judged]


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Judge:
    """Return a function that compares two months or files: the reference, and the current one."""

    def judged(reference: str | Path, current: str | Path, contract: Path = HERE / "mlval.yml") -> Judged:
        output = tmp_path_factory.mktemp("report")
        sides = ("reference", reference), ("current", current)
        bound = [f"--data={name}={one if isinstance(one, Path) else month(one)}" for name, one in sides]
        call = ["run", str(contract), *bound, "--quiet", "--now", NOW, "--output", str(output)]
        code = guarded(lambda: cli(call, standalone_mode=False))
        result = json.loads((output / "result.json").read_text("utf-8"))
        return Judged(code, result, (output / "report.md").read_text("utf-8"))

    return judged


def month(key: str) -> Path:
    """Return the file of a month such as `2019-01`."""
    return MONTHS / f"yellow_{key}.csv"
