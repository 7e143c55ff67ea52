"""Drift by Evidently: Kolmogorov-Smirnov for numbers, chi-square for levels, all rows.

python evidently_drift.py REFERENCE CURRENT prints the p-value of each column, as JSON.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

from drift_columns import LEVELS, NUMBERS, read  # noqa: E402
from evidently import DataDefinition, Dataset, Report  # noqa: E402
from evidently.presets import DataDriftPreset  # noqa: E402


def main(reference: str, current: str) -> dict[str, float]:
    """Return the p-value of each column."""
    definition = DataDefinition(numerical_columns=NUMBERS, categorical_columns=LEVELS)
    before, after = (
        Dataset.from_pandas(read(path), data_definition=definition) for path in (reference, current)
    )
    report = Report([DataDriftPreset(num_method="ks", cat_method="chisquare")])
    metrics = report.run(after, before).dict()["metrics"]
    columns = {metric["config"].get("column"): metric["value"] for metric in metrics}
    return {name: float(columns[name]) for name in (*NUMBERS, *LEVELS)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
