"""Truths, and the scores of two models for them, each in a file of its own and joined by key.

python rivals.py FOLDER ROWS... writes `truth-ROWS.parquet`, `candidate-ROWS.parquet` and
`champion-ROWS.parquet`, where they are not there yet.
"""

import sys
from pathlib import Path

import duckdb

DRAWN = "SELECT i, hash(3 * i) / 2.0^64 AS p, hash(3 * i + 1) / 2.0^64 AS luck FROM range({rows}) t(i)"
"""Calibrated scores; the champion's are the candidate's with some noise."""
NOISY = "greatest(0.001, least(0.999, p + (hash(7 * i) / 2.0^64 - 0.5) / 5))"


def write(folder: Path, *, rows: int) -> None:
    """Write the three tables; rows of the models come in another order than those of the truth."""
    tables = {
        "truth": "SELECT i, (luck < p)::INTEGER AS y FROM drawn ORDER BY i",
        "candidate": "SELECT i, greatest(0.001, least(0.999, p)) AS p FROM drawn ORDER BY hash(i)",
        "champion": f"SELECT i, {NOISY} AS p FROM drawn ORDER BY hash(i + 1)",  # noqa: S608 - no text from outside
    }
    for name, query in tables.items():
        path = folder / f"{name}-{rows}.parquet"
        unfinished = path.with_suffix(".part")
        duckdb.execute(
            f"COPY (WITH drawn AS ({DRAWN.format(rows=rows)}) {query}) TO '{unfinished}' (FORMAT parquet)"
        )
        unfinished.rename(path)


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.mkdir(parents=True, exist_ok=True)
    for size in map(int, sys.argv[2:]):
        if not (target / f"champion-{size}.parquet").exists():
            write(target, rows=size)
