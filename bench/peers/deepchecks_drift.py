"""Drift by deepchecks: Kolmogorov-Smirnov for numbers, Cramér's V for levels, all rows and all levels.

python deepchecks_drift.py REFERENCE CURRENT prints the score of each column, as JSON.
"""

import json
import logging
import sys
import warnings

warnings.filterwarnings("ignore")
logging.disable(logging.WARNING)

from deepchecks.tabular import Dataset  # noqa: E402
from deepchecks.tabular.checks import FeatureDrift  # noqa: E402
from drift_columns import LEVELS, NUMBERS, read  # noqa: E402


def main(reference: str, current: str) -> dict[str, float]:
    """Return the score of each column."""
    before, after = (Dataset(read(path), cat_features=LEVELS) for path in (reference, current))
    check = FeatureDrift(
        numerical_drift_method="KS",
        categorical_drift_method="cramers_v",
        n_top_columns=10**6,
        n_samples=10**9,
        min_category_size_ratio=0,
        max_num_categories_for_drift=10**6,
        margin_quantile_filter=0,
    )
    found = check.run(before, after, with_display=False).value
    return {name: float(found[name]["Drift score"]) for name in (*NUMBERS, *LEVELS)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
