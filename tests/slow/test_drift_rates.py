"""How often the whole gate cries wolf, and how often it hears one: files in, exit code out."""

from collections import Counter
from functools import partial
from pathlib import Path

import duckdb
import numpy as np
import pytest

from mlval.__main__ import cli
from mlval.commands._errors import guarded

RUNS = 100
CONTRACT = """
version: 1
datasets: {reference: {path: reference.parquet}, current: {path: current.parquet}}
validations: [{type: drift, when_inconclusive: block}]
"""


def write(target: Path, rng: np.random.Generator, *, rows: int, shift: float, moved: float) -> None:
    """Write four columns of numbers and four of levels; the first of each may have changed."""
    zipf = 1 / np.arange(1, 31)
    shares = {3: np.full(3, 1 / 3), 5: np.full(5, 1 / 5), 30: zipf / zipf.sum()}
    changed = np.array([1 / 3 - moved, 1 / 3 + moved, 1 / 3])
    columns = {
        "normal": rng.normal(shift, 1, rows),
        "skewed": rng.lognormal(0, 1, rows),
        "many_zeros": np.where(rng.random(rows) < 0.7, 0.0, rng.exponential(1, rows)),
        "counts": rng.poisson(40, rows).astype(float),
        "plan": rng.choice(3, rows, p=changed),
        "region": rng.choice(5, rows, p=shares[5]),
        "product": rng.choice(30, rows, p=shares[30]),
        "rare": (rng.random(rows) < 0.01).astype(int),
    }
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", columns)
    as_levels = ", ".join(f"'level ' || {name} AS {name}" for name in ("plan", "region", "product", "rare"))
    engine.execute(
        f"COPY (SELECT normal, skewed, many_zeros, counts, {as_levels} FROM given)"
        f" TO '{target}' (FORMAT parquet)"
    )


def codes(folder: Path, *, rows: tuple[int, int], shift: float = 0.0, moved: float = 0.0) -> Counter[int]:
    """Return how often each exit code came out of so many pairs of files."""
    rng = np.random.default_rng(20260131)
    (folder / "mlval.yml").write_text(CONTRACT, encoding="utf-8")
    found: Counter[int] = Counter()
    for _ in range(RUNS):
        write(folder / "reference.parquet", rng, rows=rows[0], shift=0, moved=0)
        write(folder / "current.parquet", rng, rows=rows[1], shift=shift, moved=moved)
        call = ["run", str(folder / "mlval.yml"), "--quiet", "--threads", "1"]
        found[guarded(partial(cli, call, standalone_mode=False))] += 1
    return found


@pytest.mark.parametrize("rows", [(2_000, 2_000), (5_000, 500), (500, 100)])
def test_without_a_change_hardly_a_run_fails(tmp_path: Path, rows: tuple[int, int]) -> None:
    assert codes(tmp_path, rows=rows)[1] / RUNS <= 0.02


def test_without_a_change_enough_rows_pass(tmp_path: Path) -> None:
    assert codes(tmp_path, rows=(5_000, 5_000))[0] / RUNS >= 0.98


def test_few_rows_are_undecided_and_do_not_pass(tmp_path: Path) -> None:
    assert codes(tmp_path, rows=(500, 100))[0] == 0


def test_a_shift_of_three_tenths_of_a_deviation_is_heard(tmp_path: Path) -> None:
    assert codes(tmp_path, rows=(2_000, 2_000), shift=0.3)[1] / RUNS >= 0.9


def test_fifteen_rows_of_a_hundred_in_another_level_are_heard(tmp_path: Path) -> None:
    assert codes(tmp_path, rows=(2_000, 2_000), moved=0.15)[1] / RUNS >= 0.95


def test_a_change_too_small_to_matter_blocks_nothing(tmp_path: Path) -> None:
    found = codes(tmp_path, rows=(20_000, 20_000), shift=0.05, moved=0.02)
    assert found == Counter({0: RUNS})
