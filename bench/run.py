"""Measure the gate beside the least that its work can cost, and beside peers where there are any.

Prints Markdown. What the commands find is compared before their times are: a quick wrong answer is no answer.
Needs a Unix. See README.md beside this file.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from processes import Command, Summary, environment, in_turns, once

HERE = Path(__file__).parent
DATA = Path(os.environ.get("BENCH_DATA", HERE.parent / "build" / "bench"))
VARIABLES = environment(DATA / "bytecode")
PEERS = Path(os.environ.get("BENCH_PEERS", HERE.parent / "build" / "peers"))
SIZES = (1_000, 100_000, 1_000_000)
WIDE = (100_000, 400)
FLOORS = {
    "rules": "bare DuckDB, one query",
    "drift": "bare numpy, no verdict",
    "profile": "bare numpy, no verdict",
    "wide": "bare numpy, one pass",
    "metrics": "bare numpy, no intervals",
    "comparison": "bare numpy, no intervals",
}
PARTS = {"wide": ("wide",), "metrics": ("scored",), "comparison": ("truth", "candidate", "champion")}
"""The files of a workload, where they are others than reference and current."""
MAKERS = {"metrics": "scored.py", "comparison": "rivals.py"}
"""What makes them."""
GATE = "mlval run"
BINNED = 0.002
"""How far a distance may lie from the floor's: the gate counts on a thousand bins."""
ROUNDED = 1e-6
"""As BINNED, of metrics, which the gate rounds to nine digits."""
BINNED_BY_PROFILE = 0.02
"""As BINNED, of a committed profile: about a hundred bins, and rare levels folded together."""


