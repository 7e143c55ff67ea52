"""More data than memory: `unique` and `drift` on over 10 GB, in at most 1 GiB; prints the scratch space.

The limit is the system's own (a memory control group) where this process may set one; else the peak is
measured, and the run counts as failed above it. Files stay in BENCH_DATA.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
from processes import environment

HERE = Path(__file__).parent
DATA = Path(os.environ.get("BENCH_DATA", HERE.parent / "build" / "bench"))
COLUMNS = 20
ROW_BYTES = 8 * (COLUMNS + 1)
GROUPS = Path("/sys/fs/cgroup")
CONTRACT = """version: 1
name: bench-large
datasets: {reference: {from: input}, current: {from: input}}
validations:
  - {type: data, dataset: current, unique: key, columns: {key: {nulls: 0}}}
  - {type: drift, columns: [%s]}
"""


def main() -> None:
    """Write what is missing, run the gate, print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=62_500_000, help="rows of 168 bytes")
    parser.add_argument("--limit", type=int, default=2**30, help="bytes of memory")
    options = parser.parse_args()
    DATA.mkdir(parents=True, exist_ok=True)
    current = _written(options.rows, seed=1)
    reference = _written(1_000_000, seed=2)
    contract = DATA / "large.yml"
    contract.write_text(CONTRACT % ", ".join(f"x{number}" for number in range(COLUMNS)), encoding="utf-8")
    gate = [sys.executable, "-m", "mlval", "run", str(contract), f"--data=reference={reference}"]
    gate += [f"--data=current={current}", "--memory", f"{options.limit * 5 // 10 >> 20}MB"]
    with tempfile.TemporaryDirectory(dir=DATA) as scratch, _limited(options.limit) as join:
        variables = environment(DATA / "bytecode") | {"TMPDIR": scratch}
        begun = time.perf_counter()
        started = subprocess.Popen(gate, env=variables, preexec_fn=join)  # noqa: PLW1509 - before the program runs
        spilt = _watch(started, Path(scratch))
        _, status, usage = os.wait4(started.pid, 0)
        wall = time.perf_counter() - begun
    code = os.waitstatus_to_exitcode(status)
    peak = usage.ru_maxrss * 1024
    print("\n| rows | raw GB | wall s | cpu s | peak MiB | scratch GB | exit code |")
    print("|--:|--:|--:|--:|--:|--:|--:|")
    print(
        f"| {options.rows:,} | {options.rows * ROW_BYTES / 1e9:.1f} | {wall:.0f}"
        f" | {usage.ru_utime + usage.ru_stime:.0f} | {peak / 2**20:.0f} | {spilt[0] / 1e9:.1f} | {code} |"
    )
    sys.exit(0 if code == 0 and peak <= options.limit else 1)


def _written(rows: int, *, seed: int) -> Path:
    """Return a file of random doubles and a key; what is half-written has another name."""
    path = DATA / f"random-{rows}-{seed}.parquet"
    if not path.exists():
        drawn = ", ".join(
            f"hash(i, {seed * 100 + number}) / 2.0^64 AS x{number}" for number in range(COLUMNS)
        )
        source = f"SELECT i * 2654435761 % 4294967296 AS key, {drawn} FROM range({rows}) t(i)"  # noqa: S608
        unfinished = path.with_suffix(".part")
        duckdb.execute("SET preserve_insertion_order = false")
        duckdb.execute(f"COPY ({source}) TO '{unfinished}' (FORMAT parquet, COMPRESSION uncompressed)")
        unfinished.rename(path)
    return path


@contextmanager
def _limited(limit: int) -> Iterator[Callable[[], None] | None]:
    """Yield what a child calls to come under a limit of memory; None where no control group can be made."""
    group = GROUPS / "memory" / f"mlval-bench-{os.getpid()}"
    name = "memory.limit_in_bytes"
    if not group.parent.is_dir():
        group, name = GROUPS / group.name, "memory.max"
    try:
        group.mkdir()
        (group / name).write_text(str(limit), encoding="ascii")
    except OSError as error:
        print(f"no limit is set, only the peak is measured: {error}", file=sys.stderr)
        yield None
        return
    members = group / "cgroup.procs"
    try:
        yield lambda: members.write_text(str(os.getpid()), encoding="ascii") and None
    finally:
        group.rmdir()


def _watch(started: subprocess.Popen[bytes], scratch: Path) -> list[int]:
    """Return a cell that holds the largest size of the scratch folder while a process runs."""
    largest = [0]

    def look() -> None:
        while True:
            try:
                os.kill(started.pid, 0)
            except ProcessLookupError:
                return
            sizes = (path.stat().st_size for path in _files(scratch))
            largest[0] = max(largest[0], sum(sizes))
            time.sleep(0.5)

    threading.Thread(target=look, daemon=True).start()
    return largest


def _files(folder: Path) -> list[Path]:
    found = []
    for parent, _, names in os.walk(folder):
        found += [path for name in names if (path := Path(parent, name)).is_file()]
    return found


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    main()
