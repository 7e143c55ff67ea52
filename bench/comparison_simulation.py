"""How often a comparison blocks equal models and merges worse ones, and how well its intervals cover.

Verdicts are those of the check and the judge themselves; the engine is replaced, by counts that are drawn.

python bench/comparison_simulation.py           the tables of the documentation: about ten minutes
python bench/comparison_simulation.py --quick   fewer runs a cell
"""

import argparse
import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from mlval.checks.comparison import Comparison
from mlval.domain.asks import Ask, Count, GroupCounts, Groups, Scored, Scores
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Inputs, Model, Predictions
from mlval.domain.metric import ClassScores, GroupScores, SeveralLabels
from mlval.domain.outcome import Outcome
from mlval.domain.paired import Paired, PairedScores
from mlval.domain.predicate import NotNull
from mlval.domain.verdict import Result
from mlval.evidence.known_metrics import METRICS
from mlval.evidence.paired_evidence import (
    JointClasses,
    JointEvidence,
    JointLabels,
    JointRankings,
    JointRows,
    JointScores,
)
from mlval.evidence.paired_methods import difference
from mlval.judge.outcome import judge
from mlval.stats.paired_bootstrap import bootstrap
from mlval.stats.paired_counts import Joint

ROWS = (200, 500, 1_000, 2_000, 5_000)
DROPS = (0.0, 0.01, 0.02)
MARGIN, DISAGREEMENT, ACCURACY = 0.01, 0.06, 0.9
RUNS, QUICK = 20_000, 1_000
COVERED_ROWS = (200, 1_000, 5_000)
COVERED_RUNS, COVERED_QUICK = 2_000, 200
MORE = 5
"""How many times as often numbers are drawn, which is quick."""
RANKED = 10
"""Rows of a ranked group."""
CONFIDENCE = 0.90
"""Of two sides: each end is missed by 5%."""
POPULATION, POPULATIONS = 2_000_000, 10
SKEW, COMMON, SIZES = 0.5, 0.3, (0.2, 0.22)
"""Of numbers: the truth is log-normal, the errors are normal, in common and of each model's own."""
AT_MOST = 0.05

Array = NDArray[Any]
Draw = Callable[[np.random.Generator, int], JointEvidence]


def judged(counts: Mapping[tuple[str, str, str], int], **settings: Any) -> Result:  # noqa: ANN401 - of the check
    """Return what the gate says of joint counts of truth, champion and candidate."""
    predictions = Predictions(dataset="h", label="guess")
    inputs = Inputs(
        {"h": Dataset(path="h.csv", target="y")},
        {"champion": Model(predictions=predictions), "candidate": Model(predictions=predictions)},
    )
    check = Comparison.model_validate({"type": "comparison", "metrics": {"accuracy": MARGIN}, **settings})
    steps = check.steps(inputs)

    def answer(ask: Ask[Any]) -> object:
        match ask:
            case Scores(model=model):
                return Scored(model, "guess", None)
            case Paired():
                return PairedScores(Scored("both", "1", None), Scored("both", "2", None))
            case Count(of=of):
                return sum(counts.values()) if isinstance(of[0], NotNull) else 0
            case Groups():
                return GroupCounts(counts)
        message = f"nobody answers {ask}"
        raise TypeError(message)

    asked = next(steps)
    while True:
        try:
            asked = steps.send(tuple(answer(ask) for ask in asked))
        except StopIteration as end:
            (result,) = judge(Contract("simulation", "", "", inputs, (check,)), 0, end.value)
            return result


def verdicts(rows: int, drop: float, runs: int) -> Counter[str]:
    """Count the verdicts of many pairs of models whose accuracy differs by `drop`."""
    lost, gained = (DISAGREEMENT + drop) / 2, (DISAGREEMENT - drop) / 2
    shares = [ACCURACY - lost, lost, gained, 1 - ACCURACY - gained]
    generator = np.random.default_rng([rows, round(drop * 1_000)])
    drawn = generator.multinomial(rows, shares, size=runs)
    found: Counter[str] = Counter()
    for cells, times in zip(*np.unique(drawn, axis=0, return_counts=True), strict=True):
        right, lost_rows, gained_rows, wrong = (int(cell) for cell in cells)
        positive, negative = "1", "0"
        counts = {
            (positive, positive, positive): right,
            (positive, positive, negative): lost_rows,
            (positive, negative, positive): gained_rows,
            (negative, positive, positive): wrong,
        }
        result = judged({key: count for key, count in counts.items() if count})
        found[result.outcome.value] += int(times)
        found["blocked"] += int(times) * result.blocks
    return found


