"""Drift by NannyML: Kolmogorov-Smirnov for numbers, Jensen-Shannon for levels, one chunk, its own defaults.

Its default for tables of this size is an estimate on bins.

python nannyml_drift.py REFERENCE CURRENT prints the distance of each column, as JSON.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import nannyml  # noqa: E402
from drift_columns import LEVELS, NUMBERS, read  # noqa: E402

NUMBER, LEVEL = "kolmogorov_smirnov", "jensen_shannon"


def main(reference: str, current: str) -> dict[str, float]:
    """Return the distance of each column."""
    nannyml.disable_usage_logging()
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=[*NUMBERS, *LEVELS],
        treat_as_categorical=LEVELS,
        continuous_methods=[NUMBER],
        categorical_methods=[LEVEL],
        chunk_number=1,
    )
    calculator.fit(read(reference))
    found = calculator.calculate(read(current)).filter(period="analysis").to_df()
    numbers = {name: float(found[name, NUMBER, "value"].iloc[0]) for name in NUMBERS}
    return numbers | {name: float(found[name, LEVEL, "value"].iloc[0]) for name in LEVELS}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
