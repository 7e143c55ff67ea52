"""A data validation of one random table beside another, from CSV and from Parquet alike."""

from collections.abc import Sequence
from typing import Any

from hypothesis import strategies as st

from mlval.checks.data import Data
from mlval.domain.asks import Examples
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.measurement import Measurement
from mlval.domain.verdict import Result
from tests.checks.world import measured, results
from tests.measure.world import World, lines

Row = tuple[int | None, str | None, int | None]
NAMES = ("a", "b", "y")
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 3),
        st.none() | st.sampled_from(["u", "v", "w x"]),
        st.none() | st.integers(0, 2),
    ),
    min_size=1,
    max_size=25,
)
TYPED: Row = (7, "typed", 7)
"""A row that makes every column of a CSV file hold its type, whatever else there is."""


def opened(world: World, rows: Sequence[Row], *, parquet: bool) -> str:
    if not parquet:
        return world.csv(lines("a,b,y", [",".join("" if v is None else str(v) for v in row) for row in rows]))
    values = ", ".join(f"({', '.join('NULL' if v is None else repr(v) for v in row)})" for row in rows)
    typed = "a::BIGINT AS a, b::VARCHAR AS b, y::INTEGER AS y"
    return world.parquet(f"SELECT {typed} FROM (VALUES {values}) AS t(a, b, y)")


def inputs(table: str, other: str, **roles: Any) -> Inputs:  # noqa: ANN401 - roles of columns
    return Inputs({table: Dataset(path="t.csv", **roles), other: Dataset(path="o.csv", key="a")})


def measure(world: World, known: Inputs, **settings: Any) -> tuple[Measurement, ...]:  # noqa: ANN401
    """Measure the rules of the first dataset; that the columns are there is left out."""
    check = Data.read({"type": "data", "dataset": next(iter(known.datasets)), **settings})
    found = measured(check, known, world.engine.answer)
    assert isinstance(found, tuple), found
    return tuple(one for one in found if one.metric != "required")


def judged(world: World, known: Inputs, **settings: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    """Return metric and outcome of every rule of the first dataset."""
    found: tuple[Result, ...] = results(
        Data.read({"type": "data", "dataset": next(iter(known.datasets)), **settings}),
        known,
        world.engine.answer,
    )
    return [
        (one.measurement.metric, one.outcome.value) for one in found if one.measurement.metric != "required"
    ]


def shown(world: World, found: Measurement) -> int:
    """Return how many rows show a failure."""
    failing = found.failing
    assert failing is not None
    return len(world.ask(Examples(failing.rows, failing.of, failing.columns, limit=100)))