def main() -> None:
    """Measure every workload at every size."""
    options = _options()
    print(_machine(options.runs))
    # By a process of its own: the peak of a child is never below what its parent holds when it starts it.
    _, _, code = once(
        [sys.executable, str(HERE / "orders.py"), str(DATA), *map(str, options.rows)], VARIABLES
    )
    if code != 0:
        sys.exit("the data could not be made")
    if "wide" in options.only:
        once([sys.executable, str(HERE / "wide.py"), str(DATA), *map(str, WIDE)], VARIABLES)
    for workload in options.only:
        for rows in WIDE[:1] if workload == "wide" else options.rows:
            parts = PARTS.get(workload, ("reference", "current"))
            if workload in MAKERS:
                once([sys.executable, str(HERE / MAKERS[workload]), str(DATA), str(rows)], VARIABLES)
            paths = {part: DATA / f"{part}-{rows}.parquet" for part in parts}
            if workload == "profile":
                _describe(paths)
            commands = _commands(workload, paths)
            _compare(workload, commands, paths)
            found = in_turns(commands, VARIABLES, runs=options.runs)
            print(f"\n### {workload}, {rows:,} rows\n\n{_table(found, FLOORS[workload])}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="sizes of the tables")
    parser.add_argument("--runs", type=int, default=5, help="how often each command runs")
    parser.add_argument("--only", nargs="+", choices=FLOORS, default=tuple(FLOORS), help="workloads")
    return parser.parse_args()


def _commands(workload: str, paths: dict[str, Path]) -> dict[str, Command]:
    """Return what to run for a workload, by name; the floor first, then the gate, then peers."""
    arguments = [str(paths["current"])] if workload == "rules" else list(map(str, paths.values()))
    floor = "drift" if workload == "profile" else workload
    commands: dict[str, Command] = {
        FLOORS[workload]: [sys.executable, str(HERE / f"bare_{floor}.py"), *arguments],
        GATE: _gate(workload, paths),
    }
    return commands | {
        name: [str(python), str(script), *arguments] for name, python, script in _peers(workload)
    }


def _gate(workload: str, paths: dict[str, Path], *more: str) -> Command:
    if workload == "wide":
        return [
            sys.executable,
            "-m",
            "mlval",
            "run",
            str(DATA / "wide.yml"),
            f"--data=wide={paths['wide']}",
            *more,
        ]
    if workload == "metrics":
        table = f"--data=scored={paths['scored']}"
        return [sys.executable, "-m", "mlval", "run", str(HERE / "metrics.yml"), table, *more]
    if workload == "comparison":
        bound = [
            f"--data=scored={paths['truth']}",
            *(f"--model={name}={paths[name]}" for name in ("candidate", "champion")),
        ]
        return [sys.executable, "-m", "mlval", "run", str(HERE / "comparison.yml"), *bound, *more]
    contract = _by_profile(paths) if workload == "profile" else HERE / f"{workload}.yml"
    bound = [f"--data=orders={paths['current']}"]
    if workload == "drift":
        bound.append(f"--data=reference={paths['reference']}")
    return [sys.executable, "-m", "mlval", "run", str(contract), *bound, *more]


def _by_profile(paths: dict[str, Path]) -> Path:
    return paths["reference"].with_suffix(".yml")


def _describe(paths: dict[str, Path]) -> None:
    """Write the profile of the reference, and the drift contract that reads it instead of rows."""
    described = paths["reference"].with_suffix(".profile.json")
    command = [sys.executable, "-m", "mlval", "profile", str(paths["reference"]), "-o", str(described)]
    if not described.exists() and once([*command, "--quiet"], VARIABLES)[2] != 0:
        sys.exit("the reference could not be described")
    contract = (HERE / "drift.yml").read_text("utf-8")
    named = contract.replace("reference: {from: input}", f"reference: {{profile: {described.name}}}")
    _by_profile(paths).write_text(named, "utf-8")


def _peers(workload: str) -> Iterator[tuple[str, Path, Path]]:
    """Yield the name, interpreter and script of every peer that `make bench-peers` has installed."""
    for script in sorted((HERE / "peers").glob(f"*_{workload}.py")):
        name = script.stem.removesuffix(f"_{workload}")
        python = PEERS / name / "bin" / "python"
        if python.exists():
            yield name, python, script


def _compare(workload: str, commands: dict[str, Command], paths: dict[str, Path]) -> None:
    """End the program where the gate does not find what the floor finds; also fills the file cache."""
    ended = {name: once(command, VARIABLES) for name, command in commands.items() if name != GATE}
    if failed := [name for name, (_, _, code) in ended.items() if code != 0]:
        sys.exit(f"{', '.join(failed)} did not work")
    told = {name: json.loads(out) for name, (_, out, _) in ended.items()}
    expected: dict[str, float] = told.pop(FLOORS[workload])
    for name, rules in told.items():
        if odd := set(rules) ^ set(expected):
            print(f"\n{name} and the floor disagree on {', '.join(sorted(odd))}")
    with tempfile.TemporaryDirectory() as folder:
        once(_gate(workload, paths, "--quiet", "--output", folder), VARIABLES)
        results = json.loads(Path(folder, "result.json").read_text("utf-8"))["results"]
    if workload == "metrics":
        found = {f"{one['metric']}:{one['subject']}": one["value"] for one in results}
    elif workload == "comparison":
        found = {one["metric"].removeprefix("max_"): one["value"] for one in results}
    elif workload not in {"drift", "profile"}:
        # Counts of repeated values differ: the gate counts every row that holds one, the floor one less.
        found = {f"{one['metric']}:{one['subject']}": 0.0 for one in results if one["outcome"] == "failed"}
        expected = dict.fromkeys(expected, 0.0)
    else:
        found = {one["subject"]: one["value"] for one in results if one["metric"] == "drift"}
    most = {"profile": BINNED_BY_PROFILE, "metrics": ROUNDED, "comparison": ROUNDED}.get(workload, BINNED)
    distant = {name for name in found.keys() & expected.keys() if abs(found[name] - expected[name]) > most}
    if odd := (found.keys() ^ expected.keys()) | distant:
        sys.exit(f"{workload}: the gate and the floor disagree on {', '.join(sorted(odd))}")


def _table(found: dict[str, Summary], floor: str) -> str:
    lines = [
        "| | wall s, median | best | cpu s | peak MiB | wall / floor | best / floor |",
        "|---|--:|--:|--:|--:|--:|--:|",
    ]
    least = found[floor]
    for name, cost in found.items():
        cells = (
            f"{cost.wall:.2f}",
            f"{cost.best:.2f}",
            f"{cost.cpu:.2f}",
            f"{cost.memory / 2**20:.0f}",
            f"{cost.wall / least.wall:.1f}",
            f"{cost.best / least.best:.1f}",
        )
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _machine(runs: int) -> str:
    load = ", ".join(f"{average:.1f}" for average in os.getloadavg())
    return (
        f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, load {load},"
        f" Python {platform.python_version()}; {runs} runs each, in turns, file cache warm"
    )


if __name__ == "__main__":
    main()
