"""How often a drift validation alarms when nothing changed, and how often it sees one column that moved.

Twenty independent columns of mixed kinds, judged by the check and the judge themselves; only the engine is
replaced, by arrays (`drift_samples.py`). The rules of other tools see the same samples (`drift_rules.py`).

python bench/drift_simulation.py           the tables of the documentation, as Markdown: about twenty minutes
python bench/drift_simulation.py --quick   fewer runs a cell
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial

import numpy as np
from drift_rules import NAMES, RULES, alarms, fit
from drift_samples import CONTINUOUS, MOVED, Sample, answers, sample

from mlval.checks.drift import Drift
from mlval.domain.contract import Contract
from mlval.domain.inputs import Dataset, Inputs
from mlval.domain.outcome import Outcome
from mlval.domain.verdict import Result
from mlval.judge.outcome import judge

REFERENCES = (5_000, 100_000)
CURRENTS = (50, 200, 1_000, 5_000, 20_000, 100_000)
MOVES = {50: 1.0, 200: 0.5, 1_000: 0.3}
"""By how many standard deviations one column moves, by rows of the current sample."""
RUNS = 2_000
QUICK = 100
CONFIDENCE = 0.99
FALSE, SEEN = 0.05, 0.95
"""Targets: runs with any false alarm, at most; runs in which the column that moved fails, at least."""
DECIDED = 1_000
"""Rows of the current sample from which on a clean continuous column is to be decided."""

Cell = tuple[int, int, float]
"""Rows of the reference, rows of the current sample, and by how much one column moved."""
Tally = dict[Cell, Counter[str]]


def judged(reference: Sample, current: Sample) -> tuple[Result, ...]:
    """Return what the gate says of two tables."""
    inputs = Inputs({"reference": _dataset(), "current": _dataset()})
    check = Drift.model_validate({"type": "drift"})
    steps = check.steps(inputs)
    tables = {"reference": reference, "current": current}
    asked = next(steps)
    while True:
        try:
            asked = steps.send(answers(tables, asked))
        except StopIteration as end:
            return judge(Contract("simulation", "", "", inputs, (check,)), 0, end.value)


def _dataset() -> Dataset:
    return Dataset.model_validate({"from": "input"})


def cells(runs: Iterable[int], rows: int, currents: Sequence[int] = CURRENTS) -> Tally:
    """Judge tables of all sizes against a reference that each run draws anew.

    The runs of one cell are independent; cells with the same reference rows share their references.
    """
    tally: Tally = {}
    for run in runs:
        draw = np.random.default_rng([rows, run])
        reference = sample(draw, rows)
        fitted = fit(reference, draw)
        for current_rows in currents:
            current = sample(draw, current_rows)
            by_rule = alarms(fitted, current)
            found = tally.setdefault((rows, current_rows, 0.0), Counter())
            found.update(_noted(judged(reference, current)))
            found.update({rule: any(columns.values()) for rule, columns in by_rule.items()})
            found.update(_halves(by_rule))
            if current_rows in MOVES:
                moved = current.moved(MOVES[current_rows])
                found = tally.setdefault((rows, current_rows, MOVES[current_rows]), Counter())
                found.update(_noted(judged(reference, moved)))
                anew = alarms(fitted, moved, (MOVED,))
                found.update({rule: columns[MOVED] for rule, columns in anew.items()})
                found.update(_halves({rule: by_rule[rule] | anew[rule] for rule in by_rule}))
    return tally


def _halves(by_rule: Mapping[str, Mapping[str, bool]]) -> dict[str, int]:
    """Tell for each rule whether at least half of the columns alarm."""
    return {f"{rule}: half": 2 * sum(columns.values()) >= len(NAMES) for rule, columns in by_rule.items()}


def _noted(results: Sequence[Result]) -> Counter[str]:
    """Count a run: whether anything failed or was undecided, and what became of the columns."""
    failed = {one.measurement.subject for one in results if one.outcome == Outcome.FAILED}
    undecided = [one.measurement.subject for one in results if one.outcome == Outcome.INCONCLUSIVE]
    strange = [one for one in results if one.outcome in {Outcome.ERRORED, Outcome.SKIPPED}]
    return Counter(
        {
            "runs": 1,
            "failed": bool(failed),
            "moved": MOVED in failed,
            "results": len(results),
            "undecided": len(undecided),
            "any undecided": bool(undecided),
            "continuous": sum(one.measurement.subject in CONTINUOUS for one in results),
            "continuous undecided": sum(subject in CONTINUOUS for subject in undecided),
            "strange": len(strange),
        }
    )


def only(reference: Sample, name: str) -> Sample:
    """Return a sample of one column."""
    numbers = {key: values for key, values in reference.numbers.items() if key == name}
    return Sample(reference.rows, numbers, {k: c for k, c in reference.levels.items() if k == name})


def many_levels(runs: Iterable[int]) -> Counter[str]:
    """Judge one column of 100 equally frequent levels, 5,000 rows a side, nothing changed."""
    found: Counter[str] = Counter()
    for run in runs:
        draw = np.random.default_rng([100, run])
        shares = np.full(100, 1 / 100)
        tables = [Sample(5_000, {}, {"levels_100": draw.multinomial(5_000, shares)}) for _ in range(2)]
        found.update(_noted(judged(*tables)))
    return found


def many_rows(runs: Iterable[int], rows: int = 1_000_000, shift: float = 0.01) -> Counter[str]:
    """Judge one normal column of many rows a side that moved by so little that it does not matter."""
    found: Counter[str] = Counter()
    for run in runs:
        draw = np.random.default_rng([rows, run])
        tables = [Sample(rows, {MOVED: np.sort(draw.normal(at, 1, rows))}) for at in (0.0, shift)]
        found.update(_noted(judged(*tables)))
    return found


def upper(successes: int, runs: int) -> float:
    """Return the one-sided 99% upper bound of Clopper and Pearson for a share."""
    from scipy.special import betaincinv

    return 1.0 if successes == runs else float(betaincinv(successes + 1, runs - successes, CONFIDENCE))


def lower(successes: int, runs: int) -> float:
    """Return the one-sided 99% lower bound for a share."""
    return 1 - upper(runs - successes, runs)


def misses(tally: Mapping[Cell, Counter[str]], *, surely: bool = False) -> list[str]:
    """Name every cell that misses its target.

    Of false alarms the 99% upper bound has to keep it; `surely` names only what is missed with 99%
    confidence, for few runs.
    """
    said = []
    for (rows, current, shift), found in sorted(tally.items()):
        where, runs = f"{rows:,} against {current:,} rows", found["runs"]
        failed, seen, undecided = found["failed"], found["moved"], found["continuous undecided"]
        if found["strange"]:
            said.append(f"{where}: {found['strange']} results are errored or skipped")
        if shift and (upper(seen, runs) if surely else seen / runs) < SEEN:
            said.append(f"{where}, {shift:g} sd: seen in {seen / runs:.1%} of the runs")
        if not shift and (lower(failed, runs) if surely else upper(failed, runs)) > FALSE:
            most = upper(failed, runs)
            said.append(f"{where}: any column fails in {failed / runs:.1%} of the runs, at most {most:.1%}")
        if not shift and current >= DECIDED and undecided:
            share = undecided / found["continuous"]
            said.append(f"{where}: {share:.1%} of the clean continuous columns are inconclusive")
    return said


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [heads, ["---"] + ["---:"] * (len(heads) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def tables(tally: Mapping[Cell, Counter[str]]) -> str:
    """Return the tables: no change and one change, the gate and the rules of others."""

    def share(found: Counter[str], key: str) -> str:
        return f"{found[key] / found['runs']:.1%}"

    quiet = [(cell, found) for cell, found in sorted(tally.items()) if not cell[2]]
    moved = [(cell, found) for cell, found in sorted(tally.items()) if cell[2]]
    gate = table(
        ["reference, current", "failed", "99% upper bound", "any undecided", "undecided results"],
        [
            [
                f"{n:,}, {m:,}",
                share(found, "failed"),
                f"{upper(found['failed'], found['runs']):.1%}",
                share(found, "any undecided"),
                f"{found['undecided'] / found['results']:.1%}",
            ]
            for (n, m, _), found in quiet
        ],
    )
    seen = table(
        ["reference, current", "moved by", "mlval", "99% lower bound", *RULES],
        [
            [
                f"{n:,}, {m:,}",
                f"{shift:g} sd",
                share(found, "moved"),
                f"{lower(found['moved'], found['runs']):.1%}",
                *(share(found, name) for name in RULES),
            ]
            for (n, m, shift), found in moved
        ],
    )
    peers = table(
        ["reference, current", "mlval", *RULES],
        [
            [f"{n:,}, {m:,}", share(found, "failed"), *(share(found, name) for name in RULES)]
            for (n, m, _), found in quiet
        ],
    )
    half = table(
        ["reference, current", "moved by", *RULES],
        [
            [f"{n:,}, {m:,}", f"{s:g} sd", *(share(found, f"{name}: half") for name in RULES)]
            for (n, m, s), found in sorted(tally.items())
            if m <= 1_000
        ],
    )
    return (
        f"Nothing changed, the gate:\n\n{gate}\n\n"
        f"Nothing changed, share of runs with an alarm in any column:\n\n{peers}\n\n"
        f"One column moved, share of runs in which that column alarms:\n\n{seen}\n\n"
        f"Share of runs in which at least half of the columns alarm:\n\n{half}"
    )


def simulate(*, runs: int, workers: int) -> Tally:
    """Fill all cells, in several processes; the runs decide the numbers, not the processes."""
    shares = [range(start, runs, workers * 4) for start in range(workers * 4)]
    total: Tally = {}
    with ProcessPoolExecutor(workers) as pool:
        for rows in REFERENCES:
            for part in pool.map(partial(cells, rows=rows), shares):
                for cell, found in part.items():
                    total.setdefault(cell, Counter()).update(found)
    return total


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the tables, and what misses its target."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help="runs a cell")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} runs a cell")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes")
    options = parser.parse_args(arguments)
    runs = QUICK if options.quick else options.runs
    tally = simulate(runs=runs, workers=options.workers)
    print(f"{runs:,} runs a cell.\n\n{tables(tally)}\n")
    levels, rows = many_levels(range(runs)), many_rows(range(10))
    print(f"100 levels, 5,000 against 5,000 rows, nothing changed: {_failed(levels)}.")
    print(f"A shift by 0.01 sd, 1,000,000 against 1,000,000 rows: {_failed(rows)}.")
    missed = misses(tally, surely=runs < RUNS)
    print("\n".join(["", "Targets that are missed:", *(missed or ["none"])]))


def _failed(found: Mapping[str, int]) -> str:
    return f"{found['failed']:,} of {found['runs']:,} runs failed, {found['undecided']:,} undecided"


if __name__ == "__main__":
    main()
