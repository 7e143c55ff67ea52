"""A table of truths, scores and groups, as a model of two classes gives them.

python scored.py FOLDER ROWS... writes `scored-ROWS.parquet`, where it is not there yet.
"""

import sys
from pathlib import Path

import duckdb


def write(file: Path, *, rows: int) -> None:
    """Write one table: calibrated scores, five groups of different sizes."""
    unfinished = file.with_suffix(".part")
    drawn = (
        "SELECT i, hash(3 * i) / 2.0^64 AS p, hash(3 * i + 1) / 2.0^64 AS luck, hash(3 * i + 2) % 15 AS place"  # noqa: S608 - no text from outside
        f" FROM range({rows}) t(i)"
    )
    zone = "(['north', 'south', 'east', 'west', 'centre'])[CASE WHEN place < 5 THEN 1 WHEN place < 9 THEN 2"
    zone += " WHEN place < 12 THEN 3 WHEN place < 14 THEN 4 ELSE 5 END]"
    duckdb.execute(
        f"COPY (SELECT (luck < p)::INTEGER AS y, p, {zone} AS zone FROM ({drawn}) ORDER BY i)"  # noqa: S608 - as above
        f" TO '{unfinished}' (FORMAT parquet)"
    )
    unfinished.rename(file)


if __name__ == "__main__":
    for size in map(int, sys.argv[2:]):
        path = Path(sys.argv[1], f"scored-{size}.parquet")
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write(path, rows=size)
