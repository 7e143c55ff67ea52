"""The forty rules in SodaCL, by soda-core on DuckDB over the file.

python soda_rules.py FILE prints the rules that are broken, as JSON; it needs soda-core-duckdb.
"""

import json
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
from soda.scan import Scan

sys.path.append(str(Path(__file__).parents[1]))

from rules import NOT_NULL, NULL_SHARES, PATTERNS, RANGES, SETS, TYPES, UNIQUE

STORED = {"float": "DOUBLE", "int": "BIGINT", "string": "VARCHAR", "timestamp": "TIMESTAMP"}
TIME = "ordered_at"


def checks() -> Iterator[str]:
    """Yield the lines of the checks."""
    yield "checks for orders:"
    for column in NOT_NULL:
        yield f"  - missing_count({column}) = 0: {{name: 'nulls:{column}'}}"
    for column, share in NULL_SHARES.items():
        yield f"  - missing_percent({column}) <= {share * 100:g}: {{name: 'nulls:{column}'}}"
    for column, (low, high) in RANGES.items():
        if column == TIME:
            outside = f"{TIME} < timestamp '{low}' or {TIME} > timestamp '{high}'"
            query = f"select count(*) from orders where {outside}"  # noqa: S608 - no text from outside
            yield f"  - late = 0: {{name: 'range:{column}', late query: \"{query}\"}}"
        else:
            ends = f"valid min: {low}, valid max: {high}"
            yield f"  - invalid_count({column}) = 0: {{name: 'range:{column}', {ends}}}"
    for column, values in SETS.items():
        yield f"  - invalid_count({column}) = 0: {{name: 'in:{column}', valid values: {list(values)}}}"
    for column, pattern in PATTERNS.items():
        yield f"  - invalid_count({column}) = 0: {{name: 'regex:{column}', valid regex: '{pattern}'}}"
    for column in UNIQUE:
        yield f"  - duplicate_count({column}) = 0: {{name: 'unique:{column}'}}"
    for column, kind in TYPES.items():
        fails = f"when wrong column type: {{{column}: {STORED[kind]}}}"
        yield f"  - schema: {{name: 'type:{column}', fail: {{{fails}}}}}"


def broken(path: str) -> list[str]:
    """Return the rules that are broken."""
    logging.disable(logging.INFO)
    engine = duckdb.connect()
    engine.execute(f"CREATE VIEW orders AS FROM read_parquet('{path}')")
    scan = Scan()
    scan.disable_telemetry()
    scan.set_data_source_name("duckdb")
    scan.add_duckdb_connection(engine)
    scan.add_sodacl_yaml_str("\n".join(checks()))
    scan.execute()
    if scan.has_error_logs():
        sys.exit(scan.get_error_logs_text())
    return sorted(one["name"] for one in scan.get_scan_results()["checks"] if one["outcome"] != "pass")


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
