"""How often fairness and the search for weak segments alarm when nothing is wrong, and what they find.

Both checks run whole and are judged by the judge itself; only the engine is replaced, by arrays.

python bench/fairness_simulation.py           the tables of the documentation, as Markdown: a few minutes
python bench/fairness_simulation.py --quick   fewer runs a cell
"""

import argparse
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlval.checks.fairness import Fairness
from mlval.checks.weak_segments import WeakSegments
from mlval.domain.asks import (
    Ask,
    Column,
    Count,
    GroupCounts,
    Groups,
    Level,
    Scored,
    Scores,
    Shape,
    TableShape,
)
from mlval.domain.check import Check
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.outcome import Outcome
from mlval.domain.predicate import NotNull
from mlval.domain.sampled import RowSample, SampledRows
from mlval.domain.verdict import Result
from mlval.judge.outcome import judge

RUNS, QUICK = 1_000, 100
SEGMENT_RUNS, SEGMENT_QUICK = 100, 20
INPUTS = Inputs(
    {"h": Dataset(path="h.csv", target="y")},
    {"candidate": Model(predictions=Predictions(dataset="h", label="guess"))},
    vocabulary=frozenset({"pro"}),
)
GROUPS = 8
SIZES = (200, 1_000, 5_000)
LIMITS = (0.0, 0.1)
GAPS = (0.0, 0.1, 0.2)
"""By how much one group is selected less often than the seven others."""
RATE = 0.3
ROWS = 20_000
PLANTED = 0.05
"""The share of rows of a planted segment."""
DROPS = (0.0, 0.1, 0.15)
ACCURACY = 0.85


@dataclass(frozen=True)
class Table:
    """Text columns and columns of numbers of one table, and the hashes of its rows."""

    texts: Mapping[str, NDArray[np.object_]]
    numbers: Mapping[str, NDArray[np.float64]]
    hashes: NDArray[np.uint64]

    def answer(self, ask: Ask[Any]) -> object:
        """Answer as an engine would."""
        rows = len(self.hashes)
        match ask:
            case Scores():
                return Scored("h", "guess", None)
            case Shape():
                kinds = [
                    *((name, "string") for name in self.texts),
                    *((name, "float") for name in self.numbers),
                ]
                return TableShape(tuple(Column(name, kind, "") for name, kind in kinds), rows)  # type: ignore[arg-type] # two kinds
            case Count(of=(NotNull(),)):
                return rows
            case Count():
                return 0
            case RowSample(columns=numbers, texts=texts):
                return SampledRows(
                    self.hashes,
                    {name: self.numbers[name] for name in numbers},
                    {},
                    rows,
                    {name: np.ma.asarray(self.texts[name]) for name in texts},
                )
        raise AssertionError(ask)


@dataclass(frozen=True)
class Cells:
    """Counts by truth, prediction and group."""

    counts: Mapping[tuple[Level, ...], int]

    def answer(self, ask: Ask[Any]) -> object:
        """Answer as an engine would."""
        match ask:
            case Scores():
                return Scored("h", "guess", None)
            case Count(of=(NotNull(),)):
                return sum(self.counts.values())
            case Count():
                return 0
            case Groups():
                return GroupCounts(dict(self.counts))
        raise AssertionError(ask)


def judged(check: Check, table: Table | Cells) -> tuple[Result, ...]:
    """Return what the gate says."""
    steps = check.steps(INPUTS)
    asked = next(steps)
    while True:
        try:
            asked = steps.send(tuple(table.answer(ask) for ask in asked))
        except StopIteration as end:
            return judge(Contract("simulation", "", "", INPUTS, (check,)), 0, end.value)


