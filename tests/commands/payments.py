"""A contract with a bit of everything, and data of any size whose sums depend on the order of adding."""

from pathlib import Path
from typing import Any

import duckdb
import numpy as np
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]

CONTRACT = """
version: 1
name: payments
datasets:
  reference: {path: reference.EXT}
  current: {path: current.EXT, key: id, target: paid, time: at}
  amounts: {path: current.EXT, key: id, target: amount}
models:
  candidate: {predictions: {dataset: current, score: score, threshold: 0.5}}
  estimate: {predictions: {path: estimates.EXT, label: estimate}}
validations:
  - type: data
    dataset: current
    examples: artifact
    unique: [id, [id, plan]]
    expect: amount >= fee
    columns:
      amount: {type: float, range: [0, 60], nulls: 5%}
      plan: {in: [free, pro, team], nulls: 1}
      at: {type: timestamp, min: 2026-01-01}
  - {type: drift, current: current, columns: [amount, fee, plan, count]}
  - type: performance
    dataset: current
    model: candidate
    metrics: {roc_auc: 0.99, log_loss: {max: 0.4, confidence: 95%}, f1: 0.5, accuracy: 0.6}
    slices: [plan, {by: fee, bins: [1, 2]}, {by: at, every: month}]
    per_slice: {min_rows: 10}
  - type: performance
    id: amounts
    dataset: amounts
    model: estimate
    metrics: {mae: 2, rmse: {max: 2, confidence: 95%}, r2: 0.5}
    slices: [plan]
"""

_NULL = "CASE WHEN isnan({0}) THEN NULL ELSE {0} END AS {0}"
_ROWS = (
    f"id, {_NULL.format('amount')}, fee, count, plan, paid, score,"
    " TIMESTAMP '2025-12-31' + to_seconds(second) AS at"
)


def write(folder: Path, *, extension: str, rows: int) -> None:
    """Write the contract, reference and current rows, and estimates that stand in another order."""
    rng = np.random.default_rng(20260131)
    _copy(_columns(rng, rows, moved=0.0), _ROWS, folder / f"reference.{extension}")
    current = _columns(rng, rows, moved=0.03)
    _copy(current, _ROWS, folder / f"current.{extension}")
    order = rng.permutation(rows)
    estimates = {"id": current["id"][order], "estimate": (current["amount"] + rng.normal(0, 2, rows))[order]}
    _copy(estimates, f"id, {_NULL.format('estimate')}", folder / f"estimates.{extension}")
    (folder / "mlval.yml").write_text(CONTRACT.replace("EXT", extension), encoding="utf-8")


def _columns(rng: np.random.Generator, rows: int, *, moved: float) -> Columns:
    """Return columns by name; `moved` is the share of one plan's rows that went to another."""
    paid = rng.integers(0, 2, rows)
    plans = np.array(["free", "pro", "team", "trial"], dtype=object)
    return {
        "id": rng.permutation(rows),
        "amount": np.where(rng.random(rows) < 0.04, np.nan, rng.lognormal(2 + moved, 0.7, rows)),
        "fee": rng.exponential(1, rows),
        "count": rng.poisson(3, rows),
        "plan": rng.choice(plans, rows, p=[0.6, 0.2, 0.19 - moved, 0.01 + moved]),
        "second": rng.integers(0, 90 * 86_400, rows),
        "paid": paid,
        "score": 1 / (1 + np.exp(1 - 2 * paid - rng.normal(0, 1.5, rows))),
    }


def _copy(columns: Columns, chosen: str, target: Path) -> None:
    # Small row groups, so that threads have something to share.
    options = "FORMAT parquet, ROW_GROUP_SIZE 4096" if target.suffix == ".parquet" else "FORMAT csv, HEADER"
    engine = duckdb.connect(config={"threads": 1})
    engine.register("given", columns)
    engine.execute(f"COPY (SELECT {chosen} FROM given) TO '{target}' ({options})")
