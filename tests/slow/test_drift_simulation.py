"""What is promised of drift verdicts holds in a simulation of twenty columns, with fewer runs."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

BENCH = Path(__file__).parents[2] / "bench"
MODULES = ("drift_samples", "drift_rules", "drift_simulation")
RUNS = 60


@pytest.fixture(scope="module")
def simulation() -> Iterator[ModuleType]:
    sys.path.insert(0, str(BENCH))
    yield importlib.import_module("drift_simulation")
    sys.path.remove(str(BENCH))
    for name in MODULES:
        del sys.modules[name]


@pytest.mark.parametrize("rows", [5_000, 100_000])
def test_no_target_is_surely_missed(simulation: ModuleType, rows: int) -> None:
    assert simulation.misses(simulation.cells(range(RUNS), rows), surely=True) == []


def test_a_hundred_levels_are_quiet(simulation: ModuleType) -> None:
    found = simulation.many_levels(range(RUNS))
    assert (found["failed"], found["strange"]) == (0, 0)


def test_a_shift_too_small_to_matter_passes_however_many_rows(simulation: ModuleType) -> None:
    found = simulation.many_rows(range(3))
    assert (found["failed"], found["undecided"], found["strange"]) == (0, 0, 0)
