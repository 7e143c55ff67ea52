"""Drift by alibi-detect: Kolmogorov-Smirnov for numbers, chi-square for levels.

It takes one array of numbers without gaps: levels are coded, missing numbers are the mean of the reference.

python alibi_detect_drift.py REFERENCE CURRENT prints the distance of each column, as JSON.
"""

import json
import sys
import warnings

warnings.filterwarnings("ignore")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from alibi_detect.cd import TabularDrift  # noqa: E402
from drift_columns import LEVELS, NUMBERS, read  # noqa: E402


def main(reference: str, current: str) -> dict[str, float]:
    """Return the distance of each column."""
    before, after = read(reference), read(current)
    sides = [np.empty((len(one), len(NUMBERS) + len(LEVELS))) for one in (before, after)]
    for place, name in enumerate(NUMBERS):
        mean = before[name].mean()
        for side, table in zip(sides, (before, after), strict=True):
            side[:, place] = table[name].fillna(mean)
    levels = {}
    for place, name in enumerate(LEVELS, len(NUMBERS)):
        codes, known = pd.factorize(pd.concat([before[name], after[name]]).fillna("(missing)"))
        sides[0][:, place], sides[1][:, place] = codes[: len(before)], codes[len(before) :]
        levels[place] = list(range(len(known)))
    detector = TabularDrift(sides[0], p_val=0.05, categories_per_feature=levels, correction="bonferroni")
    found = detector.predict(sides[1], drift_type="feature", return_distance=True)["data"]["distance"]
    return {name: float(one) for name, one in zip([*NUMBERS, *LEVELS], found, strict=True)}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
