"""The floor of a wide table: the engine reads, numpy counts nulls and values outside, some columns at once.

python bare_wide.py FILE prints the rules that are broken, with their counts, as JSON.
"""

import json
import sys
from typing import Any

import duckdb
import numpy as np
from wide import HIGH, LOW, NULLS

AT_ONCE = 40


def broken(path: str) -> dict[str, int]:
    """Return by rule how many rows break it, where any do."""
    engine = duckdb.connect()
    source = f"read_parquet('{path}')"
    described = engine.execute(f"DESCRIBE FROM {source}").fetchall()
    names = [name for name, *_ in described]
    counts = {f"type:{name}": 1 for name, stored, *_ in described if stored != "DOUBLE"}
    for start in range(0, len(names), AT_ONCE):
        part = ", ".join(names[start : start + AT_ONCE])
        for name, fetched in _fetched(engine, f"FROM {source} SELECT {part}").items():
            missing = np.ma.getmaskarray(fetched)
            values = np.ma.getdata(fetched)[~missing]
            nulls, rows = int(np.count_nonzero(missing)), len(fetched)
            outside = int(np.count_nonzero((values < LOW) | (values > HIGH)))
            counts |= {f"nulls:{name}": nulls} if nulls > NULLS * rows else {}
            counts |= {f"range:{name}": outside} if outside else {}
    return counts


def _fetched(engine: duckdb.DuckDBPyConnection, query: str) -> dict[str, Any]:
    return engine.execute(query).fetchnumpy()


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
