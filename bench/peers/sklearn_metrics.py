"""The metrics of `metrics.yml` by scikit-learn's functions, on all rows and on each group.

python sklearn_metrics.py FILE prints every metric, as JSON.
"""

import json
import sys

import duckdb
import numpy as np
from numpy.typing import NDArray
from sklearn import metrics

ZONES = ("centre", "east", "north", "south", "west")


def main(path: str) -> dict[str, float]:
    """Return the metrics by name and group."""
    read = duckdb.execute(
        f"SELECT y, p, list_position({list(ZONES)}, zone) AS zone FROM '{path}'"  # noqa: S608 - no text from outside
    ).fetchnumpy()
    truth, score, zones = (np.asarray(read[name]) for name in ("y", "p", "zone"))
    found = _of(truth, score, "candidate")
    for code in range(1, len(ZONES) + 1):
        own = zones == code
        found |= _of(truth[own], score[own], f"zone=level {code}")
    return found


def _of(truth: NDArray[np.int64], score: NDArray[np.float64], name: str) -> dict[str, float]:
    chosen = (score >= 0.5).astype(int)
    tn, fp, fn, tp = metrics.confusion_matrix(truth, chosen).ravel().tolist()
    told = {
        "accuracy": metrics.accuracy_score(truth, chosen),
        "precision": metrics.precision_score(truth, chosen),
        "recall": metrics.recall_score(truth, chosen),
        "f1": metrics.f1_score(truth, chosen),
        "roc_auc": metrics.roc_auc_score(truth, score),
        "log_loss": metrics.log_loss(truth, score),
        "true_positives": tp,
        "true_negatives": tn,
        "false_positives": fp,
        "false_negatives": fn,
    }
    return {f"{metric}:{name}": float(value) for metric, value in told.items()}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