def theory(rows: int, drop: float) -> tuple[float, float]:
    """Return the share of runs that pass and that fail, by the normal approximation."""
    error = ((DISAGREEMENT - drop * drop) / rows) ** 0.5
    normal = NormalDist()
    z = normal.inv_cdf(0.95)
    return normal.cdf((MARGIN - drop) / error - z), normal.cdf((drop - MARGIN) / error - z)


def classes(generator: np.random.Generator, rows: int) -> JointClasses:
    """Draw truth and two predictions that are wrong in part on the same rows."""
    truth, first, second = _scores(generator, rows)
    codes = truth.astype(np.int64) * 4 + (first >= 0.5) * 2 + (second >= 0.5)
    counts = np.bincount(codes, minlength=8)
    cells = np.flatnonzero(counts)
    return JointClasses(("0", "1"), Joint(cells // 4, cells // 2 % 2, cells % 2, counts[cells]), "1")


def scores(generator: np.random.Generator, rows: int) -> JointRows:
    """Draw truth and two scores that resemble each other."""
    return JointRows(*_scores(generator, rows))


def numbers(generator: np.random.Generator, rows: int) -> JointRows:
    """Draw a skewed truth and two predictions with errors in common."""
    truth = generator.lognormal(0.0, SKEW, rows)
    common = generator.normal(0.0, COMMON, rows)
    first, second = (truth + common + generator.normal(0.0, size, rows) for size in SIZES)
    return JointRows(truth, first, second)


def several(generator: np.random.Generator, rows: int) -> JointScores:
    """Draw one of three classes and two models' probabilities of them."""
    truth = generator.choice(3, rows, p=[0.6, 0.25, 0.15])
    common = generator.normal(size=(rows, 3)) + 1.2 * np.eye(3)[truth]
    raw = [np.exp(common + generator.normal(0.0, size, (rows, 3))) for size in (0.4, 0.5)]
    first, second = (ClassScores(("a", "b", "c"), truth, one / one.sum(axis=1, keepdims=True)) for one in raw)
    return JointScores(first, second)


def rankings(generator: np.random.Generator, rows: int) -> JointRankings:
    """Draw groups of ten rows, of which some are relevant, and two scores."""
    relevance = generator.integers(0, 3, rows) * (generator.random(rows) < 0.4)
    common = relevance + generator.normal(size=rows)
    group = np.arange(rows) // RANKED
    first, second = (
        GroupScores(relevance.astype(np.float64), common + generator.normal(0.0, size, rows), group)
        for size in (0.6, 0.8)
    )
    return JointRankings(first, second)


def lists(generator: np.random.Generator, rows: int) -> JointLabels:
    """Draw any of four labels a row; rows that are hard are wrong in several."""
    truth = generator.random((rows, 4)) < np.array([0.5, 0.3, 0.15, 0.4])
    hard = 0.2 * generator.random((rows, 1))
    wrong = generator.random((rows, 4)) < hard
    first, second = (truth ^ (wrong | (generator.random((rows, 4)) < size)) for size in (0.03, 0.05))
    return JointLabels(SeveralLabels(truth, first), SeveralLabels(truth, second))


def _scores(generator: np.random.Generator, rows: int) -> tuple[Array, Array, Array]:
    truth = generator.random(rows) < 0.2
    common = generator.normal(size=rows) + 2.2 * truth - 1.6
    first, second = (1 / (1 + np.exp(-(common + generator.normal(0.0, size, rows)))) for size in (0.4, 0.5))
    return truth, first, second


METHODS: dict[str, Draw] = {
    "accuracy": classes,
    "precision": classes,
    "recall": classes,
    "f1": classes,
    "roc_auc": scores,
    "log_loss": scores,
    "mean_absolute_error": numbers,
    "root_mean_squared_error": numbers,
    "r2": numbers,
    "roc_auc_ovr": several,
    "ndcg": rankings,
    "f1_macro": lists,
}


EXACT: Mapping[str, Callable[[float], float]] = {
    "mean_absolute_error": lambda error: error * math.sqrt(2 / math.pi),
    "root_mean_squared_error": lambda error: error,
    "r2": lambda error: -(error**2) / (math.exp(SKEW**2) * math.expm1(SKEW**2)),
    "median_absolute_error": lambda error: error * NormalDist().inv_cdf(0.75),
}
"""What a metric comes to, up to a constant, by the standard deviation of the errors."""


def coverage(name: str, rows: int, *, runs: int, truth: float) -> tuple[float, float]:
    """Return in which share of runs the true difference lies below, and above, the interval."""
    metric = METRICS[name].model_validate({"min": 0})
    below = above = 0
    for run in range(runs):
        generator = np.random.default_rng([rows, run])
        found = difference(metric, METHODS[name](generator, rows), confidence=CONFIDENCE).found
        low, high = found.interval or (-np.inf, np.inf)
        below, above = below + (truth < low), above + (truth > high)
    return below / runs, above / runs


def bootstrapped(rows: int, *, runs: int, truth: float, draws: int = 500) -> tuple[float, float]:
    """Return the same for the percentile bootstrap, of the difference of two median absolute errors."""
    below = above = 0
    for run in range(runs):
        both = _medians(numbers(np.random.default_rng([rows, run]), rows))
        low, high = bootstrap(both, rows, confidence=CONFIDENCE, draws=draws).interval or (-np.inf, np.inf)
        below, above = below + (truth < low), above + (truth > high)
    return below / runs, above / runs


def _medians(drawn: JointRows) -> Callable[[Array], tuple[float, float]]:
    errors = [np.abs(drawn.truth - given) for given in (drawn.first, drawn.second)]
    return lambda of: (float(np.median(errors[0][of])), float(np.median(errors[1][of])))


def population(name: str) -> float:
    """Return the true difference: exact of errors that are normal, else the mean of ten populations."""
    if name in EXACT:
        first, second = (EXACT[name](math.hypot(COMMON, size)) for size in SIZES)
        return second - first
    metric = METRICS[name].model_validate({"min": 0})
    drawn = (METHODS[name](np.random.default_rng(seed), POPULATION) for seed in range(POPULATIONS))
    found = [difference(metric, one, confidence=CONFIDENCE).found.difference for one in drawn]
    return math.fsum(found) / POPULATIONS


def verdict_table(runs: int) -> tuple[str, list[str]]:
    """Return the table of verdicts, and what misses its target at 2,000 rows."""
    lines = [
        "| rows | true drop | passed | failed | undecided | in theory | blocked | merged |",
        "|---|---|---|---|---|---|---|---|",
    ]
    missed = []
    for rows in ROWS:
        for drop in DROPS:
            found = verdicts(rows, drop, runs)
            passed, failed = theory(rows, drop)
            shares = [found[one] / runs for one in (Outcome.PASSED, Outcome.FAILED, Outcome.INCONCLUSIVE)]
            blocked = found["blocked"] / runs
            told = [f"{share:.1%}" for share in (*shares, 1 - passed - failed, blocked, 1 - blocked)]
            lines.append(f"| {rows:,} | {drop:.0%} | {' | '.join(told)} |")
            wrong = blocked if drop == 0 else 1 - blocked
            if rows == 2_000 and drop != MARGIN and wrong > AT_MOST:
                missed.append(f"{rows:,} rows, drop {drop}: {wrong:.1%}")
    return "\n".join(lines), missed


def coverage_table(runs: int) -> str:
    """Return the table of coverage."""
    lines = [
        f"| metric | {' | '.join(f'{rows:,} rows' for rows in COVERED_ROWS)} |",
        f"|---|{'---|' * len(COVERED_ROWS)}",
    ]
    for name, draw in METHODS.items():
        truth = population(name)
        times = MORE if draw is numbers else 1
        told = [coverage(name, rows, runs=runs * times, truth=truth) for rows in COVERED_ROWS]
        lines.append(f"| `{name}` | {' | '.join(_covered(*one) for one in told)} |")
    truth = population("median_absolute_error")
    told = [bootstrapped(rows, runs=max(50, runs // 5), truth=truth) for rows in COVERED_ROWS]
    lines.append(f"| bootstrap (median absolute error) | {' | '.join(_covered(*one) for one in told)} |")
    return "\n".join(lines)


def _covered(below: float, above: float) -> str:
    return f"{1 - below - above:.1%} ({below:.1%}, {above:.1%})"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and what misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer runs a cell")
    options = parser.parse_args(arguments)
    table, missed = verdict_table(QUICK if options.quick else RUNS)
    print(f"{table}\n\n{coverage_table(COVERED_QUICK if options.quick else COVERED_RUNS)}\n")
    print("\n".join(["Targets that are missed:", *(missed or ["none"])]))


if __name__ == "__main__":
    main()
