"""The forty rules in Great Expectations, on pandas, its briefest result format that counts.

python great_expectations_rules.py FILE prints the rules that are broken, as JSON; it needs pyarrow too.
"""

import json
import os
import sys
from pathlib import Path

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import great_expectations as gx
import pandas as pd
from great_expectations import expectations as expect

sys.path.append(str(Path(__file__).parents[1]))

from rules import NOT_NULL, NULL_SHARES, PATTERNS, RANGES, SETS, TYPES, UNIQUE

STORED = {
    "float": ["float64"],
    "int": ["int64"],
    "string": ["str", "object"],
    "timestamp": ["datetime64[us]", "datetime64", "Timestamp"],
}


def expectations() -> dict[str, expect.Expectation]:
    """Return the forty rules by name."""
    found = {f"nulls:{name}": expect.ExpectColumnValuesToNotBeNull(column=name) for name in NOT_NULL}
    found |= {
        f"nulls:{name}": expect.ExpectColumnValuesToNotBeNull(column=name, mostly=1 - share)
        for name, share in NULL_SHARES.items()
    }
    found |= {
        f"range:{name}": expect.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high)
        for name, (low, high) in RANGES.items()
    }
    found |= {
        f"in:{name}": expect.ExpectColumnValuesToBeInSet(column=name, value_set=list(values))
        for name, values in SETS.items()
    }
    found |= {
        f"regex:{name}": expect.ExpectColumnValuesToMatchRegex(column=name, regex=pattern)
        for name, pattern in PATTERNS.items()
    }
    found |= {f"unique:{name}": expect.ExpectColumnValuesToBeUnique(column=name) for name in UNIQUE}
    return found | {
        f"type:{name}": expect.ExpectColumnValuesToBeInTypeList(column=name, type_list=STORED[kind])
        for name, kind in TYPES.items()
    }


def broken(path: str) -> list[str]:
    """Return the rules that are broken."""
    rows = pd.read_parquet(path)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False, "metric_calculations": False}
    asset = context.data_sources.add_pandas("memory").add_dataframe_asset("orders")
    suite = context.suites.add(gx.ExpectationSuite(name="rules"))
    for name, one in expectations().items():
        one.meta = {"rule": name}
        suite.add_expectation(one)
    batch = asset.add_batch_definition_whole_dataframe("whole")
    definition = context.validation_definitions.add(
        gx.ValidationDefinition(name="bench", data=batch, suite=suite)
    )
    found = definition.run(batch_parameters={"dataframe": rows}, result_format="BASIC")
    return sorted(one.expectation_config.meta["rule"] for one in found.results if not one.success)


if __name__ == "__main__":
    print(json.dumps(broken(sys.argv[1])))
