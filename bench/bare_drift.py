"""The floor for `drift.yml`: distances of nineteen columns between two files, without p-values or verdicts.

DuckDB reads one column at a time, numpy sorts it and finds the largest distance of the two distribution
functions; two threads share the columns. Levels are counted by the engine.

python bare_drift.py REFERENCE CURRENT prints the distance of each column, as JSON.
"""

import json
import sys
from concurrent.futures import ThreadPoolExecutor

import duckdb
import numpy as np
from numpy.typing import NDArray

NUMBERS = (
    *("normal", "shifted", "widened", "skewed", "skewed_shifted", "mostly_zero", "mostly_zero_shifted"),
    *("gaps", "gaps_grown", "uniform", "two_peaks", "heavy_tails", "age", "items", "identifier"),
)
LEVELS = ("country", "plan", "merchant", "product")
THREADS = 2


def distance_of_numbers(engine: duckdb.DuckDBPyConnection, column: str, paths: list[str]) -> float:
    """Return the largest distance between the distribution functions of one column."""
    before, after = (_sorted(engine, column, path) for path in paths)
    points = np.concatenate([before, after])
    left = np.searchsorted(before, points, side="right") / len(before)
    right = np.searchsorted(after, points, side="right") / len(after)
    return float(np.abs(left - right).max())


def distance_of_levels(engine: duckdb.DuckDBPyConnection, column: str, paths: list[str]) -> float:
    """Return the total variation between the shares of one column's levels."""
    before, after = (_shares(engine, column, path) for path in paths)
    return sum(abs(before.get(level, 0) - after.get(level, 0)) for level in {*before, *after}) / 2


def _shares(engine: duckdb.DuckDBPyConnection, column: str, path: str) -> dict[str, float]:
    query = f"SELECT {column}, count(*) FROM read_parquet('{path}') GROUP BY 1"  # noqa: S608 - no text from outside
    counts: dict[str, int] = dict(engine.execute(query).fetchall())
    return {level: count / sum(counts.values()) for level, count in counts.items()}


def _sorted(engine: duckdb.DuckDBPyConnection, column: str, path: str) -> NDArray[np.float64]:
    query = f"SELECT {column}::DOUBLE AS x FROM read_parquet('{path}') WHERE {column} IS NOT NULL"  # noqa: S608 - no text from outside
    values = np.asarray(engine.execute(query).fetchnumpy()["x"])
    values.sort()
    return values


def distances(paths: list[str]) -> dict[str, float]:
    """Return the distance of every column."""
    engine = duckdb.connect()
    with ThreadPoolExecutor(THREADS) as pool:
        tasks = {
            column: pool.submit(
                distance_of_levels if column in LEVELS else distance_of_numbers,
                engine.cursor(),
                column,
                paths,
            )
            for column in (*NUMBERS, *LEVELS)
        }
        return {column: round(task.result(), 6) for column, task in tasks.items()}


if __name__ == "__main__":
    print(json.dumps(distances(sys.argv[1:])))
