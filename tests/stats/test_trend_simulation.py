"""What is promised of a trend holds in simulations: false alarms once in N runs, changes seen soon."""

import importlib.util
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from mlval.stats.monitor import SLACKS, Method
from mlval.stats.run_length import cusum_run_length, cusum_threshold

SCRIPT = Path(__file__).parents[2] / "bench" / "trend_simulation.py"

every_method = pytest.mark.parametrize("method", list(SLACKS))


@pytest.fixture(scope="module")
def simulation() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("trend_simulation", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@every_method
@pytest.mark.parametrize("every", [20, 50, 100, 200, 500, 1000])
def test_false_alarms_come_every_n_runs_from_20_stored_runs_on(
    simulation: ModuleType, method: Method, every: int
) -> None:
    setup = simulation.Setup(method=method, draw=simulation.normal, every=every, stored=20)
    found = simulation.measure(setup, series=max(300, 60_000 // every), longest=4 * every, seed=1)
    assert abs(found.average - every) <= 0.25 * every
    assert found.error < 0.07 * every


@pytest.mark.parametrize("draw", ["normal", "heavy", "skewed"])
def test_ranks_keep_that_whatever_the_distribution(simulation: ModuleType, draw: str) -> None:
    setup = simulation.Setup(method="ranks", draw=getattr(simulation, draw), every=100, stored=20)
    found = simulation.measure(setup, series=500, longest=400, seed=2)
    assert found.average == pytest.approx(100, rel=0.15)


@pytest.mark.parametrize(
    "method, stored", [("page_hinkley", 20), ("ranks", 30), ("cusum", 40), ("ranks", 100), ("cusum", 100)]
)
def test_a_change_by_one_sd_is_seen_within_15_runs_on_average(
    simulation: ModuleType, method: Method, stored: int
) -> None:
    setup = simulation.Setup(method=method, draw=simulation.normal, stored=stored)
    assert simulation.delay(setup, by=1.0, series=600).lengths.mean() <= 15.0


@every_method
def test_in_the_median_it_is_from_20_stored_runs_on(simulation: ModuleType, method: Method) -> None:
    setup = simulation.Setup(method=method, draw=simulation.normal, stored=20)
    assert np.median(simulation.delay(setup, by=1.0, series=600).lengths) <= 12.0


def test_with_a_long_history_delays_are_those_of_theory(simulation: ModuleType) -> None:
    setup = simulation.Setup(method="cusum", draw=simulation.normal, stored=1000)
    theory = cusum_run_length(cusum_threshold(100.0, slack=0.5), slack=0.5, shift=1.0)
    assert simulation.delay(setup, by=1.0, series=600).lengths.mean() == pytest.approx(theory, rel=0.08)


@every_method
def test_with_phases_a_weekly_cycle_costs_no_false_alarms(simulation: ModuleType, method: Method) -> None:
    setup = simulation.Setup(method=method, draw=simulation.weekly, stored=50, weekly=True)
    found = simulation.measure(setup, series=300, longest=400, seed=3)
    assert found.average == pytest.approx(100, rel=0.25)


@every_method
def test_with_phases_a_change_is_seen_as_soon(simulation: ModuleType, method: Method) -> None:
    setup = simulation.Setup(method=method, draw=simulation.weekly, stored=50, weekly=True)
    assert simulation.delay(setup, by=1.0, series=200).lengths.mean() <= 15.0


@every_method
@pytest.mark.parametrize("by", [0.3, 0.6])
def test_dependence_makes_alarms_frequent_until_it_is_taken_out(
    simulation: ModuleType, method: Method, by: float
) -> None:
    draw = partial(simulation.autocorrelated, by=by)
    lengths = [
        simulation.measure(
            simulation.Setup(method=method, draw=draw, stored=50, dependent=dependent),
            series=400,
            longest=400,
            seed=4,
        ).average
        for dependent in (False, True)
    ]
    assert lengths[0] < 60
    assert 80 < lengths[1] < 150


@every_method
def test_the_whole_of_it_alarms_as_often(simulation: ModuleType, method: Method) -> None:
    assert simulation.spacing(method, every=50, series=20, length=1000, seed=5) == pytest.approx(55, rel=0.25)


def test_the_tables_are_markdown(simulation: ModuleType) -> None:
    lines = simulation.table(["a", "b"], [["1", "2"]]).splitlines()
    assert lines == ["| a | b |", "| --- | --- |", "| 1 | 2 |"]
