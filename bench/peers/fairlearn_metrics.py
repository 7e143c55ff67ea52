"""The metrics of `metrics.yml` by fairlearn's `MetricFrame`, on all rows and by group.

python fairlearn_metrics.py FILE prints every metric, as JSON.
"""

import json
import sys

import duckdb
import numpy as np
from fairlearn.metrics import MetricFrame
from numpy.typing import NDArray
from sklearn import metrics

ZONES = ("centre", "east", "north", "south", "west")
OF_LABELS = {
    "accuracy": metrics.accuracy_score,
    "precision": metrics.precision_score,
    "recall": metrics.recall_score,
    "f1": metrics.f1_score,
    "true_positives": lambda truth, chosen: _cell(truth == 1, chosen == 1),
    "true_negatives": lambda truth, chosen: _cell(truth == 0, chosen == 0),
    "false_positives": lambda truth, chosen: _cell(truth == 0, chosen == 1),
    "false_negatives": lambda truth, chosen: _cell(truth == 1, chosen == 0),
}
OF_SCORES = {"roc_auc": metrics.roc_auc_score, "log_loss": metrics.log_loss}


def main(path: str) -> dict[str, float]:
    """Return the metrics by name and group."""
    read = duckdb.execute(
        f"SELECT y, p, list_position({list(ZONES)}, zone) AS zone FROM '{path}'"  # noqa: S608 - no text from outside
    ).fetchnumpy()
    truth, score, zones = (np.asarray(read[name]) for name in ("y", "p", "zone"))
    found: dict[str, float] = {}
    for functions, predicted in ((OF_LABELS, (score >= 0.5).astype(int)), (OF_SCORES, score)):
        frame = MetricFrame(metrics=functions, y_true=truth, y_pred=predicted, sensitive_features=zones)
        for name in functions:
            found[f"{name}:candidate"] = float(frame.overall[name])
            for code in range(1, len(ZONES) + 1):
                found[f"{name}:zone=level {code}"] = float(frame.by_group[name][code])
    return found


def _cell(truth: NDArray[np.bool_], chosen: NDArray[np.bool_]) -> int:
    return int(np.count_nonzero(truth & chosen))


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
