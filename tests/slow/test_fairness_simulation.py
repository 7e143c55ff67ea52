"""What is promised of fairness and of weak segments holds in a simulation, with fewer runs."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture(scope="module")
def simulation() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCH))
    yield importlib.import_module("fairness_simulation")
    sys.path.remove(str(BENCH))
    del sys.modules["fairness_simulation"]


@pytest.mark.parametrize(
    "metric, limit",
    [
        ("demographic_parity_difference", 0.0),
        ("equalized_odds_difference", 0.0),
        ("demographic_parity_ratio", 1.0),
    ],
)
def test_equal_groups_seldom_fail(simulation: ModuleType, metric: str, limit: float) -> None:
    runs = 300
    found = simulation.fairness(range(runs), 200, gap=0, limit=limit, metric=metric)
    # Two standard deviations of what chance adds to 5% in so few runs.
    assert found["failed"] <= 0.05 * runs + 2 * (0.05 * 0.95 * runs) ** 0.5
    assert found["errored"] == 0


def test_a_wide_gap_fails_and_large_equal_groups_pass(simulation: ModuleType) -> None:
    metric = "demographic_parity_difference"
    assert simulation.fairness(range(50), 5_000, gap=0.2, limit=0.1, metric=metric)["failed"] == 50
    assert simulation.fairness(range(50), 5_000, gap=0, limit=0.1, metric=metric)["passed"] == 50


def test_a_planted_segment_is_found(simulation: ModuleType) -> None:
    assert simulation.segments(range(40), drop=0.15, max_worse=0.05)["planted"] >= 36


@pytest.mark.parametrize("max_worse", [0.0, 0.05])
def test_without_one_nothing_is_reported(simulation: ModuleType, max_worse: float) -> None:
    assert simulation.segments(range(60), drop=0.0, max_worse=max_worse)["any"] <= 3
