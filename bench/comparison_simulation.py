"""How often a comparison blocks equal models and merges worse ones, and how well its intervals cover.

Verdicts are those of the check and the judge themselves; the engine is replaced, by counts that are drawn.

python bench/comparison_simulation.py           the tables of the documentation: about ten minutes
python bench/comparison_simulation.py --quick   fewer runs a cell
"""

import argparse
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
from mlval.domain.outcome import Outcome
from mlval.domain.paired import Paired, PairedScores
from mlval.domain.predicate import NotNull
from mlval.domain.verdict import Result
from mlval.evidence.known_metrics import METRICS
from mlval.evidence.paired_evidence import JointClasses, JointRows
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
CONFIDENCE = 0.90
"""Of two sides: each end is missed by 5%."""
POPULATION = 2_000_000
AT_MOST = 0.05

Array = NDArray[Any]
Draw = Callable[[np.random.Generator, int], "JointClasses | JointRows"]


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
    truth = generator.lognormal(0.0, 0.5, rows)
    common = generator.normal(0.0, 0.3, rows)
    first, second = (truth + common + generator.normal(0.0, size, rows) for size in (0.2, 0.22))
    return JointRows(truth, first, second)


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
}


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
    """Return the true difference, from two million rows."""
    drawn = METHODS[name](np.random.default_rng(1), POPULATION)
    metric = METRICS[name].model_validate({"min": 0})
    return difference(metric, drawn, confidence=CONFIDENCE).found.difference


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
    for name in METHODS:
        truth = population(name)
        told = [coverage(name, rows, runs=runs, truth=truth) for rows in COVERED_ROWS]
        lines.append(f"| `{name}` | {' | '.join(_covered(*one) for one in told)} |")
    drawn = numbers(np.random.default_rng(1), POPULATION)
    first, second = _medians(drawn)(np.arange(POPULATION))
    told = [bootstrapped(rows, runs=max(50, runs // 5), truth=second - first) for rows in COVERED_ROWS]
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
