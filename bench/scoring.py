"""Measure what the cage and the pipes cost: a model asked in its own process, and the same model caged.

Prints Markdown. What both predict is compared before their times are. Both use one thread, as the cage does.
Needs scikit-learn, and the cage (`mlval doctor`); `--degraded` measures with what this machine gives.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import joblib
import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits

from mlval.domain.features import Feature
from mlval.domain.model_description import ModelDescription
from mlval.domain.model_files import ModelFile, ModelFiles
from mlval.scoring.environment import own
from mlval.scoring.scorer import Scorer

COLUMNS = 20
Batches = Callable[[], Iterator[list[Feature]]]


def main() -> None:
    """Compare a linear model and a boosted one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--degraded", action="store_true", help="accept a cage with layers missing")
    options = parser.parse_args()
    rng = np.random.default_rng(5)
    columns = [rng.normal(size=options.rows) for _ in range(COLUMNS)]
    sample = np.column_stack([column[:20_000] for column in columns])
    truth = sample[:, 0] + sample[:, 1] ** 2 + rng.normal(size=len(sample)) > 1
    print(f"{options.rows:,} rows × {COLUMNS} columns, {options.runs} runs, medians in seconds\n")
    print("| model | uncaged | caged | of that | start and load |\n|---|---|---|---|---|")
    for model in (LogisticRegression(), HistGradientBoostingClassifier(max_iter=100)):
        with threadpool_limits(1):
            model.fit(sample, truth)
            print(_row(model, columns, options), flush=True)


def _row(
    model: LogisticRegression | HistGradientBoostingClassifier,
    columns: list[np.ndarray],
    options: argparse.Namespace,
) -> str:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        path = Path(folder) / "model.joblib"
        joblib.dump(model, path)
        path.chmod(0o644)
        files = ModelFiles("candidate", "file", str(path), str(path), (ModelFile(path.name, 1, ""),), "")
        began = time.perf_counter()
        with Scorer.start(
            files,
            ModelDescription("sklearn-joblib", ""),
            environment=own(),
            allow_degraded=options.degraded,
        ) as scorer:
            loading = time.perf_counter() - began
            size = scorer.batch_rows(COLUMNS)
            bare, caged = [], []
            for _ in range(options.runs):
                seconds, expected = _timed(lambda: _uncaged(model, columns, size))
                bare.append(seconds)
                seconds, found = _timed(lambda: _caged(scorer, columns, size))
                caged.append(seconds)
                if not np.array_equal(expected, found):
                    message = "the predictions differ"
                    raise SystemExit(message)
    base, more = statistics.median(bare), statistics.median(caged)
    return f"| {type(model).__name__} | {base:.2f} | {more:.2f} | {more / base - 1:+.0%} | {loading:.2f} |"


def _timed(work: Callable[[], np.ndarray]) -> tuple[float, np.ndarray]:
    began = time.perf_counter()
    found = work()
    return time.perf_counter() - began, found


def _uncaged(
    model: LogisticRegression | HistGradientBoostingClassifier, columns: list[np.ndarray], size: int
) -> np.ndarray:
    """Predict labels and probabilities from columns, in the same batches."""
    parts = []
    for start in range(0, len(columns[0]), size):
        rows = np.column_stack([column[start : start + size] for column in columns])
        parts.append(np.column_stack([model.predict(rows), model.predict_proba(rows)]))
    return np.concatenate(parts)


def _caged(scorer: Scorer, columns: list[np.ndarray], size: int) -> np.ndarray:
    batches = (
        [Feature(f"x{i}", "float", column[start : start + size]) for i, column in enumerate(columns)]
        for start in range(0, len(columns[0]), size)
    )
    parts = [np.column_stack([part.labels, part.scores]) for part in scorer.predict(batches)]
    return np.concatenate(parts)


if __name__ == "__main__":
    main()
