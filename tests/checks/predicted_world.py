"""A model's predictions in columns of a table, asked by the engine itself."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from mlval.domain.check import Check
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.verdict import Result
from tests.checks.world import results
from tests.measure.world import World

Row = Sequence[object]


def inputs(told: Iterable[str] = (), **roles: object) -> Inputs:
    """Return a dataset `h` with the truth `y` and predictions in `guess` and `p`."""
    dataset = Dataset.model_validate({"path": "h.csv", "target": "y", **roles})
    model = Model(predictions=Predictions(dataset="h", label="guess", score="p"))
    return Inputs({"h": dataset}, {"candidate": model}, vocabulary=frozenset(told))


def table(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """Return rows as CSV; None is a missing value."""
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in rows]
    return "\n".join([",".join(columns), *lines]) + "\n"


def judged(folder: Path, text: str, check: Check, given: Inputs | None = None) -> tuple[Result, ...]:
    """Judge a check over a table given as CSV."""
    given = given or inputs()
    world = World(folder, given)
    world.csv(text, name="h")
    return results(check, given, world.engine.answer)
