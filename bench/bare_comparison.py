"""The floor for `comparison.yml`: the engine joins three files, numpy counts, sorts and averages.

python bare_comparison.py TRUTH CANDIDATE CHAMPION prints the difference of every metric, candidate less
champion, as JSON; there are no intervals and no checks of the keys.
"""

import json
import sys

import duckdb
import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.5


def differences(truth: str, candidate: str, champion: str) -> dict[str, float]:
    """Return the differences by metric."""
    query = (
        f"SELECT y = 1 AS y, a.p AS a, b.p AS b FROM '{truth}' JOIN '{candidate}' AS a USING (i)"  # noqa: S608 - no text from outside
        f" JOIN '{champion}' AS b USING (i)"
    )
    read = duckdb.execute(query).fetchnumpy()
    label, ours, theirs = (np.asarray(read[name]) for name in ("y", "a", "b"))
    first, second = _of(label, ours), _of(label, theirs)
    flips = float(np.mean((ours >= THRESHOLD) != (theirs >= THRESHOLD)))
    return {**{name: first[name] - second[name] for name in first}, "divergence": flips}


def _of(truth: NDArray[np.bool_], score: NDArray[np.float64]) -> dict[str, float]:
    chosen = score >= THRESHOLD
    hits, chosen_rows, true_rows = (int(np.count_nonzero(x)) for x in (truth & chosen, chosen, truth))
    n = len(truth)
    yes, no = np.sort(score[truth]), np.sort(score[~truth])
    wins = np.searchsorted(no, yes) + np.searchsorted(no, yes, side="right")
    return {
        "accuracy": (n - chosen_rows - true_rows + 2 * hits) / n,
        "f1": 2 * hits / (chosen_rows + true_rows),
        "roc_auc": int(wins.sum()) / (2 * len(yes) * len(no)),
        "log_loss": -float(np.log(yes).sum() + np.log1p(-no).sum()) / n,
    }


if __name__ == "__main__":
    print(json.dumps(differences(*sys.argv[1:4])))
