"""The forty rules in pandera, on polars, every failure reported.

python pandera_rules.py FILE prints the rules that are broken, as JSON; it needs pandera and polars.
"""

import json
import sys
from pathlib import Path

import pandera.polars as pandera
import polars as pl

sys.path.append(str(Path(__file__).parents[1]))

from rules import NOT_NULL, NULL_SHARES, PATTERNS, RANGES, SETS, TYPES, UNIQUE

STORED = {
    "float": pl.Float64,
    "int": pl.Int64,
    "string": pl.String,
    "timestamp": pl.Datetime("us"),
}
NAMES = {
    "not_nullable": "nulls",
    "field_uniqueness": "unique",
    "in_range": "range",
    "isin": "in",
    "str_matches": "regex",
}


def column(name: str) -> pandera.Column:
    """Return the rules for one column."""
    checks = []
    if name in RANGES:
        checks.append(pandera.Check.in_range(*RANGES[name]))
    if name in SETS:
        checks.append(pandera.Check.isin(SETS[name]))
    if name in PATTERNS:
        checks.append(pandera.Check.str_matches(PATTERNS[name]))
    if name in NULL_SHARES:
        checks.append(pandera.Check(share_of_nulls(NULL_SHARES[name]), name="nulls"))
    kind = STORED[TYPES[name]] if name in TYPES else None
    return pandera.Column(kind, checks, nullable=name not in NOT_NULL, unique=name in UNIQUE)


def share_of_nulls(limit: float):  # noqa: ANN201 - a function of pandera's own kind
    """Return a check that at most this share of a column is null."""
    return lambda data: data.lazyframe.select(pl.col(data.key).is_null().mean() <= limit)


def broken(path: str) -> list[str]:
    """Return the rules that are broken."""
    rows = pl.read_parquet(path)
    schema = pandera.DataFrameSchema({name: column(name) for name in rows.columns})
    try:
        schema.validate(rows, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases.select("column", "check").unique().rows()
        kinds = [(name, check.partition("(")[0]) for name, check in cases]
        return sorted({f"{NAMES.get(kind, kind)}:{name}" for name, kind in kinds})
    return []


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
