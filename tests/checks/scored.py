"""A model's predictions on a few rows, answered by hand as an engine would."""

from typing import Any

import numpy as np

from mlval.checks.performance import Performance
from mlval.domain.asks import (
    Ask,
    Columns,
    Count,
    GroupCounts,
    Groups,
    LevelCounts,
    Levels,
    Rows,
    Scored,
    Scores,
    Vectors,
)
from mlval.domain.errors import Failure, Unmeasurable
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.predicate import IsNull
from mlval.domain.verdict import Result
from tests.checks.world import by_hand, results

HOLDOUT = Dataset(path="h.csv", target="y", time="at")
MODEL = Model(predictions=Predictions(dataset="h", label="guess", score="p"))
INPUTS = Inputs({"h": HOLDOUT}, {"candidate": MODEL})

# truth, predicted label, score, slice
Row = tuple[str | None, str | None, float, str | None]
ROWS: list[Row] = [
    ("1", "1", 0.9, "s3cret"),
    ("1", "1", 0.8, "s3cret"),
    ("0", "0", 0.3, "s3cret"),
    ("1", "0", 0.4, "s3cret"),
    ("0", "0", 0.1, "open"),
    ("0", "1", 0.6, "open"),
    ("1", "1", 0.7, "open"),
    (None, "1", 0.5, "open"),
    ("0", "0", 0.2, None),
]


def numbered(levels: list[str | None]) -> tuple[tuple[str, ...], np.ndarray[Any, np.dtype[np.int32]]]:
    known = tuple(sorted({level for level in levels if level is not None}))
    return known, np.array([-1 if level is None else known.index(level) for level in levels], dtype=np.int32)


def answer(
    rows: list[Row],
    scored: Scored | Failure | None = None,
    failing: type[Ask[Any]] | None = None,
    where: Rows | None = None,
) -> Any:  # noqa: ANN401 - an answering function
    """Answer as a table of these rows would; one kind of ask may fail."""

    def level(row: Row, index: int) -> str | None:
        return (row[0], row[1], row[3] or "(null)")[index]

    def one(ask: Ask[Any]) -> object:
        if failing is not None and isinstance(ask, failing):
            return Failure(Unmeasurable("cannot be had"))
        if isinstance(ask, Scores):
            assert ask == Scores("candidate", "h")
            return scored or Scored("joined", "guess", "p")
        assert isinstance(ask, Count | Groups | Levels | Vectors)
        assert ask.rows == (where or Rows("joined"))
        if isinstance(ask, Count):
            return sum((row[0] is None) == isinstance(ask.of[0], IsNull) for row in rows)
        if isinstance(ask, Levels):
            return LevelCounts({row[0]: 1 for row in rows})
        if isinstance(ask, Groups):
            keys = [tuple(level(row, index) for index in range(len(ask.by))) for row in rows]
            return GroupCounts({key: keys.count(key) for key in keys})
        names = {"y": 0, "guess": 1}
        values = {
            name: np.array(
                [np.nan if row[names[name]] is None else float(row[names[name]] or 0) for row in rows]
            )
            for name in ask.columns
            if name in names
        } | {"p": np.array([row[2] for row in rows])}
        for name, _, positive in ask.equals:
            values[name] = np.array([np.nan if row[0] is None else float(row[0] == positive) for row in rows])
        split = [numbered([level(row, 2) for row in rows]) for _ in ask.by]
        return Columns(values, tuple(codes for _, codes in split), tuple(known for known, _ in split))

    return by_hand({}, one)


def run(
    rows: list[Row] = ROWS,
    inputs: Inputs = INPUTS,
    *,
    by: Any = None,  # noqa: ANN401 - an answering function
    **settings: Any,  # noqa: ANN401 - settings of the check
) -> tuple[Result, ...]:
    check = Performance.model_validate({"type": "performance", **settings})
    return results(check, inputs, by or answer(rows))


def values(judged: tuple[Result, ...]) -> dict[tuple[str, str], float | None]:
    return {(one.measurement.subject, one.measurement.metric): one.measurement.value for one in judged}


ALL = {"accuracy": 0.1, "precision": 0.1, "recall": 0.1, "f1": 0.1, "roc_auc": 0.1, "log_loss": 9, "mae": 9}
OF_SLICES: dict[str, Any] = {"slices": ("zone",), "per_slice": {"min_rows": 1}}
