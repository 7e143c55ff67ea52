"""The floor for `rules.yml`: the same forty rules as one query of the engine, without anything around it.

python bare_rules.py FILE prints the rules that are broken, with their counts, as JSON.
"""

import json
import sys
from datetime import datetime

import duckdb
from rules import NOT_NULL, NULL_SHARES, PATTERNS, RANGES, SETS, TYPES, UNIQUE

STORED = {"float": "DOUBLE", "int": "BIGINT", "string": "VARCHAR", "timestamp": "TIMESTAMP"}


def broken(path: str) -> dict[str, int]:
    """Return by rule how many rows break it, where any do."""
    counted = {f"nulls:{column}": f"count(*) - count({column})" for column in (*NOT_NULL, *NULL_SHARES)}
    counted |= {
        f"range:{column}": f"count_if({column} < {_literal(low)} OR {column} > {_literal(high)})"
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
    counts |= {f"type:{column}": rows * (stored[column] != STORED[kind]) for column, kind in TYPES.items()}
    allowed = {f"nulls:{column}": share * rows for column, share in NULL_SHARES.items()}
    return {rule: int(count) for rule, count in counts.items() if count > allowed.get(rule, 0)}


def _literal(end: float | datetime) -> str:
    return f"TIMESTAMP '{end}'" if isinstance(end, datetime) else str(end)


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
