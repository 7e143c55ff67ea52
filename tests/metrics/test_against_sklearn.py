"""Metrics as a contract asks for them, from files to values, against scikit-learn."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import metrics as oracle

from mlval.checks.performance import Performance
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from tests.checks.world import measured
from tests.measure.world import World, lines

INPUTS = Inputs(
    {"h": Dataset(path="h.csv", target="y", positive="yes"), "n": Dataset(path="n.csv", target="y")},
    {
        "binary": Model(predictions=Predictions(dataset="h", score="p", threshold=0.4)),
        "classes": Model(predictions=Predictions(dataset="h", label="guess")),
        "numbers": Model(predictions=Predictions(dataset="n", label="guess")),
    },
    frozenset({"north", "south"}),
)
ZONES = np.array(["north", "south"])
Columns = Mapping[str, NDArray[Any]]


def drawn(rows: int = 300) -> Columns:
    generator = np.random.default_rng(7)
    score = np.round(generator.random(rows), 2)
    return {
        "y": np.where(generator.random(rows) < 0.3 + 0.4 * score, "yes", "no"),
        "p": score,
        "zone": ZONES[generator.integers(0, 2, rows)],
    }


def written(columns: Columns) -> str:
    rows = zip(*columns.values(), strict=True)
    return lines(",".join(columns), [",".join(map(str, row)) for row in rows])


def values(world: World, **settings: Any) -> dict[tuple[str, str], float | None]:  # noqa: ANN401
    check = Performance.model_validate({"type": "performance", "slices": ("zone",), **settings})
    found = measured(check, INPUTS, world.engine.answer)
    assert isinstance(found, tuple), found
    return {(one.subject, one.metric): one.value for one in found}


def expected(columns: Columns, wanted: Mapping[str, Any], subject: str) -> dict[tuple[str, str], Any]:
    """Compute each metric with the oracle on all rows and on each zone."""
    told: dict[tuple[str, str], Any] = {}
    for name, score in wanted.items():
        told[subject, name] = pytest.approx(score(columns), rel=1e-9)
        for zone in ZONES:
            own = columns["zone"] == zone
            part = {key: column[own] for key, column in columns.items()}
            told[f"zone={zone}", name] = pytest.approx(score(part), rel=1e-9)
    return told


def truth(columns: Columns) -> NDArray[Any]:
    return np.asarray(columns["y"] == "yes")


def above(columns: Columns) -> NDArray[Any]:
    return np.asarray(columns["p"] >= 0.4)


BINARY: dict[str, Callable[[Columns], float]] = {
    "accuracy": lambda c: oracle.accuracy_score(truth(c), above(c)),
    "precision": lambda c: oracle.precision_score(truth(c), above(c)),
    "recall": lambda c: oracle.recall_score(truth(c), above(c)),
    "f1": lambda c: oracle.f1_score(truth(c), above(c)),
    "roc_auc": lambda c: oracle.roc_auc_score(truth(c), c["p"]),
    "log_loss": lambda c: oracle.log_loss(truth(c), c["p"]),
}
VALUES: dict[str, Callable[[Columns], float]] = {
    "mean_absolute_error": lambda c: oracle.mean_absolute_error(c["y"], c["guess"]),
    "root_mean_squared_error": lambda c: oracle.root_mean_squared_error(c["y"], c["guess"]),
    "r2": lambda c: oracle.r2_score(c["y"], c["guess"]),
}


def test_two_classes_with_scores(tmp_path: Path) -> None:
    world, columns = World(tmp_path, INPUTS), drawn()
    world.csv(written(columns), name="h")
    found = values(world, dataset="h", model="binary", metrics={name: {"min": 0} for name in BINARY})
    assert found == expected(columns, BINARY, "binary")


@pytest.mark.parametrize("average", ["macro", "micro", "weighted"])
def test_several_classes(tmp_path: Path, average: str) -> None:
    generator = np.random.default_rng(11)
    kinds = np.array(["a", "b", "c", "d d", "é"])
    true = kinds[generator.integers(0, 5, 300)]
    guess = np.where(generator.random(300) < 0.6, true, kinds[generator.integers(0, 5, 300)])
    columns = {"y": true, "guess": guess, "zone": ZONES[generator.integers(0, 2, 300)]}
    world = World(tmp_path, INPUTS)
    world.csv(written(columns), name="h")
    limit = {"min": 0, "average": average}
    found = values(
        world, dataset="h", model="classes", metrics=dict.fromkeys(("precision", "recall", "f1"), limit)
    )
    scores = {
        "precision": lambda c: oracle.precision_score(c["y"], c["guess"], average=average),
        "recall": lambda c: oracle.recall_score(c["y"], c["guess"], average=average),
        "f1": lambda c: oracle.f1_score(c["y"], c["guess"], average=average),
    }
    assert found == expected(columns, scores, "classes")


def test_numbers(tmp_path: Path) -> None:
    generator = np.random.default_rng(13)
    true = generator.normal(100, 15, 300)
    columns = {
        "y": true,
        "guess": true + generator.normal(1, 5, 300),
        "zone": ZONES[generator.integers(0, 2, 300)],
    }
    world = World(tmp_path, INPUTS)
    world.csv(written(columns), name="n")
    found = values(world, dataset="n", model="numbers", metrics={name: {"max": 1e9} for name in VALUES})
    assert found == expected(columns, VALUES, "numbers")


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    columns = drawn(200)
    told = []
    for seed in range(2):
        (folder := tmp_path / str(seed)).mkdir()
        world = World(folder, INPUTS)
        order = np.random.default_rng(seed).permutation(200)
        world.csv(written({name: column[order] for name, column in columns.items()}), name="h")
        told.append(values(world, dataset="h", model="binary", metrics={name: {"min": 0} for name in BINARY}))
    assert told[0] == told[1]
