"""The simulation of drift verdicts: its engine answers as the real one, its formulas are those of scipy."""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import duckdb
import numpy as np
import pytest
from scipy import stats
from scipy.spatial import distance

from mlval.checks.drift import Drift
from mlval.domain.asks import Shape
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.source import TableFiles
from mlval.measure.connection import Resources
from mlval.measure.engine import Engine

BENCH = Path(__file__).parents[1] / "bench"
MODULES = ("drift_samples", "drift_rules", "drift_simulation")


@pytest.fixture(scope="module")
def bench() -> Iterator[dict[str, ModuleType]]:
    sys.path.insert(0, str(BENCH))
    yield {name: importlib.import_module(name) for name in MODULES}
    sys.path.remove(str(BENCH))
    for name in MODULES:
        del sys.modules[name]


@pytest.fixture(scope="module")
def samples(bench: dict[str, ModuleType]) -> dict[str, object]:
    draw = np.random.default_rng(1)
    return {
        name: bench["drift_samples"].sample(draw, rows)
        for name, rows in (("reference", 2000), ("current", 500))
    }


def engine_of(folder: Path, samples: dict[str, object]) -> Engine:
    """Write the samples as files and open them with the real engine."""
    engine = Engine(Resources(folder, 1, None), Inputs({}))
    for name, table in samples.items():
        columns = dict(getattr(table, "numbers"))  # noqa: B009 - of a module that types do not know
        levels = getattr(table, "levels")  # noqa: B009
        columns |= {key: np.repeat([f"{rank:03}" for rank in range(len(c))], c) for key, c in levels.items()}
        source = duckdb.connect()
        source.register("given", columns)
        source.execute(f"COPY given TO '{folder / name}.parquet' (FORMAT parquet)")
        engine.open(name, TableFiles((str(folder / f"{name}.parquet"),), "parquet"))
    engine.lock()
    return engine


def test_every_ask_has_the_answer_of_the_engine(
    bench: dict[str, ModuleType], samples: dict[str, object], tmp_path: Path
) -> None:
    engine = engine_of(tmp_path, samples)
    data = Dataset.model_validate({"from": "input"})
    steps = Drift.model_validate({"type": "drift"}).steps(Inputs({"reference": data, "current": data}))
    asked, seen = next(steps), 0
    while True:
        by_engine, by_arrays = engine.answer(asked), bench["drift_samples"].answers(samples, asked)
        for ask, found in zip(asked, by_arrays, strict=True):
            if not isinstance(ask, Shape):
                assert bench["drift_samples"].plain(found) == bench["drift_samples"].plain(by_engine[ask]), (
                    ask
                )
                seen += 1
        try:
            asked = steps.send(by_arrays)
        except StopIteration:
            break
    assert seen > 40


def test_distances_are_those_of_scipy(bench: dict[str, ModuleType]) -> None:
    rules, draw = bench["drift_rules"], np.random.default_rng(2)
    for before, after in (
        (draw.normal(size=2000), draw.normal(0.2, 1, size=200)),
        (draw.poisson(5, 300).astype(float), draw.poisson(6, 900).astype(float)),
    ):
        first, second = np.sort(before), np.sort(after)
        assert rules._ks(first, second) == pytest.approx(stats.ks_2samp(before, after).statistic)
        assert rules._area(first, second) == pytest.approx(stats.wasserstein_distance(before, after))
    p, q = np.array([5, 0, 3]), np.array([1, 2, 9])
    nats = rules._js(p, q) * np.sqrt(np.log(2))
    assert nats == pytest.approx(distance.jensenshannon(p, q))


def test_bins_of_one_width_are_as_many_as_doane_says(bench: dict[str, ModuleType]) -> None:
    for values in (np.random.default_rng(3).normal(size=3000), np.random.default_rng(4).lognormal(size=3000)):
        expected = np.histogram_bin_edges(values, bins="doane")[1:]
        assert bench["drift_rules"]._edges(np.sort(values)) == pytest.approx(expected)


def test_bounds_are_exact_binomial_ones(bench: dict[str, ModuleType]) -> None:
    simulation = bench["drift_simulation"]
    assert simulation.upper(40, 2000) == pytest.approx(
        stats.binomtest(40, 2000).proportion_ci(0.98, "exact").high
    )
    assert simulation.lower(1930, 2000) == pytest.approx(
        stats.binomtest(1930, 2000).proportion_ci(0.98, "exact").low
    )
    assert (simulation.upper(10, 10), simulation.lower(0, 10)) == (1.0, 0.0)


def test_a_few_runs_surely_miss_no_target(bench: dict[str, ModuleType]) -> None:
    simulation = bench["drift_simulation"]
    tally = simulation.cells(range(10), 5_000, (50, 200))
    assert [cell for cell, found in tally.items() if found["runs"] != 10] == []
    assert set(tally) == {(5_000, 50, 0.0), (5_000, 50, 1.0), (5_000, 200, 0.0), (5_000, 200, 0.5)}
    assert simulation.misses(tally, surely=True) == []
    assert tally[5_000, 50, 0.0]["undecided"] > 0
    assert simulation.tables(tally).count("\n| 5,000, 50 |") == 5


def test_the_same_runs_are_the_same_numbers(bench: dict[str, ModuleType]) -> None:
    simulation = bench["drift_simulation"]
    whole = simulation.cells(range(4), 5_000, (50,))
    parts = [simulation.cells([run], 5_000, (50,)) for run in (3, 1, 0, 2)]
    for cell, found in whole.items():
        assert {key: sum(part[cell][key] for part in parts) for key in found} == dict(found)


def test_a_missed_target_is_told(bench: dict[str, ModuleType]) -> None:
    simulation = bench["drift_simulation"]
    runs = {"runs": 2000, "results": 40_000, "continuous": 16_000}
    tally = {
        (5_000, 50, 0.0): simulation.Counter(runs | {"failed": 90}),
        (5_000, 50, 1.0): simulation.Counter(runs | {"moved": 1880}),
        (5_000, 1_000, 0.0): simulation.Counter(runs | {"continuous undecided": 1600, "strange": 1}),
    }
    assert simulation.misses(tally) == [
        "5,000 against 50 rows: any column fails in 4.5% of the runs, at most 5.7%",
        "5,000 against 50 rows, 1 sd: seen in 94.0% of the runs",
        "5,000 against 1,000 rows: 1 results are errored or skipped",
        "5,000 against 1,000 rows: 10.0% of the clean continuous columns are inconclusive",
    ]
