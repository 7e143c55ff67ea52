"""What the default rules of other tools say of the same samples, as formulas (see `RULES`).

The formulas are written from the documentation and the source code of the tools, which are not run.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from drift_samples import LEVELS, NUMBERS, Sample

from mlval.stats import _level_batches as levels
from mlval.stats import two_sample
from mlval.stats.arrays import FloatArray, IntArray

NAMES = (*NUMBERS, *LEVELS)
CHUNKS = 10
FEW = 50
"""Up to so many different values, numbers are levels to NannyML."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """What the rules learn from a reference, by column.

    `bins` are edges and counts for Jensen-Shannon, `tenths` those of ten bins of equal mass; edges of levels
    are None. `usual` is the threshold of `nannyml`.
    """

    reference: Sample
    bins: Mapping[str, tuple[FloatArray | None, IntArray]]
    tenths: Mapping[str, tuple[FloatArray | None, IntArray]]
    usual: Mapping[str, float]


def fit(reference: Sample, draw: np.random.Generator) -> Fitted:
    """Learn from a reference; its rows are split into chunks at random, as they are in no order."""
    counted = {name: (None, counts) for name, counts in reference.levels.items()}
    found: dict[str, tuple[FloatArray | None, IntArray]] = {**counted}
    tenths: dict[str, tuple[FloatArray | None, IntArray]] = {**counted}
    for name, values in reference.numbers.items():
        edges = _edges(values)
        found[name] = edges, _counts(values, edges)
        at = np.unique(values[np.arange(1, 10) * values.size // 10])
        tenths[name] = at, _counts(values, at)
    usual = {name: _usual(counts, reference.rows // CHUNKS, draw) for name, (_, counts) in found.items()}
    return Fitted(reference, found, tenths, usual)


def alarms(fitted: Fitted, current: Sample, names: Sequence[str] = NAMES) -> dict[str, dict[str, bool]]:
    """Return, for each rule, which columns alarm."""
    ks = {
        name: _ks(fitted.reference.numbers[name], current.numbers[name])
        for name in names
        if name in current.numbers
    }
    p_values = {name: _p_value(fitted, current, name, ks=ks.get(name)) for name in names}
    found = {
        rule: {name: says(fitted, current, name) for name in names} for rule, says in _BY_DISTANCE.items()
    }
    found["rule of deepchecks (0.2)"] = {
        name: deepchecks(fitted, current, name, ks=ks.get(name)) for name in names
    }
    found["rule of alibi-detect (p < 0.05, Bonferroni)"] = {
        n: p < 0.05 / len(NAMES) for n, p in p_values.items()
    }
    found["p < 0.05 in each column"] = {name: p < 0.05 for name, p in p_values.items()}
    return found


def evidently(fitted: Fitted, current: Sample, name: str) -> bool:
    """Alarm from 0.1 on: Wasserstein over the reference's sd, or Jensen-Shannon of levels in nats.

    That is the default above 1,000 rows of the reference.
    """
    if name in current.levels:
        return _js(fitted.reference.levels[name], current.levels[name]) * math.sqrt(math.log(2)) >= 0.1
    values = fitted.reference.numbers[name]
    return _area(values, current.numbers[name]) / max(float(values.std()), 0.001) >= 0.1


def nannyml(fitted: Fitted, current: Sample, name: str) -> bool:
    """Alarm above mean + 3 sd of the Jensen-Shannon distances (base 2) of ten chunks of the reference."""
    return _js(*_both(fitted.bins[name], current, name)) > fitted.usual[name]


def deepchecks(fitted: Fitted, current: Sample, name: str, *, ks: float | None) -> bool:
    """Alarm above 0.2: the Kolmogorov-Smirnov distance, or Cramér's V (bias corrected) of levels."""
    if ks is not None:
        return ks > 0.2
    before, after = fitted.reference.levels[name], current.levels[name]
    return bool(levels.cramers_v(before.astype(float), after.astype(float)) > 0.2)


def psi(fitted: Fitted, current: Sample, name: str) -> bool:
    """Alarm from a population stability index of 0.2 on; numbers on ten bins of equal mass."""
    before, after = _both(fitted.tenths[name], current, name)
    return bool(levels.psi(before.astype(float), after.astype(float)) >= 0.2)


_BY_DISTANCE: Mapping[str, Callable[[Fitted, Sample, str], bool]] = {
    "rule of Evidently (0.1)": evidently,
    "rule of NannyML (mean + 3 sd)": nannyml,
    "PSI (0.2)": psi,
}
RULES = (
    *_BY_DISTANCE,
    "rule of deepchecks (0.2)",
    "rule of alibi-detect (p < 0.05, Bonferroni)",
    "p < 0.05 in each column",
)


def _p_value(fitted: Fitted, current: Sample, name: str, *, ks: float | None) -> float:
    """Return a p-value: Kolmogorov-Smirnov, or two-sample chi-square of levels."""
    if ks is None:
        return two_sample.chi_square(fitted.reference.levels[name], current.levels[name]).p_value
    return two_sample.ks_p_value(ks, n=fitted.reference.rows, m=current.rows)


def _edges(values: FloatArray) -> FloatArray:
    """Return the values where they are few, else edges of bins of one width, as many as Doane (1976) says."""
    distinct = np.unique(values[:: max(1, values.size // 5_000)])
    if distinct.size <= FEW and (distinct := np.unique(values)).size <= FEW:
        return distinct
    n = values.size
    scores = (values - values.mean()) / values.std()
    skewness = abs(float((scores * scores * scores).mean()))
    error = math.sqrt(6 * (n - 2) / ((n + 1) * (n + 3)))
    bins = math.ceil(1 + math.log2(n) + math.log2(1 + skewness / error))
    return np.linspace(values[0], values[-1], bins + 1)[1:]


def _usual(counts: IntArray, rows: int, draw: np.random.Generator) -> float:
    chunks, rest = [], counts
    for _ in range(CHUNKS):
        chunks.append(draw.multivariate_hypergeometric(rest, rows, method="marginals"))
        rest = rest - chunks[-1]
    distances = levels.jensen_shannon(counts.astype(float), np.array(chunks, dtype=float))
    return float(distances.mean() + 3 * distances.std())


def _both(
    before: tuple[FloatArray | None, IntArray], current: Sample, name: str
) -> tuple[IntArray, IntArray]:
    edges, counts = before
    return counts, current.levels[name] if edges is None else _counts(current.numbers[name], edges)


def _counts(values: FloatArray, edges: FloatArray) -> IntArray:
    return np.diff(np.concatenate(([0], np.searchsorted(values, edges, side="right"), [values.size])))


def _js(before: IntArray, after: IntArray) -> float:
    return float(levels.jensen_shannon(before.astype(float), after.astype(float)))


def _area(first: FloatArray, second: FloatArray) -> float:
    """Return Wasserstein's distance of sorted values, the rows of one a multiple of those of the other."""
    few, many = sorted((first, second), key=len)
    return float(np.abs(many.reshape(few.size, -1) - few[:, np.newaxis]).mean())


def _ks(first: FloatArray, second: FloatArray) -> float:
    """Return the largest distance of the distribution functions: at a value of either, or just before."""
    few, many = sorted((first, second), key=len)
    gaps = [
        np.searchsorted(many, few, side=side) / many.size - np.searchsorted(few, few, side=side) / few.size
        for side in ("left", "right")
    ]
    return float(np.abs(gaps).max())
