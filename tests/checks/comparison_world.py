"""Two models' predictions of the same rows, from Parquet files to judged differences."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from numpy.typing import NDArray

from mlval.checks.comparison import Comparison
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.measurement import Measurement
from mlval.domain.verdict import Result
from mlval.measure.engine import predictions_table
from tests.checks.world import results
from tests.measure.world import World

Array = NDArray[Any]
Columns = Mapping[str, Any]
"""Lists or arrays of one length."""


@dataclass(frozen=True)
class Case:
    """Rows, both models' predictions of them, and what their columns mean."""

    rows: Columns
    champion: Columns
    candidate: Columns
    predictions: Mapping[str, Any]
    roles: Mapping[str, Any]

    def judged(self, folder: Path, **settings: Any) -> tuple[Result, ...]:  # noqa: ANN401 - settings of the check
        model = Model(predictions=Predictions(path="p.parquet", **self.predictions))
        dataset = Dataset(path="h.parquet", key="id", target="y", **self.roles)
        inputs = Inputs({"h": dataset}, {"champion": model, "candidate": model})
        world = World(folder, inputs)
        names = ("h", *map(predictions_table, inputs.models))
        for name, columns in zip(names, (self.rows, self.champion, self.candidate), strict=True):
            rows = zip(*(list(column) for column in columns.values()), strict=True)
            lines = (
                json.dumps({"id": at, **dict(zip(columns, row, strict=True))}) for at, row in enumerate(rows)
            )
            path = world.written("jsonl", "\n".join(lines))
            world.parquet(f"SELECT * FROM read_json('{path}')", name=name)
        check = Comparison.model_validate({"type": "comparison", **settings})
        return results(check, inputs, world.engine.answer)

    def measured(self, folder: Path, **settings: Any) -> dict[str, Measurement]:  # noqa: ANN401
        """Judge, and return what was measured by metric; nothing of it is in error."""
        found = {one.measurement.metric: one.measurement for one in self.judged(folder, **settings)}
        assert [one.problem for one in found.values()] == [None] * len(found)
        return found


def values(found: Mapping[str, Measurement]) -> dict[str, tuple[float, float]]:
    """Return the values of champion and candidate by metric."""
    return {name: (_number(one, "champion"), _number(one, "candidate")) for name, one in found.items()}


def _number(one: Measurement, name: str) -> float:
    told = one.details[name]
    assert isinstance(told, int | float)
    return float(told)


def expected(
    scores: Mapping[str, Callable[[Array, Array], float]], truth: Array, sides: Sequence[Array]
) -> dict[str, Any]:
    """Compute each metric of both models with an oracle."""
    return {
        name: pytest.approx(tuple(score(truth, side) for side in sides), rel=1e-9)
        for name, score in scores.items()
    }
