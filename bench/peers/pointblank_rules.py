"""The forty rules in pointblank, on polars, one step a rule; nulls pass all but the rules for nulls.

python pointblank_rules.py FILE prints the rules that are broken, as JSON; it needs pointblank and polars.
"""

import json
import sys
from pathlib import Path

import pointblank
import polars as pl

sys.path.append(str(Path(__file__).parents[1]))

from rules import NOT_NULL, NULL_SHARES, PATTERNS, RANGES, SETS, TYPES, UNIQUE

STORED = {
    "float": "Float64",
    "int": "Int64",
    "string": "String",
    "timestamp": "Datetime(time_unit='us', time_zone=None)",
}


def broken(path: str) -> list[str]:
    """Return the rules that are broken."""
    steps = pointblank.Validate(pl.read_parquet(path))
    names: list[str] = []
    for column in (*NOT_NULL, *NULL_SHARES):
        steps = steps.col_vals_not_null(columns=column)
        names.append(f"nulls:{column}")
    for column, (low, high) in RANGES.items():
        steps = steps.col_vals_between(columns=column, left=low, right=high, na_pass=True)
        names.append(f"range:{column}")
    for column, values in SETS.items():
        steps = steps.col_vals_in_set(columns=column, set=[*values, None])
        names.append(f"in:{column}")
    for column, pattern in PATTERNS.items():
        steps = steps.col_vals_regex(columns=column, pattern=pattern, na_pass=True)
        names.append(f"regex:{column}")
    for column in UNIQUE:
        steps = steps.rows_distinct(columns_subset=[column])
        names.append(f"unique:{column}")
    for column, kind in TYPES.items():
        schema = pointblank.Schema(columns=[(column, STORED[kind])])
        steps = steps.col_schema_match(schema=schema, complete=False, in_order=False)
        names.append(f"type:{column}")
    done = steps.interrogate().validation_info
    if failed := [name for name, step in zip(names, done, strict=True) if step.eval_error]:
        sys.exit(f"not evaluated: {', '.join(failed)}")
    allowed = {f"nulls:{column}": share for column, share in NULL_SHARES.items()}
    shares = {name: step.f_failed for name, step in zip(names, done, strict=True)}
    passed = {name for name, step in zip(names, done, strict=True) if step.all_passed}
    return sorted(name for name in names if name not in passed and shares[name] > allowed.get(name, 0))


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
