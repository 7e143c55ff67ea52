"""The floor for `metrics.yml`: the engine reads three columns, numpy counts and sorts; no intervals.

python bare_metrics.py FILE prints every metric of all rows and of each group, as JSON.
"""

import json
import sys

import duckdb
import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.5
ZONES = ("centre", "east", "north", "south", "west")


def metrics(path: str) -> dict[str, float]:
    """Return the metrics by group and name."""
    query = f"SELECT y = 1 AS y, p, list_position({list(ZONES)}, zone)::UTINYINT AS zone FROM '{path}'"  # noqa: S608 - no text from outside
    read = duckdb.execute(query).fetchnumpy()
    truth, score, zones = (np.asarray(read[name]) for name in ("y", "p", "zone"))
    found = _of(truth, score, "candidate")
    for code in range(1, len(ZONES) + 1):
        own = zones == code
        found |= _of(truth[own], score[own], f"zone=level {code}")
    return found


def _of(truth: NDArray[np.bool_], score: NDArray[np.float64], name: str) -> dict[str, float]:
    chosen = score >= THRESHOLD
    tp, chosen_rows, true_rows = (int(np.count_nonzero(x)) for x in (truth & chosen, chosen, truth))
    n = len(truth)
    cells = {
        "true_positives": tp,
        "false_positives": chosen_rows - tp,
        "false_negatives": true_rows - tp,
        "true_negatives": n - chosen_rows - true_rows + tp,
    }
    yes, no = np.sort(score[truth]), np.sort(score[~truth])
    wins = np.searchsorted(no, yes) + np.searchsorted(no, yes, side="right")
    loss = -(np.log(yes).sum() + np.log1p(-no).sum()) / n
    told = {
        "accuracy": (tp + cells["true_negatives"]) / n,
        "precision": tp / chosen_rows,
        "recall": tp / true_rows,
        "f1": 2 * tp / (chosen_rows + true_rows),
        "roc_auc": int(wins.sum()) / (2 * len(yes) * len(no)),
        "log_loss": float(loss),
    }
    return {f"{metric}:{name}": value for metric, value in {**told, **cells}.items()}


if __name__ == "__main__":
    print(json.dumps(metrics(sys.argv[1])))