def groups(draw: np.random.Generator, size: int, gap: float) -> Cells:
    """Draw eight groups, half of their rows positive; one is selected less often by `gap`."""
    counts: dict[tuple[Level, ...], int] = {}
    for index in range(GROUPS):
        rate = RATE - (gap if index == 0 else 0)
        for truth in "01":
            selected = int(draw.binomial(size // 2, rate))
            counts[truth, "1", f"g{index}"] = selected
            counts[truth, "0", f"g{index}"] = size // 2 - selected
    return Cells(counts)


def fairness(runs: Sequence[int], size: int, *, gap: float, limit: float, metric: str) -> Counter[str]:
    """Count outcomes of one demand."""
    check = Fairness.model_validate({"type": "fairness", "sensitive": "g", "metrics": {metric: limit}})
    found: Counter[str] = Counter()
    for run in runs:
        draw = np.random.default_rng([run, size, int(1000 * gap)])
        (one,) = judged(check, groups(draw, size, gap))
        found[one.outcome.value] += 1
    return found


def model(draw: np.random.Generator, drop: float, rows: int = ROWS) -> tuple[Table, NDArray[np.bool_]]:
    """Draw six columns, and predictions that are right less often where two of them meet.

    The planted segment is a quarter of one column of numbers within a fifth of one column of text.
    """
    numbers = {name: draw.normal(size=rows) for name in ("age", "income", "tenure")}
    plans = np.array(["pro", "free", "team", "trial", "other"], dtype=object)
    texts = {"plan": plans[draw.integers(5, size=rows)]}
    texts["region"] = np.array([f"r{n}" for n in draw.integers(8, size=rows)], dtype=object)
    texts["city"] = np.array([f"c{n}" for n in draw.integers(300, size=rows)], dtype=object)
    low, high = np.quantile(numbers["age"], [0.33, 0.33 + 5 * PLANTED])
    inside = (texts["plan"] == "pro") & (numbers["age"] >= low) & (numbers["age"] < high)
    wrong = draw.random(rows) < 1 - ACCURACY + np.where(inside, drop, 0)
    truth = draw.integers(2, size=rows)
    levels = np.array(["0", "1"], dtype=object)
    texts["y"], texts["guess"] = levels[truth], levels[np.where(wrong, 1 - truth, truth)]
    hashes = np.sort(draw.integers(2**64, size=rows, dtype=np.uint64))
    return Table(texts, numbers, hashes), inside


def segments(runs: Sequence[int], *, drop: float, max_worse: float) -> Counter[str]:
    """Count runs in which any segment is reported, and those in which the planted one is."""
    check = WeakSegments.model_validate({"type": "weak_segments", "max_worse": max_worse})
    found: Counter[str] = Counter()
    for run in runs:
        table, _ = model(np.random.default_rng([run, int(1000 * drop)]), drop)
        results = judged(check, table)
        names = [one.measurement.subject for one in results if one.outcome is Outcome.FAILED]
        found["any"] += bool(names)
        found["planted"] += any("plan=pro" in name and "age" in name for name in names)
        found["passed"] += all(one.outcome is Outcome.PASSED for one in results)
    return found


def _fairness_table(runs: int) -> None:
    print(f"| rows a group | gap of one group | limit | failed | undecided | passed |\n|{'---:|' * 6}")
    for size in SIZES:
        for gap in GAPS:
            for limit in LIMITS:
                got = fairness(
                    range(runs), size, gap=gap, limit=limit, metric="demographic_parity_difference"
                )
                shares = (f"{got[name] / runs:.1%}" for name in ("failed", "inconclusive", "passed"))
                print(f"| {size:,} | {gap:g} | {limit:g} | {' | '.join(shares)} |", flush=True)


def _segment_table(runs: int) -> None:
    print(f"| drop in 5% of rows | `max_worse` | anything reported | the planted reported |\n|{'---:|' * 4}")
    for drop in DROPS:
        for max_worse in (0.0, 0.05):
            got = segments(range(runs), drop=drop, max_worse=max_worse)
            planted = "" if drop == 0 else f"{got['planted'] / runs:.1%}"
            print(f"| {drop:g} | {max_worse:g} | {got['any'] / runs:.1%} | {planted} |", flush=True)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true")
    quick = parser.parse_args().quick
    _fairness_table(QUICK if quick else RUNS)
    print()
    _segment_table(SEGMENT_QUICK if quick else SEGMENT_RUNS)


if __name__ == "__main__":
    main()
