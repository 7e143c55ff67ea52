"""Made-up orders of any size: twenty columns, as a reference and as rows that came later and changed.

Reference and current rows have the same columns. In the current rows the columns whose names say so have
changed, and seven of the forty rules of `rules.yml` are broken, each in a few rows.

python orders.py FOLDER ROWS... writes what is not there yet.
"""

import sys
from pathlib import Path
from typing import Any, Final

import duckdb
import numpy as np
from numpy.typing import NDArray

BATCH: Final = 500_000

# Texts are made from codes inside the engine, which is quicker than a million objects of Python.
_SELECTED: Final = """
    normal, shifted, widened, skewed, skewed_shifted, mostly_zero, mostly_zero_shifted,
    CASE WHEN isnan(gaps) THEN NULL ELSE gaps END AS gaps,
    CASE WHEN isnan(gaps_grown) THEN NULL ELSE gaps_grown END AS gaps_grown,
    uniform, two_peaks, heavy_tails, age, items, identifier,
    (['DE', 'FR', 'GB', 'IN', 'US', 'ZZ', NULL])[country + 1] AS country,
    (['free', 'basic', 'pro', 'team'])[plan // 3 + 1] || '_' || (plan % 3 + 1) AS plan,
    format('M{:04d}', merchant) AS merchant,
    CASE WHEN product < 0 THEN 'unknown' ELSE format('SKU-{:05d}', product) END AS product,
    TIMESTAMP '2024-01-01' + to_seconds(second) AS ordered_at
"""


def write(path: Path, *, rows: int, later: bool) -> None:
    """Write one file; what is half-written has another name."""
    engine = duckdb.connect()
    for start in range(0, rows, BATCH):
        count = min(BATCH, rows - start)
        draw = np.random.default_rng([20240101, int(later), start])
        engine.register("drawn", _drawn(draw, start=start, rows=count, total=rows, later=later))
        into = "CREATE TABLE orders AS" if start == 0 else "INSERT INTO orders"
        engine.execute(f"{into} SELECT {_SELECTED} FROM drawn")  # noqa: S608 - no text from outside
        engine.unregister("drawn")
    unfinished = path.with_suffix(".part")
    engine.execute(f"COPY orders TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)")
    unfinished.rename(path)


def _drawn(
    draw: np.random.Generator, *, start: int, rows: int, total: int, later: bool
) -> dict[str, NDArray[Any]]:
    """Draw rows `start` to `start + rows` of `total`."""
    change = 1.0 if later else 0.0
    bad = _some(draw, rows, 0.001) if later else np.empty(0, dtype=int)
    few = bad[: max(1, len(bad) // 5)] if later else bad
    columns: dict[str, NDArray[Any]] = {
        "normal": draw.normal(0, 1, rows),
        "shifted": draw.normal(0.3 * change, 1, rows),
        "widened": draw.normal(0, 1 + 0.3 * change, rows),
        "skewed": draw.lognormal(0, 1, rows),
        "skewed_shifted": draw.lognormal(0.25 * change, 1, rows),
        "mostly_zero": _zeros(draw, rows, 0.7),
        "mostly_zero_shifted": np.round(_zeros(draw, rows, 0.7 - 0.1 * change), 2),
        "gaps": _gaps(draw, rows, 0.05),
        "gaps_grown": _gaps(draw, rows, 0.02 + 0.06 * change),
        "uniform": draw.uniform(0, 100, rows),
        "two_peaks": draw.normal(0, 1, rows) + np.where(draw.random(rows) < 0.5 + 0.1 * change, -3, 3),
        "heavy_tails": draw.standard_t(4, rows),
        "age": np.clip(np.round(draw.normal(42 + 1.5 * change, 12, rows)), 18, 90).astype(np.int64),
        "items": draw.poisson(40, rows),
        # An odd factor and a power of two: every position has a number of its own.
        "identifier": np.arange(start, start + rows) * 2_654_435_761 % 2**33,
        "country": draw.integers(0, 5, rows),
        "plan": draw.choice(12, rows, p=_zipf(12, 0.5, reversed_share=0.15 * change)),
        "merchant": draw.choice(200, rows, p=_zipf(200, 0.8)),
        "product": draw.choice(2000, rows, p=_zipf(2000, 0.7, reversed_share=0.03 * change)),
        "second": np.sort(draw.integers(0, 30 * 86_400, rows)) * rows // total + 30 * 86_400 * start // total,
    }
    columns["uniform"][bad] = 150
    columns["age"][few] = 130
    columns["country"][bad[::2]] = 6
    columns["country"][bad[1::2]] = 5
    columns["product"][few] = -1
    if later:
        columns["identifier"][1] = columns["identifier"][0]
    return columns


def _some(draw: np.random.Generator, rows: int, share: float) -> NDArray[Any]:
    return draw.choice(rows, max(2, int(rows * share)), replace=False)


def _zeros(draw: np.random.Generator, rows: int, share: float) -> NDArray[Any]:
    return np.where(draw.random(rows) < share, 0.0, draw.exponential(5, rows))


def _gaps(draw: np.random.Generator, rows: int, share: float) -> NDArray[Any]:
    return np.where(draw.random(rows) < share, np.nan, draw.normal(10, 3, rows))


def _zipf(levels: int, exponent: float, *, reversed_share: float = 0.0) -> NDArray[Any]:
    weights: NDArray[Any] = 1 / np.arange(1, levels + 1) ** exponent
    shares: NDArray[Any] = weights / weights.sum()
    return shares * (1 - reversed_share) + shares[::-1] * reversed_share


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    for size in map(int, sys.argv[2:]):
        for part in ("reference", "current"):
            if not (file := place / f"{part}-{size}.parquet").exists():
                write(file, rows=size, later=part == "current")
