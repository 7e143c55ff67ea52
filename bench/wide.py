"""A table of many columns, and a contract with three rules for each of them.

python wide.py FOLDER ROWS COLUMNS writes `wide-ROWS.parquet` and `wide.yml`, where they are not there yet.
"""

import sys
from pathlib import Path

import duckdb

LOW, HIGH, NULLS = -6, 6, 0.02


def write(folder: Path, *, rows: int, columns: int) -> None:
    """Write table and contract; every tenth column has too many nulls, every fiftieth a large value."""
    names = [f"c{number:03d}" for number in range(columns)]
    contract = "".join(
        f"      {name}: {{type: float, range: [{LOW}, {HIGH}], nulls: 2%}}\n" for name in names
    )
    (folder / "wide.yml").write_text(
        "version: 1\nname: bench-wide\ndatasets: {wide: {from: input}}\n"
        f"validations:\n  - type: data\n    columns:\n{contract}",
        encoding="utf-8",
    )
    file = folder / f"wide-{rows}.parquet"
    if file.exists():
        return
    # A sum of four hashes is near enough to normal, and the same wherever it is made.
    drawn = ", ".join(_column(number, name) for number, name in enumerate(names))
    unfinished = file.with_suffix(".part")
    duckdb.execute(f"COPY (SELECT {drawn} FROM range({rows}) t(i)) TO '{unfinished}' (FORMAT parquet)")  # noqa: S608
    unfinished.rename(file)


def _column(number: int, name: str) -> str:
    uniform = " + ".join(f"hash(i * 4 + {part}, {number}) / 2.0^64" for part in range(4))
    share = 0.03 if number % 10 == 0 else 0.01
    spike = f"WHEN i = {number} THEN 7.0 " if number % 50 == 0 else ""
    return (
        f"CASE WHEN hash(i, {number}, 9) / 2.0^64 < {share} THEN NULL {spike}ELSE {uniform} - 2 END AS {name}"
    )


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    write(place, rows=int(sys.argv[2]), columns=int(sys.argv[3]))
