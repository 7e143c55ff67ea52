"""Metrics of one table of truths and predictions, from a file to judged results."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from mlval.checks.performance import Performance
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.verdict import Result
from tests.checks.world import results
from tests.measure.world import World, lines

Columns = Mapping[str, Any]
"""Lists or arrays of one length."""


def judged(
    folder: Path,
    columns: Columns,
    *,
    roles: Mapping[str, Any] | None = None,
    predictions: Mapping[str, Any] | None = None,
    **settings: Any,  # noqa: ANN401 - settings of the check
) -> tuple[Result, ...]:
    """Write the columns as CSV, measure and judge; `y` is the truth, `guess` and `p` are predicted."""
    named = {"label": "guess"} if "guess" in columns else {}
    named |= {"score": "p"} if "p" in columns else {}
    dataset = Dataset(path="h.csv", target="y", **(roles or {}))
    model = Model(predictions=Predictions(dataset="h", **(named if predictions is None else predictions)))
    inputs = Inputs({"h": dataset}, {"m": model})
    world = World(folder, inputs)
    rows = zip(*columns.values(), strict=True)
    text = lines(",".join(columns), [",".join("" if x is None else str(x) for x in row) for row in rows])
    world.csv(text, name="h")
    check = Performance.model_validate({"type": "performance", **settings})
    return results(check, inputs, world.engine.answer)


def values(found: Sequence[Result]) -> dict[str, float | None]:
    """Return the values of the whole by metric."""
    return {one.measurement.metric: one.measurement.value for one in found if one.measurement.subject == "m"}


def reasons(found: Sequence[Result]) -> dict[str, str]:
    """Return the outcome and why, by metric; of the whole where it is told of slices too."""
    return {
        one.measurement.metric: f"{one.outcome.value}: {one.measurement.problem or one.reason}"
        for one in reversed(found)
    }
