"""The floor for `rules.yml`: the same forty rules as one query of the engine, without anything around it.

python bare_rules.py FILE prints the rules that are broken, with their counts, as JSON.
"""

import json
import sys

import duckdb

NOT_NULL = (
    *("normal", "shifted", "widened", "skewed", "skewed_shifted", "uniform"),
    *("age", "items", "identifier", "country", "plan", "product", "ordered_at"),
)
RANGES = {
    "normal": (-8, 8),
    "shifted": (-8, 8),
    "widened": (-12, 12),
    "skewed": (0, 2000),
    "skewed_shifted": (0, 2000),
    "mostly_zero": (0, 500),
    "mostly_zero_shifted": (0, 500),
    "gaps": (-20, 40),
    "uniform": (0, 100),
    "two_peaks": (-12, 12),
    "age": (18, 100),
    "items": (0, 120),
    "ordered_at": ("TIMESTAMP '2024-01-01'", "TIMESTAMP '2024-12-31'"),
}
SETS = {
    "country": ("DE", "FR", "GB", "IN", "US"),
    "plan": tuple(f"{name}_{size}" for name in ("free", "basic", "pro", "team") for size in (1, 2, 3)),
}
PATTERNS = {"plan": "^[a-z]+_[0-9]+$", "merchant": "^M[0-9]{4}$", "product": "^SKU-[0-9]{5}$"}
NULL_SHARES = {"gaps": 0.06, "gaps_grown": 0.05}
UNIQUE = ("identifier",)
TYPES = {
    "normal": "DOUBLE",
    "uniform": "DOUBLE",
    "age": "BIGINT",
    "identifier": "BIGINT",
    "country": "VARCHAR",
    "ordered_at": "TIMESTAMP",
}


def broken(path: str) -> dict[str, int]:
    """Return by rule how many rows break it, where any do."""
    counted = {f"nulls:{column}": f"count(*) - count({column})" for column in (*NOT_NULL, *NULL_SHARES)}
    counted |= {
        f"range:{column}": f"count_if({column} < {low} OR {column} > {high})"
        for column, (low, high) in RANGES.items()
    }
    counted |= {f"in:{column}": f"count_if({column} NOT IN {values})" for column, values in SETS.items()}
    counted |= {
        f"regex:{column}": f"count_if(NOT regexp_matches({column}, '{pattern}'))"
        for column, pattern in PATTERNS.items()
    }
    counted |= {f"unique:{column}": f"count(*) - count(DISTINCT {column})" for column in UNIQUE}
    engine = duckdb.connect()
    source = f"read_parquet('{path}')"
    query = f"SELECT count(*), {', '.join(counted.values())} FROM {source}"  # noqa: S608 - no text from outside
    found = engine.execute(query).fetchone()
    stored = {name: kind for name, kind, *_ in engine.execute(f"DESCRIBE FROM {source}").fetchall()}
    rows, *values = found or ()
    counts = dict(zip(counted, values, strict=True))
    counts |= {f"type:{column}": rows * (stored[column] != kind) for column, kind in TYPES.items()}
    allowed = {f"nulls:{column}": share * rows for column, share in NULL_SHARES.items()}
    return {rule: int(count) for rule, count in counts.items() if count > allowed.get(rule, 0)}


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
