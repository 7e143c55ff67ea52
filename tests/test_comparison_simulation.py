"""What is promised of comparisons holds in a small simulation, through the check and the judge."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[1] / "bench"
RUNS = 2_000


@pytest.fixture(scope="module")
def simulation() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCH))
    yield importlib.import_module("comparison_simulation")
    sys.path.remove(str(BENCH))
    del sys.modules["comparison_simulation"]


def test_equal_models_are_rarely_blocked(simulation: ModuleType) -> None:
    assert simulation.verdicts(2_000, 0.0, RUNS)["blocked"] <= 0.05 * RUNS


def test_a_drop_of_twice_the_margin_is_rarely_merged(simulation: ModuleType) -> None:
    assert RUNS - simulation.verdicts(2_000, 0.02, RUNS)["blocked"] <= 0.05 * RUNS


def test_as_many_are_undecided_as_theory_says(simulation: ModuleType) -> None:
    passed, failed = simulation.theory(2_000, 0.0)
    undecided = simulation.verdicts(2_000, 0.0, RUNS)["inconclusive"] / RUNS
    assert undecided == pytest.approx(1 - passed - failed, abs=0.05)


@pytest.mark.parametrize("metric", ["accuracy", "precision", "f1", "roc_auc", "log_loss", "r2"])
def test_intervals_miss_no_more_than_a_tenth_by_much(simulation: ModuleType, metric: str) -> None:
    truth = simulation.difference(
        simulation.METRICS[metric].model_validate({"min": 0}),
        simulation.METHODS[metric](simulation.np.random.default_rng(1), 400_000),
        confidence=0.9,
    ).found.difference
    below, above = simulation.coverage(metric, 500, runs=300, truth=truth)
    assert below + above <= 0.16
